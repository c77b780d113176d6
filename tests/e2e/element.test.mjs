// The element as host pages use it: its frozen surface, its attributes, its fallback, and what it leaves behind.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, readStatus, report } from './support/client.mjs';
import { NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { Between } from './support/wire.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const ACQUIRER_PAID = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };
const LATE = '/late.html';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

async function charged(order) {
  const payment = await createTransaction(server, order);
  await report(server, payment, WALLET_PAID);
  return payment;
}

async function paid() {
  const payment = await charged();
  await report(server, payment, ACQUIRER_PAID);
  return payment;
}

const payerOf = (payment, rest = {}) => (
  { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en', ...rest });

/** A page that shows the payer's element on `payment`. */
async function showing(payment, rest = {}, options = {}) {
  const host = await openHost(browser, server, options);
  await host.add('payer', payerOf(payment, rest));
  await host.until('payer', { freshness: 'live' });
  return host;
}

const setAttribute = (host, name, value) => host.page.evaluate(([attribute, text]) => (
  document.getElementById('payer').setAttribute(attribute, text)), [name, value]);

test('the public surface of the class is frozen', async () => {
  const host = await openHost(browser, server);
  const surface = await host.page.evaluate(async () => {
    const module = await import('/payment-status.js');
    const element = customElements.get('payment-status');
    return {
      exports: Object.keys(module).sort(),
      attributes: [...element.observedAttributes].sort(),
      statics: Object.getOwnPropertyNames(element).filter((name) => !['length', 'name', 'prototype'].includes(name)).sort(),
      properties: Object.getOwnPropertyNames(element.prototype).sort(),
      same: element === module.PaymentStatus,
    };
  });
  assert.deepEqual(surface, {
    exports: ['PaymentStatus', 'define'],
    attributes: ['keys', 'locale', 'party', 'src', 'token'],
    statics: ['base', 'integrity', 'observedAttributes', 'version'],
    properties: ['attributeChangedCallback', 'connectedCallback', 'constructor', 'disconnectedCallback', 'token',
      'tokenProvider'],
    same: true,
  });
  await host.close();
});

test('the events and their details are frozen', async () => {
  const host = await openHost(browser, server);
  const payment = await paid();
  await host.add('payer', payerOf(payment));
  await host.until('payer', { version: '2', freshness: 'live' });
  await setAttribute(host, 'party', 'cashier');
  await host.untilError('configuration');
  const events = await host.events();
  const { body } = await readStatus(server, payment);
  const names = [...new Set(events.map(({ name }) => name))];
  assert.deepEqual(names, ['payment-status-change', 'payment-status-final', 'payment-status-error']);
  for (const { name, detail } of events) {
    assert.deepEqual(Object.keys(detail).sort(), name === 'payment-status-error'
      ? ['code', 'format', 'kind', 'message']
      : ['charged', 'final', 'format', 'matchCode', 'moneyAt', 'payAgain', 'reason', 'release', 'stale', 'state', 'transaction', 'version']);
    assert.equal(detail.format, 1);
  }
  const { detail } = events.find(({ name }) => name === 'payment-status-final');
  const document = JSON.parse(body);
  for (const name of ['transaction', 'version', 'state', 'charged', 'pay_again', 'release', 'money_at', 'final', 'reason']) {
    const camel = name.replace(/_./, ([, letter]) => letter.toUpperCase());
    assert.equal(detail[camel], document[name], name);
  }
  await host.close();
});

test('the events bubble out of a shadow root', async () => {
  const host = await openHost(browser, server);
  const payment = await paid();
  const heard = await host.page.evaluate(({ src, token }) => new Promise((resolve) => {
    const outer = document.createElement('div');
    const element = document.createElement('payment-status');
    element.setAttribute('src', src);
    element.token = token;
    outer.attachShadow({ mode: 'open' }).append(element);
    document.addEventListener('payment-status-final', ({ target, detail }) => resolve([target === outer, detail.state]));
    document.body.append(outer);
  }), { src: payment.src, token: payment.tokens.payer });
  assert.deepEqual(heard, [true, 'paid']);
  await host.close();
});

test('the parts that style sheets may name are frozen', async () => {
  const host = await openHost(browser, server);
  const payment = await paid();
  await host.addParties(payment, { parties: ['payer', 'merchant'] });
  await host.until('payer', { version: '2' });
  const contradicting = await charged();
  await host.add('other', payerOf(contradicting));
  await host.until('other', { version: '1' });
  await report(server, contradicting, { source: 'issuer', leg: 'debit', outcome: 'failed',
    code: { scheme: 'unionpay', family: 'de39', value: '51' } });
  await host.until('other', { version: '2', state: 'checking' });
  await report(server, payment, { source: 'issuer', leg: 'dispute', outcome: 'pending' });
  await host.until('payer', { version: '3', state: 'disputed' });
  await host.page.waitForFunction(() => document.getElementById('payer').shadowRoot.querySelector('[part=actions]'));
  await host.page.context().setOffline(true);
  await host.until('payer', { version: '3', freshness: 'offline' });
  const parts = await host.page.evaluate(() => {
    const roots = [...document.querySelectorAll('payment-status')].map(({ shadowRoot }) => shadowRoot);
    return [...new Set(roots.flatMap((root) => [...root.querySelectorAll('[part]')].flatMap(({ part }) => [...part])))].sort();
  });
  assert.deepEqual(parts, ['account', 'action', 'actions', 'amount', 'answer', 'answers', 'caption', 'card', 'check',
    'countdown', 'details', 'disagreement', 'explanation', 'freshness', 'handover', 'handover-code', 'handover-qr', 'header',
    'headline', 'icon', 'match', 'match-code', 'next', 'note', 'notice', 'order', 'paper', 'payee', 'payment', 'reason',
    'station', 'steps', 'superseded', 'timeline', 'trail', 'version']);
  await host.close([NETWORK_NOISE]);
});

test('the custom properties that a host may set are frozen, and take effect', async () => {
  const host = await showing(await paid());
  const names = await host.page.evaluate(() => {
    const sheets = [...document.getElementById('payer').shadowRoot.adoptedStyleSheets];
    const text = sheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('\n');
    return [...new Set(text.match(/--payment-status-[\w-]+/g))].map((name) => name.replace('--payment-status-', '')).sort();
  });
  assert.deepEqual(names, ['done', 'done-soft', 'failed', 'failed-soft', 'font', 'ground', 'hold', 'hold-soft', 'ink', 'line',
    'progress', 'progress-soft', 'quiet', 'radius']);
  const ground = await host.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('payment-status { --payment-status-ground: rgb(1, 2, 3) } payment-status::part(headline) { color: rgb(4, 5, 6) }');
    document.adoptedStyleSheets = [sheet];
    const card = window.host.cardOf('payer');
    return [getComputedStyle(card).backgroundColor, getComputedStyle(card.querySelector('[part=headline]')).color];
  });
  assert.deepEqual(ground, ['rgb(1, 2, 3)', 'rgb(4, 5, 6)']);
  await host.close();
});

test('with another source and token the old transaction is gone before anything else happens', async () => {
  const [first, second] = [await charged({ order_reference: 'A-1' }), await paid()];
  const host = await showing(first);
  const old = await host.card('payer');
  const seen = await host.page.evaluate(async ({ src, token }) => {
    const element = document.getElementById('payer');
    element.setAttribute('src', src);
    element.token = token;
    // One macrotask: what a person could see next.
    await new Promise((resolve) => { setTimeout(resolve); });
    return window.host.card('payer');
  }, { src: second.src, token: second.tokens.payer });
  assert.notEqual(seen.matchCode, old.matchCode);
  assert.notEqual(seen.state, 'processing');
  const card = await host.until('payer', { version: '2', state: 'paid', freshness: 'live' });
  assert.notEqual(card.matchCode, old.matchCode);
  await report(server, first, { source: 'network', leg: 'network' });
  await pause(300);
  assert.equal((await host.card('payer')).version, '2', 'the old transaction is watched no more');
  assert.equal(host.asks(first).filter(({ ended }) => ended === undefined).length, 0);
  await host.close([NETWORK_NOISE]);
});

test('a late answer about the old source is not shown under the new one', async () => {
  const [first, second] = [await paid(), await charged()];
  const between = new Between();
  const host = await openHost(browser, server, { routes: between.install });
  const late = await readStatus(server, first);
  between.answer = async (route) => {
    if (!route.request().url().endsWith(first.src)) return route.continue();
    await pause(800);
    return route.fulfill({ status: 200, ...late });
  };
  await host.add('payer', payerOf(first));
  await until(() => host.asks(first).length === 1);
  await host.page.evaluate(({ src, token }) => {
    const element = document.getElementById('payer');
    element.token = token;
    element.setAttribute('src', src);
  }, { src: second.src, token: second.tokens.payer });
  await host.until('payer', { version: '1', state: 'processing', freshness: 'live' });
  await pause(1000);
  assert.equal((await host.card('payer')).state, 'processing');
  const transactions = (await host.events()).map(({ detail }) => detail.transaction);
  assert.ok(!transactions.includes(first.id), 'the old answer was told');
  await host.close([NETWORK_NOISE]);
});

test('party and language can be changed at run time', async () => {
  const payment = await paid();
  const host = await showing(payment, { token: payment.tokens.merchant });
  const payer = await host.card('payer');
  await setAttribute(host, 'party', 'merchant');
  const merchant = await host.until('payer', { party: 'merchant', version: '2', freshness: 'live' });
  assert.notEqual(merchant.headline, payer.headline);
  assert.equal(merchant.matchCode, payer.matchCode);
  await setAttribute(host, 'locale', 'zh-CN');
  const chinese = await host.until('payer', { party: 'merchant', lang: 'zh-CN', version: '2' });
  assert.match(chinese.headline, /\p{Script=Han}/u);
  assert.doesNotMatch(chinese.headline + chinese.explanation + Object.values(chinese.answers).join(''), /[a-z]{4}/i);
  assert.equal(chinese.matchCode, payer.matchCode);
  await host.close();
});

test('the token can be a property before and after the class is defined, and wins over the attribute', async () => {
  const payment = await charged();
  const host = await openHost(browser, server, { path: LATE });
  await host.add('before', payerOf(payment));
  await host.page.evaluate(({ src }) => {
    const element = document.createElement('payment-status');
    Object.assign(element, { id: 'attribute' });
    element.setAttribute('src', src);
    element.setAttribute('token', 'pst_wrong');
    document.getElementById('place').append(element);
  }, payment);
  await host.page.evaluate(() => import('/payment-status.js'));
  await host.until('before', { version: '1', freshness: 'live' });
  assert.equal(await host.page.evaluate(() => Object.hasOwn(document.getElementById('before'), 'token')), false);
  await host.untilError('not-found');
  await host.page.evaluate((token) => { document.getElementById('attribute').token = token; }, payment.tokens.payer);
  await host.until('attribute', { version: '1', freshness: 'live' });
  const html = await host.page.content();
  assert.ok(!html.includes(payment.tokens.payer), 'the token is not in the document');
  await host.close([NETWORK_NOISE]);
});

test('each wrong attribute is named, and nothing is asked', async () => {
  const payment = await charged();
  const host = await openHost(browser, server);
  const right = payerOf(payment);
  const wrong = {
    src: [{ ...right, src: undefined }, { ...right, src: '/v1/transactions' }, { ...right, src: 'javascript:alert(1)' },
      { ...right, src: 'data:application/json,{}' }, { ...right, src: '/v1/transactions/tx_1/status' }],
    party: [{ ...right, party: 'cashier' }],
    token: [{ ...right, token: undefined }, { ...right, token: 'pst_\nx' }, { ...right, token: 'pst_ä' }],
    keys: [{ ...right, keys: 'http://[' }],
  };
  const expected = {};
  for (const [name, cases] of Object.entries(wrong)) {
    for (const [index, attributes] of cases.entries()) {
      expected[`${name}-${index}`] = name;
      await host.add(`${name}-${index}`, attributes);
    }
  }
  await until(async () => (await host.errorEvents()).length >= Object.keys(expected).length, 4000,
    () => 'not every mistake was told');
  for (const { id, detail } of await host.errorEvents()) {
    assert.deepEqual([detail.kind, detail.code], ['configuration', 'configuration'], id);
    assert.match(detail.message, new RegExp(`\\b${expected[id]}\\b`), id);
  }
  assert.deepEqual(host.requests.filter(({ url }) => url.includes('/v1/')), []);
  await host.close();
});

test('a corrected attribute is taken up', async () => {
  const payment = await charged();
  const host = await openHost(browser, server);
  await host.add('payer', { ...payerOf(payment), party: 'cashier' });
  await host.untilError('configuration');
  await setAttribute(host, 'party', 'payer');
  await host.until('payer', { version: '1', freshness: 'live' });
  await host.close();
});

for (const blocked of ['payment-status-widget_bg.wasm', 'payment-status-widget.js', 'locales/en.json']) {
  test(`without ${blocked} the fallback stays, and the widget comes by itself when it can be had`, async () => {
    const payment = await charged();
    let open = false;
    const routes = (page) => page.route(`**/${blocked}*`, (route) => (open ? route.continue() : route.abort()));
    const host = await openHost(browser, server, { routes });
    await host.add('payer', payerOf(payment, { fallback: 'Ask at the counter.' }));
    if (!blocked.startsWith('locales')) {
      const { kind, message } = await host.untilError('load-failed');
      assert.equal(kind, 'network');
      assert.ok(message.length > 0);
    } else await pause(1000);
    const fallback = host.page.getByText('Ask at the counter.');
    assert.ok(await fallback.isVisible());
    open = true;
    await host.until('payer', { version: '1', freshness: 'live' }, 12_000);
    assert.ok(!await fallback.isVisible(), 'the card takes the place of the fallback');
    await host.close([NETWORK_NOISE]);
  });
}

test('a wasm that is served under another type works', async () => {
  const routes = (page) => page.route('**/payment-status-widget_bg.wasm*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'application/octet-stream' } });
  });
  const host = await showing(await charged(), {}, { routes });
  assert.equal(host.requests.filter(({ url }) => url.includes('_bg.wasm')).length, 1, 'and it is fetched once');
  await host.close();
});

test('another payment on the same element never stands beside the story of the one before', async () => {
  const before = await paid();
  const after = await createTransaction(server);
  await report(server, after, { source: 'issuer', leg: 'debit', outcome: 'succeeded' });
  const host = await showing(before);
  await host.add('other', payerOf(after));
  await host.until('other', { version: '1', freshness: 'live' });
  const story = () => host.page.evaluate(() => window.host.card('payer'));
  await until(async () => (await story()).timeline.length === 2);
  // The other element holds the answer already: it is shown at once, with its own story or none.
  const { version, timeline } = await host.page.evaluate(async ([src, token]) => {
    const element = document.getElementById('payer');
    element.token = token;
    element.setAttribute('src', src);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    return window.host.card('payer');
  }, [after.src, after.tokens.payer]);
  assert.equal(version, '1');
  assert.ok(timeline.every((line) => line.includes('Your bank')), timeline.join(' | '));
  await host.close();
});

test('the fallback is visible until the class is defined', async () => {
  const host = await openHost(browser, server, { path: LATE });
  await host.add('payer', payerOf(await charged(), { fallback: 'Ask at the counter.' }));
  assert.ok(await host.page.getByText('Ask at the counter.').isVisible());
  await host.close();
});

test('amounts are written by the language, with the digits of the currency', async () => {
  const host = await openHost(browser, server);
  const cases = [['CNY', 12800, 128], ['JPY', 1280, 1280], ['KWD', 1234, 1.234], ['EUR', 123456789, 1234567.89]];
  for (const [currency, minor, major] of cases) {
    const payment = await createTransaction(server, { amount: { minor, currency } });
    for (const locale of ['zh-CN', 'en', 'en-GB']) {
      const id = `${currency}-${locale}`;
      await host.add(id, payerOf(payment, { locale }));
      const { amount } = await host.until(id, { version: '0' });
      const expected = await host.page.evaluate(([language, code, value]) => (
        new Intl.NumberFormat(language, { style: 'currency', currency: code }).format(value)), [locale, currency, major]);
      assert.equal(amount, expected);
      await host.page.evaluate((which) => document.getElementById(which).remove(), id);
    }
  }
  await host.close([NETWORK_NOISE]);
});

test('without a language of its own the element speaks that of the page around it', async () => {
  const payment = await charged();
  const host = await openHost(browser, server, { path: LATE, context: { locale: 'en-US' } });
  await host.page.evaluate(() => { document.body.lang = 'zh-Hans-CN'; });
  await host.add('payer', payerOf(payment, { locale: undefined }));
  await host.add('dutch', payerOf(payment, { locale: 'nl' }));
  await host.page.evaluate(() => import('/payment-status.js'));
  for (const id of ['payer', 'dutch']) assert.match((await host.until(id, { version: '1' })).headline, /\p{Script=Han}/u);
  await host.close();
});

test('fifty elements that came and went leave nothing behind', async () => {
  const payments = await Promise.all(Array.from({ length: 5 }, () => charged()));
  const host = await openHost(browser, server);
  const session = await host.page.context().newCDPSession(host.page);
  await session.send('Performance.enable');
  const measure = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  const round = async (payment) => {
    for (let index = 0; index < 10; index += 1) await host.add(`e${index}`, payerOf(payment));
    await host.until('e9', { version: '1', freshness: 'live' });
    await host.page.evaluate(() => document.getElementById('place').replaceChildren());
    await until(() => host.asks(payment).every(({ ended }) => ended), 4000, () => 'a request goes on');
  };
  await round(payments[0]);
  const before = await measure();
  for (const payment of payments) await round(payment);
  const after = await measure();
  assert.ok(after.Nodes - before.Nodes < 100, `nodes: ${before.Nodes} before, ${after.Nodes} after`);
  assert.ok(after.JSEventListeners - before.JSEventListeners < 10,
    `listeners: ${before.JSEventListeners} before, ${after.JSEventListeners} after`);
  assert.ok(after.JSHeapUsedSize - before.JSHeapUsedSize < 1_000_000,
    `heap: ${before.JSHeapUsedSize} before, ${after.JSHeapUsedSize} after`);
  const asks = host.requests.filter(({ url }) => url.includes('/status')).length;
  await pause(1000);
  assert.equal(host.requests.filter(({ url }) => url.includes('/status')).length, asks);
  await host.close([NETWORK_NOISE]);
});

test('loading the loader twice is silent, and another version is a warning', async () => {
  const host = await openHost(browser, server);
  await host.add('payer', payerOf(await charged()));
  await host.page.evaluate(() => import('/payment-status.js?again'));
  await host.until('payer', { version: '1', freshness: 'live' });
  assert.deepEqual(host.errors, []);
  await host.page.evaluate(async () => {
    const { define } = await import('/payment-status.js');
    customElements.define('other-status', class extends HTMLElement { static version = '0.0.1'; });
    define('other-status');
  });
  await host.close([/is version 0\.0\.1/]);
});

test('while nothing changes, only the age of the answer is written', async () => {
  const payment = await charged();
  const host = await showing(payment);
  // What follows the first picture is there.
  await host.untilParked(payment);
  await pause(1000);
  const places = await host.page.evaluate(() => new Promise((resolve) => {
    const seen = [];
    const observer = new MutationObserver((records) => {
      for (const { target, type } of records) {
        const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
        seen.push(`${type} in ${element?.closest('[part]')?.getAttribute('part')}`);
      }
    });
    observer.observe(document.getElementById('payer').shadowRoot,
      { subtree: true, childList: true, characterData: true, attributes: true });
    setTimeout(() => resolve(seen), 5000);
  }));
  assert.ok(places.length >= 4 && places.length <= 6, `one write a second: got ${places.length}`);
  assert.deepEqual([...new Set(places)], ['characterData in freshness']);
  await host.close();
});
