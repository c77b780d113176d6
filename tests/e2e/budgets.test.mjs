// What the element may cost a page: requests, memory over a thousand mounts, and the main thread while it changes.
// The bytes have a budget of their own (`cargo xtask size`).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost, pause } from './support/host.mjs';
import { Meter, keepWasmMemory } from './support/meter.mjs';
import { startServer } from './support/server.mjs';

const CHANGES = 20;
/** The browser's own limit of a long task (W3C Long Tasks API). Here in processor time, which other programs do not lengthen. */
const LONG_TASK_MS = 50;
const WARM_MOUNTS = 200;
const MOUNTS = 1000;
/** Elements that are on the page at a time; they share one watch, which goes with the last of them. */
const TOGETHER = 10;
/** The script's heap is compared later, when the browser has compiled what it will: that alone takes 90 KB until here. */
const HEAP_MOUNTS = 2000;
/** A pair of closures that stays for each watch makes 80 KB; compiled code and inline caches that come late make 20. */
const HEAP_SLACK_BYTES = 50_000;
/** A leak adds at least one for each watch; what the browser keeps for a while is fewer. */
const COUNT_SLACK = 20;

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

test('a first view makes these requests and no more', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '0', freshness: 'live' });
  await host.untilParked(payment);
  await pause(1000);
  const paths = host.requests.map(({ url }) => new URL(url).pathname.replace(payment.id, ':id')).sort();
  assert.deepEqual(paths, [
    '/.well-known/jwks.json',
    '/host.html',
    '/host.js',
    '/locales/en.json',
    '/locales/reasons/en.json',
    '/locales/reasons/steps.json',
    '/payment-status-widget.js',
    '/payment-status-widget_bg.wasm',
    '/payment-status-widget_rest.wasm',
    '/payment-status.js',
    '/v1/transactions/:id/party',
    // The answer, and the parked request.
    '/v1/transactions/:id/status',
    '/v1/transactions/:id/status',
  ]);
  await host.close([NETWORK_NOISE]);
});

test(`from ${WARM_MOUNTS} to ${MOUNTS} mounts nothing grows, and the heap not from there to ${HEAP_MOUNTS}`, async (context) => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { init: keepWasmMemory });
  const meter = await Meter.on(host.page);
  const mounts = (count) => host.page.evaluate(mountAndRemove, {
    count, together: TOGETHER, src: payment.src, token: payment.tokens.payer });
  await mounts(WARM_MOUNTS);
  const early = await meter.held();
  await mounts(MOUNTS - WARM_MOUNTS);
  const late = await meter.held();
  await mounts(HEAP_MOUNTS - MOUNTS);
  const last = await meter.held();
  context.diagnostic(`after ${WARM_MOUNTS}: ${JSON.stringify(early)}`);
  context.diagnostic(`after ${MOUNTS}: ${JSON.stringify(late)}`);
  context.diagnostic(`after ${HEAP_MOUNTS}: ${JSON.stringify(last)}`);
  assertNoGrowth('listeners', early, late, COUNT_SLACK);
  assertNoGrowth('nodes', early, late, COUNT_SLACK);
  assertNoGrowth('wasm_bytes', early, late, 0);
  assertNoGrowth('heap_bytes', late, last, HEAP_SLACK_BYTES);
  await host.close([NETWORK_NOISE]);
});

for (const slowdown of [1, 4]) {
  test(`no task of the page is long while ${CHANGES} changes come, processor ${slowdown}× slower`, async (context) => {
    const payment = await createTransaction(server);
    const host = await openHost(browser, server);
    await host.addParties(payment, { parties: ['payer'] });
    await host.until('payer', { version: '0', freshness: 'live' });
    const meter = await Meter.on(host.page);
    await meter.slowDown(slowdown);
    const tasks = await meter.tasks(async () => {
      for (let version = 1; version <= CHANGES; version += 1) {
        await report(server, payment, { source: 'network', leg: 'network' });
        await host.until('payer', { version: String(version) });
        // Not in step with anything on the page, and long enough for what follows a first picture.
        await pause(80 + Math.random() * 80);
      }
    });
    context.diagnostic(`the longest of ${tasks.length} tasks: ${tasks.slice(0, 5).map((ms) => ms.toFixed(1)).join(', ')} ms`);
    assert.ok(tasks.length > CHANGES, `only ${tasks.length} tasks were seen`);
    const limit = LONG_TASK_MS * slowdown;
    assert.ok(tasks[0] <= limit, `a task of ${tasks[0].toFixed(1)} ms; at most ${limit} ms`);
    await host.close([NETWORK_NOISE]);
  });
}

function assertNoGrowth(name, before, after, slack) {
  const grown = after[name] - before[name];
  assert.ok(grown <= slack, `${name} grew by ${grown}, more than ${slack}: from ${before[name]} to ${after[name]}`);
}

/** In the page: `count` elements in all, each until it shows its answer, `together` at a time. */
async function mountAndRemove({ count, together, src, token }) {
  const place = document.getElementById('place');
  for (let done = 0; done < count; done += together) {
    const shown = [];
    for (let index = 0; index < together; index += 1) {
      const element = document.createElement('payment-status');
      shown.push(new Promise((resolve, reject) => {
        element.addEventListener('payment-status-change', resolve, { once: true });
        element.addEventListener('payment-status-error', ({ detail }) => reject(new Error(detail.message)), { once: true });
      }));
      element.token = token;
      for (const [name, value] of Object.entries({ src, party: 'payer', locale: 'en' })) element.setAttribute(name, value);
      place.append(element);
    }
    await Promise.all(shown);
    // Some go before what follows the first picture, some after it.
    if (done % (4 * together) === 0) await new Promise((resolve) => { setTimeout(resolve, 120); });
    place.replaceChildren();
  }
}
