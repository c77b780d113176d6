// 1,000 elements on one page, over 10 transactions: how many requests they hold, how long a change takes to stand on
// all that show it, and what the page costs while nothing changes.

import { launch } from './lab/browser.mjs';
import { median, ms, percentile, printTable } from './lab/figures.mjs';
import { openFront } from './lab/front.mjs';
import { ELEMENTS, SHARE, SKIP_UNSEEN, TRANSACTIONS, openMany } from './lab/many.mjs';
import { openStage } from './lab/stage.mjs';

const CHANGES = Number(process.env.BENCH_CHANGES) || 30;
const IDLE_MS = 10_000;
const TARGET_MS = 100;
const CASES = [
  ['HTTP/2', true],
  ['HTTP/2, the host lets the browser skip what is not seen', true, SKIP_UNSEEN],
  ['HTTP/1.1', false],
];

const stage = await openStage();
const browser = await launch();
try {
  for (const [what, h2, sheet] of CASES) {
    const front = await openFront(stage.origin, { h2 });
    try {
      await measure(what, front, sheet);
    } finally {
      await front.stop();
    }
  }
} finally {
  await browser.close();
  await stage.stop();
}

async function measure(what, front, sheet) {
  console.log(`\n${ELEMENTS} elements, ${TRANSACTIONS} transactions, ${what}`);
  const many = await openMany({ browser, stage, front, sheet });
  try {
    console.log(`all on screen after ${ms(many.ready_ms)} ms; ${many.requests()} requests in all, `
      + `${many.open().length} of them still held`);
    await changes(many);
    await idle(many);
  } finally {
    await many.close();
  }
}

async function changes(many) {
  const taken = [];
  for (let count = 0; count < CHANGES; count += 1) taken.push(await many.change(count % TRANSACTIONS));
  const row = (name, key) => {
    const times = taken.map((change) => change[key]);
    return [name, ms(median(times)), ms(percentile(times, 0.9)), ms(Math.max(...times))];
  };
  console.log(`one change on the ${SHARE} elements that show it, ms; ${taken.length} changes`);
  printTable([
    ['from, to', 'median', 'p90', 'most'],
    row('acknowledged, answer received', 'heard_ms'),
    row('answer received, painted on all', 'painted_ms'),
    row('acknowledged, painted on all', 'whole_ms'),
  ]);
  const worst = Math.max(...taken.map(({ painted_ms }) => painted_ms));
  console.log(`target: painted on all ≤ ${TARGET_MS} ms after the answer: ${worst <= TARGET_MS ? 'met' : 'NOT met'}`);
  console.log(`held then: ${many.open().length}; answers came over ${taken[0].protocol}`);
}

async function idle(many) {
  const seen = await many.busyPerSecond(IDLE_MS);
  await many.hide();
  const hidden = await many.busyPerSecond(IDLE_MS);
  console.log(`main thread busy, ms a second over ${IDLE_MS / 1000} s: ${ms(seen)} while seen (every element says how long `
    + `ago it checked), ${ms(hidden)} while hidden`);
}
