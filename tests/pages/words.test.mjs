// The pages' words: both languages have the same keys and gaps, and every key that a page names exists.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { preferredLocale } from '../../www/pages/locale.js';

const WWW = fileURLToPath(new URL('../../www/', import.meta.url));
const en = read('pages/words/en.json');
const zh = read('pages/words/zh-CN.json');

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

function read(path) {
  return JSON.parse(readFileSync(`${WWW}${path}`, 'utf8'));
}

function gaps(text) {
  return [...text.matchAll(/\{\w+\}/g)].map(String).sort();
}

function pageFiles() {
  return readdirSync(WWW, { recursive: true })
    .filter((name) => /\.(html|js)$/.test(name) && !name.startsWith('payment-status'))
    .map((name) => `${WWW}${name}`);
}
