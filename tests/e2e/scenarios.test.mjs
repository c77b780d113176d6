// Every scenario, report by report: three parties on one page give the same answer, and the right one.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { reportToSend } from '../../www/player/runner.js';
import { launchBrowser } from './support/browser.mjs';
import { createTransaction, matchCode, readStatus, report } from './support/client.mjs';
import { openHost, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const { scenarios } = JSON.parse(await readFile(
  new URL('../../crates/protocol/fixtures/scenarios.json', import.meta.url), 'utf8'));
const PARTIES = ['payer', 'merchant', 'support'];

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

for (const scenario of scenarios) {
  test(`${scenario.id}: payer, merchant and support see the same right answer after each report`, async () => {
    const payment = await createTransaction(server, { amount: scenario.transaction.amount });
    const host = await openHost(browser, server);
    await host.addParties(payment);
    await host.until('payer', { version: '0', state: 'awaiting_payment' });
    for (const index of scenario.reports.keys()) {
      const { transaction: _, ...sent } = reportToSend(scenario.reports, index, payment.id, Date.now());
      const { version } = await report(server, payment, sent);
      assert.equal(version, index + 1);
      const expected = scenario.expect.find((entry) => entry.after === version);
      if (expected) await seenByAll(host, payment, version, expected);
    }
    await finalTold(host, scenario);
    await host.close();
  });
}

async function seenByAll(host, payment, version, expected) {
  const { body } = await readStatus(server, payment);
  const wanted = {
    version: String(version), state: expected.state, charged: expected.charged, payAgain: expected.pay_again,
    release: expected.release, moneyAt: expected.money_at, matchCode: matchCode(body), freshness: 'live',
  };
  for (const party of PARTIES) {
    const card = await host.until(party, wanted);
    assert.equal(card.party, party);
    assert.ok(card.headline.length > 0, `${party} has a headline`);
    assert.equal(card.code, wanted.matchCode, 'the code on the screen is the code of the bytes');
  }
}

/** `payment-status-final` was told exactly for the versions that are final. */
async function finalTold(host, { expect }) {
  const told = (await host.events()).filter(({ name, id }) => name === 'payment-status-final' && id === 'payer')
    .map(({ detail }) => detail.version);
  const finals = expect.filter((entry) => entry.final).map((entry) => entry.after);
  assert.deepEqual(finals.filter((version) => !told.includes(version)), [], 'each final verdict was told');
  const unsettled = expect.filter((entry) => !entry.final).map((entry) => entry.after);
  assert.deepEqual(told.filter((version) => unsettled.includes(version)), [], 'no other verdict was told as final');
}

test('the front page plays the first case through its own buttons, in Chinese', async () => {
  await server.writeDemo();
  const host = await openHost(browser, server, { path: '/index.html', context: { locale: 'zh-CN' }, init: collectViolations });
  const { page } = host;
  await page.waitForSelector('#stage[data-transaction]', { state: 'attached' });
  assert.equal(await page.locator('#scenario').inputValue(), scenarios[0].id);
  for (const version of [1, 2, 3]) {
    await page.click('#next');
    await page.waitForSelector(`#reports .report[data-status=accepted][data-version="${version}"]`, { state: 'attached' });
    await page.waitForSelector(`#answer-payer[data-version="${version}"]`, { state: 'attached' });
    await page.waitForSelector(`#answer-merchant[data-version="${version}"]`, { state: 'attached' });
  }
  await page.waitForSelector('#agreement[data-verdict=same]', { state: 'attached' });
  const texts = await page.evaluate(() => ['phone', 'till'].map((name) => {
    const card = document.querySelector(`#${name}-screen payment-status`).shadowRoot.querySelector('[part=card]');
    return { state: card.dataset.state, code: card.dataset.matchCode, lang: card.lang,
      headline: card.querySelector('[part=headline]').textContent };
  }));
  assert.deepEqual(texts.map(({ state }) => state), ['paid_not_confirmed', 'paid_not_confirmed']);
  assert.equal(texts[0].code, texts[1].code);
  assert.ok(texts.every(({ headline }) => /\p{Script=Han}/u.test(headline)), JSON.stringify(texts));
  assert.ok(await page.locator('.button--till').isEnabled(), 'the goods may be handed over');
  await host.close();
});

test('the front page plays on by itself, starts again, and changes the case', async () => {
  await server.writeDemo();
  const host = await openHost(browser, server, { path: '/index.html', init: collectViolations });
  const { page } = host;
  await page.waitForSelector('#stage[data-transaction]', { state: 'attached' });
  const first = await page.getAttribute('#stage', 'data-transaction');
  await page.click('#run');
  await page.waitForSelector('#answer-payer[data-version="2"]', { state: 'attached' });
  await page.click('#restart');
  await until(async () => await page.getAttribute('#stage', 'data-transaction') !== first);
  const second = await page.getAttribute('#stage', 'data-transaction');
  await page.selectOption('#scenario', 'two-sources-contradict');
  await until(async () => await page.getAttribute('#stage', 'data-transaction') !== second);
  await page.click('#run');
  await page.waitForSelector('#answer-merchant[data-version="2"]', { state: 'attached' });
  const disagreement = await page.evaluate(() => document.querySelector('#till-screen payment-status')
    .shadowRoot.querySelector('[part=disagreement]').textContent);
  assert.ok(disagreement.length > 0, 'the contradiction is named');
  await host.close();
});

function collectViolations() {
  window.host = { violations: [] };
  document.addEventListener('securitypolicyviolation', (event) => {
    window.host.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
}
