// An element that is told of another payment or another reader, and one that does not have its token yet.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { openHost, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

const INSUFFICIENT = { scheme: 'unionpay', family: 'de39', value: '51' };
const declined = async () => {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'issuer', leg: 'debit', outcome: 'failed', code: INSUFFICIENT });
  return payment;
};
const changes = async (host) => (await host.events()).filter(({ name }) => name === 'payment-status-change').map(({ detail }) => detail);

test('what a page may do by one payment it may not do by the next: the old answer is told once more, as stale', async () => {
  const [payment, next] = [await declined(), await createTransaction(server)];
  const host = await openHost(browser, server, { routes: (page) => page.route(`**${next.src}`, () => {}) });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '1', payAgain: 'safe', freshness: 'live' });
  await host.untilParked(payment);
  await host.page.evaluate(({ src, token }) => {
    const element = document.getElementById('payer');
    element.token = token;
    element.setAttribute('src', src);
  }, { src: next.src, token: next.tokens.payer });
  await host.until('payer', { freshness: 'connecting' });
  const told = await changes(host);
  assert.deepEqual(told.map(({ transaction, payAgain, stale }) => [transaction, payAgain, stale]),
    [[payment.id, 'safe', false], [payment.id, 'safe', true]]);
  // Back again: the same answer is news to the page.
  await host.page.evaluate(({ src, token }) => {
    const element = document.getElementById('payer');
    element.token = token;
    element.setAttribute('src', src);
  }, { src: payment.src, token: payment.tokens.payer });
  await host.until('payer', { version: '1', payAgain: 'safe', freshness: 'live' });
  assert.deepEqual((await changes(host)).at(-1).stale, false);
  await host.close();
});

test('while a till waits for its token it speaks to the cashier', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server);
  await host.page.evaluate((src) => {
    const till = Object.assign(document.createElement('payment-status'), { id: 'till', tokenProvider: () => new Promise(() => {}) });
    till.setAttribute('src', src);
    till.setAttribute('party', 'merchant');
    document.getElementById('place').append(till);
  }, payment.src);
  const party = () => host.page.evaluate(() => window.host.cardOf('till')?.dataset.party);
  await until(async () => await party() !== undefined, 4000, () => 'there is no card');
  assert.equal(await party(), 'merchant');
  await host.close();
});

test('support reads the raw code of the leg that broke, whatever closed the order', async () => {
  const payment = await declined();
  await report(server, payment, { source: 'merchant_system', leg: 'order', outcome: 'failed', code: { scheme: 'order', family: 'order', value: 'cancelled' } });
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['support'] });
  await host.until('support', { version: '2', state: 'cancelled', freshness: 'live' });
  const text = () => host.page.evaluate(() => window.host.cardOf('support').querySelector('[part=explanation]').textContent);
  await until(async () => (await text()).includes('unionpay de39 51'), 4000, text);
  assert.ok(!(await text()).includes('order cancelled'), await text());
  await host.close();
});

test('an answer that has aged on a hidden page is stale as soon as the page is seen', async () => {
  const payment = await declined();
  const init = () => {
    const { now } = Date;
    window.ahead_ms = 0;
    Date.now = () => now() + window.ahead_ms;
  };
  const host = await openHost(browser, server, { init });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '1', freshness: 'live' });
  await host.untilParked(payment);
  // Nothing is heard any more, and nothing is asked.
  await host.page.route('**/status', () => {});
  await host.page.evaluate(async () => {
    const seen = (state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => state === 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    };
    seen('hidden');
    // Just after a second has gone by, so that the next one is far.
    await new Promise((resolve) => { setTimeout(resolve, 1200); });
    // Nothing of the page ran in between, as in a browser that has stopped it.
    window.atOnce = () => {
      window.ahead_ms = 600_000;
      seen('visible');
      return window.host.cardOf('payer').dataset.freshness;
    };
  });
  assert.notEqual(await host.page.evaluate(() => window.atOnce()), 'live');
  await host.close();
});
