// A phone of 320 px: no word of the money trail is broken, in any language, and a code to scan comes into sight by itself.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { openHost } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const PHONE = { viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' };
/** Written in syllables or without spaces: a line may end within a word. */
const UNSPACED = ['ja', 'ko', 'th', 'zh-CN', 'zh-TW'];

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

test('the words under the money trail stay whole in every language', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  const files = await readdir(join(server.site, 'locales'));
  const locales = files.filter((name) => name.endsWith('.json')).map((name) => name.replace('.json', ''));
  assert.ok(locales.length >= 20, `${locales}`);
  const broken = [];
  const host = await openHost(browser, server, { context: PHONE });
  for (const locale of locales.filter((tag) => !UNSPACED.includes(tag))) {
    for (const party of ['payer', 'merchant']) {
      await host.add('card', { src: payment.src, party, token: payment.tokens[party], locale });
      // What a page leaves of such a screen, with a margin of its own.
      await host.page.evaluate(() => document.getElementById('card').style.setProperty('width', '288px'));
      await host.page.waitForSelector(`#card [part=card][lang^="${locale}"] [part=station]`);
      broken.push(...(await host.page.evaluate(brokenWords)).map((word) => `${locale} ${party}: ${word}`));
      await host.page.evaluate(() => document.getElementById('card').remove());
    }
  }
  assert.deepEqual(broken, []);
  await host.close();
});

/** The words that stand on two lines, and the card if something reaches out of it. */
function brokenWords() {
  const card = document.getElementById('card').shadowRoot.querySelector('[part=card]');
  const broken = card.scrollWidth > card.clientWidth ? ['wider than the card'] : [];
  for (const { firstChild: text } of card.querySelectorAll('[part=station] > span:first-child')) {
    for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
    }
  }
  return broken;
}

test('the code to scan is whole on the screen once it is there', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { context: PHONE });
  const { page } = host;
  await host.addParties(payment, { parties: ['payer'] });
  const button = page.locator('#payer [data-does=show]');
  await button.waitFor();
  // As a thumb finds it: at the lower edge of the screen.
  await button.evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await button.evaluate((element) => element.click());
  const code = page.locator('#payer [part=handover-qr]');
  await code.waitFor();
  const { y, height } = await code.boundingBox();
  assert.ok(y >= 0 && y + height <= PHONE.viewport.height, `from ${y} to ${y + height}`);
  await host.close();
});
