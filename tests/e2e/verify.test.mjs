// The page that checks evidence, served and from a file: genuine is said to be genuine, anything else is refused with its reason.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, matchCode, readStatus, report } from './support/client.mjs';
import { Forge } from './support/forge.mjs';
import { startServer } from './support/server.mjs';

const AXE = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const WWW = new URL('../../www/', import.meta.url);
const BINARY = process.env.PAYMENT_STATUS_SERVER ?? new URL('../../target/debug/payment-status-server', import.meta.url).pathname;

let server;
let browser;
let genuine;
let keys;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  keys = await (await fetch(`${server.origin}/.well-known/jwks.json`)).text();
  genuine = await evidence();
});
after(async () => { await browser?.close(); await server?.end(); });

/** What a screen would save: two answers of one payment. */
async function evidence() {
  const payment = await createTransaction(server);
  const seen = [];
  for (const fields of [{ source: 'wallet', leg: 'debit', outcome: 'succeeded' }, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' }]) {
    await report(server, payment, fields);
    seen.push(await readStatus(server, payment));
  }
  return pack(payment.id, JSON.parse(keys), seen);
}

function pack(transaction, ownKeys, seen) {
  return {
    format: 'payment-status-evidence/1', transaction, src: `${server.origin}/v1/transactions/${transaction}/status`,
    party: 'payer', locale: 'en', saved_at: new Date().toISOString(), keys: ownKeys,
    shown: seen.map(({ body, headers }) => ({ version: JSON.parse(body).version, match_code: matchCode(body),
      signatures: [headers['payment-status-signature']], body: body.toString() })),
  };
}

const PLACES = {
  served: () => `${server.origin}/verify.html`,
  'from a file': () => new URL('verify.html', WWW).href,
};

/** Opens the page in one place; every request beyond its own files fails the test. */
async function open(place, locale = 'en-US', options = {}) {
  const context = await browser.newContext({ locale, ...options });
  const page = await context.newPage();
  const asked = [];
  const said = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  await page.goto(PLACES[place]());
  return { page, asked, said };
}

const file = (name, content) => ({ name, mimeType: 'application/json', buffer: Buffer.from(content) });

/** Gives the page both files; answers what it says. */
async function check(page, content, keySet = keys) {
  await page.setInputFiles('#keys', file('keys.json', keySet));
  await page.setInputFiles('#pack', file('evidence.json', content));
  const result = page.locator('#result:not([data-result=""])');
  await result.waitFor();
  // The answer to both files, not to one of them and the file before.
  await page.waitForTimeout(150);
  return { result: await result.getAttribute('data-result'), reason: await result.getAttribute('data-reason'), text: await result.innerText() };
}

/** What the command says of the same file. */
async function command(content, keySet = keys) {
  const [packPath, keysPath] = ['evidence.json', 'keys.json'].map((name) => join(server.folder, name));
  await writeFile(packPath, content);
  await writeFile(keysPath, keySet);
  const { status, stdout } = spawnSync(BINARY, ['verify', packPath, '--keys', keysPath, '--json'], { encoding: 'utf8' });
  return { status, ...JSON.parse(stdout.trim().split('\n').at(-1)) };
}

for (const place of Object.keys(PLACES)) {
  test(`genuine evidence is said to be genuine (${place})`, async () => {
    const { page, asked, said } = await open(place);
    // The story of many attempts is long.
    const long = await check(page, JSON.stringify({ ...genuine, note: 'x'.repeat(100_000) }));
    assert.equal(long.result, 'genuine', long.text);
    const { result, text } = await check(page, JSON.stringify(genuine));
    assert.equal(result, 'genuine', text);
    for (const words of ['Genuine', 'A-1042', 'CNY\u00a0128.00 · Corner Bakery', ' UTC', genuine.transaction, genuine.shown[1].match_code, 'In progress', 'Paid']) {
      assert.ok(text.includes(words), `${words}: ${text}`);
    }
    await page.fill('#about', 'A-1043');
    await page.locator('#result[data-reason="other-about"]').waitFor();
    await page.fill('#about', genuine.transaction);
    await page.locator('#result[data-result="genuine"]').waitFor();
    const folder = new URL('./', PLACES[place]()).href;
    assert.deepEqual(asked.filter((url) => !/\/verify(\.html|\/\w+\.(js|css))$/.test(url) || !url.startsWith(folder)), []);
    assert.deepEqual(said, []);
    await page.context().close();
  });

  test(`whatever was changed is refused with the reason that the command gives (${place})`, async () => {
    const { page, said } = await open(place);
    const forge = new Forge(JSON.parse(keys).keys[0].kid);
    const document = JSON.parse(genuine.shown[1].body);
    const changed = (change) => { const copy = structuredClone(genuine); change(copy); return JSON.stringify(copy); };
    const text = JSON.stringify(genuine);
    const cases = {
      'wrong-format': changed((p) => { p.format = 'x'; }),
      'not-json': text.slice(0, -1),
      'not-json ': text.replace('"party":', '"party":"merchant","party":'),
      'too-large': text + ' '.repeat(2 ** 20),
      'signature-invalid': changed((p) => { p.shown[1].body = p.shown[1].body.replace('12800', '12801'); }),
      'signature-invalid ': JSON.stringify(pack(genuine.transaction, JSON.parse(keys), [forge.answer(document)])),
      'version-went-back': changed((p) => { p.shown.reverse(); }),
      'match-code-differs': changed((p) => { p.shown[0].match_code = '000-000'; }),
      'header-differs': changed((p) => { p.shown[0].version = 9; }),
      'key-differs': changed((p) => { p.keys = { keys: [] }; }),
      'key-differs ': changed((p) => { p.keys.keys[0].x = forge.jwk.x; }),
      'signature-malformed': changed((p) => { p.shown[0].signatures = ['..']; }),
      'signature-malformed ': changed((p) => { p.shown[0].signatures[0] += '='; }),
      'pack-differs': changed((p) => { p.saved_at = '2020-01-01T00:00:00Z'; }),
      'pack-differs ': changed((p) => { p.src = 'https://pay.example/status'; }),
    };
    for (const [name, content] of Object.entries(cases)) {
      const reason = name.trim();
      const { result, reason: said, text: words } = await check(page, content);
      assert.deepEqual([result, said], ['refused', reason], words);
      assert.ok(words.length > 40, words);
      const answer = await command(content);
      assert.deepEqual([answer.status, answer.reason], [1, reason]);
    }
    // Trusted key, wrong header.
    const trusted = new Forge('k1');
    for (const [claims, reason] of [[{ alg: 'none' }, 'signature-not-agreed'], [{ b64: true }, 'signature-not-agreed'],
      [{ crit: ['b64', 'exp'] }, 'signature-not-agreed'], [{ kid: 'k2' }, 'key-unknown'], [{ ver: 9 }, 'header-differs']]) {
      const content = JSON.stringify(pack(genuine.transaction, JSON.parse(trusted.keys), [trusted.answer(document, claims)]));
      assert.equal((await check(page, content, trusted.keys)).reason, reason);
      assert.equal((await command(content, trusted.keys)).reason, reason);
    }
    const credited = { legs: [{ attempt: '1', leg: 'credit', status: 'succeeded', source: 'acquirer' }] };
    for (const change of [{ pay_again: 'safe' }, { ...credited, state: 'refunded', charged: 'returned', release: 'release' }]) {
      const dangerous = trusted.answer({ ...document, ...change });
      const content = JSON.stringify(pack(genuine.transaction, JSON.parse(trusted.keys), [dangerous]));
      assert.equal((await check(page, content, trusted.keys)).reason, 'body-contradicts');
      assert.equal((await command(content, trusted.keys)).reason, 'body-contradicts');
    }
    assert.equal((await check(page, JSON.stringify(genuine), '{"keys":[]}')).reason, 'keys-unreadable');
    assert.deepEqual(said, []);
    await page.context().close();
  });
}

/** Drops files on the page, as from a folder. */
async function drop(page, files) {
  await page.evaluate((given) => {
    const dataTransfer = new DataTransfer();
    for (const { name, content } of given) dataTransfer.items.add(new File([content], name, { type: 'application/json' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, files);
}

for (const place of Object.keys(PLACES)) {
  test(`dropped files are named in their fields, and what is not taken is said (${place})`, async () => {
    const { page, said } = await open(place);
    const names = () => page.evaluate(() => ['pack', 'keys'].map((id) => document.getElementById(id).files[0]?.name ?? null));
    const words = (text) => page.locator('#not-taken p', { hasText: text });
    const evidenceFile = { name: 'evidence.json', content: JSON.stringify(genuine) };
    const keysFile = { name: 'jwks.json', content: keys };
    const junk = { name: 'holiday.jpg', content: 'JFIF' };
    await drop(page, [junk]);
    await words('“holiday.jpg” was not taken: it is neither').waitFor();
    assert.match(await page.locator('#result').innerText(), /Choose both files/);
    await drop(page, [evidenceFile, junk]);
    await page.locator('#result', { hasText: 'keys of the status server is still missing' }).waitFor();
    assert.deepEqual(await names(), ['evidence.json', null]);
    await drop(page, [keysFile]);
    await page.locator('#result[data-result=genuine]').waitFor();
    assert.deepEqual(await names(), ['evidence.json', 'jwks.json']);
    assert.equal(await page.locator('#not-taken').innerText(), '');
    await drop(page, [{ ...evidenceFile, name: 'other.json' }, keysFile, { ...evidenceFile, name: 'third.json' }]);
    await words('“third.json” was not taken: one evidence file').waitFor();
    assert.deepEqual(await names(), ['other.json', 'jwks.json']);
    assert.equal(await page.locator('#result').getAttribute('data-result'), 'genuine');
    await page.setInputFiles('#pack', []);
    await page.locator('#result', { hasText: 'The evidence file is still missing' }).waitFor();
    assert.deepEqual(said, []);
    await page.context().close();
  });
}

test('the newest answer stands first', async () => {
  const { page } = await open('served');
  await check(page, JSON.stringify(genuine));
  const codes = await page.locator('.answer').evaluateAll((answers) => answers.map((answer) => answer.querySelectorAll('dd')[1].innerText));
  assert.deepEqual(codes, genuine.shown.map((shown) => shown.match_code).reverse());
  await page.context().close();
});

test('served, the page has the language that was chosen on the pages beside it, and hands its own on', async () => {
  const { page } = await open('served');
  const language = () => page.evaluate(() => document.documentElement.lang);
  await page.evaluate(() => localStorage.setItem('payment-status-locale', 'zh-CN'));
  await page.reload();
  assert.equal(await language(), 'zh-CN');
  await page.click('#languages [lang=en]');
  assert.equal(await page.evaluate(() => localStorage.getItem('payment-status-locale')), 'en');
  for (const odd of ['constructor', 'xx']) {
    await page.evaluate((value) => localStorage.setItem('payment-status-locale', value), odd);
    await page.reload();
    assert.equal(await language(), 'en');
  }
  await page.context().close();
});

test('the page speaks Chinese and English with the same keys, and axe finds nothing', async () => {
  for (const [locale, heading, colorScheme] of [['zh-CN', '真实：以下每个结果都由服务器签名', 'dark'], ['en-US', 'Genuine: the server has signed every answer below', 'light']]) {
    const { page } = await open('served', locale, { bypassCSP: true, colorScheme, viewport: { width: 320, height: 640 } });
    assert.ok((await check(page, JSON.stringify(genuine))).text.startsWith(heading));
    const findings = async () => {
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
    };
    assert.deepEqual(await findings(), []);
    assert.equal((await check(page, '{}')).reason, 'wrong-format');
    assert.deepEqual(await findings(), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    const words = await page.evaluate(() => Object.values(window.EVIDENCE_WORDS).map((texts) => Object.keys(texts).sort()));
    assert.deepEqual(words[0], words[1]);
    await page.context().close();
  }
});
