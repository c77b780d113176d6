// The package on a page: its manifest against what is drawn and dispatched, files that are not its own, two versions.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { PACKAGE, ROOT, cardWith, openPage, openShop } from '../embedding/shop.mjs';
import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const ACQUIRER_PAID = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };
const page = (loader) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Order</title><body>
<script type="module" src="${loader}"></script></body></html>`;
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'www/package.json'), 'utf8'));
const LOADER = `/payment-status/${VERSION}/payment-status.js`;

let server;
let browser;
let shop;
let other;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  shop = await openShop(server);
  shop.page('/order.html', page(LOADER));
  other = await otherVersion();
  shop.folders.push(['/other/', other]);
});
after(async () => {
  await browser?.close();
  await shop?.end();
  await server?.end();
  await rm(other, { recursive: true, force: true });
});

/** A second copy of the package that says it is version 9.9.9. */
async function otherVersion() {
  const folder = await mkdtemp(join(tmpdir(), 'payment-status-other-'));
  await cp(PACKAGE, folder, { recursive: true });
  for (const name of ['payment-status.js', 'element.js']) {
    const code = await readFile(join(folder, name), 'utf8');
    assert.ok(code.includes(`"${VERSION}"`));
    await writeFile(join(folder, name), code.replace(`"${VERSION}"`, '"9.9.9"'));
  }
  return folder;
}

async function paid() {
  const payment = await createTransaction(server);
  await report(server, payment, WALLET_PAID);
  await report(server, payment, ACQUIRER_PAID);
  return payment;
}

/** Puts an element of `tag` on the page. */
const add = (at, payment, { tag = 'payment-status', party = 'payer', fallback = '' } = {}) => (
  at.evaluate(([name, src, token, whose, text]) => {
    const element = document.createElement(name);
    element.dataset.scoped = '';
    if (text) element.append(Object.assign(document.createElement('p'), { className: 'fallback', textContent: text }));
    element.setAttribute('src', src);
    element.setAttribute('party', whose);
    element.token = token;
    document.body.append(element);
  }, [tag, payment.src, payment.tokens[party], party, fallback]));

/** Answers with the file in which every `from` is `to`; 1 if there was one. */
async function spoil(route, from, to) {
  const response = await route.fetch();
  const text = (await response.body()).toString('latin1');
  const { 'content-length': _, ...headers } = response.headers();
  await route.fulfill({ status: 200, headers, body: Buffer.from(text.replaceAll(from, to), 'latin1') });
  return text.includes(from) ? 1 : 0;
}

const manifest = async () => {
  const { schemaVersion, modules } = JSON.parse(await readFile(join(PACKAGE, 'custom-elements.json'), 'utf8'));
  assert.match(schemaVersion, /^2\./);
  const [element] = modules.flatMap(({ declarations }) => declarations).filter(({ customElement }) => customElement);
  return element;
};
const namesOf = (list) => list.map(({ name }) => name).sort();

/** One is the style sheet's own, the other is read when the buttons are drawn. */
const NOT_OBSERVED = ['dismissible', 'theme'];

test('the manifest has the attributes, properties and events that the element has', async () => {
  const { attributes, members, events, tagName } = await manifest();
  const at = await openPage(browser, shop, '/order.html');
  const surface = await at.evaluate((tag) => {
    const element = customElements.get(tag);
    const own = (of) => Object.entries(Object.getOwnPropertyDescriptors(of));
    return {
      attributes: [...element.observedAttributes].sort(),
      properties: own(element.prototype).filter(([, { get }]) => get).map(([name]) => name).sort(),
      statics: own(element).map(([name]) => name)
        .filter((name) => !['length', 'name', 'prototype', 'observedAttributes'].includes(name)).sort(),
    };
  }, tagName);
  assert.deepEqual(namesOf(attributes), [...surface.attributes, ...NOT_OBSERVED].sort());
  assert.deepEqual(namesOf(members.filter((member) => !member.static)), surface.properties);
  assert.deepEqual(namesOf(members.filter((member) => member.static)), surface.statics);
  // Dispatched are those names that stand in the code as an event's.
  const code = await Promise.all(['src/element/events.rs', 'src/element/deeds.rs', 'www/payment-status.js'].map((path) => readFile(join(ROOT, path), 'utf8')));
  const dispatched = [...code.join('\n').matchAll(/(?:dispatch\(host|new CustomEvent\(|dispatch\(\s*host), ?"([\w-]+)"|new CustomEvent\("([\w-]+)"/g),
    ...code.join('\n').matchAll(/new\("CustomEvent", &\["([\w-]+)"/g)];
  assert.deepEqual(namesOf(events), [...new Set(dispatched.map(([, one, two]) => one ?? two))].sort());
  const types = await readFile(join(PACKAGE, 'payment-status.d.ts'), 'utf8');
  for (const { name, type } of events) {
    const [, detail] = /^CustomEvent<(\w+)>$/.exec(type.text);
    assert.ok(types.includes(`interface ${detail} `), detail);
    assert.ok(types.includes(`"${name}": `), name);
  }
  await at.context().close();
});

test('a second half that is not its own never runs: where it cannot wait, the fallback stands and the page is told', async () => {
  const init = () => {
    window.told = [];
    window.ahead_ms = 0;
    const { now } = Date;
    Date.now = () => now() + window.ahead_ms;
    document.addEventListener('payment-status-error', ({ detail }) => window.told.push(detail.code));
    const { Module } = WebAssembly;
    WebAssembly.Module = new Proxy(Module, { construct(...given) { window.ranUnchecked = true; return Reflect.construct(...given); } });
    XMLHttpRequest.prototype.open = () => { window.ranUnchecked = true; };
  };
  const at = await openPage(browser, shop, '/order.html', { init });
  let refused = 0;
  at.on('requestfinished', (request) => { if (request.url().includes('_rest.wasm')) refused += 1; });
  await at.route('**/payment-status-widget_rest.wasm*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: Buffer.concat([await response.body(), Buffer.from([0, 2, 1, 0x78])]) });
  });
  await add(at, await paid(), { fallback: 'Ask at the counter.' });
  await cardWith(at, { state: 'paid', freshness: 'live' });
  await until(() => refused > 1, 8000, () => 'it is not asked for again');
  // An age in hours needs words that only the second half puts together.
  await at.evaluate(() => { window.ahead_ms = 7_200_000; });
  await at.waitForFunction(() => window.told.includes('internal'), null, { timeout: 8000 });
  const [slot, ran] = await at.evaluate(() => [document.querySelector('payment-status').shadowRoot.innerHTML, window.ranUnchecked]);
  assert.deepEqual([slot, ran], ['<slot></slot>', undefined]);
  await at.context().close();
});

test('an element that gets its payment a moment later is no mistake, and needs nothing in a hurry', async () => {
  const payment = await paid();
  const at = await openPage(browser, shop, '/order.html');
  // A set-up is called wrong when all of the program is there: not before the payment has come.
  await at.route('**/*_rest.wasm', async (route) => { await pause(1000); await route.continue(); });
  await at.evaluate(() => {
    window.told = [];
    document.addEventListener('payment-status-error', ({ detail }) => window.told.push(detail.code));
    document.body.append(document.createElement('payment-status'));
  });
  await at.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('_bg.wasm')));
  await at.evaluate(([src, token]) => {
    const element = document.querySelector('payment-status');
    element.token = token;
    element.setAttribute('src', src);
  }, [payment.src, payment.tokens.payer]);
  await cardWith(at, { state: 'paid', version: '2' });
  const [told, ways] = await at.evaluate(() => [window.told, performance.getEntriesByType('resource').map(({ initiatorType }) => initiatorType)]);
  assert.deepEqual([told, ways.filter((way) => way === 'xmlhttprequest')], [[], []]);
  await at.context().close();
});

test('the manifest has the parts that cards have, and no other', async () => {
  const at = await openPage(browser, shop, '/order.html');
  const payment = await paid();
  const contradicting = await createTransaction(server);
  await report(server, contradicting, WALLET_PAID);
  for (const party of ['payer', 'merchant']) await add(at, payment, { party });
  await add(at, contradicting);
  await cardWith(at, { version: '2', freshness: 'live' });
  await report(server, contradicting, { source: 'issuer', leg: 'debit', outcome: 'failed', code: { scheme: 'unionpay', family: 'de39', value: '51' } });
  await report(server, payment, { source: 'issuer', leg: 'dispute', outcome: 'pending' });
  await cardWith(at, { version: '3', state: 'disputed' });
  await at.waitForFunction(() => document.querySelectorAll('payment-status')[2].shadowRoot.querySelector('[part=disagreement]'));
  // The buttons follow the first picture.
  await at.waitForFunction(() => [...document.querySelectorAll('payment-status')].every(({ shadowRoot }) => shadowRoot.querySelector('[part=actions]')));
  await at.context().setOffline(true);
  await cardWith(at, { freshness: 'offline' });
  const parts = await at.evaluate(() => {
    const elements = [...document.querySelectorAll('payment-status')];
    const all = elements.flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll('[part]')]);
    return [...new Set(all.flatMap(({ part }) => [...part]))].sort();
  });
  assert.deepEqual(namesOf((await manifest()).cssParts), parts);
  await at.context().close();
});

test('the manifest has the custom properties that the style sheets read, and no other', async () => {
  const folder = join(ROOT, 'style');
  const sheets = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  const read = new Set(sheets.join('\n').match(/--payment-status-[\w-]+/g));
  assert.deepEqual(namesOf((await manifest()).cssProperties), [...read].sort());
});

test('wasm, glue and words that another hand has changed are refused, and the fallback stays', async () => {
  const payment = await paid();
  for (const [file, from, to] of [
    ['payment-status-widget_bg.wasm', '--payment-status-radius', '--payment-status-rodius'],
    ['payment-status-widget.js', 'export class Handle', '/* other */ export class Handle'],
    ['locales/en.json', 'Do not pay again', 'You may pay again'],
  ]) {
    const context = await browser.newContext({ locale: 'en-US' });
    const spoilt = await context.newPage();
    let spoiling = 0;
    await spoilt.route(`**/${file}*`, async (route) => {
      spoiling += await spoil(route, from, to);
    });
    await spoilt.goto(`${shop.origin}/order.html`);
    await add(spoilt, payment, { fallback: 'Ask at the counter.' });
    await spoilt.waitForTimeout(1500);
    assert.ok(spoiling > 0, `${file} holds ${from}`);
    assert.ok(await spoilt.locator('p.fallback').isVisible(), `${file}: the fallback stays`);
    await spoilt.unroute(`**/${file}*`);
    await cardWith(spoilt, { state: 'paid' }, 15_000);
    // With all that follows, whichever file had to be loaded again.
    await spoilt.waitForFunction(
      () => document.querySelector('payment-status').shadowRoot.querySelector('[part=actions]:not([hidden])'), null, { timeout: 15_000 });
    await context.close();
  }
});

test('advice that another hand has changed is not shown, and the card stands without it', async () => {
  const payment = await paid();
  const context = await browser.newContext({ locale: 'en-US' });
  const spoilt = await context.newPage();
  let asked = 0;
  await spoilt.route('**/locales/reasons/en.json', async (route) => {
    asked += await spoil(route, '.",', '. Changed.",');
  });
  await spoilt.goto(`${shop.origin}/order.html`);
  await add(spoilt, payment);
  await cardWith(spoilt, { state: 'paid', freshness: 'live' });
  await spoilt.waitForTimeout(1000);
  assert.ok(asked > 0, 'the words were asked for');
  const shown = await spoilt.evaluate(() => document.querySelector('payment-status').shadowRoot.textContent);
  assert.ok(!shown.includes('Changed'));
  await context.close();
});

test('a wasm under another type works', async () => {
  const payment = await paid();
  const context = await browser.newContext({ locale: 'en-US' });
  const at = await context.newPage();
  await at.route('**/*_bg.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'application/octet-stream' } });
  });
  await at.goto(`${shop.origin}/order.html`);
  await add(at, payment);
  await cardWith(at, { state: 'paid' });
  await context.close();
});

test('a second version on the page warns, and works under a name of its own with files of its own', async () => {
  const payment = await paid();
  const at = await openPage(browser, shop, '/order.html');
  const requests = [];
  at.on('request', (request) => requests.push(new URL(request.url()).pathname));
  await add(at, payment);
  await cardWith(at, { state: 'paid' });
  await at.evaluate(async () => {
    const second = await import('/other/payment-status.js');
    second.define('payment-status-v2');
    second.define('payment-status-v3');
    window.versions = ['payment-status', 'payment-status-v2', 'payment-status-v3'].map((tag) => customElements.get(tag).version);
  });
  assert.deepEqual(await at.evaluate(() => window.versions), [VERSION, '9.9.9', '9.9.9']);
  await at.evaluate(() => document.querySelector('payment-status').remove());
  await add(at, payment, { tag: 'payment-status-v2' });
  await cardWith(at, { state: 'paid', freshness: 'live' });
  const own = requests.filter((path) => path.startsWith('/other/')).sort();
  for (const file of ['payment-status-widget.js', 'payment-status-widget_bg.wasm', 'locales/en.json']) {
    assert.ok(own.includes(`/other/${file}`), `${file}: ${own}`);
  }
  await add(at, payment);
  await at.waitForFunction(() => document.querySelector('payment-status').shadowRoot?.querySelector('[data-state=paid]'));
  assert.deepEqual(at.wrong, [`<payment-status> is version ${VERSION}, not 9.9.9`]);
  await at.context().close();
});

test('a class that a bundler has moved finds its files by `base`', async () => {
  const payment = await paid();
  const at = await openPage(browser, shop, '/order.html');
  shop.page('/bundle/app.js', await readFile(join(PACKAGE, 'element.js'), 'utf8'));
  await at.evaluate(async (base) => {
    const { PaymentStatus, define } = await import('/bundle/app.js');
    PaymentStatus.base = new URL(base, location.href).href;
    define('bundled-status');
  }, LOADER);
  await add(at, payment, { tag: 'bundled-status' });
  await cardWith(at, { state: 'paid' });
  assert.deepEqual(at.wrong, []);
  await at.context().close();
});

test('a language is found by how it is written', async () => {
  const payment = await paid();
  const at = await openPage(browser, shop, '/order.html');
  const spoken = async (locale) => {
    await at.evaluate(() => document.querySelector('payment-status')?.remove());
    await add(at, payment);
    await at.evaluate((tag) => document.querySelector('payment-status').setAttribute('locale', tag), locale);
    await cardWith(at, { state: 'paid' });
    const heading = await at.evaluate(() => document.querySelector('payment-status').shadowRoot.querySelector('[part=headline]').textContent);
    return /\p{Script=Han}/u.test(heading) ? 'zh' : 'en';
  };
  for (const [tag, expected] of [['zh', 'zh'], ['zh-Hans-SG', 'zh'], ['en-GB', 'en'], ['not a tag', 'en'], ['zh_CN', 'en']]) {
    assert.equal(await spoken(tag), expected, tag);
  }
  assert.deepEqual(at.wrong, []);
  await at.context().close();
});
