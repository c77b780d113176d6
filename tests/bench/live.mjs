// How long after the server has acknowledged a report both people see it: the widget on two screens, beside two
// screens that ask every two seconds. All clocks are this machine's.

import { freshPage, launch, within } from './lab/browser.mjs';
import { ms, percentile, printTable } from './lab/figures.mjs';
import { createPayment, report } from './lab/payments.mjs';
import { openStage } from './lab/stage.mjs';

// One payment's story: each report changes what both people read.
const STORY = [
  { source: 'wallet', leg: 'debit', outcome: 'pending' },
  { source: 'wallet', leg: 'debit', outcome: 'succeeded' },
  { source: 'acquirer', leg: 'credit', outcome: 'succeeded' },
  { source: 'terminal', leg: 'confirmation', outcome: 'failed' },
  { source: 'acquirer', leg: 'return', outcome: 'pending' },
];
const CHANGES = Number(process.env.BENCH_CHANGES) || 200;
const PAYMENTS = Math.ceil(CHANGES / STORY.length);
const PARTIES = ['payer', 'merchant'];
/** The longest pause before a report; the poller's interval, so that reports fall anywhere in it. */
const PAUSE_MS = { widget: 100, poll: 2000 };
const LIMIT_MS = 20_000;

const stage = await openStage();
const browser = await launch();
try {
  const widget = await followWithWidget();
  const poll = await followByPolling();
  console.log(`from the acknowledgement of a report until both screens show it, ms; ${widget.length} changes each`);
  const row = (name, changes) => {
    const after = changes.map(({ acknowledged, screens }) => Math.max(...screens) - acknowledged);
    return [name, ms(percentile(after, 0.5)), ms(percentile(after, 0.99)), ms(Math.max(...after))];
  };
  printTable([['screens', 'p50', 'p99', 'most'], row('widget', widget), row('asking every 2 s', poll)]);
  const sooner = widget.filter(({ acknowledged, screens }) => Math.max(...screens) < acknowledged).length;
  console.log(`below 0: both screens changed before the acknowledgement was read (${sooner} of ${widget.length})`);
} finally {
  await browser.close();
  await stage.stop();
}

/** One payment after the other on the same two screens. */
async function followWithWidget() {
  const first = await createPayment(stage);
  const given = (payment, party) => ({ src: payment.src, party, token: payment.tokens[party] });
  const screens = await Promise.all(PARTIES.map(async (party) => {
    const fresh = await freshPage(browser, { given: given(first, party) });
    await fresh.page.goto(`${stage.origin}/widget.html`, { waitUntil: 'commit' });
    return { party, ...fresh };
  }));
  const changes = [];
  try {
    for (let count = 0; count < PAYMENTS; count += 1) {
      const payment = count ? await createPayment(stage) : first;
      if (count) {
        for (const { party, evaluate } of screens) {
          await evaluate(`observed.forget(); show(${JSON.stringify(given(payment, party))});`);
        }
      }
      await allShow(screens, 0);
      for (const facts of STORY) {
        changes.push(await change(payment, facts, PAUSE_MS.widget, (version) => allShow(screens, version)));
      }
    }
  } finally {
    for (const screen of screens) await screen.close();
  }
  return changes.slice(0, CHANGES);
}

/** All payments at the same time, two lines each: one after the other would take minutes. */
async function followByPolling() {
  const payments = await Promise.all(Array.from({ length: PAYMENTS }, () => createPayment(stage)));
  const screens = await Promise.all(PARTIES.map(async (party) => {
    const given = payments.map(({ src, tokens, transaction }) => ({ src, token: tokens[party], transaction }));
    const fresh = await freshPage(browser, { given });
    await fresh.page.goto(`${stage.origin}/poll.html`, { waitUntil: 'commit' });
    return fresh;
  }));
  try {
    const stories = await Promise.all(payments.map(async (payment) => {
      const { transaction } = payment;
      await allShow(screens, 0, transaction);
      const changes = [];
      for (const facts of STORY) {
        changes.push(await change(payment, facts, PAUSE_MS.poll, (version) => allShow(screens, version, transaction)));
      }
      return changes;
    }));
    return stories.flat().slice(0, CHANGES);
  } finally {
    for (const screen of screens) await screen.close();
  }
}

async function change(payment, facts, pause_ms, shown) {
  await new Promise((resolve) => { setTimeout(resolve, Math.random() * pause_ms); });
  const { version } = await report(stage, payment, facts);
  const acknowledged = performance.timeOrigin + performance.now();
  return { acknowledged, screens: await shown(version) };
}

/** The moments at which each screen showed this version. */
function allShow(screens, version, transaction = '') {
  const expression = `observed.version(${version}, ${JSON.stringify(transaction)})`;
  return Promise.all(screens.map(({ evaluate, errors }) => within(
    LIMIT_MS, `version ${version}`, evaluate(expression), errors)));
}
