// What of the wasm must not be waited for: what runs until the first picture of each verdict of each scenario, and of each state, stands, for
// all three parties and in every language, and what keeps a picture true while nothing more comes (its age, no connection, the page is left).
// The second half never comes here. Prints the numbers of the places that ran as a JSON list. Run by
// `cargo xtask profile`.

import { readFile } from 'node:fs/promises';

import { reportToSend } from '../../www/player/runner.js';
import { launchBrowser } from '../e2e/support/browser.mjs';
import { createTransaction, report } from '../e2e/support/client.mjs';
import { openHost, pause } from '../e2e/support/host.mjs';
import { LANGUAGES } from '../e2e/support/languages.mjs';
import { startServer } from '../e2e/support/server.mjs';
import { everyState } from '../e2e/support/states.mjs';

const { scenarios } = JSON.parse(await readFile(
  new URL('../../crates/protocol/fixtures/scenarios.json', import.meta.url), 'utf8'));
const PARTIES = ['payer', 'merchant', 'support'];
/** How long a screen may take to say what there is to say; longer than a tick of its clock. */
const SETTLED_MS = 1500;
const AT_ONCE = 4;

const run = new Set();
let pictures = 0;
/** One after another, so that each is seen in several states. */
const anotherLanguage = () => LANGUAGES[pictures++ % LANGUAGES.length];
const server = await startServer();
const browser = await launchBrowser();
try {
  // Some states are in no scenario.
  const states = (await everyState(server)).map(({ payment }) => () => firstPicture(payment, anotherLanguage()));
  const visits = [stayAlone, changedByItsPage, nothingYet, withPinnedKeys, ...scenarios.map((scenario) => () => playThrough(scenario)), ...states];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let visit = visits.shift(); visit; visit = visits.shift()) await visit();
  }));
} finally {
  await browser.close();
  await server.end();
}
console.log(JSON.stringify([...run].sort((a, b) => a - b)));

/** Each verdict is the first one of a new page. */
async function playThrough({ transaction, reports, expect }) {
  const payment = await createTransaction(server, { amount: transaction.amount });
  await firstPicture(payment, 'en');
  for (const index of reports.keys()) {
    const { transaction: _, ...sent } = reportToSend(reports, index, payment.id, Date.now());
    const { version } = await report(server, payment, sent);
    if (expect.some(({ after }) => after === version)) await firstPicture(payment, anotherLanguage());
  }
}

/**
 * The last picture of every scenario stays, and nothing more comes: its age is told, that the connection is gone, and that
 * it is stale.
 */
async function stayAlone() {
  const host = await openHost(browser, server, { init: keepWhatRan });
  const ids = [];
  for (const [number, { transaction, reports }] of scenarios.entries()) {
    const payment = await createTransaction(server, { amount: transaction.amount });
    for (const index of reports.keys()) {
      const { transaction: _, ...sent } = reportToSend(reports, index, payment.id, Date.now());
      await report(server, payment, sent);
    }
    for (const party of PARTIES) {
      ids.push(`${party}-${number}`);
      await host.add(ids.at(-1), { src: payment.src, party, token: payment.tokens[party], locale: 'en' });
    }
  }
  const all = async (wanted, limit) => { for (const id of ids) await host.until(id, wanted, limit); };
  await all({ freshness: 'live' }, 30_000);
  await pause(SETTLED_MS);
  await host.page.context().setOffline(true);
  await all({ freshness: 'offline' }, 10_000);
  await host.page.context().setOffline(false);
  await all({ freshness: 'stale' }, 70_000);
  await pause(SETTLED_MS);
  await take(host);
}

/** The page brings the keys: the set itself, or its address. */
async function withPinnedKeys() {
  const payment = await createTransaction(server);
  const set = '/.well-known/jwks.json';
  const pinned = await (await fetch(`${server.origin}${set}`)).text();
  for (const keys of [pinned, set]) await firstPicture(payment, 'en', { keys });
}

/** No answer comes, and then the connection goes. */
async function nothingYet() {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { init: keepWhatRan, routes: (page) => page.route('**/status', () => {}) });
  await host.addParties(payment);
  for (const party of PARTIES) await host.until(party, { freshness: 'connecting' }, 30_000);
  await pause(SETTLED_MS);
  await host.page.context().setOffline(true);
  await pause(SETTLED_MS);
  await take(host);
}

/** The token comes when the program is already there; then the page shows another payment, in another language. */
async function changedByItsPage() {
  const [payment, other] = [await createTransaction(server), await createTransaction(server)];
  const host = await openHost(browser, server, { init: keepWhatRan });
  await host.page.evaluate(({ src, token, pause_ms }) => {
    const late = async () => { await new Promise((resolve) => { setTimeout(resolve, pause_ms); }); return token; };
    const element = Object.assign(document.createElement('payment-status'), { id: 'card', tokenProvider: late });
    element.setAttribute('src', src);
    document.getElementById('place').append(element);
  }, { src: payment.src, token: payment.tokens.payer, pause_ms: SETTLED_MS });
  await host.until('card', { freshness: 'live' }, 30_000);
  await host.page.evaluate(({ src, token }) => {
    const element = Object.assign(document.getElementById('card'), { tokenProvider: undefined, token });
    element.setAttribute('src', src);
    element.setAttribute('locale', 'zh-CN');
  }, { src: other.src, token: other.tokens.payer });
  await host.until('card', { freshness: 'live', lang: 'zh-CN' }, 30_000);
  await take(host);
}

/** One visit up to the frame that shows the first verdict on each of the three screens. */
async function firstPicture(payment, locale, attributes) {
  const host = await openHost(browser, server, { init: keepWhatRan });
  await host.addParties(payment, { locale, ...attributes });
  await host.page.waitForFunction(() => window.ranBefore?.pictures === 3, undefined, { timeout: 30_000 });
  for (const number of await host.page.evaluate(() => window.ranBefore.places)) run.add(number);
  await host.page.context().close();
}

/** Leaves the page in every way, and takes what ran. */
async function take(host) {
  await host.page.evaluate(leave);
  for (const number of await host.page.evaluate(() => [...(window.placesRun ?? [])])) run.add(number);
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
      // Of the first card on the page there is a glance before.
      if (!root.querySelector('[part=card]')?.dataset.state || root.querySelector('[part=trail]').hidden || drawn.has(root)) return;
      drawn.add(root);
      requestAnimationFrame(() => { window.ranBefore = { pictures: drawn.size, places: [...window.placesRun] }; });
    }).observe(root, { subtree: true, childList: true, attributes: true });
    return root;
  };
}
