// The document that concerns one reader alone: it may fail where the shared one does not, and comes later then.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

async function credited() {
  const payment = await createTransaction(server, { payout_account: 'Bank •••• 9023' });
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  return payment;
}

async function renewToken(payment, party) {
  const response = await fetch(`${server.origin}/v1/transactions/${payment.id}/tokens/${party}`, {
    method: 'POST', headers: { authorization: `Bearer ${server.merchantKey}` } });
  return (await response.json()).token;
}

/** The merchant's card, whose own document is answered by `answer(count)`; `undefined` lets the server answer. */
async function merchant(payment, answer, ids = ['merchant']) {
  const asked = { count: 0 };
  const host = await openHost(browser, server, { routes: (page) => page.route('**/party', (route) => {
    asked.count += 1;
    const given = answer(asked.count);
    if (given === 'gone') return route.abort();
    return given ? route.fulfill(given) : route.continue();
  }) });
  for (const id of ids) await host.add(id, { src: payment.src, party: 'merchant', token: payment.tokens.merchant, locale: 'en' });
  for (const id of ids) await host.until(id, { state: 'paid', freshness: 'live' });
  const account = (id = 'merchant') => host.page.evaluate(
    (which) => window.host.cardOf(which).querySelector('[part=account]').textContent, id);
  return { host, asked, account };
}

test('a document that could not be had comes when it can, without a new version', async () => {
  const payment = await credited();
  const { host, asked, account } = await merchant(payment, (count) => ['gone', { status: 503, body: '' }][count - 1]);
  await until(async () => (await account()).includes('9023'), 15_000, () => `asked ${asked.count} times`);
  assert.equal(asked.count, 3);
  await host.close([NETWORK_NOISE]);
});

test('two cards that show the same ask again all the same', async () => {
  const payment = await credited();
  const { host, account } = await merchant(payment, (count) => (count < 3 ? { status: 503, body: '' } : undefined), ['one', 'two']);
  for (const id of ['one', 'two']) await until(async () => (await account(id)).includes('9023'), 20_000, () => `${id} has none`);
  await host.close([NETWORK_NOISE]);
});

test('what an old token could not open is asked for with the new one', async () => {
  const payment = await credited();
  const { host, account } = await merchant(payment, (count) => (count === 1 ? { status: 401, body: '{}' } : undefined));
  await host.untilParked(payment);
  await pause(500);
  assert.doesNotMatch(await account(), /9023/);
  const renewed = await renewToken(payment, 'merchant');
  await host.page.evaluate((token) => { document.getElementById('merchant').token = token; }, renewed);
  await until(async () => (await account()).includes('9023'), 8000, () => 'it does not come');
  await host.close([NETWORK_NOISE]);
});

test('a document that is refused is not asked for again before the next version', async () => {
  const payment = await credited();
  const { host, asked, account } = await merchant(payment, () => ({ status: 403, body: '{}' }));
  await until(() => asked.count > 0);
  await pause(3000);
  assert.equal(asked.count, 1);
  assert.doesNotMatch(await account(), /9023/);
  await report(server, payment, { source: 'wallet', leg: 'debit', outcome: 'succeeded' });
  await until(() => asked.count === 2);
  await host.close([NETWORK_NOISE]);
});

test('the merchant is told of a payout that the payer does not see', async () => {
  const payment = await credited();
  await report(server, payment, { source: 'settlement_bank', leg: 'settlement', outcome: 'failed' });
  const host = await openHost(browser, server);
  await host.addParties(payment);
  for (const id of ['payer', 'merchant', 'support']) await host.until(id, { state: 'paid' });
  const text = (id) => host.page.evaluate((which) => window.host.cardOf(which).textContent, id);
  await until(async () => (await text('merchant')).includes('the payout failed'), 8000, () => 'the merchant is not told');
  await until(async () => (await text('support')).includes('Settlement: no'), 8000, () => 'support is not told');
  for (const id of ['merchant', 'payer']) {
    const { timeline } = await host.card(id);
    assert.equal(timeline.length, 1, `${id}: ${timeline}`);
  }
  assert.doesNotMatch(await text('payer'), /payout|Settlement/i);
  await host.close();
});
