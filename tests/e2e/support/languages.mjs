// The languages that the widget speaks, by the names of their files.

import { readdir } from 'node:fs/promises';

const files = await readdir(new URL('../../../crates/display/locales', import.meta.url));

export const LANGUAGES = files.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)).sort();
