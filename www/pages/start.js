// Starts a page: styles and words first, then the content, then it is shown.
// The policy forbids <style>, <link rel=stylesheet> and style attributes, so sheets are constructed; the
// body stays `hidden` until they are in, which is what keeps unstyled content from flashing.

import { h } from './dom.js';
import { LOCALES, currentLocale, localize, startLocale, switchLocale } from './locale.js';

/** Loads `sheets` (URLs relative to the page) and the words, then runs `build` and shows the body. */
export async function startPage(sheets, build) {
  try {
    await Promise.all([adoptSheets([...sheets, 'pages/print.css']), startLocale()]);
    localize(document.documentElement);
    for (const slot of document.querySelectorAll('[data-slot="language"]')) slot.append(languageSwitch());
    await build();
  } catch (error) {
    // Nothing on the page can be trusted to be there: plain text is the one thing that always shows.
    document.body.textContent = `${document.title}: ${error.message}`;
    throw error;
  } finally {
    document.body.hidden = false;
  }
}

function languageSwitch() {
  const buttons = LOCALES.map((locale) =>
    h('button', {
      type: 'button', class: 'segment', lang: locale, say: `language.${locale}`,
      'aria-pressed': String(locale === currentLocale()),
      on: {
        click: async () => {
          await switchLocale(locale);
          for (const button of buttons) button.setAttribute('aria-pressed', String(button.lang === locale));
        },
      },
    }));
  return h('div', { class: 'segments', role: 'group', sayLabel: 'language' }, ...buttons);
}

async function adoptSheets(urls) {
  document.adoptedStyleSheets = await Promise.all(urls.map(loadSheet));
}

async function loadSheet(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: expected 200, got ${response.status}`);
  return new CSSStyleSheet().replace(await response.text());
}
