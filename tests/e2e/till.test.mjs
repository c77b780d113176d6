// The demo's till (checkout.html): the shop's own button follows a verified answer that allows it, and nothing else.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { tampered } from './support/forge.mjs';
import { NETWORK_NOISE, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { everyState } from './support/states.mjs';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

/** The till's page with `payment` as the one that this tab has open; `watch(page)` may set routes. */
async function tillOf(payment, watch = () => {}) {
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  await watch(page);
  // Only the first time: a page that is loaded again finds what it has written itself.
  await page.addInitScript((stored) => {
    if (!sessionStorage.getItem('payment-status-payment')) sessionStorage.setItem('payment-status-payment', JSON.stringify(stored));
  }, {
    transaction: payment.id, src: payment.src, tokens: payment.tokens, scenario: 'phone-paid-terminal-failed', lines: [],
    amount: { minor: 12800, currency: 'CNY' }, reference: 'A-1042', openedAt: new Date().toISOString(),
  });
  await page.goto(`${server.origin}/checkout.html`);
  const button = page.locator('.button--till');
  const shows = (state) => page.locator(`payment-status [part=card][data-state="${state}"]`).waitFor();
  const close = async () => {
    await context.close();
    assert.deepEqual(errors, []);
  };
  return { page, button, shows, close, context };
}

test('the till releases the goods in those states alone in which the shop may hand them over', async () => {
  const released = [];
  const states = await everyState(server);
  for (const { state, payment, answer } of states) {
    const { button, shows, close } = await tillOf(payment);
    await shows(state);
    // The event comes before the card; still, nothing that comes later may open it either.
    await pause(100);
    assert.equal(await button.isEnabled(), JSON.parse(answer.body).release === 'release', state);
    if (await button.isEnabled()) released.push(state);
    await close();
  }
  assert.ok(states.length > 15 && released.includes('paid') && released.includes('paid_not_confirmed'), `${released}`);
  for (const unpaid of ['awaiting_payment', 'processing', 'checking', 'debited_not_credited', 'declined', 'reversed']) {
    assert.ok(!released.includes(unpaid), unpaid);
  }
});

test('a release that has become stale closes the till again, until the server is heard', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  const { page, button, shows, context, close } = await tillOf(payment);
  await until(() => button.isEnabled());
  await shows('paid');
  await context.setOffline(true);
  await until(() => button.isDisabled());
  assert.match(await page.locator('.till__note').innerText(), /as soon as/);
  // The card still says what was true last: the till must not.
  assert.equal(await page.locator('payment-status [part=card]').getAttribute('data-state'), 'paid');
  await context.setOffline(false);
  await until(() => button.isEnabled());
  await button.click();
  assert.equal(await button.innerText(), 'Handed over, sale closed');
  assert.ok(await button.isDisabled());
  await close();
});

test('goods that were handed over once are not handed over again by a till that is loaded anew', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  const { page, button, shows, close } = await tillOf(payment);
  await until(() => button.isEnabled());
  await button.click();
  await page.reload();
  await shows('paid');
  // The event comes before the card; still, nothing that comes later may open it either.
  await pause(100);
  assert.ok(await button.isDisabled());
  assert.equal(await button.innerText(), 'Handed over, sale closed');
  assert.equal(await page.locator('.till__note').isVisible(), false);
  await close();
});

test('a release that is taken back, or that nobody has signed, keeps the till closed', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  const { button, close } = await tillOf(payment);
  await until(() => button.isEnabled());
  await report(server, payment, { source: 'issuer', leg: 'dispute', outcome: 'pending' });
  await until(() => button.isDisabled());
  await close();

  const unpaid = await createTransaction(server);
  let forged = 0;
  const lied = await tillOf(unpaid, (page) => page.route(`**${unpaid.src}`, async (route) => {
    const answer = await route.fetch({ headers: { ...route.request().headers(), prefer: 'wait=0' } });
    const { body, headers } = tampered({ body: await answer.body(), headers: answer.headers() }, '"release":"wait"', '"release":"release"');
    forged += 1;
    await route.fulfill({ status: 200, headers, body }).catch(() => {});
  }));
  await until(() => forged > 1, 15_000);
  assert.ok(await lied.button.isDisabled());
  await lied.close();
});
