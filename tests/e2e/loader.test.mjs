// What the loader does by itself: files that never come, a token that never comes, the language around the element.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

/** After this a file is given up (ms), and the page's clock is set forward by a little more. */
const GIVEN_UP = 120_000;

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

async function paid() {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'wallet', leg: 'debit', outcome: 'succeeded' });
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  return payment;
}

/** A page whose clock can be set forward and whose requests for `file` are swallowed until it is healed. */
async function hanging(file) {
  const state = { swallowed: 0, isWell: false };
  const host = await openHost(browser, server, { routes: async (page) => {
    await page.clock.install();
    await page.route(file, (route) => {
      if (state.isWell) return route.continue();
      state.swallowed += 1;
      return undefined;
    });
  } });
  return { host, state };
}

/** From now on the file comes, and what hangs has hung for longer than it may. */
async function heal({ host: { page }, state }) {
  state.isWell = true;
  await page.clock.fastForward(GIVEN_UP + 1000);
  await page.clock.runFor(3000);
  await page.clock.resume();
}

test('a program that breaks down when it begins is told as its own fault, and the fallback stays', async () => {
  const payment = await paid();
  const host = await openHost(browser, server, { routes: (page) => page.route('**/payment-status-widget.js*', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace('constructor(', 'constructor(){throw new WebAssembly.RuntimeError("unreachable")}was(');
    await route.fulfill({ response: answer, body });
  }) });
  await host.addParties(payment, { parties: ['payer'], fallback: 'Order A-1042' });
  const { kind, message } = await host.untilError('internal');
  assert.deepEqual([kind, message], ['internal', 'unreachable']);
  assert.equal(await host.card('payer'), null, 'the page shows its own words');
  await host.close();
});

test('a loader that is loaded twice, under two addresses, starts one program', async () => {
  const payment = await paid();
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { state: 'paid', version: '2', freshness: 'live' });
  await host.untilParked(payment);
  await host.page.evaluate(async ({ src, token }) => {
    (await import('/payment-status.js?again')).define('second-status');
    const second = Object.assign(document.createElement('second-status'), { id: 'second', token });
    for (const [name, value] of Object.entries({ src, party: 'payer', locale: 'en' })) second.setAttribute(name, value);
    document.getElementById('place').append(second);
  }, { src: payment.src, token: payment.tokens.payer });
  await host.until('second', { state: 'paid', version: '2', freshness: 'live' });
  await report(server, payment, { source: 'acquirer', leg: 'return', outcome: 'pending' });
  for (const id of ['payer', 'second']) await host.until(id, { version: '3', freshness: 'live' });
  assert.deepEqual(await host.errorEvents(), []);
  // One program asks once for both.
  assert.equal(host.parked(payment).length, 1);
  await host.close();
});

for (const file of ['payment-status-widget_bg.wasm', 'payment-status-widget.js', 'locales/en.json']) {
  test(`${file} that never comes is given up, told, and fetched again`, async () => {
    const payment = await paid();
    const { host, state } = await hanging(`**/${file}*`);
    await host.addParties(payment, { parties: ['payer'], fallback: 'Order A-1042' });
    await until(() => state.swallowed > 0);
    await pause(300);
    assert.equal(await host.card('payer'), null, 'the page shows its own words');
    await heal({ host, state });
    if (!file.startsWith('locales')) {
      const { kind, message } = await host.untilError('load-failed');
      assert.equal(kind, 'network');
      assert.ok(message.length > 5, message);
    }
    await host.until('payer', { state: 'paid' }, 15_000);
    await host.close([NETWORK_NOISE]);
  });
}

test('keys that never come are given up and fetched again', async () => {
  const payment = await paid();
  const { host, state } = await hanging('**/.well-known/jwks.json');
  await host.addParties(payment, { parties: ['payer'] });
  await until(() => state.swallowed > 0);
  await host.page.waitForFunction(() => window.host.card('payer')?.headline === 'Asking for the payment status.');
  await heal({ host, state });
  await host.until('payer', { state: 'paid' }, 15_000);
  await host.close([NETWORK_NOISE]);
});

test('an element that comes later asks for no words that are there', async () => {
  const payment = await paid();
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { state: 'paid' });
  await host.untilParked(payment);
  const words = () => host.requests.filter(({ url }) => url.endsWith('/locales/en.json')).length;
  assert.equal(words(), 1);
  await host.addParties(payment, { parties: ['merchant'] });
  await host.until('merchant', { state: 'paid' });
  assert.equal(words(), 1);
  await host.close();
});

test('a second half that never comes is given up and fetched again', async () => {
  const payment = await paid();
  const { host, state } = await hanging('**/payment-status-widget_rest.wasm*');
  await host.addParties(payment, { parties: ['payer'] });
  await host.page.clock.runFor(2000);
  await host.page.waitForFunction(() => document.querySelector('#payer')?.shadowRoot?.querySelector('[data-state=paid]'));
  await until(() => state.swallowed > 0);
  await heal({ host, state });
  await host.page.waitForFunction(
    () => document.querySelector('#payer').shadowRoot.querySelector('[part=timeline] li'), null, { timeout: 15_000 });
  await host.close([NETWORK_NOISE]);
});

test('a token provider that does not answer is told after a minute, and still awaited', async () => {
  const payment = await paid();
  const { host } = await hanging('**/nothing');
  await host.page.evaluate((src) => {
    const status = document.createElement('payment-status');
    status.id = 'late';
    status.tokenProvider = () => new Promise((resolve) => { window.give = resolve; });
    status.setAttribute('src', src);
    status.addEventListener('payment-status-error', ({ detail }) => { window.toldLate = detail; });
    document.body.append(status);
  }, payment.src);
  await host.page.clock.runFor(30_000);
  assert.equal(await host.page.evaluate(() => window.toldLate), undefined);
  await host.page.clock.runFor(31_000);
  await host.page.waitForFunction(() => window.toldLate);
  const { kind, code, message } = await host.page.evaluate(() => window.toldLate);
  assert.deepEqual([kind, code, message], ['configuration', 'token-provider', 'tokenProvider: no answer yet']);
  await host.page.clock.resume();
  await host.page.evaluate((token) => window.give(token), payment.tokens.payer);
  await host.until('late', { state: 'paid' }, 15_000);
  await host.close();
});

test('the language is the one around the element, also from inside of shadow roots', async () => {
  const payment = await paid();
  const host = await openHost(browser, server);
  await host.page.evaluate(([src, token]) => {
    const outer = document.createElement('div');
    outer.lang = 'de';
    document.body.append(outer);
    const middle = outer.attachShadow({ mode: 'open' }).appendChild(document.createElement('div'));
    const inner = middle.attachShadow({ mode: 'open' });
    const status = document.createElement('payment-status');
    status.setAttribute('src', src);
    status.token = token;
    inner.append(status);
    window.within = status;
  }, [payment.src, payment.tokens.payer]);
  await host.page.waitForFunction(() => window.within.shadowRoot?.querySelector('[part=card][data-state=paid]'));
  assert.equal(await host.page.evaluate(() => window.within.shadowRoot.querySelector('[part=card]').lang), 'de');
  await host.close();
});
