// `tokenProvider`: when the page is asked for a token, how often, and what the reader sees meanwhile.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { cardWith, openPage, openShop } from '../embedding/shop.mjs';
import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { pause } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Order</title>
<script type="module" src="/payment-status/0.1.0/payment-status.js"></script><main></main></html>`;

let server;
let browser;
let shop;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  shop = await openShop(server);
  shop.page('/order.html', PAGE);
});
after(async () => {
  await browser?.close();
  await shop?.end();
  await server?.end();
});

async function charged() {
  const payment = await createTransaction(server);
  await report(server, payment, WALLET_PAID);
  return payment;
}

/** A page with one element whose provider takes its answers from `window.tokens`; an empty one is a rejection. */
async function provided(payment, tokens) {
  const page = await openPage(browser, shop, '/order.html');
  await page.evaluate(([src, answers]) => {
    Object.assign(window, { tokens: answers, calls: [], told: [], lowest: [] });
    const status = document.createElement('payment-status');
    status.tokenProvider = async (element) => {
      window.calls.push({ at: Date.now(), src: element.getAttribute('src') });
      const token = window.tokens.length > 1 ? window.tokens.shift() : window.tokens[0];
      if (!token) throw new Error('the session is over');
      return token;
    };
    for (const name of ['payment-status-change', 'payment-status-final', 'payment-status-error']) {
      status.addEventListener(name, ({ type, detail }) => window.told.push({ type, ...detail }));
    }
    status.setAttribute('src', src);
    status.setAttribute('token', 'pst_of_the_attribute');
    document.querySelector('main').append(status);
  }, [payment.src, tokens]);
  return page;
}

const calls = (page) => page.evaluate(() => window.calls);
const codes = (page) => page.evaluate(() => window.told.filter(({ code }) => code).map(({ code }) => code));

/** From now on the server refuses the first token, as it does one that has expired. */
const refusing = (page, token) => page.route('**/v1/transactions/**', (route) => (
  route.request().headers().authorization === `Bearer ${token}`
    ? route.fulfill({ status: 401, body: '' }) : route.continue()));

test('the provider is asked once, and wins over the attribute', async () => {
  const payment = await charged();
  const page = await provided(payment, [payment.tokens.payer]);
  await cardWith(page, { version: '1', freshness: 'live' });
  assert.equal((await calls(page)).length, 1);
  assert.deepEqual(await codes(page), []);
  await page.context().close();
});

test('an expired token is renewed, and the card never loses its verdict', async () => {
  const payment = await charged();
  const other = payment.tokens.merchant;
  const page = await provided(payment, [payment.tokens.payer, other]);
  await cardWith(page, { version: '1', freshness: 'live' });
  await pause(5200); // a renewal keeps its distance from the call before
  await refusing(page, payment.tokens.payer);
  await page.evaluate(() => {
    const card = document.querySelector('payment-status').shadowRoot.querySelector('[part=card]');
    window.versions = [card.dataset.version];
    new MutationObserver(() => window.versions.push(card.dataset.version)).observe(card, { attributes: true });
  });
  // The parked request ends with the next version's report; the one after it is refused.
  await report(server, payment, { source: 'network', leg: 'network' });
  await page.waitForFunction(() => window.calls.length === 2, null, { timeout: 40_000 });
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  await cardWith(page, { state: 'paid', freshness: 'live' }, 20_000);
  const versions = await page.evaluate(() => window.versions);
  assert.ok(!versions.includes(''), `the card lost its verdict: ${versions}`);
  assert.deepEqual([...versions].sort((a, b) => a - b), versions, 'and no version went back');
  const told = await page.evaluate(() => window.told.filter(({ type }) => type === 'payment-status-final'));
  assert.equal(told.length, 1);
  await page.context().close();
});

test('a server that refuses every token does not make a loop', async () => {
  const payment = await charged();
  const page = await provided(payment, ['pst_one', 'pst_two', 'pst_three', 'pst_four', 'pst_five']);
  await pause(9000);
  const made = await calls(page);
  assert.equal(made.length, 2, JSON.stringify(made));
  // Read from another clock than the one that the page waits by.
  assert.ok(made[1].at - made[0].at >= 4990, `${made[1].at - made[0].at} ms apart`);
  await page.context().close();
});

test('a rejection is told, and the next wake asks again', async () => {
  const payment = await charged();
  const page = await provided(payment, [null, null, payment.tokens.payer]);
  await page.waitForFunction(() => window.told.some(({ code }) => code === 'token-provider'));
  const [first] = await page.evaluate(() => window.told);
  assert.deepEqual([first.kind, first.message], ['configuration', 'tokenProvider: the session is over']);
  // The second call comes by itself after five seconds, the third would after ten more.
  await page.waitForFunction(() => window.calls.length === 2, null, { timeout: 8000 });
  await pause(5000);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await cardWith(page, { version: '1', freshness: 'live' }, 3000);
  assert.equal((await calls(page)).length, 3);
  await page.context().close();
});

test('another payment gets another token at once, and nothing of the first stays', async () => {
  const [first, second] = [await charged(), await charged()];
  const page = await provided(first, [first.tokens.payer, second.tokens.payer]);
  const { matchCode } = await cardWith(page, { version: '1', freshness: 'live' });
  const card = await page.evaluate(async (src) => {
    const status = document.querySelector('payment-status');
    const provider = status.tokenProvider;
    status.tokenProvider = async (element) => {
      await new Promise((resolve) => { setTimeout(resolve, 400); });
      return provider(element);
    };
    status.setAttribute('src', src);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    return { ...status.shadowRoot.querySelector('[part=card]').dataset };
  }, second.src);
  assert.deepEqual([card.state ?? '', card.matchCode ?? '', card.freshness], ['', '', 'connecting']);
  const after = await cardWith(page, { version: '1', freshness: 'live' }, 3000);
  assert.notEqual(after.matchCode, matchCode);
  assert.deepEqual((await calls(page)).map(({ src }) => src), [first.src, second.src]);
  assert.deepEqual(await codes(page), []);
  await page.context().close();
});
