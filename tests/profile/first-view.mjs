// Which functions of the wasm must not be waited for: those that run before a first picture stands (every verdict of
// every scenario, and every weather in which there is none yet), and those that keep a picture true (time passes, the
// verdict changes, the connection goes, the page is left). All three parties stand on each page. Prints the functions'
// numbers as a JSON list. Run by `cargo xtask profile`.

import { readFile } from 'node:fs/promises';

import { reportToSend } from '../../www/player/runner.js';
import { launchBrowser } from '../e2e/support/browser.mjs';
import { createTransaction, report } from '../e2e/support/client.mjs';
import { openHost, pause } from '../e2e/support/host.mjs';
import { startServer } from '../e2e/support/server.mjs';

const { scenarios } = JSON.parse(await readFile(
  new URL('../../crates/protocol/fixtures/scenarios.json', import.meta.url), 'utf8'));
const PARTIES = ['payer', 'merchant', 'support'];
/** How long a screen may take to say what there is to say; longer than a tick of its clock. */
const SETTLED_MS = 1500;
const AT_ONCE = 4;
/** Elements for each payment of the crowded page: enough to make every list grow. */
const EACH = 20;
const LOCALES = ['en', 'zh-CN'];

const run = new Set();
const server = await startServer();
const browser = await launchBrowser();
try {
  const visits = [...scenarios.map((scenario) => () => playThrough(scenario)), crowd, changedByItsPage, ...weathers()];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let visit = visits.shift(); visit; visit = visits.shift()) await visit();
  }));
} finally {
  await browser.close();
  await server.end();
}
console.log(JSON.stringify([...run].sort((a, b) => a - b)));

/** One page stays open from the first report to the last, and each verdict is also the first one of a new page. */
async function playThrough({ transaction, reports, expect }) {
  const payment = await createTransaction(server, { amount: transaction.amount });
  const host = await openHost(browser, server, { init: keepWhatRan });
  await host.addParties(payment, { locale: 'en' });
  for (const index of reports.keys()) {
    const { transaction: _, ...sent } = reportToSend(reports, index, payment.id, Date.now());
    const { version } = await report(server, payment, sent);
    for (const party of PARTIES) await host.until(party, { version: String(version) }, 30_000);
    if (expect.some(({ after }) => after === version)) await firstPicture(payment, LOCALES[index % LOCALES.length]);
  }
  await pause(SETTLED_MS);
  await host.page.context().setOffline(true);
  await pause(SETTLED_MS);
  await host.page.context().setOffline(false);
  await take(host);
}

/** What a host page does to an element: tokens that come late and are renewed, other payments, languages and places. */
async function changedByItsPage() {
  const [payment, other] = [await createTransaction(server), await createTransaction(server)];
  const host = await openHost(browser, server, { init: keepWhatRan });
  await host.page.evaluate(async ({ first, second, pause_ms }) => {
    const pause = () => new Promise((resolve) => { setTimeout(resolve, pause_ms); });
    const late = async (token) => { await pause(); return token; };
    const tokens = ['pst_wrong', first.tokens.payer];
    const place = document.getElementById('place');
    const asked = Object.assign(document.createElement('payment-status'), { tokenProvider: () => late(first.tokens.payer) });
    const renewed = Object.assign(document.createElement('payment-status'), { tokenProvider: () => late(tokens.shift()) });
    const changed = Object.assign(document.createElement('payment-status'), { token: first.tokens.payer });
    for (const element of [asked, renewed, changed]) {
      element.setAttribute('src', first.src);
      place.append(element);
    }
    await pause();
    for (const [name, value] of [['locale', 'zh-CN'], ['locale', 'en'], ['theme', 'dark'], ['party', 'merchant'], ['party', 'payer'], ['src', second.src]]) {
      if (name === 'src') changed.token = second.tokens.payer;
      changed.setAttribute(name, value);
      await pause();
    }
    changed.token = undefined;
    await pause();
    changed.token = second.tokens.payer;
    place.prepend(changed);
    asked.remove();
    await pause();
    place.append(asked);
    // At least five seconds lie between two calls of a provider.
    await new Promise((resolve) => { setTimeout(resolve, 8000); });
  }, { first: payment, second: other, pause_ms: SETTLED_MS });
  await take(host);
}

/** More payments on a page than may be parked, and a second tab beside it. */
async function crowd() {
  const payments = [];
  for (let count = 0; count < 6; count += 1) payments.push(await createTransaction(server));
  const host = await openHost(browser, server, { init: keepWhatRan });
  const second = await host.page.context().newPage();
  await second.addInitScript(keepWhatRan);
  await second.goto(host.page.url());
  for (const page of [second, host.page]) {
    await page.bringToFront();
    const elements = Array.from({ length: EACH * payments.length }, (_, index) => {
      const { src, tokens } = payments[index % payments.length];
      return { id: `card-${index}`, token: tokens.payer, attributes: { src, party: 'payer', locale: 'en' } };
    });
    await page.evaluate((given) => given.forEach((element) => window.host.add(element)), elements);
    await pause(2 * SETTLED_MS);
  }
  for (const payment of payments) await report(server, payment, { source: 'wallet', leg: 'debit', outcome: 'succeeded' });
  await pause(2 * SETTLED_MS);
  for (const number of await second.evaluate(() => [...window.functionsRun])) run.add(number);
  await take(host);
}

/** One visit up to the frame that shows the first verdict on each of the three screens. */
async function firstPicture(payment, locale) {
  const host = await openHost(browser, server, { init: keepWhatRan });
  await host.addParties(payment, { locale });
  await host.page.waitForFunction(() => window.ranBefore?.pictures === 3, undefined, { timeout: 30_000 });
  for (const number of await host.page.evaluate(() => window.ranBefore.functions)) run.add(number);
  await host.page.context().close();
}

function weathers() {
  const answered = (options) => (page) => page.route('**/status', (route) => route.fulfill(options));
  const spoiled = (spoil) => (page) => page.route('**/status', async (route) => {
    const response = await route.fetch();
    await route.fulfill(spoil(response, await response.text()));
  });
  const bad = [
    (page) => page.route('**/status', (route) => route.abort()),
    (page) => page.route('**/jwks.json', (route) => route.abort()),
    (page) => page.route('**/jwks.json', (route) => route.fulfill({ json: { keys: [] } })),
    (page) => page.route('**/locales/en.json', (route) => route.abort()),
    ...[401, 404, 409, 413, 429, 500, 503].map((status) => answered({ status, body: '' })),
    answered({ status: 429, headers: { 'retry-after': '30' }, body: '' }),
    answered({ status: 200, contentType: 'text/html', body: '<!doctype html><p>Sign in' }),
    answered({ status: 200, contentType: 'application/json', body: '' }),
    spoiled((response, body) => ({ response, body: body.replace('CNY', 'USD') })),
    spoiled((response, body) => ({ response, body: body.slice(0, 100) })),
    spoiled((response, body) => ({ response, body, headers: { ...response.headers(), 'payment-status-signature': 'a..b' } })),
  ];
  const wrong = [{ src: undefined }, { src: 'ftp://x' }, { party: 'nobody' }, { token: undefined }, { keys: '{' }, { keys: '' }];
  return [
    ...bad.map((routes) => () => blank({}, routes)),
    ...wrong.map((given) => () => blank(given)),
    () => blank({}, undefined, (page) => page.context().setOffline(true)),
  ];
}

/** One visit that has nothing verified to show. */
async function blank(given, routes, before) {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { routes, init: keepWhatRan });
  await before?.(host.page);
  for (const party of PARTIES) {
    await host.add(party, { src: payment.src, party, token: payment.tokens[party], locale: 'en', ...given });
  }
  await pause(2 * SETTLED_MS);
  await take(host);
}

/** Leaves the page in every way, and takes what ran. */
async function take(host) {
  await host.page.evaluate(leave);
  for (const number of await host.page.evaluate(() => [...(window.functionsRun ?? [])])) run.add(number);
  await host.page.context().close();
}

/** In the page: what happens when somebody looks elsewhere and comes back, and the elements go. */
function leave() {
  for (const name of ['blur', 'pagehide', 'pageshow', 'focus', 'offline', 'online']) window.dispatchEvent(new Event(name));
  document.dispatchEvent(new Event('visibilitychange'));
  for (const element of document.querySelectorAll('payment-status')) element.remove();
  return new Promise((resolve) => { setTimeout(resolve, 200); });
}

/** In the page: what had run when the first verdicts were drawn. */
function keepWhatRan() {
  const drawn = new Set();
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (...given) {
    const root = attachShadow.apply(this, given);
    new MutationObserver(() => {
      if (!root.querySelector('[part=card]')?.dataset.state || drawn.has(root)) return;
      drawn.add(root);
      requestAnimationFrame(() => { window.ranBefore = { pictures: drawn.size, functions: [...window.functionsRun] }; });
    }).observe(root, { subtree: true, childList: true, attributes: true });
    return root;
  };
}
