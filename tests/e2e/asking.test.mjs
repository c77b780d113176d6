// How it asks: one tab for all of an origin, nothing while hidden, no burst, the ladder, on demand, odd answers.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { Host, NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { Between } from './support/wire.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const ACQUIRER_PAID = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

/** One more tab of the same origin, with the payer's element on `payment`. */
async function openTab(context, payment, { init = canHide, origin = server.origin } = {}) {
  const page = await context.newPage();
  const host = new Host(page, server);
  await page.addInitScript(init);
  await page.goto(`${origin}/host.html`);
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { freshness: 'live' });
  return host;
}

/** Two tabs on one payment, once one of them asks for both. */
async function twoTabs(options) {
  const payment = await createTransaction(server);
  const context = await browser.newContext({ locale: 'en-US' });
  const tabs = [await openTab(context, payment, options), await openTab(context, payment, options)];
  await settled(tabs, payment);
  return { payment, context, tabs };
}

const open = (tabs, payment) => tabs.map((tab) => tab.parked(payment).length);

/** Waits until exactly one request is open in all tabs together, and stays so. */
async function settled(tabs, payment, limit = 4000) {
  const one = () => open(tabs, payment).reduce((a, b) => a + b) === 1;
  await until(async () => {
    if (!one()) return false;
    await pause(300);
    return one();
  }, limit, () => `requests open in the tabs: ${open(tabs, payment)}`);
}

test('two tabs of one origin: one request in flight, and a report is on both within 250 ms', async () => {
  const { payment, context, tabs } = await twoTabs();
  for (const tab of tabs) await tab.page.evaluate(() => window.host.watchVersions('payer'));
  for (const version of ['1', '2', '3']) {
    await report(server, payment, { source: 'network', leg: 'network' });
    const acknowledged = Date.now();
    for (const tab of tabs) {
      await tab.until('payer', { version });
      const seen = await tab.page.evaluate((which) => window.host.seen[which], version);
      assert.ok(seen - acknowledged < 250, `version ${version} was seen after ${seen - acknowledged} ms`);
    }
    await settled(tabs, payment);
  }
  await context.close();
});

test('the tab that asks is closed: the other one takes over within a second', async () => {
  const { payment, context, tabs } = await twoTabs();
  const asker = open(tabs, payment).indexOf(1);
  const [gone, other] = [tabs[asker], tabs[1 - asker]];
  await gone.page.close();
  await until(() => other.parked(payment).length === 1, 1000, () => 'nobody asks');
  await report(server, payment, WALLET_PAID);
  await other.until('payer', { version: '1', freshness: 'live' });
  await context.close();
});

test('the tab that asks is hidden: it asks nothing more, the other one takes over, and its screen is right when it is back', async () => {
  const { payment, context, tabs } = await twoTabs();
  const asker = open(tabs, payment).indexOf(1);
  const [hidden, other] = [tabs[asker], tabs[1 - asker]];
  await hidden.page.evaluate(() => window.setHidden(true));
  await until(() => other.parked(payment).length === 1 && hidden.parked(payment).length === 0, 1000,
    () => `requests open: ${open(tabs, payment)}`);
  const before = hidden.asks(payment).length;
  await report(server, payment, WALLET_PAID);
  await other.until('payer', { version: '1' });
  await pause(1000);
  assert.equal(hidden.asks(payment).length, before, 'a hidden tab asked');
  await hidden.page.evaluate(() => window.setHidden(false));
  await hidden.until('payer', { version: '1', freshness: 'live' }, 1000);
  await settled(tabs, payment);
  await context.close();
});

test('what another script of the origin says on the channel is not believed', async () => {
  const { payment, context, tabs } = await twoTabs({ init: canSpeak });
  await report(server, payment, WALLET_PAID);
  for (const tab of tabs) await tab.until('payer', { version: '1' });
  const [{ page }] = tabs;
  const heard = await page.evaluate(() => window.heard.length);
  assert.ok(heard > 0, 'the channel was found');
  await page.evaluate(() => {
    const [name, [status, body, etag, signature]] = window.heard.at(-1);
    const channel = new BroadcastChannel(name);
    const forged = new TextEncoder().encode(new TextDecoder().decode(body).replace('"processing"', '"paid"'));
    for (const message of [
      'hello', null, {}, [], [200], [200, forged, etag, signature, 0, true], [200, body, etag, null, 0, true],
      [200, new Uint8Array(600_000), etag, signature, 0, true], [304, new Uint8Array(), etag, signature, 0, true],
      [500, new Uint8Array(), null, null, 1e9, true], ['200', 'x', 1, 2, 3, 4],
    ]) channel.postMessage(message);
  });
  await pause(500);
  for (const tab of tabs) {
    const card = await tab.card('payer');
    assert.deepEqual([card.version, card.freshness, card.notice], ['1', 'live', null]);
    assert.deepEqual([...tab.errors, ...await tab.errorEvents()], []);
  }
  await report(server, payment, ACQUIRER_PAID);
  for (const tab of tabs) await tab.until('payer', { version: '2', state: 'paid' });
  await context.close();
});

test('nothing secret is in the names that the tabs share', async () => {
  const { payment, context, tabs } = await twoTabs({ init: canSpeak });
  const names = await tabs[0].page.evaluate(async () => {
    const { held, pending } = await navigator.locks.query();
    return [...held, ...pending].map(({ name }) => name).concat(window.channels);
  });
  assert.equal(new Set(names).size, 1, names.join('\n'));
  assert.match(names[0], /^payment-status\/1\/[\d,]+$/);
  assert.ok(!names[0].includes(payment.tokens.payer) && !names[0].includes(payment.id));
  await context.close();
});

for (const [what, init] of [['Web Locks', noLocks], ['a BroadcastChannel', noChannel], ['leave to lock', refusedLocks]]) {
  test(`without ${what} each tab asks for itself`, async () => {
    const payment = await createTransaction(server);
    const context = await browser.newContext();
    const tabs = [await openTab(context, payment, { init }), await openTab(context, payment, { init })];
    await until(() => open(tabs, payment).every((count) => count === 1), 4000, () => `${open(tabs, payment)}`);
    await report(server, payment, WALLET_PAID);
    for (const tab of tabs) {
      await tab.until('payer', { version: '1' });
      assert.deepEqual(tab.errors, []);
    }
    await context.close();
  });
}

test('a second element with the same transaction makes no second request', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { freshness: 'live' });
  await until(() => host.parked(payment).length === 1, 4000, () => 'no request is parked');
  const before = host.asks(payment).length;
  await host.add('second', { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en' });
  await host.until('second', { freshness: 'live' });
  await pause(500);
  assert.equal(host.asks(payment).length, before);
  await host.close();
});

test('a storm of focus, pageshow and online events is at most one check', async () => {
  const slow = await paced('4');
  const { host, payment } = slow;
  await until(() => host.asks(payment).length >= 2, 8000, () => 'it does not ask');
  await pause(2200);
  const before = host.asks(payment).length;
  const [stormAt] = await host.page.evaluate(async () => {
    const at = Date.now();
    for (let n = 0; n < 60; n += 1) {
      for (const name of ['focus', 'pageshow', 'online']) window.dispatchEvent(new Event(name));
      document.dispatchEvent(new Event('visibilitychange'));
      await new Promise((resolve) => { setTimeout(resolve, 10); });
    }
    return [at];
  });
  const checks = host.asks(payment).slice(before);
  assert.equal(checks.length, 1);
  assert.ok(checks[0].at - stormAt < 500, `the check came after ${checks[0].at - stormAt} ms`);
  await host.close([NETWORK_NOISE]);
});

test('a server behind a proxy that drops Prefer is asked by the ladder', async () => {
  const proxy = await startProxy(server);
  try {
    const payment = await createTransaction(server);
    const context = await browser.newContext({ locale: 'en-US' });
    const host = await openTab(context, payment, { origin: proxy.origin });
    await until(() => proxy.asks.length >= 5, 10_000, () => `only ${proxy.asks.length} asks`);
    const gaps = proxy.asks.slice(1).map((at, index) => at - proxy.asks[index]);
    for (const gap of gaps) assert.ok(gap >= 990 && gap <= 1600, `expected about 1000 ms, got ${gaps}`);
    assert.deepEqual(host.errors, []);
    await context.close();
  } finally {
    proxy.end();
  }
});

test('a server that cannot be heard: the button asks at once, also by keyboard', async () => {
  const payment = await createTransaction(server);
  const between = new Between();
  const host = await openHost(browser, server, { routes: between.install });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '0', freshness: 'live' });
  const button = host.page.locator('#payer').locator('[part=check]');
  assert.ok(await button.isHidden(), 'no button while the server is heard');
  // A token that is refused is asked about seldom, so that the press and not the pace makes the next question.
  between.answer = { status: 404, headers: { 'retry-after': '1' }, body: '{}' };
  await report(server, payment, WALLET_PAID);
  await host.untilError('not-found');
  await until(() => button.isVisible(), 4000, () => 'there is no button');
  assert.equal(await button.textContent(), 'Check now');
  await until(() => between.answered >= 4, 20_000, () => `only ${between.answered}`);
  await pause(1100);
  between.answer = null;
  await button.focus();
  await host.page.keyboard.press('Enter');
  await host.until('payer', { version: '1', freshness: 'live' }, 1500);
  await until(() => button.isHidden(), 1000, () => 'the button stays');
  await host.close([NETWORK_NOISE]);
});

const PLAIN = { 'content-type': 'text/html' };
const JSON_TYPE = { 'content-type': 'application/json' };
/** What a server or something on the way to it may answer, and what is told of it. */
const ODD = [
  ...[401, 403, 404, 410].map((status) => [`${status}`, { status, body: '{}', headers: JSON_TYPE }, 'not-found']),
  ...[409, 413, 429, 500, 502, 503].map((status) => [`${status}`, { status, body: '{}', headers: JSON_TYPE }, 'unreachable']),
  ['a redirect', { status: 302, headers: { location: '/host.html' } }, 'unreachable'],
  ['the log-in page of a network', { body: '<html><title>Log in</title></html>', headers: PLAIN }, 'unreadable'],
  ['nothing', { body: '', headers: JSON_TYPE }, 'bad-signature'],
  ['half a document', { body: '{"format":1,"transaction":"tx_', headers: JSON_TYPE }, 'bad-signature'],
  ['a byte order mark', { body: '\ufeff{}', headers: JSON_TYPE }, 'bad-signature'],
  ['rubbish that is said to be compressed', { body: 'rubbish', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } }, 'unreachable|bad-signature'],
  ['a megabyte', { body: 'x'.repeat(1_000_000), headers: JSON_TYPE }, 'unreadable'],
];

for (const [what, answer, codes] of ODD) {
  test(`answered with ${what}: no state, no blank, nothing uncaught`, async () => {
    const payment = await createTransaction(server);
    await report(server, payment, WALLET_PAID);
    const between = Object.assign(new Between(), { answer });
    const host = await openHost(browser, server, { routes: between.install });
    await host.addParties(payment, { parties: ['payer'] });
    await until(async () => (await host.errorEvents()).length > 0, 8000, () => 'no error was told');
    const [{ detail }] = await host.errorEvents();
    assert.match(detail.code, new RegExp(`^(${codes})$`));
    const card = await host.until('payer', { state: '', version: '' });
    assert.ok(card.headline.length > 0);
    between.answer = null;
    await host.until('payer', { version: '1', state: 'processing', freshness: 'live' }, 12_000);
    await host.close([NETWORK_NOISE, /status of \d+|ERR_/]);
  });
}

test('fifty megabytes are not downloaded, whether their length is told or not', async () => {
  for (const told of [true, false]) {
    const payment = await createTransaction(server);
    const proxy = await startProxy(server, { megabytes: 50, told });
    try {
      const context = await browser.newContext({ locale: 'en-US' });
      const page = await context.newPage();
      const host = new Host(page, server);
      await page.goto(`${proxy.origin}/host.html`);
      await host.addParties(payment, { parties: ['payer'] });
      assert.equal((await host.untilError('unreadable')).kind, 'protocol');
      await until(() => proxy.cutOff > 0, 2000, () => 'the download goes on');
      await context.close();
    } finally {
      proxy.end();
    }
  }
});

/** The payer's element at a server that does not park and names its pace (seconds). */
async function paced(retryAfter) {
  const payment = await createTransaction(server);
  const between = Object.assign(new Between(), { answer: async (route) => {
    const { prefer, ...headers } = route.request().headers();
    const response = await route.fetch({ headers });
    const { 'preference-applied': applied, ...kept } = response.headers();
    await route.fulfill({ response, headers: { ...kept, 'retry-after': retryAfter } });
  } });
  const host = await openHost(browser, server, { routes: between.install });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { freshness: 'live' });
  return { payment, host };
}

/** Stands before the server and drops `Prefer`, or answers status requests with very much. */
async function startProxy({ address, origin }, { megabytes = 0, told = false } = {}) {
  const proxy = { asks: [], cutOff: 0 };
  const own = createServer(async (request, response) => {
    const isAsk = request.url.endsWith('/status');
    if (isAsk) proxy.asks.push(Date.now());
    if (isAsk && megabytes > 0) {
      const length = megabytes * 1024 * 1024;
      response.writeHead(200, { 'content-type': 'application/json', ...(told ? { 'content-length': length } : {}) });
      response.on('close', () => { if (!response.writableFinished) proxy.cutOff += 1; });
      const part = Buffer.alloc(64 * 1024, ' ');
      const more = () => {
        for (let sent = 0; sent < 16; sent += 1) if (response.destroyed || !response.write(part)) return;
      };
      response.on('drain', more);
      more();
      return;
    }
    const { prefer, host, connection, 'accept-encoding': encoding, ...headers } = request.headers;
    const answer = await fetch(`${origin}${request.url}`, { method: request.method, headers }).catch(() => null);
    if (!answer) return response.destroy();
    const kept = [...answer.headers].filter(([name]) => (
      !['connection', 'transfer-encoding', 'content-length', 'content-encoding', 'retry-after'].includes(name)));
    response.writeHead(answer.status, kept);
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise((resolve) => { own.listen(0, '127.0.0.1', resolve); });
  assert.notEqual(address, undefined);
  proxy.origin = `http://127.0.0.1:${own.address().port}`;
  proxy.end = () => { own.closeAllConnections(); own.close(); };
  return proxy;
}

/** Runs in the page before anything else: lets a test hide it. A page behind another one is hidden to nobody here. */
function canHide() {
  let hidden = false;
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
  Object.defineProperty(Document.prototype, 'hidden', { get: () => hidden });
  window.setHidden = (value) => {
    hidden = value;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
}

/** Runs in the page: keeps what goes over its channels. */
function canSpeak() {
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'visible' });
  window.heard = [];
  window.channels = [];
  const Own = window.BroadcastChannel;
  const spy = new Set();
  window.BroadcastChannel = class extends Own {
    constructor(name) {
      super(name);
      window.channels.push(name);
      if (spy.has(name)) return;
      spy.add(name);
      new Own(name).addEventListener('message', ({ data }) => window.heard.push([name, data]));
    }

    postMessage(message) {
      window.heard.push([this.name, message]);
      super.postMessage(message);
    }
  };
}

function noLocks() {
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'visible' });
  Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });
}

function noChannel() {
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'visible' });
  delete window.BroadcastChannel;
}

function refusedLocks() {
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'visible' });
  LockManager.prototype.request = () => Promise.reject(new DOMException('refused', 'SecurityError'));
}
