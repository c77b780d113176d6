// What a reader can do with the card: copy, print, hand over, keep as proof, be called, be done. And the time that is left.

import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, matchCode, readStatus, report } from './support/client.mjs';
import { Forge } from './support/forge.mjs';
import { NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { Between } from './support/wire.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const ACQUIRER_PAID = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };
const CODE = { url: 'https://pay.example/handover/3FCV', expires_at: '2099-01-01T00:00:00Z', party: 'merchant',
  qr: { size: 41, path: 'M4 4h7v1H4zM4 5h1v5H4z' } };

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

/** A page with one card and its buttons. */
async function opened({ party = 'payer', reports = [WALLET_PAID], ...options } = {}) {
  const payment = await createTransaction(server);
  for (const fields of reports) await report(server, payment, fields);
  const host = await openHost(browser, server, options);
  await host.addParties(payment, { parties: [party], ...options.attributes });
  await host.page.waitForSelector(`#${party} [part=actions]:not([hidden])`);
  const press = (does) => host.page.click(`#${party} [data-does=${does}]`);
  const textOf = (part) => host.page.locator(`#${party} [part=${part}]`).innerText();
  return { host, page: host.page, payment, press, textOf };
}

const listen = (page) => page.evaluate(() => {
  const region = document.querySelector('payment-status').shadowRoot.querySelector('[role=status]');
  window.said = [];
  new MutationObserver(() => window.said.push(region.textContent)).observe(region, { subtree: true, childList: true, characterData: true });
});

test('the first picture has no buttons, and they come with the words of the reasons', async () => {
  let letThrough;
  const held = new Promise((resolve) => { letThrough = resolve; });
  const payment = await createTransaction(server);
  const host = await openHost(browser, server, { routes: (page) => page.route('**/locales/reasons/en.json', async (route) => {
    await held;
    await route.continue().catch(() => {});
  }) });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { freshness: 'live' });
  await pause(300);
  assert.equal(await host.page.locator('#payer [part=actions]').count(), 0);
  letThrough();
  await host.page.waitForSelector('#payer [part=actions]:not([hidden])');
  await host.close();
});

test('the order reference is copied, and that is said', async () => {
  const { host, page, press, textOf } = await opened({ context: { permissions: ['clipboard-read', 'clipboard-write'] } });
  await listen(page);
  await press('copy');
  await until(async () => (await textOf('note')) === 'Copied');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'A-1042');
  assert.deepEqual(await page.evaluate(() => window.said), ['Copied']);
  await host.close();
});

test('where nothing can be copied the reference is there to write down', async () => {
  const { host, press, textOf } = await opened({
    init: () => Object.defineProperty(navigator, 'clipboard', { value: undefined }) });
  await press('copy');
  await until(async () => (await textOf('note')) === 'Could not copy. Write it down: A-1042');
  await host.close();
});

/** The hand-over is answered by `answer`, a status or a document. */
const handing = (answer, seen = []) => ({ routes: (page) => page.route('**/handover', (route) => {
  seen.push({ method: route.request().method(), headers: route.request().headers(), body: route.request().postData() });
  return typeof answer === 'number' ? route.fulfill({ status: answer, json: {} }) : route.fulfill({ status: 201, json: answer });
}) });

for (const [party, button, colorScheme] of [['payer', 'Show to the shop', 'light'], ['merchant', 'Show to the customer', 'dark']]) {
  test(`the ${party} shows a code to scan, dark on white, with the code to compare (${colorScheme})`, async () => {
    const seen = [];
    const { host, page, payment, press, textOf } = await opened({ party, ...handing(CODE, seen), context: { colorScheme } });
    assert.equal(await page.locator(`#${party} [data-does=show]`).innerText(), button);
    await press('show');
    await page.waitForSelector(`#${party} [part=handover]:not([hidden])`);
    assert.deepEqual(seen.map(({ method, body }) => [method, body]), [['POST', '{}']]);
    assert.equal(seen[0].headers.authorization, `Bearer ${payment.tokens[party]}`);
    assert.equal(seen[0].headers['content-type'], 'application/json');
    const picture = await page.evaluate((which) => {
      const svg = window.host.cardOf(which).querySelector('[part=handover-qr]');
      const { backgroundColor, fill } = getComputedStyle(svg);
      return { box: svg.getAttribute('viewBox'), path: svg.firstChild.getAttribute('d'), backgroundColor, fill, label: svg.ariaLabel };
    }, party);
    assert.deepEqual(picture, { box: '0 0 41 41', path: CODE.qr.path, backgroundColor: 'rgb(255, 255, 255)', fill: 'rgb(0, 0, 0)',
      label: 'QR code that opens the status of this payment' });
    const { matchCode: code } = await host.card(party);
    assert.equal(await textOf('handover-code'), code);
    assert.match(await textOf('handover'), /Nobody can pay with this code\.[^]*Valid until .*2099/);
    // A new answer keeps the code to scan and changes the one to compare.
    await report(server, payment, ACQUIRER_PAID);
    await host.until(party, { state: 'paid' });
    await until(async () => (await textOf('handover-code')) === (await host.card(party)).matchCode);
    await press('show');
    assert.equal(await page.locator(`#${party} [part=handover]`).isVisible(), false);
    await host.close();
  });
}

for (const status of [404, 405, 501]) {
  test(`a backend that makes no codes (${status}) has no such button`, async () => {
    const { host, page, press } = await opened(handing(status));
    await press('show');
    await page.waitForSelector('#payer [data-does=show]', { state: 'hidden' });
    await host.close([NETWORK_NOISE]);
  });
}

for (const [what, answer] of [
  ['an error', 500],
  ['a path that is no path', { ...CODE, qr: { size: 41, path: 'M0 0"/><script>' } }],
  ['an absurd size', { ...CODE, qr: { size: 20000, path: 'M4 4h7z' } }],
  ['no time', { ...CODE, expires_at: 'soon' }],
]) {
  test(`${what} instead of a code is said, and nothing of it is drawn`, async () => {
    const { host, page, press, textOf } = await opened(handing(answer));
    await press('show');
    await until(async () => (await textOf('note')).startsWith('No code could be made.'));
    assert.equal(await page.locator('#payer [part=handover]').isVisible(), false);
    assert.equal(await page.locator('#payer [data-does=show]').isVisible(), true);
    await host.close([NETWORK_NOISE]);
  });
}

test('a code that has expired goes away', async () => {
  const soon = new Date(Date.now() + 3000).toISOString();
  const { host, page, press } = await opened(handing({ ...CODE, expires_at: soon }));
  await press('show');
  await page.waitForSelector('#payer [part=handover]:not([hidden])');
  await page.waitForSelector('#payer [part=handover]', { state: 'hidden' });
  await host.close();
});

test('support hands nothing over', async () => {
  const { host, page } = await opened({ party: 'support' });
  assert.equal(await page.locator('#support [data-does=show]').isVisible(), false);
  await host.close();
});

test('the proof holds every answer that was on the screen, signed, with the keys', async () => {
  const { host, page, payment, press, textOf } = await opened();
  await report(server, payment, ACQUIRER_PAID);
  await host.until('payer', { version: '2', state: 'paid' });
  const [download] = await Promise.all([page.waitForEvent('download'), press('proof')]);
  assert.equal(download.suggestedFilename(), `payment-status-${payment.id}-v2.json`);
  const text = await readFile(await download.path(), 'utf8');
  assert.ok(Buffer.byteLength(text) <= 10 * 1024, `${Buffer.byteLength(text)} bytes`);
  const pack = JSON.parse(text);
  assert.deepEqual([pack.format, pack.transaction, pack.src, pack.party, pack.locale],
    ['payment-status-evidence/1', payment.id, `${server.origin}${payment.src}`, 'payer', 'en']);
  assert.ok(Math.abs(Date.parse(pack.saved_at) - Date.now()) < 5000, pack.saved_at);
  assert.deepEqual(pack.shown.map(({ version }) => version), [1, 2]);
  for (const { body, signatures, match_code: code, version } of pack.shown) {
    assert.equal(code, matchCode(Buffer.from(body)));
    assert.ok(signatures.length >= 1 && signatures.length <= 2);
    for (const signature of signatures) {
      const [head, value] = signature.split('..');
      const { kid, ver, txn } = JSON.parse(Buffer.from(head, 'base64url'));
      assert.deepEqual([ver, txn], [version, payment.id]);
      const key = createPublicKey({ key: pack.keys.keys.find((jwk) => jwk.kid === kid), format: 'jwk' });
      assert.ok(verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(value, 'base64url')), `version ${version}`);
    }
  }
  assert.ok((await readStatus(server, payment)).body.equals(Buffer.from(pack.shown[1].body)));
  assert.match(await textOf('note'), /^Saved as payment-status-/);
  await host.close();
});

test('a proof of many versions keeps the first and the newest, and its size', async () => {
  const payment = await createTransaction(server);
  const forge = new Forge();
  const { document } = await readStatus(server, payment);
  const long = 'x'.repeat(900);
  const of = (version) => forge.answer({ ...document, version, filler: long });
  const between = Object.assign(new Between(), { answer: of(1) });
  const host = await openHost(browser, server, { routes: between.install });
  await host.add('payer', { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en', keys: forge.keys });
  for (let version = 1; version <= 9; version += 1) {
    between.answer = of(version);
    await host.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await host.until('payer', { version: String(version) });
  }
  await host.page.waitForSelector('#payer [part=actions]:not([hidden])');
  const [download] = await Promise.all([host.page.waitForEvent('download'), host.page.click('#payer [data-does=proof]')]);
  const text = await readFile(await download.path(), 'utf8');
  const versions = JSON.parse(text).shown.map(({ version }) => version);
  assert.ok(Buffer.byteLength(text) <= 10 * 1024, `${Buffer.byteLength(text)} bytes`);
  assert.deepEqual([versions[0], versions.at(-1)], [1, 9], JSON.stringify(versions));
  assert.ok(versions.length > 2 && versions.length < 9, JSON.stringify(versions));
  await host.close();
});

/** Notes what is heard and felt instead of making it so. */
function recordAlerts() {
  window.heard = [];
  navigator.vibrate = (pulses) => window.heard.push(pulses);
  window.AudioContext = class {
    currentTime = 0;
    resume() { return Promise.resolve(); }
    close() {}
    createGain() { return { gain: {}, connect() {} }; }
    createOscillator() {
      const tone = { frequency: {}, connect() {}, start() { window.heard.push(tone.frequency.value); }, stop() {} };
      return tone;
    }
  };
}

test('sound and vibration are off until they are switched on, and tell a change only', async () => {
  const { host, page, payment, press } = await opened({ party: 'merchant', init: recordAlerts });
  const heard = () => page.evaluate(() => window.heard.splice(0));
  const pressed = () => page.locator('#merchant [data-does=alert]').getAttribute('aria-pressed');
  assert.equal(await pressed(), 'false');
  await report(server, payment, { source: 'terminal', leg: 'confirmation', outcome: 'failed',
    code: { scheme: 'unionpay', family: 'de39', value: '98' } });
  await host.until('merchant', { state: 'debited_not_credited' });
  assert.deepEqual(await heard(), [], 'it was off');
  await press('alert');
  assert.equal(await pressed(), 'true');
  await report(server, payment, ACQUIRER_PAID);
  await host.until('merchant', { state: 'paid_not_confirmed' });
  assert.deepEqual(await heard(), [[120, 80, 120], 660, 990], 'may hand over: two tones up');
  // Remembered, and silent on load.
  await page.reload();
  await host.addParties(payment, { parties: ['merchant'] });
  await page.waitForSelector('#merchant [part=actions]:not([hidden])');
  await pause(1500);
  assert.deepEqual([await pressed(), await heard()], ['true', []]);
  await report(server, payment, { source: 'issuer', leg: 'dispute', outcome: 'pending' });
  await host.until('merchant', { state: 'disputed' });
  assert.deepEqual((await heard()).slice(1), [440, 294], 'not yet: two tones down');
  await host.close();
});

test('"Done" is there where the page asks for it, tells the page, and leaves the card', async () => {
  const { host, page, payment, press } = await opened();
  assert.equal(await page.locator('#payer [data-does=close]').isVisible(), false);
  await page.evaluate(() => {
    document.getElementById('payer').toggleAttribute('dismissible', true);
    document.addEventListener('payment-status-dismiss', ({ target, detail, composed }) => {
      window.dismissed = { id: target.id, detail, composed };
    });
  });
  // At once: nothing else changes on a settled card that is live.
  assert.equal(await page.locator('#payer [data-does=close]').isVisible(), true);
  await press('close');
  assert.deepEqual(await page.evaluate(() => window.dismissed),
    { id: 'payer', composed: true, detail: { format: 1, transaction: payment.id } });
  assert.equal((await host.card('payer')).version, '1');
  await page.evaluate(() => document.getElementById('payer').removeAttribute('dismissible'));
  assert.equal(await page.locator('#payer [data-does=close]').isVisible(), false);
  await host.close();
});

test('on paper everything is open, black on white, dated, and without buttons', async () => {
  const { host, page } = await opened({ context: { colorScheme: 'dark' } });
  await page.emulateMedia({ media: 'print' });
  const paper = await page.evaluate(() => {
    const card = window.host.cardOf('payer');
    const seen = (selector) => [...card.querySelectorAll(selector)].map((e) => e.checkVisibility() && e.getBoundingClientRect().height > 0);
    const { color, backgroundColor } = getComputedStyle(card);
    return { buttons: seen('button'), timeline: seen('[part=timeline] li'), code: seen('[part=match-code]'),
      paper: seen('[part=paper]'), papers: [...card.querySelectorAll('[part=paper]')].map((p) => p.innerText), color, backgroundColor,
      headline: getComputedStyle(card.querySelector('[part=headline]')).color, amount: seen('[part=amount]'), order: seen('[part=order]') };
  });
  assert.ok(paper.buttons.every((visible) => !visible), 'buttons are printed');
  for (const part of ['timeline', 'code', 'amount', 'order']) assert.deepEqual(paper[part], [true], part);
  assert.deepEqual([paper.color, paper.backgroundColor, paper.headline], ['rgb(0, 0, 0)', 'rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
  assert.deepEqual(paper.paper, [true, true]);
  // With its day: paper is looked at tomorrow as well.
  assert.match(paper.papers[0], new RegExp(`^Status as of .*${new Date().getFullYear()}.*:.*, version 1$`));
  assert.match(paper.papers[1], /^This paper does not change/);
  for (const width of ['80mm', '210mm']) {
    const pdf = await page.pdf({ width, height: '297mm', printBackground: false });
    assert.ok(pdf.length > 5000, width);
  }
  await host.close();
});

test('printing opens the story for the paper and closes it again', async () => {
  const { host, page, press } = await opened({ init: () => {
    window.print = () => { window.printed = document.querySelector('payment-status').shadowRoot.querySelector('details').open; };
  } });
  await press('print');
  assert.equal(await page.evaluate(() => window.printed), true);
  assert.equal(await page.evaluate(() => document.querySelector('payment-status').shadowRoot.querySelector('details').open), false);
  await host.close();
});

test('the time left is counted on the server\'s clock, said rarely, and ends in asking', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, WALLET_PAID);
  const { document } = await readStatus(server, payment);
  const forge = new Forge();
  // This device's clock is an hour ahead of the server's: it decides nothing.
  const serverNow = Math.floor(Date.now() / 1000) - 3600;
  const due = new Date((serverNow + 64) * 1000).toISOString().replace('.000', '');
  const began = Date.now();
  const answer = (route) => {
    const iat = serverNow + Math.floor((Date.now() - began) / 1000);
    return route.fulfill({ status: 200, ...forge.answer({ ...document, resolve_by: { at: due, rule: 'none' } }, { iat }) });
  };
  const between = Object.assign(new Between(), { answer });
  const host = await openHost(browser, server, { routes: between.install });
  await host.add('payer', { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en', keys: forge.keys });
  await host.page.waitForSelector('#payer [part=countdown]:not([hidden])');
  await listen(host.page);
  const left = () => host.page.locator('#payer [part=countdown]').innerText();
  assert.equal(await left(), 'About 70 seconds left');
  await until(async () => (await left()) === 'About 60 seconds left', 10_000);
  assert.deepEqual(await host.page.evaluate(() => window.said), ['About 60 seconds left']);
  await pause(3000);
  assert.deepEqual(await host.page.evaluate(() => window.said), ['About 60 seconds left'], 'it spoke again');
  await host.close();
});

test('at the end the card says that it is asking, and never that anything was decided', async () => {
  const payment = await createTransaction(server);
  await report(server, payment, WALLET_PAID);
  const { document } = await readStatus(server, payment);
  const forge = new Forge();
  const iat = Math.floor(Date.now() / 1000);
  const due = iat + 10;
  const resolveBy = { at: new Date(due * 1000).toISOString().replace('.000', ''), rule: 'none' };
  // Until the server itself has signed a later answer.
  const answer = (route) => route.fulfill({ status: 200,
    ...forge.answer({ ...document, resolve_by: resolveBy }, { iat: Math.min(Math.floor(Date.now() / 1000), due) }) });
  const between = Object.assign(new Between(), { answer });
  const host = await openHost(browser, server, { routes: between.install });
  await host.add('payer', { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en', keys: forge.keys });
  await host.page.waitForSelector('#payer [part=countdown]:not([hidden])');
  await listen(host.page);
  const before = await host.card('payer');
  await until(async () => (await host.page.locator('#payer [part=countdown]').innerText()) === 'The time has passed. We are asking.', 20_000);
  const { state, headline } = await host.card('payer');
  assert.deepEqual([state, headline], [before.state, before.headline]);
  assert.deepEqual(await host.page.evaluate(() => window.said), ['The time has passed. We are asking.']);
  await host.close();
});
