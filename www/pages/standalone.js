// A single screen on its own page: shows the payment this tab has open, or opens one, and can play the
// default case on a new one.

import { sayProblem } from '../player/problem.js';
import { DEFAULT_SCENARIO, loadDemo, loadScenarios, openPayment, runnerFor, storedPayment } from './demo.js';
import { clear, sayOn } from './dom.js';
import { startPage } from './start.js';

/** `screen(payment)` builds the page's content; it is put into `#screen`. */
export function standalone({ sheets, screen }) {
  return startPage(['pages/base.css', ...sheets], async () => {
    const [place, notice, play] = ['screen', 'notice', 'play'].map((id) => document.getElementById(id));
    const show = (payment) => place.replaceChildren(screen(payment));
    const stored = storedPayment();
    // Listened for before the element is there: its answer may come before the keys do.
    const gone = paymentGone(place);
    if (stored) show(stored);
    try {
      const demo = await loadDemo();
      // A payment that is already open needs no keys; only opening another one does.
      if (!demo) {
        if (!stored) sayOn(notice, 'problem.demo-missing');
        return;
      }
      const scenario = (await loadScenarios()).find(({ id }) => id === DEFAULT_SCENARIO);
      const openAnother = () => openPayment(demo, scenario).then(show, (error) => sayProblem(notice, error));
      if (stored) gone.then(openAnother);
      else await openAnother();
      play.hidden = false;
      play.addEventListener('click', () => playDefault({ demo, scenario, show, notice, play }));
    } catch (error) {
      sayProblem(notice, error);
    }
  });
}

// Another start of the demo begins with an empty database: what this tab remembers is not in it.
function paymentGone(place) {
  return new Promise((resolve) => {
    place.addEventListener('payment-status-error', ({ detail }) => {
      if (detail.kind === 'expired') resolve();
    });
  });
}

async function playDefault({ demo, scenario, show, notice, play }) {
  play.disabled = true;
  document.body.toggleAttribute('data-playing', true);
  clear(notice);
  try {
    const payment = await openPayment(demo, scenario);
    show(payment);
    // On a phone the button stands below the card: whoever pressed it looks at where nothing happens.
    document.querySelector('payment-status').scrollIntoView({ block: 'nearest' });
    const onChange = ({ steps }) => {
      const broken = steps.find(({ error }) => error);
      if (broken) sayProblem(notice, broken.error);
    };
    await runnerFor({ demo, scenario, payment, onChange }).run('fast');
  } catch (error) {
    sayProblem(notice, error);
  } finally {
    play.disabled = false;
    document.body.toggleAttribute('data-playing', false);
  }
}
