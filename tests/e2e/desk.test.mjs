// The support desk: one list that stays up to date by itself, and the evidence of one transaction.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, matchCode, readStatus, report } from './support/client.mjs';
import { openHost, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { everyState } from './support/states.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded',
  code: { scheme: 'wechatpay', family: 'trade_state', value: 'SUCCESS' } };
const TERMINAL_FAILED = { source: 'terminal', leg: 'confirmation', outcome: 'failed',
  code: { scheme: 'unionpay', family: 'de39', value: '98' } };

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

/** The desk, signed in with the key that the agent types. */
async function signedIn(hash = '', context = {}) {
  const host = await openHost(browser, server, { path: `/support.html${hash}`, context, init: collectViolations });
  const { page } = host;
  await page.fill('#key', server.supportKey);
  await page.click('#key-form button');
  await page.waitForSelector('#rows > *');
  return host;
}

test('a change is in the list without a reload, by one parked request', async () => {
  const payments = await Promise.all(['A-1', 'A-2', 'A-3'].map((reference) => createTransaction(server, { order_reference: reference })));
  const host = await signedIn();
  const { page } = host;
  const firstRow = () => page.locator('#rows > *').first().innerText();
  const before = await page.locator('#rows > *').count();
  await report(server, payments[0], WALLET_PAID);
  await until(async () => (await firstRow()).includes('A-1'), 3000, () => 'the change did not come');
  assert.equal(await page.locator('#rows > *').count(), before);
  const feeds = host.requests.filter(({ url, ended }) => url.includes('/v1/transactions?') && !ended);
  assert.equal(feeds.length, 1, 'one request, however many rows');
  await host.close([/401|404/]);
});

test('the evidence names the source, the raw code and the version of each report', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, WALLET_PAID);
  await report(server, payment, TERMINAL_FAILED);
  const host = await signedIn(`#${payment.id}`);
  const { page } = host;
  await page.waitForSelector('.evidence .entry');
  const text = await page.locator('.case__evidence').innerText();
  for (const word of ['Wallet', 'Terminal', 'wechatpay trade_state SUCCESS', 'unionpay de39 98', 'v1', 'v2']) {
    assert.ok(text.includes(word), `${word} is not in: ${text}`);
  }
  assert.ok(!(await page.locator('body').innerText()).includes('undefined'));
  const { body } = await readStatus(server, payment);
  assert.ok(text.includes(matchCode(body)), 'the code that both parties see is in the history');
  // While the case is open it goes on by itself.
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  await until(async () => (await page.locator('.case__evidence').innerText()).includes('Acquirer'), 3000,
    () => 'the new report is not shown');
  await host.close([/401|404/]);
});

test('a wrong key opens nothing', async () => {
  const host = await openHost(browser, server, { path: '/support.html', init: collectViolations });
  const { page } = host;
  await page.fill('#key', `pss_${'A'.repeat(43)}`);
  await page.click('#key-form button');
  await until(async () => (await page.locator('#notice').innerText()).length > 0, 3000, () => 'nothing is said');
  assert.equal(await page.locator('#desk').isVisible(), false);
  await host.close([/401|404/]);
});

function collectViolations() {
  window.host = { violations: [] };
  document.addEventListener('securitypolicyviolation', (event) => {
    window.host.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
}

test('the list says at once that the server is not heard, and lives again', async () => {
  await createTransaction(server);
  const host = await signedIn();
  const { page } = host;
  const live = () => page.locator('#link').getAttribute('data-live');
  await until(async () => await live() === 'true');
  await page.context().setOffline(true);
  await until(async () => await live() === 'false', 2000);
  assert.match(await page.locator('#link').innerText(), /not heard/);
  await page.context().setOffline(false);
  await until(async () => await live() === 'true');
  await host.close([/ERR_INTERNET_DISCONNECTED|401|404/]);
});

test('a transaction that somebody reads out is found, and odd words find nothing', async () => {
  const [payment, other] = await Promise.all(['A-77', 'A-78'].map((reference) => createTransaction(server, { order_reference: reference })));
  const host = await signedIn('#%E0%A4%A');
  const { page } = host;
  await page.fill('#search', ` ${payment.id} `);
  await page.locator('.case__title', { hasText: 'A-77' }).waitFor();
  await page.locator(`[data-transaction="${other.id}"]`).waitFor({ state: 'detached' });
  assert.deepEqual(await page.locator('.row').evaluateAll((rows) => rows.map((row) => row.dataset.transaction)), [payment.id]);
  for (const words of ['%', "' OR 1=1", '测试', 'x'.repeat(500)]) {
    await page.fill('#search', words);
    await page.locator('#empty').waitFor();
    assert.equal(await page.locator('#notice').innerText(), '', words);
    assert.equal(await page.locator('#link').getAttribute('data-live'), 'true', words);
  }
  await host.close([/401|404/]);
});

test('of an id that no payment has the desk says so in words for an agent', async () => {
  const payment = await createTransaction(server, { order_reference: 'A-79' });
  const host = await signedIn();
  const { page } = host;
  await page.fill('#search', `tx_${'0'.repeat(26)}`);
  await page.locator('.case', { hasText: `No payment has the id tx_${'0'.repeat(26)}.` }).waitFor();
  await page.locator('#empty').waitFor();
  assert.equal(await page.locator('#detail payment-status').isVisible(), false, 'the words of the card are for whoever has a link');
  await page.fill('#search', payment.id);
  await page.locator('#detail payment-status').waitFor();
  await host.close([/401|404/]);
});

test('search and filter are in the address and come back with it', async () => {
  const payment = await createTransaction(server, { order_reference: 'R-1' });
  await report(server, payment, WALLET_PAID);
  await createTransaction(server, { order_reference: 'R-2' });
  const host = await signedIn(`#${payment.id}`);
  const { page } = host;
  const references = () => page.locator('.row__reference').allInnerTexts();
  await page.fill('#search', 'R-');
  await page.selectOption('#state', 'processing');
  await until(async () => `${await references()}` === 'R-1');
  const { search, hash } = new URL(page.url());
  assert.deepEqual([search, hash], ['?q=R-&state=processing', `#${payment.id}`]);
  await page.reload();
  await until(async () => `${await references()}` === 'R-1');
  assert.deepEqual([await page.inputValue('#search'), await page.inputValue('#state')], ['R-', 'processing']);
  // The address is anybody's text.
  await page.goto(`${server.origin}/support.html?state=%3Cb%3E&q=${'R'.repeat(500)}`);
  await page.locator('#empty').waitFor();
  assert.deepEqual([(await page.inputValue('#search')).length, await page.inputValue('#state')], [64, '']);
  await host.close([/401|404/]);
});

test('on a phone "All payments" goes back to the place in the list', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, index) => createTransaction(server, { order_reference: `P-${index}` })));
  const host = await signedIn('', { viewport: { width: 390, height: 844 } });
  const { page } = host;
  const row = page.locator('.row').nth(25);
  const reference = await row.locator('.row__reference').innerText();
  await row.scrollIntoViewIfNeeded();
  const left = await row.boundingBox();
  await row.click();
  await page.locator('.case__title', { hasText: reference }).waitFor();
  assert.equal(await page.evaluate(() => scrollY), 0);
  await createTransaction(server, { order_reference: 'P-above' });
  await page.locator('.row', { hasText: 'P-above' }).waitFor({ state: 'attached' });
  await page.click('.desk__back');
  const back = await page.locator('.row', { has: page.getByText(reference, { exact: true }) }).boundingBox();
  assert.ok(Math.abs(back.y - left.y) < 2, `from ${left.y} to ${back.y}`);
  assert.equal(await page.evaluate(() => document.activeElement.closest('.row')?.querySelector('.row__reference').innerText), reference);
  await host.close([/401|404/]);
});

test('"Somebody must act" shows those alone that wait for a person, and says of how many', async () => {
  const [, ...paid] = await Promise.all(['S-1', 'S-2', 'S-3'].map((reference) => createTransaction(server, { order_reference: reference })));
  for (const payment of paid) {
    await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
    await report(server, payment, { source: 'terminal', leg: 'confirmation', outcome: 'succeeded' });
  }
  const host = await signedIn();
  const { page } = host;
  await page.fill('#search', 'S-');
  await page.selectOption('#state', 'act');
  await until(async () => await page.locator('#count').innerText() === '1 of 3 payments');
  assert.deepEqual(await page.locator('.row__reference').allInnerTexts(), ['S-1']);
  await page.reload();
  await until(async () => await page.locator('#count').innerText() === '1 of 3 payments');
  await host.close([/401|404/]);
});

test('nothing is said to be whole above a leg that failed', async () => {
  const [{ payment: reversed }, { payment: paid }] = await everyState(server, ['reversed', 'paid']);
  const host = await signedIn(`#${reversed.id}`);
  const { page } = host;
  const line = page.locator('.legs__line');
  await page.locator('.leg[data-status=failed]').first().waitFor();
  assert.match(await line.innerText(), /not every leg succeeded/);
  await page.goto(`${server.origin}/support.html#${paid.id}`);
  await page.locator('.case__title', { hasText: 'Paid' }).waitFor();
  assert.equal(await line.innerText(), 'No leg is broken.');
  await report(server, paid, { source: 'settlement_bank', leg: 'settlement', outcome: 'failed' });
  await page.locator('.leg[data-leg=settlement][data-status=failed]').waitFor();
  // The document that payer and merchant get leaves it out; the card reads it in support's own.
  await page.locator('payment-status [part=account]', { hasText: 'Settlement' }).waitFor({ state: 'attached' });
  assert.doesNotMatch(await line.innerText(), /No leg is broken/);
  await host.close([/401|404/]);
});

test('in Chinese no space follows a colon, and the search says whole what it is for', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, WALLET_PAID);
  await report(server, payment, { source: 'issuer', leg: 'debit', outcome: 'failed' });
  const stuck = await createTransaction(server);
  await report(server, stuck, TERMINAL_FAILED);
  for (const locale of ['zh-CN', 'en-US']) {
    const host = await signedIn(`#${payment.id}`, { locale, viewport: { width: 1280, height: 800 } });
    const { page } = host;
    for (const { id } of [payment, stuck]) {
      await page.locator(`[data-transaction="${id}"] a`).click();
      await page.locator('.case__facts code', { hasText: id }).waitFor();
      const text = await page.locator('#desk').innerText();
      assert.doesNotMatch(text, locale === 'zh-CN' ? /： / : /[a-z]:[a-z]/i, text);
    }
    const isCut = await page.locator('#search').evaluate((field) => {
      const { font, paddingLeft, paddingRight } = getComputedStyle(field);
      const pen = document.createElement('canvas').getContext('2d');
      pen.font = font;
      // The browser keeps room for the cross that empties the field.
      const cross = 24;
      return pen.measureText(field.placeholder).width > field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - cross;
    });
    assert.equal(isCut, false);
    await host.close([/401|404/]);
  }
});

test('a case is copied as lines of text in the language of the page, with the code that both parties see', async () => {
  const payment = await createTransaction(server, { order_reference: 'A-55' });
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  await report(server, payment, TERMINAL_FAILED);
  const code = matchCode((await readStatus(server, payment)).body);
  const expected = {
    'en-US': ['Order: A-55', `Transaction: ${payment.id}`, 'State: Paid, not confirmed', 'Broken leg: confirmation', 'Source: Terminal',
      'Raw code: unionpay de39 98', 'Next to act: acquirer', `Check code: ${code}`],
    'zh-CN': ['订单号：A-55', `交易：${payment.id}`, '状态：已付款，确认失败', '断开的环节：确认', '来源：终端',
      '原始代码：unionpay de39 98', '下一步：收单机构', `核对码：${code}`],
  };
  for (const [locale, lines] of Object.entries(expected)) {
    const host = await signedIn(`#${payment.id}`, { locale, permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = host;
    await page.locator('.case__copying .button').click();
    await page.locator('.case__copying [role=status]', { hasText: /Copied|已复制/ }).waitFor();
    assert.deepEqual((await page.evaluate(() => navigator.clipboard.readText())).split('\n'), lines);
    assert.equal(await page.locator('.case__code').innerText(), code);
    await host.close([/401|404/]);
  }
});

test('a deadline is copied with its zone, contradicting sources by name, and by hand where there is no clipboard', async () => {
  const payment = await createTransaction(server, { order_reference: 'A-56' });
  await report(server, payment, WALLET_PAID);
  const host = await openHost(browser, server, { path: `/support.html#${payment.id}`, init: () => {
    window.host = { violations: [] };
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  } });
  const { page } = host;
  await page.fill('#key', server.supportKey);
  await page.click('#key-form button');
  await page.locator('.case__copying .button').click();
  const lines = async () => (await page.locator('.case__copy textarea').inputValue()).split('\n');
  assert.match((await lines()).find((line) => line.startsWith('Deadline')), /^Deadline: \w+ \d+, \d\d:\d\d [AP]M GMT\+8$/);
  await report(server, payment, { source: 'issuer', leg: 'debit', outcome: 'failed' });
  await page.locator('.legs__line', { hasText: 'contradict' }).waitFor();
  await page.locator('.case__copying .button').click();
  for (const line of ['Sources contradict each other on: debit', 'Wallet: succeeded', 'Card issuer: failed']) {
    assert.ok((await lines()).includes(line), `${line}: ${await lines()}`);
  }
  await host.close([/401|404/]);
});

test('what cannot be a key is refused in the words for a wrong key', async () => {
  const host = await openHost(browser, server, { path: '/support.html', init: collectViolations });
  const { page } = host;
  for (const key of ['pss_ключ', '   ', 'pss_wrong']) {
    await page.fill('#key', key);
    await page.click('#key-form button');
    await page.locator('#notice', { hasText: 'does not accept this key' }).waitFor();
    await page.evaluate(() => { document.getElementById('notice').textContent = ''; });
  }
  await host.close([/401|404/]);
});

for (const width of [390, 1280]) {
  test(`a long name leaves the amount and the time in their row (${width} px)`, async () => {
    const names = { shop: { merchant_name: 'The Old Corner Bakery and Coffee House of Mill Street' }, order: { order_reference: 'A'.repeat(64) } };
    const payments = await Promise.all(Object.values(names).map((order) => createTransaction(server, order)));
    const host = await signedIn('', { viewport: { width, height: 844 } });
    for (const { id } of payments) {
      const outside = await host.page.locator(`[data-transaction="${id}"]`).evaluate((row) => {
        const { left, right } = row.getBoundingClientRect();
        return [...row.querySelectorAll('.amount, time, .row__reference')].filter((part) => {
          const box = part.getBoundingClientRect();
          return box.width === 0 || box.left < left || box.right > right;
        }).map(({ className, localName }) => className || localName);
      });
      assert.deepEqual(outside, []);
    }
    assert.equal(await host.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    await host.close([/401|404/]);
  });
}

test('the list has the 200 newest and says that it goes on', async () => {
  for (let made = 0; made < 210; made += 30) {
    await Promise.all(Array.from({ length: 30 }, (_, index) => createTransaction(server, { order_reference: `L-${made + index}` })));
  }
  const host = await signedIn();
  const { page } = host;
  const count = () => page.locator('#count').innerText();
  assert.equal(await page.locator('#rows > *').count(), 200);
  assert.equal(await count(), 'The 200 newest. Search for older ones.');
  await createTransaction(server, { order_reference: 'L-new' });
  await page.locator('.row', { hasText: 'L-new' }).waitFor();
  assert.equal(await page.locator('#rows > *').count(), 200);
  await page.selectOption('#state', 'act');
  await until(async () => await count() === '200 of the 200 newest. Older ones were not looked through; search for them.');
  await page.selectOption('#state', '');
  await page.fill('#search', 'l-20');
  await until(async () => await count() === 'Payments: 11');
  assert.equal(await page.locator('#rows > *').count(), 11);
  await host.close([/401|404/]);
});
