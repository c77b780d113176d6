// The gallery on the real server, under its strict policy: every reason for every reader, in both languages and all
// phases; the search, the links, the keyboard, and what is said when the words are missing.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { NETWORK_NOISE, openHost, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const AXE = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const PARTIES = ['payer', 'merchant', 'support'];
const LOCALES = ['en', 'zh-CN'];
const PHASES = ['open', 'safe', 'done'];

let server;
let browser;
let words;
let reasons;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  words = Object.fromEntries(await Promise.all(LOCALES.map(async (locale) => [locale, await table(locale)])));
  const codes = Object.keys(words.en).filter((key) => key.startsWith('reason.')).map((key) => key.split('.')[1]);
  reasons = [...new Set(codes)];
});
after(async () => { await browser?.close(); await server?.end(); });

async function table(name) {
  return JSON.parse(await readFile(join(server.site, `locales/reasons/${name}.json`), 'utf8'));
}

async function gallery({ hash = '', context, routes } = {}) {
  const host = await openHost(browser, server, { path: `/gallery.html${hash}`, context, routes, init: collectViolations });
  await host.page.waitForSelector('body:not([hidden])');
  return host;
}

const choose = (page, name, value) => page.click(`#choice-${name} button[value="${value}"]`);
const shown = (page) => page.locator('.reason:not([hidden])').count();

test('every reason has a sentence and one to three steps for each reader, in both languages and all phases', async () => {
  assert.ok(reasons.length > 90, `${reasons.length} reasons`);
  const host = await gallery();
  const { page } = host;
  await choose(page, 'locale', 'both');
  let seen = 0;
  for (const phase of PHASES) {
    await choose(page, 'phase', phase);
    for (const { code, party, locale, lang, sentence, steps } of await saidOn(page)) {
      const where = `${code} ${party} ${locale} ${phase}`;
      const texts = Object.values(words[locale]);
      assert.equal(lang, locale, where);
      assert.ok(texts.includes(sentence), `${where}: ${sentence}`);
      assert.ok(steps.length >= 1 && steps.length <= 3, `${where}: ${steps.length} steps`);
      for (const step of steps) assert.ok(texts.includes(step), `${where}: ${step}`);
      seen += 1;
    }
  }
  assert.equal(seen, reasons.length * PARTIES.length * LOCALES.length * PHASES.length);
  // One reader in one language is shown alone.
  await choose(page, 'party', 'merchant');
  await choose(page, 'locale', 'zh-CN');
  const alone = await saidOn(page);
  assert.equal(alone.length, reasons.length);
  assert.ok(alone.every(({ party, locale }) => party === 'merchant' && locale === 'zh-CN'));
  await host.close();
});

/** Every text block that can be seen, by its place. */
function saidOn(page) {
  return page.evaluate(() => [...document.querySelectorAll('.reason:not([hidden]) .said')].map((said) => {
    const sentence = said.querySelector('.said__sentence');
    return {
      code: said.closest('.reason').id, party: said.closest('.reader').dataset.party, locale: said.dataset.locale,
      lang: sentence.lang, sentence: sentence.textContent, steps: [...said.querySelectorAll('li')].map((step) => step.textContent),
    };
  }));
}

test('a search narrows by code and by words, and says how many are left', async () => {
  const host = await gallery();
  const { page } = host;
  assert.equal(await shown(page), reasons.length);
  assert.equal(await page.innerText('#count'), `${reasons.length} of ${reasons.length} reasons`);
  await page.fill('#search', 'issuer_timeout');
  assert.equal(await shown(page), 1);
  assert.equal(await page.innerText('#count'), `1 of ${reasons.length} reasons`);
  // The language of the page is another matter than that of the words.
  await page.click('[data-slot="language"] button[lang="zh-CN"]');
  await until(async () => (await page.innerText('#count')) === `1 / ${reasons.length} 个原因`);
  await page.fill('#search', 'bank did not answer');
  const byWords = await shown(page);
  assert.ok(byWords >= 1 && byWords < reasons.length, `${byWords}`);
  await page.fill('#search', 'no such words');
  assert.equal(await shown(page), 0);
  await host.close();
});

test('a link opens at its reason, also at one that the search has hidden', async () => {
  const host = await gallery({ hash: '#issuer_timeout' });
  const { page } = host;
  const inView = (code) => page.evaluate((id) => {
    const box = document.getElementById(id).getBoundingClientRect();
    const controls = document.getElementById('controls').getBoundingClientRect();
    const covered = getComputedStyle(document.getElementById('controls')).position === 'sticky' ? controls.bottom : 0;
    return box.height > 0 && box.top >= covered && box.top < innerHeight;
  }, code);
  await until(() => inView('issuer_timeout'));
  assert.equal(await page.locator('[data-here]').getAttribute('id'), 'issuer_timeout');
  await page.fill('#search', 'wrong_pin');
  await page.evaluate(() => { location.hash = '#provider_timeout'; });
  await until(() => inView('provider_timeout'));
  assert.equal(await page.inputValue('#search'), '');
  await host.close();
});

test('the choices work by keyboard', async () => {
  const host = await gallery();
  const { page } = host;
  await page.focus('#search');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.getAttribute('#choice-party button[value="payer"]', 'aria-pressed'), 'true');
  assert.equal(await page.getAttribute('#choice-party button[value="all"]', 'aria-pressed'), 'false');
  assert.equal(await page.locator('.reader:not([data-party="payer"])').count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.value), 'payer', 'the focus was lost');
  await host.close();
});

for (const [what, answer] of [
  ['is not there', { status: 404, body: '{}' }],
  ['is not JSON', { status: 200, body: '{"steps' }],
  ['is no table', { status: 200, body: '[]' }],
]) {
  test(`a file that ${what} is named`, async () => {
    const host = await gallery({ routes: (page) => page.route('**/locales/reasons/zh-CN.json', (route) => route.fulfill(answer)) });
    const { page } = host;
    assert.match(await page.innerText('#notice'), /locales\/reasons\/zh-CN\.json/);
    assert.equal(await page.locator('.reason').count(), 0);
    assert.equal(await page.locator('#controls').isVisible(), false);
    await host.close([NETWORK_NOISE]);
  });
}

for (const colorScheme of ['light', 'dark']) {
  for (const locale of LOCALES) {
    test(`axe finds nothing in the gallery (${colorScheme}, ${locale})`, async () => {
      // axe comes from outside of the page, which the page's own policy rightly refuses.
      const host = await gallery({ hash: '#issuer_timeout', context: { bypassCSP: true, colorScheme, locale } });
      const { page } = host;
      // A dozen cards have everything that a hundred have.
      await page.fill('#search', 'timeout');
      await choose(page, 'locale', 'both');
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes[0].target)} ${nodes[0].failureSummary}`), []);
      // Without the policy the browser looks for an icon, which there is not.
      await host.close([NETWORK_NOISE]);
    });
  }
}

for (const locale of LOCALES) {
  test(`nothing scrolls sideways at 320 px, and what is pressed is large enough (${locale})`, async () => {
    const host = await gallery({ context: { locale, viewport: { width: 320, height: 640 } } });
    const { page } = host;
    await choose(page, 'locale', 'both');
    const { scrollWidth, clientWidth, small } = await page.evaluate(() => ({
      scrollWidth: document.scrollingElement.scrollWidth, clientWidth: document.scrollingElement.clientWidth,
      small: [...document.querySelectorAll('button, a, input')].filter((control) => control.getBoundingClientRect().height < 44)
        .map((control) => control.outerHTML),
    }));
    assert.ok(scrollWidth <= clientWidth, `${scrollWidth} > ${clientWidth}`);
    assert.deepEqual(small, []);
    await host.close();
  });
}

function collectViolations() {
  window.host = { violations: [] };
  document.addEventListener('securitypolicyviolation', (event) => {
    window.host.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
}
