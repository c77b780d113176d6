// The page without script: it shows the state, keeps itself fresh, and everybody can read it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { handOver, openHandedOver, plainPage } from './support/no-script.mjs';
import { startServer } from './support/server.mjs';

const AXE = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const ACQUIRER_PAID = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };
const TERMINAL_FAILED = { source: 'terminal', leg: 'confirmation', outcome: 'failed',
  code: { scheme: 'unionpay', family: 'de39', value: '98' } };
const NO_FUNDS = { source: 'issuer', leg: 'debit', outcome: 'failed', code: { scheme: 'unionpay', family: 'de39', value: '51' } };
/** One of each colour. */
const CASES = { progress: [], hold: [WALLET_PAID, TERMINAL_FAILED], done: [WALLET_PAID, TERMINAL_FAILED, ACQUIRER_PAID], failed: [NO_FUNDS] };

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

async function told(reports) {
  const payment = await createTransaction(server);
  for (const fields of reports) await report(server, payment, fields);
  return payment;
}

test('the page comes anew by itself until the answer is there', async () => {
  const payment = await told([WALLET_PAID]);
  const page = await plainPage(browser);
  const refused = [];
  page.on('console', (message) => refused.push(message.text()));
  const { url } = await handOver(server, payment, 'merchant', 'payer');
  await openHandedOver(page, url);
  assert.match(await page.locator('h1').innerText(), /You were charged; the shop's side has not answered yet/);
  assert.match(await page.locator('.head').innerText(), /Status as of .*UTC/);
  assert.match(await page.locator('footer').innerText(), /every 3 seconds/);
  const first = await page.locator('.as-of').innerText();
  await report(server, payment, ACQUIRER_PAID);
  await page.locator('h1', { hasText: 'You have paid' }).waitFor({ timeout: 8000 });
  assert.notEqual(await page.locator('.as-of').innerText(), first);
  assert.match(await page.locator('footer').innerText(), /every 60 seconds/);
  // The line that a person may press instead of waiting.
  await page.locator('a.button').click();
  await page.locator('h1', { hasText: 'You have paid' }).waitFor();
  assert.deepEqual(refused, [], 'the page broke its own policy');
  await page.context().close();
});

test('axe finds nothing in any colour, language and theme, nor on the pages around', async () => {
  for (const [colour, reports] of Object.entries(CASES)) {
    const payment = await told(reports);
    for (const [locale, colorScheme, party] of [['en-US', 'light', 'payer'], ['zh-CN', 'dark', 'merchant'],
      ['en-US', 'dark', 'merchant'], ['zh-CN', 'light', 'payer']]) {
      // axe is a script: only here may the page have one, and only ours.
      const context = await browser.newContext({ bypassCSP: true, locale, colorScheme });
      const page = await context.newPage();
      const { url } = await handOver(server, payment, 'support', party);
      await page.goto(url);
      assert.deepEqual(await findings(page), [], `${colour} ${locale} button`);
      await page.locator('button').click();
      await page.waitForURL('**/status/**');
      assert.equal(await page.locator('article').getAttribute('data-tone'), colour);
      assert.deepEqual(await findings(page), [], `${colour} ${locale} ${party}`);
      assert.equal((await page.goto(url)).status(), 404);
      assert.deepEqual(await findings(page), [], `${colour} ${locale} gone`);
      await context.close();
    }
  }
});

async function findings(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`));
}

test('it fits 320 pixels, and paper', async () => {
  const payment = await told(CASES.done);
  const page = await plainPage(browser, { viewport: { width: 320, height: 640 } });
  const { url } = await handOver(server, payment, 'merchant');
  await openHandedOver(page, url);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(await overflow(), 0);
  for (const box of await page.locator('a.button, summary').all()) {
    assert.ok((await box.boundingBox()).height >= 44);
  }
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('a.button').isVisible(), false);
  assert.equal(await page.locator('.paper-only').isVisible(), true);
  assert.match(await page.locator('.as-of').innerText(), /UTC/);
  await page.context().close();
});

test('a page that has stopped coming anew says when it was true', async () => {
  const payment = await told([WALLET_PAID]);
  const page = await plainPage(browser);
  const { url } = await handOver(server, payment, 'merchant');
  await openHandedOver(page, url);
  const said = await page.locator('main').innerText();
  // No age that stands still: a moment, with its day and zone.
  assert.doesNotMatch(said, /just now|ago/);
  assert.match(said, /Status as of \w+ \d+, \d{4}, \d+:\d\d:\d\d\s[AP]M UTC/);
  await page.context().close();
});
