// The pages' words: both languages have the same keys and gaps, and every key that a page names exists. Of the widget's
// locales, what Node knows better than the Rust tests: the plurals of a language, and the bytes with brotli.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

import { preferredLocale } from '../../www/pages/locale.js';

const WWW = fileURLToPath(new URL('../../www/', import.meta.url));
const en = read('pages/words/en.json');
const zh = read('pages/words/zh-CN.json');
const LOCALES = `${WWW}../crates/display/locales/`;
const locales = readdirSync(LOCALES).filter((name) => name.endsWith('.json'));

test('both languages say the same things', () => {
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en)) assert.deepEqual(gaps(zh[key]), gaps(en[key]), key);
});

test('every word that a page or a module names exists', () => {
  const missing = [];
  for (const file of pageFiles()) {
    // Comments name keys as examples.
    const text = readFileSync(file, 'utf8').replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, '');
    const named = [
      ...text.matchAll(/data-say(?:-label|-placeholder|-title)?="([^"]+)"/g),
      ...text.matchAll(/\bsay(?:Label|Placeholder)?: '([^']+)'/g),
      ...text.matchAll(/\b(?:sayOn\(\w+, |say\()'([^']+)'/g),
    ];
    missing.push(...named.map(([, key]) => key).filter((key) => !(key in en)).map((key) => `${file}: ${key}`));
  }
  assert.deepEqual(missing, []);
});

test('the page that checks evidence has every word that it names, in both languages', () => {
  const source = (name) => readFileSync(`${WWW}verify/${name}`, 'utf8');
  const { en: english, 'zh-CN': chinese } = new Function(`${source('words.js')}; return EVIDENCE_WORDS;`)();
  assert.deepEqual(Object.keys(chinese), Object.keys(english));
  const named = [...readFileSync(`${WWW}verify.html`, 'utf8').matchAll(/data-say="([^"]+)"/g)].map(([, key]) => key);
  assert.ok(named.length > 3);
  assert.deepEqual(named.filter((key) => !(key in english)), []);
});

test('every scenario has a title, a story and an order that adds up', () => {
  const orders = read('pages/orders.json');
  const { scenarios } = read('../crates/protocol/fixtures/scenarios.json');
  for (const { id, transaction } of scenarios) {
    assert.ok(en[`scenario.${id}.title`] && en[`scenario.${id}.story`], id);
    const total = orders[id].reduce((sum, [, count, unit]) => sum + count * unit, 0);
    assert.equal(total, transaction.amount.minor, id);
    for (const [item] of orders[id]) assert.ok(en[`item.${item}`], item);
  }
});

test('the language is the stored choice, else the first that we speak, else English', () => {
  assert.equal(preferredLocale('en', ['zh-CN']), 'en');
  assert.equal(preferredLocale(null, ['fr-FR', 'zh-Hans-CN', 'en']), 'zh-CN');
  assert.equal(preferredLocale('xx', ['EN-gb']), 'en');
  assert.equal(preferredLocale(null, ['fr']), 'en');
});

test('a phrase with a count has the plurals that the browser will ask for', () => {
  for (const name of locales) {
    const wanted = new Intl.PluralRules(name.replace('.json', '')).resolvedOptions().pluralCategories;
    const words = { ...read(`${LOCALES}${name}`, ''), ...read(`${LOCALES}reasons/${name}`, '') };
    for (const phrase of ['timeline.reports', 'page.refreshes']) {
      const found = Object.keys(words).filter((key) => key.startsWith(`${phrase}.`));
      assert.deepEqual(found.sort(), wanted.map((category) => `${phrase}.${category}`).sort(), name);
    }
  }
});

test('a locale is small enough for a slow line', () => {
  // Best quality, as a server with precompressed files sends it.
  const bytes = (name) => brotliCompressSync(readFileSync(`${LOCALES}${name}`)).length;
  for (const name of locales) {
    const core = bytes(name);
    const whole = core + bytes(`reasons/${name}`) + bytes('reasons/steps.json');
    assert.ok(core <= 6000, `${name}: ${core} bytes before the first picture`);
    assert.ok(whole <= 20_000, `${name}: ${whole} bytes in all`);
  }
});

function read(path, folder = WWW) {
  return JSON.parse(readFileSync(`${folder}${path}`, 'utf8'));
}

function gaps(text) {
  return [...text.matchAll(/\{\w+\}/g)].map(String).sort();
}

function pageFiles() {
  return readdirSync(WWW, { recursive: true })
    // The loader has no words; the page that checks evidence has its own.
    .filter((name) => /\.(html|js)$/.test(name) && !/^(payment-status|package|verify)/.test(name))
    .map((name) => `${WWW}${name}`);
}
