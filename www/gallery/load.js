// Fetches the words beside the page. What cannot be read is named by its file: a page with half of the words would
// look as if the other half did not exist.

import { Catalogue, LOCALES } from './catalogue.js';

export async function loadCatalogue() {
  const [steps, ...texts] = await Promise.all(['steps', ...LOCALES].map(loadTable));
  return new Catalogue({ steps, texts: Object.fromEntries(LOCALES.map((locale, index) => [locale, texts[index]])) });
}

async function loadTable(name) {
  const file = `locales/reasons/${name}.json`;
  try {
    const response = await fetch(file);
    if (!response.ok) throw new Error(`expected 200, got ${response.status}`);
    const table = await response.json();
    if (table === null || typeof table !== 'object' || Array.isArray(table)) throw new Error('expected an object');
    return table;
  } catch (error) {
    throw new UnreadableFile(file, error.message);
  }
}

export class UnreadableFile extends Error {
  constructor(file, detail) {
    super(`${file}: ${detail}`);
    Object.assign(this, { file, detail });
  }
}
