// A single screen on its own page: shows the payment this tab has open, or opens one, and can play the
// default case on a new one.

import { sayProblem } from '../player/problem.js';
import { DEFAULT_SCENARIO, loadDemo, loadScenarios, openPayment, runnerFor, storedPayment } from './demo.js';
import { clear, sayOn } from './dom.js';
import { startPage } from './start.js';

/** `screen(payment)` builds the page's content; it is put into `#screen`. */
export function standalone({ sheets, screen }) {
  return startPage(['pages/base.css', ...sheets], async () => {
    const place = document.getElementById('screen');
    const notice = document.getElementById('notice');
    const play = document.getElementById('play');
    const show = (payment) => place.replaceChildren(screen(payment));
    const stored = storedPayment();
    if (stored) show(stored);
    try {
      const demo = await loadDemo();
      // A payment that is already open needs no keys; only opening another one does.
      if (!demo) {
        if (!stored) sayOn(notice, 'problem.demo-missing');
        return;
      }
      const scenario = (await loadScenarios()).find(({ id }) => id === DEFAULT_SCENARIO);
      if (!stored) show(await openPayment(demo, scenario));
      play.hidden = false;
      play.addEventListener('click', () => playDefault({ demo, scenario, show, notice, play }));
    } catch (error) {
      sayProblem(notice, error);
    }
  });
}

async function playDefault({ demo, scenario, show, notice, play }) {
  play.disabled = true;
  clear(notice);
  try {
    const payment = await openPayment(demo, scenario);
    show(payment);
    const onChange = ({ steps }) => {
      const broken = steps.find(({ error }) => error);
      if (broken) sayProblem(notice, broken.error);
    };
    const runner = runnerFor({ demo, scenario, payment, onChange });
    await runner.run('fast');
  } catch (error) {
    sayProblem(notice, error);
  } finally {
    play.disabled = false;
  }
}
