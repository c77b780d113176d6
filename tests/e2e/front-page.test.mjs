// The front page and the full pages beside it when something is missing: the server, the keys of a demo, room on the screen.

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { NETWORK_NOISE, openHost, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

test('a new payment that could not be opened is opened by the next press, once the server is back', async () => {
  await server.writeDemo();
  const host = await openHost(browser, server, { path: '/index.html', init: collectViolations });
  const { page } = host;
  await page.waitForSelector('#stage[data-transaction]', { state: 'attached' });
  const first = await page.getAttribute('#stage', 'data-transaction');
  await page.click('#next');
  await page.waitForSelector('#answer-payer[data-version="1"]', { state: 'attached' });
  await server.kill();
  await page.click('#restart');
  await page.locator('#player-notice', { hasText: 'The server does not answer.' }).waitFor();
  assert.doesNotMatch(await page.locator('#player-notice').innerText(), /demo|fetch/i);
  assert.equal(await page.locator('#reports > *').count(), 0, 'none of the reports of the payment before');
  // Still down: the press says so again and leaves the button for another one.
  await page.click('#next');
  await until(() => page.locator('#next').isEnabled());
  await server.start();
  await page.click('#next');
  await page.waitForSelector('#reports .report[data-status=accepted][data-version="1"]', { state: 'attached' });
  assert.notEqual(await page.getAttribute('#stage', 'data-transaction'), first);
  assert.equal(await page.locator('#player-notice').innerText(), '');
  await host.close([NETWORK_NOISE]);
});

test('without the keys of a demo there is the notice alone, no empty phone and till', async () => {
  await rm(join(server.site, 'demo.json'), { force: true });
  const host = await openHost(browser, server, { path: '/index.html', init: collectViolations });
  await host.page.locator('#notice', { hasText: 'keys of a running demo' }).waitFor();
  for (const id of ['stage', 'player', 'phone-screen', 'till-screen']) {
    assert.equal(await host.page.locator(`#${id}`).isVisible(), false, id);
  }
  await host.close([NETWORK_NOISE]);
});

for (const [name, width] of [['receipt.html', 390], ['checkout.html', 390], ['receipt.html', 1280], ['checkout.html', 1280]]) {
  test(`playing a disputed payment shows the card (${name}, ${width} px)`, async () => {
    await server.writeDemo();
    const viewport = { width, height: width < 500 ? 640 : 800 };
    const host = await openHost(browser, server, { path: `/${name}`, context: { viewport }, init: collectViolations });
    const { page } = host;
    await page.locator('payment-status [part=card]').waitFor();
    await page.click('#play');
    await page.locator('payment-status [part=card][data-state=processing]').waitFor();
    const { y, bar } = await page.locator('payment-status').evaluate((card) => ({
      y: card.getBoundingClientRect().top, bar: document.querySelector('.wallet__bar')?.getBoundingClientRect().bottom ?? 0 }));
    assert.ok(y >= bar && y < viewport.height / 2, `at ${y}, below a bar that ends at ${bar}`);
    await host.close([NETWORK_NOISE]);
  });
}

function collectViolations() {
  window.host = { violations: [] };
  document.addEventListener('securitypolicyviolation', (event) => {
    window.host.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
}
