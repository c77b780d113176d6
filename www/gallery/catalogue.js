// The words of every reason, read from the files that the widget ships, by the rules that it reads them by.
// Pure: no page here.

export const PARTIES = ['payer', 'merchant', 'support'];
export const LOCALES = ['en', 'zh-CN'];
/** What is proven so far: nothing is safe, paying again is safe, the credit is proven. */
export const PHASES = ['open', 'safe', 'done'];

export class Catalogue {
  #texts;
  #steps;

  /** `texts` holds one flat object of texts a locale, `steps` the flat table of steps. */
  constructor({ texts, steps }) {
    this.#texts = texts;
    this.#steps = steps;
    this.codes = codesIn(texts, steps);
  }

  /** What one reader is told: `{sentence, steps, general}`. A text that is not there is `null`, never left out. */
  told({ code, party, locale, phase }) {
    const { ids, general } = this.#stepIds(code, party, phase);
    return {
      sentence: this.#text(`reason.${code}`, party, locale),
      steps: ids.map((id) => this.#text(`step.${id}`, party, locale)),
      general,
    };
  }

  /** A text of the reader's own comes first, then the one for any reader, then the only one. */
  #text(path, party, locale) {
    const texts = this.#texts[locale];
    return texts[`${path}.${party}`] ?? texts[`${path}.any`] ?? texts[path] ?? null;
  }

  /** Support does the same in every phase. A phase that the reason does not name has the general steps. */
  #stepIds(code, party, phase) {
    const path = `${party}.${party === 'support' ? 'open' : phase}`;
    const own = this.#steps[`steps.${code}.${path}`];
    const list = own ?? this.#steps[`steps.${GENERAL}.${path}`] ?? '';
    return { ids: list.split(' ').filter(Boolean), general: own === undefined };
  }
}

/** True if every word of `query` stands in the code or in one of `texts`, in any case. */
export function fits(query, code, texts) {
  const heap = [code, code.replaceAll('_', ' '), ...texts].join('\n').toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => heap.includes(word));
}

// In the order of the files, which is the catalogue's; a reason that only one of them knows is shown all the same.
function codesIn(texts, steps) {
  const codes = [];
  for (const locale of Object.values(texts)) codes.push(...secondParts(locale, 'reason.'));
  codes.push(...secondParts(steps, 'steps.'));
  return [...new Set(codes)].filter((code) => code !== GENERAL);
}

function secondParts(table, start) {
  return Object.keys(table).filter((key) => key.startsWith(start)).map((key) => key.split('.')[1]);
}

const GENERAL = '_';
