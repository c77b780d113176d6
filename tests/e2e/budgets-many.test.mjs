// A page of a support desk: 1,000 elements over 10 transactions. One request a transaction, one tick a second, and a
// change reaches all that show it. The figures proper are the bench's (`cargo xtask bench`); the limits here are wide,
// because they must hold on any machine.

import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { openFront } from '../bench/lab/front.mjs';
import { ELEMENTS, SHARE, TRANSACTIONS, openMany } from '../bench/lab/many.mjs';
import { launchBrowser } from './support/browser.mjs';
import { pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const PAGES = new URL('../bench/site', import.meta.url);
const CHANGES = 5;
/** From the answer to the last of its elements on screen, the median of all changes. */
const PAINTED_MS = 500;
const IDLE_MS = 4000;
/** Nothing is answered so slowly that is not held. */
const HELD_MS = 5000;
/** Of the main thread's processor time, in a second in which nothing changes but a thousand ages. */
const TICKING_MS = 250;
const HIDDEN_MS = 10;

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  await cp(PAGES, server.site, { recursive: true });
});
after(async () => { await browser?.close(); await server?.end(); });

test(`${ELEMENTS} elements over HTTP/2: one held request a transaction, quick changes, little to do`, async (context) => {
  const front = await openFront(server.origin, { h2: true });
  const many = await openMany({ browser, stage: server, front });
  try {
    const held = () => many.open().filter((path) => path.endsWith('/status'));
    const isAtRest = () => held().length === TRANSACTIONS && many.open().length === TRANSACTIONS;
    await until(isAtRest, 8000, () => `${held().length} held for their status, ${many.open().length} in all`);
    assert.equal(new Set(held()).size, TRANSACTIONS, 'one for each');
    assertAsked(many.counts(), 1);

    const changes = [];
    for (let index = 0; index < CHANGES; index += 1) changes.push(await many.change(index));
    const painted = changes.map(({ painted_ms }) => painted_ms).sort((a, b) => a - b);
    const median = painted[painted.length >> 1];
    context.diagnostic(`answer to all ${SHARE} elements: ${painted.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    assert.ok(changes.every(({ protocol }) => protocol === 'h2'), 'the answers came over HTTP/2');
    assert.ok(median <= PAINTED_MS, `median ${median.toFixed(0)} ms, at most ${PAINTED_MS} ms`);

    const ticking_ms = await many.busyPerSecond(IDLE_MS);
    await many.hide();
    const hidden_ms = await many.busyPerSecond(IDLE_MS);
    context.diagnostic(`busy a second: ${ticking_ms.toFixed(1)} ms ticking, ${hidden_ms.toFixed(1)} ms hidden`);
    assert.ok(ticking_ms <= TICKING_MS, `${ticking_ms.toFixed(1)} ms of each second, at most ${TICKING_MS} ms`);
    assert.ok(hidden_ms <= HIDDEN_MS, `${hidden_ms.toFixed(1)} ms of each hidden second, at most ${HIDDEN_MS} ms`);
    assertAsked(many.counts(), 2);
  } finally {
    await many.close();
    await front.stop();
  }
});

test(`${ELEMENTS} elements over HTTP/1.1: nothing holds the browser's few connections`, async () => {
  const many = await openMany({ browser, stage: server, front: { origin: server.origin } });
  try {
    await pause(HELD_MS);
    assert.deepEqual(many.open(HELD_MS), []);
    // Asked for at the pace of the ladder: it ends once all have shown it.
    const { protocol } = await many.change(0);
    assert.equal(protocol, 'http/1.1');
    assertAsked(many.counts(), 2);
  } finally {
    await many.close();
  }
});

/** However many elements show it: each file once, each reader's own document once for each of at most `versions`. */
function assertAsked(counts, versions) {
  for (const [path, count] of Object.entries(counts)) {
    const [, , , , document] = path.split('/');
    if (document === 'party') assert.ok(count <= versions, `${path} was asked for ${count} times`);
    else if (document !== 'status') assert.equal(count, 1, `${path} was asked for ${count} times`);
  }
}
