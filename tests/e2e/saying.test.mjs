// The card on other people's pages: from right to left, in both themes, in forced colours, and under a page's worst styles.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, matchCode, readStatus, report } from './support/client.mjs';
import { Forge } from './support/forge.mjs';
import { openHost } from './support/host.mjs';
import { rightToLeft } from './support/rtl.mjs';
import { startServer } from './support/server.mjs';
import { answering, everyState } from './support/states.mjs';
import { Between } from './support/wire.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const TERMINAL_FAILED = { source: 'terminal', leg: 'confirmation', outcome: 'failed',
  code: { scheme: 'unionpay', family: 'de39', value: '98' } };

let server;
let browser;
let broken;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  [broken] = await everyState(server, ['debited_not_credited']);
});
after(async () => { await browser?.close(); await server?.end(); });

/** A page with the payer's card of a broken payment, whole. */
async function opened({ context, locale = 'en', ...attributes } = {}) {
  const host = await openHost(browser, server, { routes: answering([broken]), context: { bypassCSP: true, ...context } });
  await host.add('payer', { src: broken.payment.src, party: 'payer', token: broken.payment.tokens.payer, locale, ...attributes });
  await host.page.waitForSelector('#payer [part=actions]:not([hidden])');
  return host;
}

const styleOf = (page, selector, names, pseudo) => page.evaluate(([which, wanted, of]) => {
  const style = getComputedStyle(window.host.cardOf('payer').querySelector(which) ?? window.host.cardOf('payer'), of);
  return wanted.map((name) => style[name]);
}, [selector, names, pseudo]);

test('a code keeps its order in a sentence that runs from right to left', async () => {
  const payment = await createTransaction(server);
  const { document } = await readStatus(server, payment);
  const forge = new Forge();
  // Digits before letters: without isolation this is the code that turns round.
  let answer;
  for (let attempt = 0; !answer; attempt += 1) {
    const made = forge.answer({ ...document, order_reference: `77-A${attempt}` });
    if (/^\d{3}-[A-Z]/.test(matchCode(made.body))) answer = made;
  }
  const between = Object.assign(new Between(), { answer });
  const { locale, routes } = await rightToLeft(server);
  const host = await openHost(browser, server, { routes: async (page) => { await routes(page); await between.install(page); } });
  await host.add('payer', { src: payment.src, party: 'payer', token: payment.tokens.payer, locale, keys: forge.keys });
  await host.until('payer', { freshness: 'live', matchCode: matchCode(answer.body) });
  const runs = await host.page.evaluate(() => {
    const card = window.host.cardOf('payer');
    const order = (selector, wanted) => {
      const walker = document.createTreeWalker(card.querySelector(selector), NodeFilter.SHOW_TEXT);
      let node;
      do node = walker.nextNode(); while (node && !node.data.includes(wanted));
      const start = node.data.indexOf(wanted);
      const places = [...wanted].map((_, at) => {
        const range = document.createRange();
        range.setStart(node, start + at);
        range.setEnd(node, start + at + 1);
        return Math.round(range.getBoundingClientRect().left);
      });
      return places.every((x, at) => at === 0 || x >= places[at - 1]);
    };
    const found = { dir: card.dir, code: order('[part=match-code]', card.dataset.matchCode), order: order('[part=order]', '77-A') };
    // The same code without its direction is turned round: that is what is tested here.
    card.querySelector('[part=match-code]').removeAttribute('dir');
    return { ...found, bare: order('[part=match-code]', card.dataset.matchCode) };
  });
  assert.deepEqual(runs, { dir: 'rtl', code: true, order: true, bare: false });
  await host.close();
});

test('values in a right-to-left sentence are isolated, and only there', async () => {
  const { locale, routes } = await rightToLeft(server);
  for (const [tongue, ways, isolated] of [[locale, routes, true], ['zh-CN', () => {}, false]]) {
    const host = await openHost(browser, server, { routes: async (page) => { await ways(page); await answering([broken])(page); } });
    await host.add('payer', { src: broken.payment.src, party: 'payer', token: broken.payment.tokens.payer, locale: tongue });
    const { fresh } = await host.until('payer', { freshness: 'live' });
    assert.equal(/\u2068[^\u2068\u2069]+\u2069/.test(fresh), isolated, fresh);
    await host.close();
  }
});

test('the theme is the one that the page asks for, else the reader\'s', async () => {
  const grounds = {};
  for (const colorScheme of ['light', 'dark']) {
    for (const theme of [undefined, 'auto', 'light', 'dark']) {
      const host = await opened({ context: { colorScheme }, theme });
      [grounds[`${colorScheme} ${theme}`]] = await styleOf(host.page, 'none', ['backgroundColor']);
      await host.close();
    }
  }
  const [light, dark] = ['rgb(255, 255, 255)', 'rgb(23, 28, 34)'];
  assert.deepEqual(grounds, {
    'light undefined': light, 'light auto': light, 'light light': light, 'light dark': dark,
    'dark undefined': dark, 'dark auto': dark, 'dark light': light, 'dark dark': dark });
});

test('custom properties and parts reach the card, and `hidden` hides it', async () => {
  const host = await opened();
  await host.page.addStyleTag({ content: `payment-status { --payment-status-ground: rgb(1, 2, 3); --payment-status-radius: 3px }
    payment-status::part(headline) { font-style: italic }` });
  assert.deepEqual(await styleOf(host.page, 'none', ['backgroundColor', 'borderTopLeftRadius']), ['rgb(1, 2, 3)', '3px']);
  assert.deepEqual(await styleOf(host.page, '[part=headline]', ['fontStyle']), ['italic']);
  await host.page.evaluate(() => { document.getElementById('payer').hidden = true; });
  assert.equal(await host.page.locator('#payer').isVisible(), false);
  await host.close();
});

test('in forced colours sign, station and broken link can still be told apart', async () => {
  const host = await opened({ context: { forcedColors: 'active' } });
  const { page } = host;
  const [sign, stroke] = await styleOf(page, '[part=icon]', ['backgroundColor', 'stroke']);
  assert.notEqual(sign, stroke, 'the sign is drawn in the colour of its ground');
  const looks = await page.evaluate(() => {
    const stations = [...window.host.cardOf('payer').querySelectorAll('[part=station]')];
    const look = (station) => {
      const { backgroundColor, backgroundImage, borderStyle, width } = getComputedStyle(station, '::before');
      return [backgroundColor, backgroundImage === 'none', borderStyle, width].join(' ');
    };
    const link = (station) => {
      const { backgroundColor, backgroundImage, height } = getComputedStyle(station, '::after');
      return [backgroundColor, backgroundImage, height].join(' ');
    };
    return {
      standings: Object.fromEntries(stations.map((station) => [station.dataset.standing, look(station)])),
      broken: stations.filter(({ dataset }) => dataset.broken === 'true').map(link),
      whole: stations.slice(1).filter(({ dataset }) => dataset.broken !== 'true').map(link),
    };
  });
  const drawn = Object.values(looks.standings);
  assert.equal(new Set(drawn).size, drawn.length, JSON.stringify(looks.standings));
  assert.equal(looks.broken.length, 1);
  assert.ok(!looks.whole.includes(looks.broken[0]), JSON.stringify(looks));
  await host.close();
});

/** What pages do to everything on them, inherited and direct. `zoom` is the reader's to choose and is left out. */
const HOSTILE = {
  resets: '* { all: unset !important } style, script, head { display: none !important }',
  inherited: `html, body, main, payment-status { font: italic 900 40px/0 cursive !important; letter-spacing: 9px !important;
    word-spacing: 20px !important; text-transform: uppercase !important; color: transparent !important; visibility: hidden !important;
    direction: rtl !important; text-align: end !important; text-indent: 50px !important; white-space: pre !important;
    user-select: none !important; pointer-events: none !important; cursor: none !important; word-break: break-all !important;
    hyphens: auto !important; text-shadow: 3px 3px red !important; -webkit-text-fill-color: transparent !important;
    -webkit-text-stroke: 3px red !important; quotes: none !important; list-style: square inside !important;
    border-collapse: collapse !important; font-variant: small-caps !important; writing-mode: horizontal-tb !important;
    line-height: 0 !important; tab-size: 99 !important; text-decoration-skip-ink: none !important; caption-side: bottom !important }`,
  everything: `* { box-sizing: content-box !important; font-size: 40px !important; line-height: 0 !important; padding: 0 !important;
    letter-spacing: 5px !important; text-transform: uppercase !important; color: transparent !important; user-select: none !important }`,
};

for (const [name, css] of Object.entries(HOSTILE)) {
  test(`a hostile page (${name}) changes no pixel of the card`, async () => {
    const pictures = [];
    for (const hostile of ['', css]) {
      const host = await opened({ context: { viewport: { width: 390, height: 1600 } } });
      await host.page.addStyleTag({ content: `body { margin: 0 !important } payment-status { display: block !important;
        inline-size: 360px !important; margin: 0 !important } ${hostile}` });
      const card = await host.page.evaluateHandle(() => window.host.cardOf('payer'));
      // The age goes on; where the page stops saying how wide the element is, the card fills what there is.
      await host.page.evaluate(() => {
        const inner = window.host.cardOf('payer');
        inner.style.inlineSize = '360px';
        inner.querySelector('[part=freshness]').style.display = 'none';
      });
      pictures.push(await card.screenshot({ animations: 'disabled' }));
      const select = await styleOf(host.page, '[part=match-code]', ['userSelect', 'pointerEvents', 'visibility']);
      assert.deepEqual(select, ['text', 'auto', 'visible']);
      await host.close();
    }
    const { differing, total } = await compare(pictures);
    assert.ok(differing / total < 0.001, `${differing} of ${total} pixels differ`);
  });
}

/** How many pixels of two pictures differ by more than a shade; all of them if the sizes differ. */
async function compare(pictures) {
  const page = await browser.newPage();
  const answer = await page.evaluate(async (sources) => {
    const [a, b] = await Promise.all(sources.map(async (source) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${source}`)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, bitmap.width, bitmap.height);
    }));
    const total = a.width * a.height;
    if (a.width !== b.width || a.height !== b.height) return { differing: total, total, sizes: [a.width, a.height, b.width, b.height] };
    let differing = 0;
    for (let at = 0; at < a.data.length; at += 4) {
      if ([0, 1, 2].some((channel) => Math.abs(a.data[at + channel] - b.data[at + channel]) > 8)) differing += 1;
    }
    return { differing, total };
  }, pictures.map((picture) => picture.toString('base64')));
  await page.close();
  return answer;
}

test('a changed final verdict says when it changed and what it was', async () => {
  const payment = await createTransaction(server);
  const paid = [WALLET_PAID, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' }];
  for (const fields of paid) await report(server, payment, fields);
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  await host.until('payer', { version: '2', state: 'paid' });
  await report(server, payment, { source: 'acquirer', leg: 'return', outcome: 'succeeded' });
  await report(server, payment, { source: 'wallet', leg: 'return', outcome: 'succeeded' });
  const { superseded } = await host.until('payer', { state: 'refunded' });
  assert.match(superseded, /“Paid”.*“Refunded”.*\d{1,2}:\d{2}/, superseded);
  await host.close();
});

test('each way of hearing the server has its own line', async () => {
  const payment = await createTransaction(server);
  for (const fields of [WALLET_PAID, TERMINAL_FAILED]) await report(server, payment, fields);
  const host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer'] });
  const live = await host.until('payer', { version: '2', freshness: 'live' });
  assert.match(live.fresh, /^Status as of /);
  await host.page.context().setOffline(true);
  const offline = await host.until('payer', { freshness: 'offline' });
  assert.match(offline.fresh, /^Offline\. Last verified answer: /);
  assert.equal(await host.page.locator('#payer [part=countdown]').isVisible(), false, 'nobody is asking, so nothing is counted');
  await host.page.context().setOffline(false);
  await host.until('payer', { freshness: 'live' });
  await host.close([/./]);
});
