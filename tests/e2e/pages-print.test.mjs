// The demo's pages on paper: the whole card, black on white from a dark screen, nothing to press, nothing that lies over the rest.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { startServer } from './support/server.mjs';

/** Widths in pixels: a till's roll of 80 mm, and A4. */
const PAPERS = [302, 794];

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

for (const name of ['receipt.html', 'checkout.html']) {
  test(`${name} prints the whole answer and nothing over it`, async () => {
    const payment = await createTransaction(server);
    await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
    const context = await browser.newContext({ locale: 'en-US', colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await page.addInitScript((stored) => sessionStorage.setItem('payment-status-payment', JSON.stringify(stored)), {
      transaction: payment.id, src: payment.src, tokens: payment.tokens, scenario: 'phone-paid-terminal-failed',
      lines: [['latte', 8, 1600]], amount: { minor: 12800, currency: 'CNY' }, reference: 'A-1042', openedAt: new Date().toISOString(),
    });
    await page.goto(`${server.origin}/${name}`);
    await page.waitForSelector('payment-status [part=actions]:not([hidden])');
    await page.emulateMedia({ media: 'print' });
    for (const width of PAPERS) {
      await page.setViewportSize({ width, height: 1123 });
      const { pressable, over, light, texts, wide } = await page.evaluate(lookAtPaper);
      assert.deepEqual(pressable, [], `${width}: to press`);
      assert.deepEqual(over, [], `${width}: lies over the rest`);
      assert.deepEqual(light, [], `${width}: too light for paper`);
      assert.ok(!wide, `${width}: wider than the paper`);
      for (const needed of [/A-1042/, /128\.00/, /Status as of .*\d{4}.*, version 1/, /[0-9A-Z]{3}-[0-9A-Z]{3}/]) assert.match(texts, needed);
    }
    await context.close();
  });
}

test('checked evidence prints dark on white', async () => {
  const context = await browser.newContext({ locale: 'en-US', colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(`${server.origin}/verify.html`);
  await page.setInputFiles('#pack', { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await page.setInputFiles('#keys', { name: 'y.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await page.locator('#result[data-result=refused]').waitFor();
  await page.emulateMedia({ media: 'print' });
  const light = await page.evaluate(() => [...document.querySelectorAll('h1, h2, p')].filter((element) => element.checkVisibility()
    && Math.max(...getComputedStyle(element).color.match(/\d+/g).slice(0, 3).map(Number)) > 120).map(({ innerText }) => innerText));
  assert.deepEqual(light, []);
  await context.close();
});

function lookAtPaper() {
  const seen = (element) => element.checkVisibility() && element.getBoundingClientRect().height > 0;
  const card = document.querySelector('payment-status').shadowRoot;
  const all = [...document.body.querySelectorAll('*'), ...card.querySelectorAll('*')].filter(seen);
  const named = (elements) => elements.map(({ localName, className }) => `${localName}.${className}`);
  const brightness = (colour) => Math.max(...colour.match(/\d+/g).slice(0, 3).map(Number));
  const says = (element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return {
    pressable: named(all.filter((element) => element.matches('button, a, select, input, summary') && says(element))),
    over: named(all.filter((element) => ['sticky', 'fixed'].includes(getComputedStyle(element).position))),
    light: named(all.filter((element) => says(element) && !element.matches('.heard-only, .unseen')
      && brightness(getComputedStyle(element).color) > 120)),
    texts: `${document.body.innerText} ${card.querySelector('[part=card]').innerText}`,
    wide: document.documentElement.scrollWidth > innerWidth,
  };
}
