// The examples of docs/embedding.md, as they stand there, each on a page of a shop's own web server.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { fromJsx, fromVue, serveReact, serveVue } from '../embedding/modules.mjs';
import { PACKAGE, ROOT, cardWith, example, openPage, openShop, release } from '../embedding/shop.mjs';
import { launchBrowser } from './support/browser.mjs';
import { createTransaction, report } from './support/client.mjs';
import { startServer } from './support/server.mjs';

const PAID = [{ source: 'wallet', leg: 'debit', outcome: 'succeeded' }, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' }];
const DECLINED = { source: 'issuer', leg: 'debit', outcome: 'failed', code: { scheme: 'unionpay', family: 'de39', value: '51' } };

let server;
let browser;
let shop;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  shop = await openShop(server);
});
after(async () => {
  await browser?.close();
  await shop?.end();
  await server?.end();
});

async function ordered() {
  const payment = await createTransaction(server);
  shop.order(payment);
  return payment;
}

async function pay(payment) {
  for (const each of PAID) await report(server, payment, each);
}

test('each example stands in the document as it is tested', async () => {
  const document = await readFile(join(ROOT, 'docs/embedding.md'), 'utf8');
  const names = (await readdir(join(ROOT, 'tests/embedding'))).filter((name) => !name.endsWith('.mjs') && name !== 'types');
  for (const name of names) {
    const [, block] = document.split(`<!-- tests/embedding/${name} -->\n`);
    assert.ok(block, `${name} is not in the document`);
    const [, code] = /^```\w+\n([\s\S]*?)\n```\n/.exec(block) ?? [];
    assert.equal(code, (await example(name)).trimEnd(), name);
  }
  assert.equal(document.split('<!-- tests/embedding/').length - 1, names.length, 'the document names an example that is gone');
});

test('plain HTML', async () => {
  const payment = await ordered();
  shop.page('/plain.html', await example('plain.html'));
  const page = await openPage(browser, shop, '/plain.html');
  await cardWith(page, { version: '0', freshness: 'live' });
  await pay(payment);
  await cardWith(page, { state: 'paid', release: 'release' });
  assert.ok(!(await page.content()).includes(payment.tokens.payer), 'the token is not in the document');
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test('a pay button opens only while paying again is safe and the answer is fresh', async () => {
  const payment = await ordered();
  shop.page('/pay-again.html', await example('pay-again.html'));
  const page = await openPage(browser, shop, '/pay-again.html');
  const button = page.locator('#pay-again');
  await cardWith(page, { version: '0', freshness: 'live' });
  assert.ok(await button.isDisabled(), 'while nobody has paid');
  await report(server, payment, DECLINED);
  await cardWith(page, { payAgain: 'safe', freshness: 'live' });
  await page.waitForFunction(() => !document.getElementById('pay-again').disabled);
  await page.context().setOffline(true);
  await cardWith(page, { payAgain: 'safe', freshness: 'offline' });
  assert.ok(await button.isDisabled(), 'while the answer may be old');
  await page.context().setOffline(false);
  await cardWith(page, { freshness: 'live' });
  await page.waitForFunction(() => !document.getElementById('pay-again').disabled);
  // The program breaks in the middle of a picture: what it said last must not keep the button open.
  await page.evaluate(() => {
    const { format } = Intl.RelativeTimeFormat.prototype;
    let left = 1;
    Intl.RelativeTimeFormat.prototype.format = function broken(...given) {
      if (left-- > 0) throw new Error('broken by the test');
      return format.apply(this, given);
    };
  });
  await page.waitForFunction(() => !document.querySelector('payment-status').shadowRoot.querySelector('[part=card]'));
  assert.ok(await button.isDisabled(), 'while nobody keeps the answer true');
  await page.context().close();
});

/** The strict page with the values of this release in their places, and its policy. */
async function servesStrict(change = (html) => html) {
  const { files } = await release();
  const html = change((await example('strict.html'))
    .replace('sha384-LOADER', files['payment-status.js'].integrity)
    .replace('sha384-GLUE', files['payment-status-widget.js'].integrity));
  const [, map] = /<script type="importmap">(.*?)<\/script>/.exec(html);
  const hash = createHash('sha256').update(map).digest('base64');
  const policy = (await example('strict.txt')).trim().replace('sha256-IMPORTMAP', `sha256-${hash}`);
  shop.page('/strict.html', html, { 'content-security-policy': policy });
  shop.page('/strict.js', await example('strict.js'));
  shop.page('/theme.css', await example('theme.css'));
}

test('the strictest policy, with integrity and a theme', async () => {
  const payment = await ordered();
  await servesStrict();
  const page = await openPage(browser, shop, '/strict.html');
  await cardWith(page, { version: '0', freshness: 'live' });
  await pay(payment);
  await cardWith(page, { state: 'paid' });
  const looks = () => page.evaluate(() => {
    const root = document.querySelector('payment-status').shadowRoot;
    const of = (part) => getComputedStyle(root.querySelector(`[part=${part}]`));
    return [of('card').borderTopLeftRadius, of('headline').fontSize, of('card').backgroundColor];
  });
  assert.deepEqual(await looks(), ['8px', '24px', 'rgb(255, 253, 245)']);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal((await looks())[2], 'rgb(32, 32, 28)');
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test('with another integrity value in the page the loader does not run, and the fallback stays', async () => {
  await ordered();
  const { files } = await release();
  await servesStrict((html) => html.replace(files['payment-status.js'].integrity, files['element.js'].integrity));
  const page = await openPage(browser, shop, '/strict.html');
  await page.waitForTimeout(1000);
  assert.equal(await page.evaluate(() => customElements.get('payment-status')), undefined);
  assert.ok(await page.getByText('cannot be shown yet').isVisible());
  assert.ok(page.wrong.some((text) => /integrity/.test(text)), page.wrong.join());
  await page.context().close();
});

/** A page that mounts a framework's component; the package is imported by its own name. */
function mounting(imports, script) {
  const map = { imports: { 'payment-status': '/package/index.js', ...imports } };
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Order</title>
<script type="importmap">${JSON.stringify(map)}</script><main id="app"></main><script type="module">${script}</script></html>`;
}

const PROPS = `const { status_url: src, token } = await (await fetch('/order.json')).json();
const getToken = async () => token;`;

/** Both frameworks' panels are held to the same: token by function, button by event, gone without a trace. */
async function holdsPanel(path, payment) {
  const page = await openPage(browser, shop, path);
  const button = page.getByRole('button', { name: 'Pay again' });
  await cardWith(page, { version: '0', freshness: 'live' });
  assert.ok(await button.isDisabled());
  await report(server, payment, DECLINED);
  await cardWith(page, { payAgain: 'safe' });
  await page.waitForFunction(() => !document.querySelector('button').disabled);
  await button.click();
  assert.equal(await page.evaluate(() => window.paidAgain), 1);
  assert.ok(!(await page.content()).includes(payment.tokens.payer));
  await page.evaluate(() => window.unmount());
  assert.equal(await page.locator('payment-status').count(), 0);
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}

test('React 19', async () => {
  const payment = await ordered();
  shop.folders.push(['/package/', PACKAGE]);
  shop.page('/PaymentPanel.js', fromJsx(await example('PaymentPanel.jsx')));
  shop.page('/react.html', mounting(await serveReact(shop), `
    import { createElement } from 'react';
    import { createRoot } from 'react-dom/client';
    import { PaymentPanel } from '/PaymentPanel.js';
    ${PROPS}
    const root = createRoot(document.getElementById('app'));
    root.render(createElement(PaymentPanel, { src, getToken, onPayAgain: () => { window.paidAgain = 1; } }));
    window.unmount = () => root.unmount();`));
  await holdsPanel('/react.html', payment);
});

test('Vue 3', async () => {
  const payment = await ordered();
  shop.folders.push(['/package/', PACKAGE]);
  shop.page('/PaymentPanelVue.js', fromVue(await example('PaymentPanel.vue')));
  shop.page('/vue.html', mounting(await serveVue(shop), `
    import { createApp } from 'vue';
    import PaymentPanel from '/PaymentPanelVue.js';
    ${PROPS}
    const app = createApp(PaymentPanel, { src, getToken, onPayAgain: () => { window.paidAgain = 1; } });
    app.mount('#app');
    window.unmount = () => app.unmount();`));
  await holdsPanel('/vue.html', payment);
});

for (const native of ['Android', 'iOS']) {
  test(`a WebView on ${native}: the app gives payment and token, and hears every event`, async () => {
    const payment = await ordered();
    shop.page('/webview.html', await example('webview.html'));
    shop.page('/webview.js', await example('webview.js'));
    const init = native === 'Android'
      ? () => { window.told = []; window.PaymentHost = { postMessage: (text) => window.told.push(JSON.parse(text)) }; }
      : () => {
        window.told = [];
        window.webkit = { messageHandlers: { payment: { postMessage: (text) => window.told.push(JSON.parse(text)) } } };
      };
    const page = await openPage(browser, shop, '/webview.html', { init });
    const told = (type) => page.waitForFunction((wanted) => window.told.findLast((each) => each.type === wanted), type)
      .then((handle) => handle.jsonValue());
    await told('ready');
    await page.evaluate((src) => window.showPayment(src), payment.src);
    await told('token-wanted');
    await page.evaluate((token) => window.giveToken(token), payment.tokens.payer);
    assert.equal((await told('payment-status-change')).detail.version, 0);
    await pay(payment);
    const { detail } = await told('payment-status-final');
    assert.deepEqual([detail.state, detail.release, detail.stale, detail.transaction], ['paid', 'release', false, payment.id]);
    assert.ok(!JSON.stringify(await page.evaluate(() => window.told)).includes(payment.tokens.payer), 'no event carries the token');
    const stored = await page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length,
      (await indexedDB.databases()).length, (await caches.keys()).length]);
    assert.deepEqual(stored, ['', 0, 0, 0, 0], 'nothing is stored');
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
}

test('without script the fallback is what a reader sees', async () => {
  await ordered();
  shop.page('/plain.html', await example('plain.html'));
  const page = await openPage(browser, shop, '/plain.html', { context: { javaScriptEnabled: false } });
  assert.ok(await page.getByText('Please ask at the counter before you pay again.').isVisible());
  await page.context().close();
});
