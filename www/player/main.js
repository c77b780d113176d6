// index.html: the payer's phone and the shop's till on one payment, and the player that reports to the
// server as each of the separate sources.

import { DEFAULT_SCENARIO, loadDemo, loadScenarios, openPayment, runnerFor } from '../pages/demo.js';
import { clear, sayOn } from '../pages/dom.js';
import { startPage } from '../pages/start.js';
import { till } from '../pages/till.js';
import { wallet } from '../pages/wallet.js';
import { panel } from './panel.js';
import { sayProblem } from './problem.js';

const SHEETS = ['pages/base.css', 'pages/wallet.css', 'pages/till.css', 'player/stage.css', 'player/player.css'];

startPage(SHEETS, async () => {
  const notice = document.getElementById('notice');
  try {
    const [demo, scenarios] = await Promise.all([loadDemo(), loadScenarios()]);
    if (!demo) {
      document.getElementById('stage').hidden = true;
      sayOn(notice, 'problem.demo-missing');
      return;
    }
    startPlayer(demo, scenarios);
  } catch (error) {
    sayProblem(notice, error);
  }
});

function startPlayer(demo, scenarios) {
  let scenario = scenarios.find(({ id }) => id === DEFAULT_SCENARIO) ?? scenarios[0];
  let runner = null;
  // Counts openings, so that an answer to an earlier one does not put its payment back on the screens.
  let opening = 0;

  const view = panel({
    scenarios,
    chosen: scenario.id,
    actions: {
      choose(id) {
        scenario = scenarios.find((candidate) => candidate.id === id);
        return open();
      },
      next: async () => (await opened())?.next(),
      run: async (pace) => (await opened())?.run(pace),
      stop: () => runner?.stop(),
      restart: () => open(),
    },
  });
  for (const party of ['payer', 'merchant']) {
    document.getElementById(SCREENS[party]).addEventListener('payment-status-change', ({ detail }) => {
      if (detail.transaction === runner?.transaction) view.showAnswer(party, detail);
    });
  }
  return open();

  /** The run of the payment on the screens; where opening it has failed, this is the next try. */
  async function opened() {
    if (!runner) await open();
    return runner;
  }

  async function open() {
    const mine = ++opening;
    runner?.stop();
    runner = null;
    view.disable();
    view.showScenario(scenario);
    view.clearAnswers();
    clear(view.notice);
    try {
      const payment = await openPayment(demo, scenario);
      if (mine !== opening) return;
      view.enable();
      show(payment);
    } catch (error) {
      if (mine !== opening) return;
      sayProblem(view.notice, error);
      view.showNoRun();
      view.enable();
    }
  }

  function show(payment) {
    // A report of the payment before may still be on its way: its answer changes nothing here.
    const onChange = (changed) => { if (changed === runner) view.showRun(changed); };
    runner = runnerFor({ demo, scenario, payment, onChange });
    document.getElementById(SCREENS.payer).replaceChildren(wallet(payment));
    document.getElementById(SCREENS.merchant).replaceChildren(till(payment));
    document.getElementById('stage').dataset.transaction = payment.transaction;
    document.getElementById('support-link').href = `support.html#${payment.transaction}`;
    view.showRun(runner);
  }
}

const SCREENS = { payer: 'phone-screen', merchant: 'till-screen' };
