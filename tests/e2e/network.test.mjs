// Bad networks: offline, hidden, a killed server, one that does not park; and never more requests than needed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, matchCode, post, readStatus, report, reportOf } from './support/client.mjs';
import { NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { Between } from './support/wire.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const ACQUIRER_PAID = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

/** A page with the payer's element on a payment that has one report; shown, live, and its request parked. */
async function watching({ parties = ['payer'], ...options } = {}) {
  const payment = await createTransaction(server);
  await report(server, payment, WALLET_PAID);
  const host = await openHost(browser, server, options);
  await host.addParties(payment, { parties });
  await host.until(parties.at(-1), { version: '1', freshness: 'live' });
  await host.untilParked(payment);
  return { payment, host };
}

/** The most requests that were open at one time. */
function mostAtOnce(asks) {
  const steps = asks.flatMap(({ at, endedAt = Infinity }) => [[at, 1], [endedAt, -1]]);
  // At one and the same millisecond an end goes before a start.
  steps.sort(([a, up], [b, down]) => a - b || up - down);
  let [open, most] = [0, 0];
  for (const [, step] of steps) most = Math.max(most, open += step);
  return most;
}

test('offline, the last answer stays and says so; back online, what happened meanwhile is shown', async () => {
  const { payment, host } = await watching({ parties: ['payer', 'merchant'] });
  await host.page.context().setOffline(true);
  for (const party of ['payer', 'merchant']) await host.until(party, { version: '1', state: 'processing', freshness: 'offline' });
  assert.equal((await host.untilError('offline')).kind, 'network');
  await report(server, payment, ACQUIRER_PAID);
  await pause(500);
  assert.equal((await host.card('payer')).version, '1');
  await host.page.context().setOffline(false);
  for (const party of ['payer', 'merchant']) await host.until(party, { version: '2', state: 'paid', freshness: 'live' }, 4000);
  await host.close([NETWORK_NOISE]);
});

test('back online with nothing new, the screen is live again within seconds', async () => {
  const { host } = await watching();
  await host.page.context().setOffline(true);
  await host.until('payer', { freshness: 'offline' });
  await host.page.context().setOffline(false);
  const card = await host.until('payer', { version: '1', freshness: 'live' }, 4000);
  assert.equal(card.notice, null);
  await host.close([NETWORK_NOISE]);
});

test('a hidden page asks nothing, and asks at once when it is seen again', async () => {
  const { payment, host } = await watching({ init: canHide });
  await host.page.evaluate(() => window.setHidden(true));
  await until(() => host.parked(payment).length === 0, 2000, () => 'the parked request was not given up');
  const before = host.asks(payment).length;
  await report(server, payment, ACQUIRER_PAID);
  await pause(3000);
  assert.equal(host.asks(payment).length, before, 'a hidden page asked');
  const shownAt = Date.now();
  await host.page.evaluate(() => window.setHidden(false));
  await host.until('payer', { version: '2', state: 'paid', freshness: 'live' }, 4000);
  const [first] = host.asks(payment).slice(before);
  assert.ok(first.at - shownAt < 500, `it asked ${first.at - shownAt} ms after it was seen`);
  await host.close([NETWORK_NOISE]);
});

test('a page that starts hidden asks nothing until it is seen', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { init: canHide });
  await host.page.evaluate(() => window.setHidden(true));
  await host.addParties(payment, { parties: ['payer'] });
  await pause(1000);
  assert.equal(host.asks(payment).length, 0);
  await host.page.evaluate(() => window.setHidden(false));
  await host.until('payer', { version: '0', freshness: 'live' }, 4000);
  await host.close();
});

test('three elements on one transaction share one request at a time', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server);
  for (const id of ['first', 'second', 'third']) {
    await host.add(id, { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en' });
  }
  for (let version = 1; version <= 5; version += 1) {
    await report(server, payment, { source: 'network', leg: 'network' });
    for (const id of ['first', 'second', 'third']) await host.until(id, { version: String(version), freshness: 'live' });
  }
  const asks = host.asks(payment);
  assert.equal(mostAtOnce(asks), 1);
  assert.ok(asks.length <= 7, `one request a change and one parked: got ${asks.length}`);
  assert.equal(host.requests.filter(({ url }) => url.endsWith('jwks.json')).length, 1, 'the keys are fetched once');
  await host.close();
});

test('removing the last element gives up its request; removing one of two does not', async () => {
  const { payment, host } = await watching();
  await host.add('second', { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en' });
  await host.until('second', { version: '1', freshness: 'live' });
  await host.page.evaluate(() => document.getElementById('payer').remove());
  await pause(500);
  assert.equal(host.parked(payment).length, 1);
  const before = host.asks(payment).length;
  await host.page.evaluate(() => document.getElementById('second').remove());
  await until(() => host.parked(payment).length === 0, 2000, () => 'the request goes on');
  await report(server, payment, ACQUIRER_PAID);
  await pause(1000);
  assert.equal(host.asks(payment).length, before);
  await host.close([NETWORK_NOISE]);
});

test('moving an element within the page neither asks again nor shows anything else', async () => {
  const { payment, host } = await watching();
  const before = host.asks(payment).length;
  const same = await host.page.evaluate(async () => {
    const card = window.host.cardOf('payer');
    document.getElementById('other-place').append(document.getElementById('payer'));
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    return card.isConnected && card === window.host.cardOf('payer');
  });
  assert.ok(same, 'the card is the same');
  assert.equal(host.asks(payment).length, before);
  assert.equal(host.parked(payment).length, 1);
  await report(server, payment, ACQUIRER_PAID);
  await host.until('payer', { version: '2', state: 'paid' });
  await host.close();
});

test('an element taken out and put back later goes on', async () => {
  const { payment, host } = await watching();
  await host.page.evaluate(async () => {
    const element = document.getElementById('payer');
    element.remove();
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    document.getElementById('place').append(element);
  });
  await report(server, payment, ACQUIRER_PAID);
  await host.until('payer', { version: '2', state: 'paid', freshness: 'live' });
  const cards = await host.page.evaluate(() => document.getElementById('payer').shadowRoot.querySelectorAll('[part=card]').length);
  assert.equal(cards, 1);
  await host.close([NETWORK_NOISE]);
});

test('after a kill under load every acknowledged report is there, and the screens recover by themselves', async () => {
  const own = await startServer();
  try {
    const payments = await Promise.all([1, 2, 3].map(() => createTransaction(own)));
    const hosts = await Promise.all(payments.slice(0, 2).map(async (payment) => {
      const host = await openHost(browser, own);
      await host.addParties(payment, { parties: ['payer', 'merchant'] });
      await host.until('merchant', { version: '0', freshness: 'live' });
      await host.untilParked(payment);
      return host;
    }));
    const load = startLoad(own, payments);
    await until(() => load.acknowledged.length >= 60, 15_000, () => `only ${load.acknowledged.length} were acknowledged`);
    await own.kill();
    await load.stop();
    await hosts[0].untilError('unreachable');
    await own.start();

    for (const payment of payments) {
      const stored = await storedIds(own, payment);
      const missing = load.acknowledged.filter(({ id, transaction }) => transaction === payment.id && !stored.has(id));
      assert.deepEqual(missing, [], 'acknowledged and lost');
    }
    for (const [index, host] of hosts.entries()) {
      const { body, document } = await readStatus(own, payments[index]);
      for (const party of ['payer', 'merchant']) {
        await host.until(party, { version: String(document.version), state: document.state, matchCode: matchCode(body) }, 20_000);
      }
    }
    const { version } = await report(own, payments[0], ACQUIRER_PAID);
    for (const party of ['payer', 'merchant']) await hosts[0].until(party, { version: String(version), state: 'paid', freshness: 'live' });
    for (const host of hosts) await host.close([NETWORK_NOISE]);
  } finally {
    await own.end();
  }
});

test('when the server is back with nothing new, the screen is live again within seconds', async () => {
  const own = await startServer();
  try {
    const payment = await createTransaction(own);
    const host = await openHost(browser, own);
    await host.addParties(payment, { parties: ['payer'] });
    await host.until('payer', { version: '0', freshness: 'live' });
    // Whoever has not all of the program yet notices nothing but the silence.
    await host.untilParked(payment);
    await own.kill();
    await host.until('payer', { version: '0', freshness: 'stale' });
    await own.start();
    await host.until('payer', { version: '0', freshness: 'live' }, 6000);
    await host.close([NETWORK_NOISE]);
  } finally {
    await own.end();
  }
});

test('a server that neither parks nor names a pace is asked by a ladder', async () => {
  const asks = await asksOf(async (route) => {
    const response = await route.fetch({ headers: without(route.request().headers(), 'prefer') });
    await route.fulfill({ response, headers: without(response.headers(), 'preference-applied', 'retry-after') });
  }, 4);
  const gaps = gapsOf(asks);
  for (const [index, expected] of [1000, 1000, 1000].entries()) {
    assert.ok(gaps[index] >= expected * 0.9 && gaps[index] <= expected * 1.1 + 500,
      `gap ${index}: expected about ${expected} ms, got ${gaps.join(', ')}`);
  }
});

test('a server that names its pace is asked at that pace', async () => {
  const asks = await asksOf(async (route) => {
    const response = await route.fetch({ headers: without(route.request().headers(), 'prefer') });
    await route.fulfill({ response, headers: { ...without(response.headers(), 'preference-applied'), 'retry-after': '2' } });
  }, 3);
  for (const gap of gapsOf(asks)) assert.ok(gap >= 1900 && gap <= 3000, `expected about 2000 ms, got ${gap}`);
});

test('a server that says slow down is left alone for as long as it says', async () => {
  const asks = await asksOf((route) => route.fulfill({
    status: 429, body: '{}', headers: { 'content-type': 'application/problem+json', 'retry-after': '2' } }), 3);
  for (const gap of gapsOf(asks)) assert.ok(gap >= 1900, `expected at least 2000 ms, got ${gap}`);
});

/**
 * When `count` asks in a row were made of a server that answers with `answer`. The first of all does not count: the
 * second one waits for the rest of the program.
 */
async function asksOf(answer, count) {
  const payment = await createTransaction(server);
  const between = Object.assign(new Between(), { answer });
  const host = await openHost(browser, server, { routes: between.install });
  await host.addParties(payment, { parties: ['payer'] });
  await until(() => host.asks(payment).length > count, 15_000, () => `only ${host.asks(payment).length} asks`);
  const asks = host.asks(payment).slice(1, count + 1);
  await host.close([NETWORK_NOISE]);
  return asks;
}

/** From one ask to the next; what the browser tells of them comes some milliseconds late. */
const gapsOf = (asks) => asks.slice(1).map(({ at }, index) => at - asks[index].at);

const without = (headers, ...names) => Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

/** Reports on all payments from several senders at once, until stopped; keeps what was acknowledged. */
function startLoad(own, payments) {
  const acknowledged = [];
  let stopped = false;
  const senders = payments.flatMap((payment) => ['network', 'wallet', 'acquirer'].map(async (source) => {
    while (!stopped) {
      const reports = [reportOf(payment, { leg: 'network' }), reportOf(payment, { leg: 'network' })];
      try {
        const response = await post(own, source, reports);
        if (response.status === 200) acknowledged.push(...(await response.json()).accepted);
      } catch {
        // The server is gone: what was not acknowledged is promised to nobody.
        await pause(20);
      }
    }
  }));
  return { acknowledged, stop: () => { stopped = true; return Promise.all(senders); } };
}

/** The ids of all stored reports, from the evidence that support sees. */
async function storedIds(own, payment) {
  const response = await fetch(`${own.origin}/v1/transactions/${payment.id}/detail`, {
    headers: { authorization: `Bearer ${own.supportKey}` } });
  const { reports } = await response.json();
  return new Set(reports.map(({ report }) => report.id));
}

/** Runs in the page before anything else: lets a test hide it. */
function canHide() {
  let hidden = false;
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
  Object.defineProperty(Document.prototype, 'hidden', { get: () => hidden });
  window.setHidden = (value) => {
    hidden = value;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
}
