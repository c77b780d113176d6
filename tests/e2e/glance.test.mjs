// The first verdict of a page comes at a glance: what a person asks first, one frame before the rest of the picture.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const REST = '**/payment-status-widget_rest.wasm*';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

async function unheard() {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'wallet', leg: 'debit', outcome: 'succeeded' });
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  await report(server, payment, { source: 'terminal', leg: 'confirmation', outcome: 'failed' });
  return payment;
}

/** In the page: keeps what each card was when it first showed a verdict. */
function keepGlances() {
  window.glances = [];
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (...given) {
    const root = attachShadow.apply(this, given);
    const watch = new MutationObserver(() => {
      const card = root.querySelector('[part=card]');
      if (!card?.dataset.state) return;
      watch.disconnect();
      const said = (part) => card.querySelector(`[part=${part}]`).textContent;
      window.glances.push({
        headline: said('headline'), explanation: said('explanation'), answers: said('answers'), amount: said('amount'),
        heard: card.querySelector('[role=status]').textContent, matchCode: card.dataset.matchCode,
        hidden: ['trail', 'match'].map((part) => card.querySelector(`[part=${part}]`).hidden),
      });
    });
    watch.observe(root, { subtree: true, childList: true, attributes: true });
    return root;
  };
}

const now = (host, id) => host.page.evaluate((which) => {
  const card = window.host.cardOf(which);
  const said = (part) => card.querySelector(`[part=${part}]`).textContent;
  return { headline: said('headline'), explanation: said('explanation'), answers: said('answers'),
    heard: card.querySelector('[role=status]').textContent, matchCode: card.dataset.matchCode };
}, id);

for (const party of ['payer', 'merchant', 'support']) {
  test(`the glance of the ${party} says what the picture says, and the rest follows, also without the second half`, async () => {
    const payment = await unheard();
    const host = await openHost(browser, server, { init: keepGlances, routes: (page) => page.route(REST, (route) => route.abort()) });
    await host.addParties(payment, { parties: [party] });
    const card = await host.until(party, { state: 'paid_not_confirmed', freshness: 'live' });
    const [{ amount, hidden, ...glance }] = await host.page.evaluate(() => window.glances);
    assert.deepEqual([amount, hidden], ['', [true, true]]);
    assert.deepEqual(glance, await now(host, party));
    assert.ok(glance.headline && glance.answers && glance.heard);
    assert.equal(card.amount, 'CN¥128.00');
    assert.equal(card.stations.length, 5);
    assert.equal(card.code, glance.matchCode);
    await host.close([NETWORK_NOISE]);
  });
}

test('only the first card of a page is seen at a glance', async () => {
  const payment = await unheard();
  const host = await openHost(browser, server, { init: keepGlances });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { state: 'paid_not_confirmed' });
  await host.add('second', { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en' });
  await host.until('second', { state: 'paid_not_confirmed' });
  const glances = await host.page.evaluate(() => window.glances);
  assert.deepEqual(glances.map(({ amount }) => amount), ['', 'CN¥128.00']);
  await host.close([NETWORK_NOISE]);
});
