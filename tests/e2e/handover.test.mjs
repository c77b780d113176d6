// One device shows a code, the other one scans it: both show the same transaction and the same match code.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, matchCode, readStatus, report } from './support/client.mjs';
import { openHost } from './support/host.mjs';
import { handOver, openHandedOver, plainPage } from './support/no-script.mjs';
import { startServer } from './support/server.mjs';

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

test('both devices show the same match code, before and after a report', async () => {
  const payment = await createTransaction(server);
  const host = await openHost(browser, server);
  await host.add('payer', { src: payment.src, party: 'payer', token: payment.tokens.payer, locale: 'en' });
  const { url, party, qr } = await handOver(server, payment, 'payer');
  assert.equal(party, 'merchant');
  assert.ok(qr.size > 20 && qr.path.startsWith('M'));

  const other = await plainPage(browser);
  await openHandedOver(other, url);
  assert.equal(new URL(other.url()).pathname, `/status/${payment.id}`);
  const code = () => other.locator('.code strong').innerText();
  const same = async (version) => {
    const card = await host.until('payer', { version });
    const { body } = await readStatus(server, payment);
    assert.equal(card.matchCode ?? card['match-code'], matchCode(body));
    assert.equal(await code(), matchCode(body));
  };
  await same('0');
  await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  await other.locator('h1', { hasText: 'The customer has paid' }).waitFor({ timeout: 8000 });
  await same('1');
  await other.context().close();
  await host.close();
});

test('the QR code is one that a scanner reads', async () => {
  const payment = await createTransaction(server);
  const { url, qr } = await handOver(server, payment, 'merchant');
  // Drawn as a page would draw it, then looked at pixel by pixel: finder patterns in three corners, quiet zone around.
  const page = await (await browser.newContext()).newPage();
  await page.setContent(`<svg id="qr" xmlns="http://www.w3.org/2000/svg" width="${qr.size}" height="${qr.size}"
    viewBox="0 0 ${qr.size} ${qr.size}"><path fill="#000" d="${qr.path}"/></svg>`);
  const dark = await page.evaluate(({ size }) => {
    const path = new Path2D(document.querySelector('#qr path').getAttribute('d'));
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    const rows = [];
    for (let y = 0; y < size; y += 1) {
      rows.push(Array.from({ length: size }, (_, x) => context.isPointInPath(path, x + 0.5, y + 0.5)));
    }
    return rows;
  }, qr);
  const finder = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111'];
  const far = qr.size - 4 - 7;
  for (const [left, top] of [[4, 4], [far, 4], [4, far]]) {
    finder.forEach((line, y) => [...line].forEach((bit, x) => {
      assert.equal(dark[top + y][left + x], bit === '1', `${left + x} ${top + y}`);
    }));
  }
  for (let i = 0; i < qr.size; i += 1) {
    for (const edge of [0, 1, 2, 3]) {
      const far = qr.size - 1 - edge;
      assert.ok(![dark[edge][i], dark[i][edge], dark[far][i], dark[i][far]].some(Boolean), `quiet zone at ${edge} ${i}`);
    }
  }
  assert.ok(url.length < 70, url);
  await page.context().close();
});

test('a link on another site leads to the status as well, and no second device gets in', async () => {
  const payment = await createTransaction(server);
  const { url } = await handOver(server, payment, 'payer');
  const page = await plainPage(browser);
  // Another site (another host name) links here: the strict cookie is set on the way, not before it.
  await page.route('http://other.example/**', (route) => route.fulfill({
    contentType: 'text/html', body: `<!doctype html><a id="go" href="${url}">go</a>` }));
  await page.goto('http://other.example/chat');
  await page.locator('#go').click();
  await page.locator('button').click();
  await page.waitForURL('**/status/**');
  assert.match(await page.locator('h1').innerText(), /Waiting for the customer/);
  const second = await plainPage(browser);
  const answer = await second.goto(url);
  assert.equal(answer.status(), 404);
  assert.match(await second.locator('main').innerText(), /This code cannot be opened any more/);
  assert.equal((await second.goto(`${server.origin}/status/${payment.id}`)).status(), 404);
  await page.context().close();
  await second.context().close();
});

test('an address that lost its end says so to a person', async () => {
  const page = await plainPage(browser);
  for (const [path, words] of [['/handover/', /cannot be opened any more/], ['/status/', /cannot be opened/]]) {
    assert.equal((await page.goto(`${server.origin}${path}`)).status(), 404);
    assert.match(await page.locator('main').innerText(), words);
    assert.notEqual(await page.locator('main').evaluate((main) => getComputedStyle(main).maxWidth), 'none', 'its style is found');
  }
  await page.context().close();
});

test('another site cannot press the button', async () => {
  const payment = await createTransaction(server);
  const { url } = await handOver(server, payment, 'payer');
  const page = await plainPage(browser);
  await page.goto(url);
  const proof = await page.locator('input[name=proof]').getAttribute('value');
  await page.route('http://other.example/**', (route) => route.fulfill({ contentType: 'text/html',
    body: `<!doctype html><form method="post" action="${url}"><input name="proof" value="${proof}"><button>x</button></form>` }));
  await page.goto('http://other.example/form');
  const [answer] = await Promise.all([page.waitForResponse(url), page.locator('button').click()]);
  assert.equal(answer.status(), 404);
  // The code was not used up.
  assert.equal((await page.goto(url)).status(), 200);
  await page.context().close();
});
