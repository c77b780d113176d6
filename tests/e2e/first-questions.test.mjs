// What the loader asks while the program is on its way: once, only what the program would ask, and the answer's age is told.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction } from './support/client.mjs';
import { openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const WASM = '**/payment-status-widget_bg.wasm*';
const LATE_MS = 4000;

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

test('the answer is there before the program, was asked for once, and does not look younger than it is', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { routes: (page) => page.route(WASM, async (route) => {
    await pause(LATE_MS);
    await route.continue();
  }) });
  await host.addParties(payment, { parties: ['payer'] });
  const asked = () => host.requests.filter(({ url }) => url.endsWith(payment.src));
  await until(() => asked().some(({ ended }) => ended === 'finished'), LATE_MS - 500, () => 'the loader does not ask');
  assert.equal(await host.card('payer'), null);
  const card = await host.until('payer', { state: 'awaiting_payment' }, 2 * LATE_MS);
  const age_s = Number(/(\d+) seconds/.exec(card.fresh)?.[1]);
  assert.ok(age_s >= LATE_MS / 1000 - 1, card.fresh);
  // The next one is the watch's own, and names what it holds.
  await until(() => asked().length > 1, 4000, () => 'the watch does not go on');
  const [first, second] = asked();
  assert.deepEqual([first.headers['if-none-match'], typeof second.headers['if-none-match']], [undefined, 'string']);
  await host.close();
});

test('on a page that nobody sees nothing is asked before it is seen', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { init: () => {
    window.seen = false;
    Object.defineProperty(Document.prototype, 'hidden', { get: () => !window.seen });
    Object.defineProperty(Document.prototype, 'visibilityState', { get: () => (window.seen ? 'visible' : 'hidden') });
  } });
  await host.addParties(payment, { parties: ['payer'] });
  await pause(2000);
  assert.deepEqual(host.requests.filter(({ url }) => url.includes('/v1/')), []);
  await host.page.evaluate(() => {
    window.seen = true;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await host.until('payer', { state: 'awaiting_payment', freshness: 'live' });
  await host.close();
});
