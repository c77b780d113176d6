// One reason: its code, and what each chosen reader is told in each chosen language.

import { h } from '../pages/dom.js';

/** The card, and all its texts for the search. */
export function reasonCard({ catalogue, code, parties, locales, phase }) {
  const told = parties.map((party) => ({
    party, said: locales.map((locale) => ({ locale, ...catalogue.told({ code, party, locale, phase }) })) }));
  const card = h('article', { class: 'reason', id: code, 'data-readers': parties.length, 'aria-labelledby': `name-${code}` },
    h('h2', { class: 'reason__code', id: `name-${code}` }, h('a', { href: `#${code}` }, h('code', {}, code))),
    h('div', { class: 'reason__readers' }, ...told.map(reader)));
  const texts = told.flatMap(({ said }) => said.flatMap(({ sentence, steps }) => [sentence, ...steps]));
  return { card, texts: texts.filter((text) => text !== null) };
}

function reader({ party, said }) {
  return h('section', { class: 'reader', 'data-party': party },
    h('h3', { class: 'reader__name', say: `gallery.party.${party}` }),
    h('div', { class: 'reader__said' }, ...said.map(inOneLanguage)),
    said.some(({ general }) => general) && h('p', { class: 'reader__general', say: 'gallery.general' }));
}

function inOneLanguage({ locale, sentence, steps }) {
  return h('div', { class: 'said', 'data-locale': locale },
    words('p', 'said__sentence', sentence, locale),
    h('ol', { class: 'said__steps' }, ...steps.map((step) => words('li', 'said__step', step, locale))));
}

// A text that is missing is seen as missing, or nobody would look for it.
function words(tag, name, text, locale) {
  return text === null
    ? h(tag, { class: `${name} said__missing`, say: 'gallery.missing' })
    : h(tag, { class: name, lang: locale, dir: 'auto' }, text);
}
