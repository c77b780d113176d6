// The wasm in two halves: the first draws a first picture and keeps it true without the second, which comes by itself.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { LANGUAGES } from './support/languages.mjs';
import { startServer } from './support/server.mjs';
import { answering, everyState } from './support/states.mjs';

const REST = '**/payment-status-widget_rest.wasm*';
const PARTIES = ['payer', 'merchant', 'support'];
/** How the second half is asked for where somebody could not wait for it: a synchronous request. */
const AT_ONCE = 'xmlhttprequest';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

const paid = async (payment) => {
  await report(server, payment, { source: 'wallet', leg: 'debit', outcome: 'succeeded' });
  return report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
};

/** How the page has asked for the second half. */
const ways = (page) => page.evaluate(() => performance.getEntriesByType('resource')
  .filter(({ name }) => name.includes('_rest.wasm')).map(({ initiatorType }) => initiatorType));

const ASK_ANEW = 'the first half lacks a function that it needs: run `cargo xtask profile` and commit crates/xtask/first-view.txt';

test('the second half comes after the first picture, and never in the way of anything', async () => {
  const payment = await createTransaction(server);
  await paid(payment);
  const host = await openHost(browser, server);
  await host.addParties(payment);
  for (const party of PARTIES) await host.until(party, { state: 'paid', version: '2' });
  await until(async () => (await ways(host.page)).length > 0, 4000, () => 'the second half does not come');
  await report(server, payment, { source: 'acquirer', leg: 'return', outcome: 'pending' });
  for (const party of PARTIES) await host.until(party, { version: '3' });
  await until(async () => (await host.card('payer')).timeline.length > 0, 4000, () => 'the story does not come');
  assert.deepEqual(await ways(host.page), ['fetch'], ASK_ANEW);
  await host.close();
});

test('while the second half cannot be had, a first verdict is shown, grows old and knows of the connection; then all goes on', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { routes: (page) => page.route(REST, (route) => route.abort()) });
  await host.addParties(payment);
  for (const party of PARTIES) await host.until(party, { state: 'awaiting_payment', freshness: 'live' });
  const { fresh } = await host.card('payer');
  await until(async () => (await host.card('payer')).fresh !== fresh, 4000, () => 'its age stands still');
  await host.page.context().setOffline(true);
  for (const party of PARTIES) await host.until(party, { state: 'awaiting_payment', freshness: 'offline' });
  const told = async () => (await host.events()).filter(({ name, detail }) => name === 'payment-status-change' && detail.stale);
  await until(async () => (await told()).length >= PARTIES.length, 4000, () => 'the page is not told that the answer is stale');
  await host.page.context().setOffline(false);
  for (const party of PARTIES) await host.until(party, { state: 'awaiting_payment', freshness: 'live' });
  assert.deepEqual((await ways(host.page)).filter((way) => way === AT_ONCE), [], ASK_ANEW);
  assert.deepEqual(await host.errorEvents().then((events) => events.filter(({ detail }) => detail.kind === 'internal')), []);
  await paid(payment);
  await host.page.unroute(REST);
  for (const party of PARTIES) await host.until(party, { state: 'paid', version: '2' }, 45_000);
  await until(async () => (await host.card('payer')).timeline.length > 0, 4000, () => 'the story does not come');
  await host.close([NETWORK_NOISE]);
});

for (const party of PARTIES) {
  test(`every picture without the second half has all of its texts (${party})`, async () => {
    // The second half brings texts that only it reads. One that the first half reads too would be zeros until then.
    const made = await everyState(server);
    const held = answering(made);
    const host = await openHost(browser, server, { routes: async (page) => {
      await held(page);
      await page.route(REST, (route) => route.abort());
    } });
    for (const { state, payment } of made) {
      await host.add(state, { src: payment.src, party, token: payment.tokens[party], locale: 'en' });
    }
    for (const { state } of made) {
      const { headline, answers, stations, code } = await host.until(state, { state });
      assert.ok(headline.length > 3 && Object.keys(answers).length > 0 && stations.length === 5 && code, state);
    }
    const { pictures, told } = await host.page.evaluate(() => ({
      pictures: [...document.querySelectorAll('payment-status')].map(({ id, shadowRoot }) => [id, shadowRoot.innerHTML]),
      told: JSON.stringify(window.host.events),
    }));
    assert.equal(pictures.length, made.length);
    for (const [id, html] of pictures) assert.doesNotMatch(html, /[\0\uFFFD]/, `${id} has a text of zeros`);
    assert.doesNotMatch(told, /\\u0000|\uFFFD/, 'an event has a text of zeros');
    assert.deepEqual((await ways(host.page)).filter((way) => way === AT_ONCE), [], ASK_ANEW);
    await host.close([NETWORK_NOISE]);
  });
}

test('no language and no way to have the keys needs the second half for a first picture', async () => {
  const payment = await createTransaction(server);
  const { version } = await paid(payment);
  const set = '/.well-known/jwks.json';
  const pinned = await (await fetch(`${server.origin}${set}`)).text();
  // Each set of keys on a page of its own: the first question of a page is asked once.
  for (const cards of [LANGUAGES.map((locale) => ({ locale })), [{ locale: 'en', keys: pinned }], [{ locale: 'en', keys: set }]]) {
    const host = await openHost(browser, server, { routes: (page) => page.route(REST, (route) => route.abort()) });
    for (const [number, attributes] of cards.entries()) {
      await host.add(`card-${number}`, { src: payment.src, party: 'payer', token: payment.tokens.payer, ...attributes });
      await host.until(`card-${number}`, { state: 'paid', version: `${version}`, freshness: 'live', lang: attributes.locale });
    }
    assert.deepEqual((await ways(host.page)).filter((way) => way === AT_ONCE), [], ASK_ANEW);
    await host.close([NETWORK_NOISE]);
  }
});

test('a token that comes late needs no second half, and neither do another payment and another language', async () => {
  const [payment, other] = [await createTransaction(server), await createTransaction(server)];
  await paid(other);
  const host = await openHost(browser, server, { routes: (page) => page.route(REST, (route) => route.abort()) });
  await host.page.evaluate(({ src, token }) => {
    // With its provider before it is connected: without one, and without a token, it would say that it is set up wrongly.
    const card = Object.assign(document.createElement('payment-status'), {
      id: 'card', tokenProvider: () => new Promise((resolve) => { setTimeout(() => resolve(token), 300); }) });
    card.setAttribute('src', src);
    card.setAttribute('party', 'payer');
    document.getElementById('place').append(card);
  }, { src: payment.src, token: payment.tokens.payer });
  await host.until('card', { state: 'awaiting_payment', freshness: 'live' });
  await host.page.evaluate(({ src, token }) => {
    const card = document.getElementById('card');
    card.tokenProvider = undefined;
    card.token = token;
    card.setAttribute('src', src);
    card.setAttribute('locale', 'zh-CN');
  }, { src: other.src, token: other.tokens.payer });
  await host.until('card', { state: 'paid', lang: 'zh-CN' });
  assert.deepEqual((await ways(host.page)).filter((way) => way === AT_ONCE), [], ASK_ANEW);
  await host.close([NETWORK_NOISE]);
});
