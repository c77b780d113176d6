// For people who cannot see, cannot point, or see little.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost, until } from './support/host.mjs';
import { rightToLeft } from './support/rtl.mjs';
import { startServer } from './support/server.mjs';
import { answering, everyState, STATES } from './support/states.mjs';

const AXE = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const ACQUIRER_PAID = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };
const TERMINAL_FAILED = { source: 'terminal', leg: 'confirmation', outcome: 'failed',
  code: { scheme: 'unionpay', family: 'de39', value: '98' } };
const NO_FUNDS = { source: 'issuer', leg: 'debit', outcome: 'failed', code: { scheme: 'unionpay', family: 'de39', value: '51' } };
const SENT_BACK = { source: 'acquirer', leg: 'return', outcome: 'pending' };
const PAID_UNHEARD = [WALLET_PAID, TERMINAL_FAILED, ACQUIRER_PAID];
/** Cards of every tone. Two pages: a browser opens six connections to one HTTP/1.1 server, and each card parks on one. */
const GROUPS = [
  [['payer', PAID_UNHEARD], ['merchant', PAID_UNHEARD], ['support', PAID_UNHEARD], ['payer', []]],
  [['payer', [WALLET_PAID]], ['payer', [NO_FUNDS]], ['merchant', [WALLET_PAID, NO_FUNDS]], ['payer', [WALLET_PAID, TERMINAL_FAILED, SENT_BACK]]],
];
const THEMES = [['light', 'zh-CN'], ['light', 'en'], ['dark', 'zh-CN'], ['dark', 'en']];

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

async function told(reports) {
  const payment = await createTransaction(server);
  for (const fields of reports) await report(server, payment, fields);
  return payment;
}

/** axe-core's serious and critical findings, each with the element that it is about; or those that `counts` says. */
async function findings(page, counts = ({ impact }) => ['serious', 'critical'].includes(impact)) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations.filter(counts)
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary}`));
}

for (const [colorScheme, locale] of THEMES) {
  test(`axe finds nothing serious in the cards of all tones (${colorScheme}, ${locale})`, async () => {
    for (const group of GROUPS) {
      // axe comes from outside of the page, which the page's own policy rightly refuses.
      const host = await openHost(browser, server, { context: { bypassCSP: true, colorScheme, locale } });
      await Promise.all(group.map(([party, reports], index) => showOpened(host, `card-${index}`, party, reports, locale)));
      await host.add('wrong', { src: '/nowhere', party: 'payer', locale });
      await host.until('wrong', { state: '' });
      assert.deepEqual(await findings(host.page), []);
      // The notice of bad contact, on all cards.
      await host.page.context().setOffline(true);
      await host.until('card-0', { freshness: 'offline' });
      assert.deepEqual(await findings(host.page), []);
      await host.close([NETWORK_NOISE]);
    }
  });
}

async function showOpened(host, id, party, reports, locale) {
  const payment = await told(reports);
  await host.add(id, { src: payment.src, party, token: payment.tokens[party], locale });
  await host.until(id, { version: String(reports.length), freshness: 'live' });
  await host.page.evaluate((which) => { window.host.cardOf(which).querySelector('details').open = true; }, id);
}

const PARTIES = ['payer', 'merchant', 'support'];

/** One page with a card of every state for every party, all opened, with their buttons. */
async function openMatrix(made, locale, routes) {
  const host = await openHost(browser, server, { context: { bypassCSP: true, viewport: { width: 1280, height: 900 } },
    routes: async (page) => { await routes(page); await answering(made)(page); } });
  await host.page.addStyleTag({ content: '#place { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px }' });
  for (const { state, payment } of made) {
    for (const party of PARTIES) {
      await host.add(`${state}-${party}`, { src: payment.src, party, token: payment.tokens[party], locale, dismissible: '' });
    }
  }
  const count = made.length * PARTIES.length;
  await host.page.waitForFunction((wanted) => [...document.querySelectorAll('payment-status')].filter(({ shadowRoot }) => (
    shadowRoot?.querySelector('[part=actions]:not([hidden])'))).length === wanted, count, { timeout: 30_000 });
  await host.page.evaluate(() => {
    for (const { shadowRoot } of document.querySelectorAll('payment-status')) shadowRoot.querySelector('details').open = true;
  });
  return host;
}

test('axe finds nothing at all in any state for any party, in both themes and both directions', async () => {
  const made = await everyState(server);
  assert.equal(made.length, 18);
  const { locale: rtl, routes } = await rightToLeft(server);
  for (const [direction, locale, ways] of [['ltr', 'zh-CN', () => {}], ['rtl', rtl, routes]]) {
    const host = await openMatrix(made, locale, ways);
    const shown = await host.page.evaluate(() => [...document.querySelectorAll('payment-status')].map(({ id, shadowRoot }) => {
      const { dataset, dir } = shadowRoot.querySelector('[part=card]');
      return [id, `${dataset.state}-${dataset.party}`, dir];
    }));
    for (const [id, card, dir] of shown) assert.deepEqual([card, dir], [id, direction]);
    assert.equal(shown.length, STATES.length * PARTIES.length);
    for (const colorScheme of ['light', 'dark']) {
      // The first heading of the page is the host page's own.
      await host.page.emulateMedia({ colorScheme });
      assert.deepEqual(await findings(host.page, ({ id }) => id !== 'page-has-heading-one'), [], `${colorScheme} ${direction}`);
    }
    assert.deepEqual(await tooWide(host.page), []);
    await host.close([NETWORK_NOISE]);
  }
});

test('a button that goes away leaves the focus beside its place, and a station is read once', async () => {
  const payment = await told([WALLET_PAID]);
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.untilParked(payment);
  await host.page.waitForSelector('#payer [part=actions]:not([hidden])');
  await host.page.context().setOffline(true);
  await host.page.waitForSelector('#payer [part=check]:not([hidden])');
  await host.page.evaluate(() => document.getElementById('payer').shadowRoot.querySelector('[part=check]').focus());
  await host.page.context().setOffline(false);
  await host.page.waitForSelector('#payer [part=check]', { state: 'hidden' });
  const focused = () => host.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.getAttribute('part'));
  await until(async () => await focused() === 'freshness', 4000, () => 'the focus is lost');
  const stations = await host.page.locator('#payer [part=trail]').ariaSnapshot();
  assert.match(stations, /listitem: "You: passed"\n/, stations);
  await host.close([NETWORK_NOISE]);
});

test('every button can be reached by keyboard in reading order, with a focus that is seen', async () => {
  const payment = await told([WALLET_PAID]);
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'], dismissible: '' });
  await host.page.waitForSelector('#payer [data-does=close]:not([hidden])');
  const reached = [];
  for (let press = 0; press < 7; press += 1) {
    await host.page.keyboard.press('Tab');
    reached.push(await host.page.evaluate(() => {
      const focused = document.activeElement.shadowRoot.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const { height } = focused.getBoundingClientRect();
      return [focused.dataset.does ?? focused.localName, outlineStyle, outlineWidth, height >= 44];
    }));
  }
  const order = ['summary', 'copy', 'show', 'print', 'proof', 'alert', 'close'];
  assert.deepEqual(reached, order.map((name) => [name, 'solid', '3px', true]));
  await host.close();
});

for (const path of ['index.html', 'checkout.html', 'receipt.html', 'support.html']) {
  test(`axe finds nothing serious on ${path}, light and dark`, async () => {
    await server.writeDemo();
    for (const colorScheme of ['light', 'dark']) {
      const host = await openHost(browser, server, { path: `/${path}`, context: { bypassCSP: true, colorScheme } });
      await host.page.waitForSelector('body:not([hidden])');
      await host.page.waitForFunction(() => document.querySelector('payment-status')?.shadowRoot || document.querySelector('#rows, table'));
      assert.deepEqual(await findings(host.page), [], colorScheme);
      await host.page.context().close();
    }
  });
}

test('the live region is there before the first message and announces the settled state', async () => {
  const payment = await told([WALLET_PAID]);
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '1', freshness: 'live' });
  await host.page.evaluate(() => {
    window.region = window.host.cardOf('payer').querySelector('[role=status]');
    window.said = [];
    new MutationObserver(() => window.said.push(window.region.textContent))
      .observe(window.region, { subtree: true, childList: true, characterData: true });
  });
  assert.equal(await host.page.evaluate(() => window.region.ariaLive), 'polite');
  await report(server, payment, ACQUIRER_PAID);
  const { headline } = await host.until('payer', { version: '2', state: 'paid' });
  const { said, same } = await host.page.evaluate(() => ({
    said: window.said, same: window.region === window.host.cardOf('payer').querySelector('[role=status]') && window.region.isConnected }));
  assert.ok(same, 'the region is the same element, or nobody hears it');
  assert.equal(said.length, 1, JSON.stringify(said));
  assert.ok(said[0].includes(headline.replace(/\.$/, '').split('. ')[0]), `${said[0]} / ${headline}`);
  await host.close();
});

test('the details open and close by keyboard, and stay open when an answer comes', async () => {
  const payment = await told([WALLET_PAID]);
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '1', freshness: 'live' });
  const isOpen = () => host.page.evaluate(() => window.host.cardOf('payer').querySelector('details').open);
  await host.page.keyboard.press('Tab');
  assert.equal(await host.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.localName), 'summary');
  await host.page.keyboard.press('Enter');
  assert.equal(await isOpen(), true);
  await report(server, payment, ACQUIRER_PAID);
  await host.until('payer', { version: '2', state: 'paid' });
  assert.equal(await isOpen(), true, 'it closed under the reader');
  assert.equal(await host.page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.localName), 'summary', 'the focus was lost');
  await host.page.keyboard.press('Space');
  assert.equal(await isOpen(), false);
  const height = await host.page.evaluate(() => window.host.cardOf('payer').querySelector('summary').getBoundingClientRect().height);
  assert.ok(height >= 44, `a target of 44 px: got ${height}`);
  await host.close();
});

for (const locale of ['zh-CN', 'en']) {
  test(`nothing scrolls sideways at 320 px or at 200 % (${locale})`, async () => {
    const host = await openHost(browser, server, { context: { viewport: { width: 320, height: 640 } } });
    const payment = await told(PAID_UNHEARD);
    await host.addParties(payment, { locale });
    for (const party of ['payer', 'merchant', 'support']) {
      await host.until(party, { version: '3', freshness: 'live' });
      await host.page.waitForSelector(`#${party} [part=actions]:not([hidden])`);
      await host.page.evaluate((which) => { window.host.cardOf(which).querySelector('details').open = true; }, party);
    }
    assert.deepEqual(await tooWide(host.page), []);
    await host.page.setViewportSize({ width: 640, height: 640 });
    await host.page.evaluate(() => { document.documentElement.style.zoom = '2'; });
    assert.deepEqual(await tooWide(host.page), []);
    await host.close();
  });
}

test('with reduced motion nothing moves', async () => {
  const payment = await told([WALLET_PAID]);
  const host = await openHost(browser, server, { context: { reducedMotion: 'reduce' } });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '1', freshness: 'live' });
  const moving = await host.page.evaluate(() => document.getElementById('payer').shadowRoot.getAnimations()
    .filter(({ playState }) => playState === 'running').length);
  assert.equal(moving, 0);
  await host.close();
});

/** The page if it scrolls sideways, and every text in a card that is cut off or sticks out. */
function tooWide(page) {
  return page.evaluate(() => {
    const wide = [];
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth > clientWidth) wide.push(`page: ${scrollWidth} > ${clientWidth}`);
    for (const element of document.querySelectorAll('payment-status')) {
      const card = element.shadowRoot.querySelector('[part=card]');
      const { left, right } = card.getBoundingClientRect();
      for (const inner of card.querySelectorAll('*')) {
        if (inner.closest('.heard-only') || !inner.checkVisibility()) continue;
        const box = inner.getBoundingClientRect();
        if (box.width > 0 && (box.right > right + 1 || box.left < left - 1)) {
          wide.push(`${inner.localName}.${inner.className} ${box.left}–${box.right} of ${left}–${right}`);
        }
      }
    }
    return wide;
  });
}

test('texts keep clear of the edge of the card, and a label of its code', async () => {
  const payment = await told(PAID_UNHEARD);
  const host = await openHost(browser, server, { context: { viewport: { width: 800, height: 800 } } });
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '3', freshness: 'live' });
  await host.page.waitForSelector('#payer [part=steps]:not([hidden])');
  const { touching, gap, read } = await host.page.evaluate(() => {
    const card = window.host.cardOf('payer');
    card.querySelector('details').open = true;
    const { left, right } = card.getBoundingClientRect();
    const lines = [...card.querySelectorAll('[part=match], [part=answer], [part=reason], [part=steps], [part=next], [part=headline]')];
    const boxOf = (node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return range.getBoundingClientRect();
    };
    const code = card.querySelector('[part=match-code]');
    const text = document.createTreeWalker(code.parentElement, NodeFilter.SHOW_TEXT);
    const label = text.nextNode();
    return {
      touching: lines.filter((line) => line.getBoundingClientRect().left < left + 12 || line.getBoundingClientRect().right > right - 12)
        .map((line) => line.getAttribute('part')),
      // Beside each other or one above the other.
      gap: Math.max(boxOf(code).left - boxOf(label).right, boxOf(code).top - boxOf(label).bottom + 3),
      read: card.querySelector('[part=match]').innerText,
    };
  });
  assert.deepEqual(touching, []);
  assert.ok(gap >= 3, `label and code are ${gap} px apart`);
  assert.match(read, /\s[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}/, 'label and code are read as one word');
  await host.close();
});
