// Why it is so, what to do now, and by when: on the real screens, in the words that load after the first picture.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const DAY_MS = 86_400_000;
const SHORT_OF_MONEY = { scheme: 'unionpay', family: 'de39', value: '51' };

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

/** The lines under "why" of an element: `{reason, steps, next, overdue}`, empty where they are hidden. */
const why = (host, id) => host.page.evaluate((which) => {
  const root = document.getElementById(which).shadowRoot;
  const line = (part) => root?.querySelector(`[part=${part}]:not([hidden])`);
  return {
    reason: line('reason')?.querySelector('p').textContent ?? '',
    steps: [...(line('steps')?.querySelectorAll('li') ?? [])].map((step) => step.textContent),
    next: line('next')?.querySelector('p').textContent ?? '',
    overdue: line('next')?.dataset.overdue === 'true',
  };
}, id);

async function untilWhy(host, id, fits) {
  let seen;
  await until(async () => fits(seen = await why(host, id)), 8000, () => `${id}: ${JSON.stringify(seen)}`);
  return seen;
}

test('a proven decline says why, and how it works next time; the same code in doubt allows nothing', async () => {
  const declined = await createTransaction(server);
  await report(server, declined, { source: 'issuer', leg: 'debit', outcome: 'failed', code: SHORT_OF_MONEY });
  const doubtful = await createTransaction(server);
  await report(server, doubtful, { source: 'issuer', leg: 'debit', outcome: 'failed', code: SHORT_OF_MONEY });
  await report(server, doubtful, { source: 'wallet', leg: 'debit', outcome: 'succeeded' });
  const host = await openHost(browser, server);
  const payer = ({ src, tokens }) => ({ src, party: 'payer', token: tokens.payer, locale: 'en' });
  await host.add('declined', payer(declined));
  await host.add('doubtful', payer(doubtful));
  await host.until('declined', { state: 'declined', payAgain: 'safe' });
  const safe = await untilWhy(host, 'declined', ({ reason }) => reason);
  assert.equal(safe.reason, 'The balance or credit did not cover this amount.');
  assert.match(safe.steps[0], /^Top up the account/);
  await host.until('doubtful', { state: 'checking', payAgain: 'wait' });
  const open = await untilWhy(host, 'doubtful', ({ reason }) => reason);
  assert.ok(open.steps.length > 0 && open.steps.every((step) => !/top up|another card or wallet\./i.test(step)), open.steps.join(' '));
  await host.close();
});

test('each party reads its own steps, in its own language', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'wallet', leg: 'debit', outcome: 'succeeded' });
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  await report(server, payment, { source: 'terminal', leg: 'confirmation', outcome: 'failed',
    code: { scheme: 'unionpay', family: 'de39', value: '98' } });
  const host = await openHost(browser, server);
  await host.addParties(payment);
  await host.add('zh', { src: payment.src, party: 'merchant', token: payment.tokens.merchant, locale: 'zh-CN' });
  const said = {};
  for (const id of ['payer', 'merchant', 'support', 'zh']) said[id] = await untilWhy(host, id, ({ steps }) => steps.length);
  const all = Object.values(said).map(({ steps }) => steps.join(' '));
  assert.equal(new Set(all).size, 4);
  assert.match(all[3], /核对码/);
  // Who changes the language gets all of it.
  await host.page.evaluate(() => document.getElementById('payer').setAttribute('locale', 'zh-CN'));
  const changed = await untilWhy(host, 'payer', ({ steps }) => /[\u4e00-\u9fff]/.test(steps.join('')));
  assert.match(changed.reason, /[\u4e00-\u9fff]/);
  await host.close();
});

test('a code that is not in the catalogue is still being checked', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'issuer', leg: 'debit', outcome: 'failed', code: { scheme: 'barter', value: 'X-1' } });
  const host = await openHost(browser, server);
  await host.addParties(payment);
  await host.until('payer', { state: 'checking', charged: 'unknown', payAgain: 'wait' });
  const payer = await untilWhy(host, 'payer', ({ reason }) => reason);
  assert.equal(payer.reason, 'A reply came that nobody can read yet; we keep asking.');
  const support = await host.page.evaluate(() => document.getElementById('support').shadowRoot.textContent);
  await until(async () => /X-1/.test(await host.page.evaluate(() => document.getElementById('support').shadowRoot.textContent)), 8000,
    () => `support does not see the code verbatim: ${support}`);
  await host.close();
});

test('without the words of the reasons the answers stand, and the reasons come when they can be had', async () => {
  let open = false;
  const routes = (page) => page.route('**/locales/reasons/**', (route) => (open ? route.continue() : route.abort()));
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'issuer', leg: 'debit', outcome: 'failed', code: SHORT_OF_MONEY });
  const host = await openHost(browser, server, { routes });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { state: 'declined', freshness: 'live' });
  await pause(1000);
  const { reason, steps, next } = await why(host, 'payer');
  assert.deepEqual([reason, steps], ['', []]);
  assert.ok(next.length > 0, 'who acts next does not wait');
  open = true;
  await untilWhy(host, 'payer', (seen) => seen.reason && seen.steps.length);
  await host.close([NETWORK_NOISE]);
});

test('a passed deadline is said as overdue, with whom to ask; the verdict does not move', async () => {
  const payment = await createTransaction(server, { order_reference: 'A-77' });
  const at = new Date(Date.now() - 10 * DAY_MS).toISOString();
  await report(server, payment, { source: 'issuer', leg: 'debit', outcome: 'succeeded', at, code: { scheme: 'upi', value: 'RB' } });
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'unknown', at });
  const fresh = await createTransaction(server);
  await report(server, fresh, { source: 'issuer', leg: 'debit', outcome: 'succeeded', code: { scheme: 'upi', value: 'RB' } });
  await report(server, fresh, { source: 'acquirer', leg: 'credit', outcome: 'unknown' });
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.add('fresh', { src: fresh.src, party: 'payer', token: fresh.tokens.payer, locale: 'en' });
  await host.until('payer', { state: 'debited_not_credited', payAgain: 'do_not' });
  const late = await untilWhy(host, 'payer', ({ next, steps }) => steps.length && next);
  assert.ok(late.overdue);
  assert.match(late.next, /Overdue since .* \(the UPI rule of five days\)\. Ask now: Your bank\. Give the amount, the date and order A-77\./);
  const intime = await untilWhy(host, 'fresh', ({ next, steps }) => steps.length && next);
  assert.ok(!intime.overdue);
  assert.match(intime.next, /Expected by .* \(the UPI rule of five days\)\./);
  await host.close();
});

test('many elements of one language fetch each file of words once', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'issuer', leg: 'debit', outcome: 'failed', code: SHORT_OF_MONEY });
  const host = await openHost(browser, server);
  const ids = Array.from({ length: 12 }, (_, index) => `e${index}`);
  await Promise.all(ids.map((id) => host.add(id, { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en' })));
  for (const id of ids) await untilWhy(host, id, ({ steps }) => steps.length);
  const files = host.requests.map(({ url }) => new URL(url).pathname).filter((path) => path.includes('/locales/'));
  assert.deepEqual(files.sort(), ['/locales/en.json', '/locales/reasons/en.json', '/locales/reasons/steps.json']);
  await host.close();
});
