// Cards that show one answer are put into words once for each kind of reader, and each reader gets the own words.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

/** Whoever is next to one another differs in one thing. */
const SAYS = {
  payer: { party: 'payer', locale: 'en' },
  again: { party: 'payer', locale: 'en' },
  till: { party: 'merchant', locale: 'en' },
  chinese: { party: 'merchant', locale: 'zh-CN' },
  desk: { party: 'support', locale: 'de' },
};

const without = (page) => Promise.all(['**/party', '**/detail'].map((path) => page.route(path, (route) => route.abort())));

// With the readers' own documents, which differ as well, and with nothing but the words that differs.
for (const [which, routes] of [['with', undefined], ['without', without]]) {
  test(`elements of one answer, ${which} documents of their own, each keep their own words through every change`, async () => {
    const payment = await createTransaction(server);
    // One token, so one watch: what differs is the reader.
    const token = payment.tokens.payer;
    const host = await openHost(browser, server, { routes });
    for (const [id, says] of Object.entries(SAYS)) await host.add(id, { src: payment.src, token, ...says });
    const steps = [
      { source: 'wallet', leg: 'debit', outcome: 'succeeded' },
      { source: 'acquirer', leg: 'credit', outcome: 'succeeded' },
      { source: 'terminal', leg: 'confirmation', outcome: 'failed' },
    ];
    for (const id of Object.keys(SAYS)) await host.until(id, { version: '0', freshness: 'live' });
    await host.untilParked(payment);
    await host.page.evaluate(watchReaders, SAYS);
    for (const [index, step] of steps.entries()) {
      await report(server, payment, step);
      const cards = {};
      for (const [id, { party, locale }] of Object.entries(SAYS)) {
        cards[id] = await host.until(id, { version: String(index + 1), freshness: 'live', party, lang: locale });
      }
      assert.equal(cards.again.headline, cards.payer.headline);
      const others = ['payer', 'chinese', 'till', 'desk'].map((id) => cards[id].headline);
      assert.equal(new Set(others).size, others.length, others.join(' | '));
      assert.equal(new Set(Object.values(cards).map(({ matchCode }) => matchCode)).size, 1);
    }
    assert.deepEqual(await host.page.evaluate(() => window.mistaken), []);
    await host.close([NETWORK_NOISE]);
  });
}

/** In the page: notes every moment at which a card speaks to another reader than its own. */
function watchReaders(says) {
  window.mistaken = [];
  for (const [id, { party, locale }] of Object.entries(says)) {
    const card = window.host.cardOf(id);
    new MutationObserver(() => {
      if (card.lang !== locale || card.dataset.party !== party) window.mistaken.push(`${id}: ${card.dataset.party}, ${card.lang}`);
    }).observe(card, { attributes: true, subtree: true, characterData: true });
  }
}
