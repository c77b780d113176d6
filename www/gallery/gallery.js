// The cards on the page: which are shown, how many, and the one that the address names.

import { sayOn } from '../pages/dom.js';
import { reasonCard } from './card.js';
import { fits } from './catalogue.js';

export class Gallery {
  /** What was searched for; empty shows everything. */
  query = '';
  #cards = [];
  #here = '';

  constructor({ catalogue, place, count }) {
    Object.assign(this, { catalogue, place, count });
  }

  /** Builds every card for these readers, languages and phase. */
  show({ parties, locales, phase }) {
    this.#cards = this.catalogue.codes.map((code) => (
      reasonCard({ catalogue: this.catalogue, code, parties, locales, phase })));
    this.place.dataset.texts = parties.length * locales.length;
    this.place.replaceChildren(...this.#cards.map(({ card }) => card));
    this.#markHere();
    this.search(this.query);
  }

  /** Hides every card without these words, in its code or in what it shows. */
  search(query) {
    this.query = query.trim();
    let shown = 0;
    for (const { card, texts } of this.#cards) {
      card.hidden = !fits(this.query, card.id, texts);
      shown += Number(!card.hidden);
    }
    sayOn(this.count, 'gallery.count', { shown, all: this.#cards.length });
  }

  /** Marks a reason and brings it into view, also one that the search had hidden. False if there is no such reason. */
  goTo(code) {
    this.#here = code;
    this.#markHere();
    const found = this.#cards.find(({ card }) => card.id === code);
    if (!found) return false;
    if (found.card.hidden) this.search('');
    found.card.scrollIntoView();
    return true;
  }

  // Not `:target`: the browser looks for that before the cards are there.
  #markHere() {
    for (const { card } of this.#cards) card.toggleAttribute('data-here', card.id === this.#here);
  }
}
