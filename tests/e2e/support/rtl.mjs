// A language that is written from right to left: Arabic where the site has it, else English words that say they are.

import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `{locale, routes}`: for an element's `locale` and for `routes` of `openHost`. */
export async function rightToLeft(server) {
  const file = (name) => join(server.site, 'locales', name);
  if (await access(file('ar.json')).then(() => true, () => false)) return { locale: 'ar', routes: () => {} };
  const words = { ...JSON.parse(await readFile(file('en.json'), 'utf8')), direction: 'rtl' };
  const routes = (page) => page.route('**/locales/en.json', (route) => route.fulfill({ json: words }).catch(() => {}));
  return { locale: 'en', routes };
}
