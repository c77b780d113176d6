// The gallery's reading of the words: whose text comes first, which steps hold, what a search finds; and that the
// words that ship leave nobody without a sentence and steps.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { Catalogue, LOCALES, PARTIES, PHASES, fits } from '../../www/gallery/catalogue.js';

const texts = {
  en: { 'reason.late.payer': 'own', 'reason.late.any': 'any', 'reason.lost': 'plain', 'step.wait': 'Wait.', 'step.ask.support': 'Ask.' },
  'zh-CN': { 'reason.late.payer': '自己的', 'step.wait': '等。' },
};
const steps = { 'steps._.payer.open': 'wait', 'steps._.payer.safe': 'wait wait', 'steps._.support.open': 'ask', 'steps.late.payer.open': 'wait ask' };
const catalogue = new Catalogue({ texts, steps });

test('a text of the reader comes before the one for any reader, and that before the plain one', () => {
  const sentence = (code, party, locale = 'en') => catalogue.told({ code, party, locale, phase: 'open' }).sentence;
  assert.equal(sentence('late', 'payer'), 'own');
  assert.equal(sentence('late', 'merchant'), 'any');
  assert.equal(sentence('lost', 'merchant'), 'plain');
  assert.equal(sentence('lost', 'payer', 'zh-CN'), null, 'a text that is missing is not left out');
});

test('a phase without steps of its own has the general ones; support does the same in every phase', () => {
  const told = (code, party, phase) => catalogue.told({ code, party, locale: 'en', phase });
  assert.deepEqual(told('late', 'payer', 'open').steps, ['Wait.', null]);
  assert.equal(told('late', 'payer', 'open').general, false);
  assert.deepEqual(told('late', 'payer', 'safe').steps, ['Wait.', 'Wait.']);
  assert.equal(told('late', 'payer', 'safe').general, true);
  assert.deepEqual(told('lost', 'support', 'done').steps, ['Ask.']);
});

test('a reason that one file alone knows is in the list, the general steps are not', () => {
  assert.deepEqual(catalogue.codes, ['late', 'lost']);
});

test('a search finds codes and words in any case and order', () => {
  for (const query of ['', 'ISSUER', 'time out', 'out issuer_time', 'answer', '银行']) {
    assert.ok(fits(query, 'issuer_time_out', ['No Answer.', '银行没有答复']), query);
  }
  for (const query of ['acquirer', 'issuer acquirer']) assert.ok(!fits(query, 'issuer_time_out', ['No answer.']), query);
});

test('every reason has a sentence and one to three steps, for every reader, in every language and phase', () => {
  const shipped = new Catalogue({ texts: Object.fromEntries(LOCALES.map((locale) => [locale, read(locale)])), steps: read('steps') });
  const reasons = csvCodes('../../crates/protocol/data/reasons.csv');
  assert.deepEqual([...shipped.codes].sort(), reasons.sort());
  for (const code of shipped.codes) {
    for (const party of PARTIES) {
      for (const locale of LOCALES) {
        for (const phase of PHASES) {
          const told = shipped.told({ code, party, locale, phase });
          const where = `${code} ${party} ${locale} ${phase}`;
          assert.ok(told.sentence, where);
          assert.ok(told.steps.length >= 1 && told.steps.length <= 3 && told.steps.every(Boolean), where);
        }
      }
    }
  }
});

function read(name) {
  return JSON.parse(readFileSync(new URL(`../../crates/display/locales/reasons/${name}.json`, import.meta.url), 'utf8'));
}

/** The first column; no code holds a comma or a quotation mark. */
function csvCodes(path) {
  return readFileSync(new URL(path, import.meta.url), 'utf8').trim().split('\n').slice(1).map((line) => line.split(',')[0]);
}
