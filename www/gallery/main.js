// gallery.html: every reason as each reader is told it, for whoever writes, translates or checks the words.

import { sayOn } from '../pages/dom.js';
import { currentLocale } from '../pages/locale.js';
import { startPage } from '../pages/start.js';
import { LOCALES, PARTIES, PHASES } from './catalogue.js';
import { choice } from './choices.js';
import { Gallery } from './gallery.js';
import { UnreadableFile, loadCatalogue } from './load.js';

const byId = (id) => document.getElementById(id);

startPage(['pages/base.css', 'gallery/gallery.css'], async () => {
  try {
    openGallery(await loadCatalogue());
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    byId('controls').hidden = true;
    sayOn(byId('notice'), 'gallery.unreadable', { file: error.file, detail: error.detail });
  }
});

function openGallery(catalogue) {
  const gallery = new Gallery({ catalogue, place: byId('gallery'), count: byId('count') });
  const chosen = { party: 'all', locale: currentLocale(), phase: 'open' };
  const show = () => gallery.show({
    parties: chosen.party === 'all' ? PARTIES : [chosen.party],
    locales: chosen.locale === 'both' ? LOCALES : [chosen.locale],
    phase: chosen.phase,
  });
  const onChoose = (name) => (value) => {
    chosen[name] = value;
    show();
  };
  byId('choices').append(...Object.entries(OPTIONS).map(([name, options]) => (
    choice({ name, options, value: chosen[name], onChoose: onChoose(name) }))));
  byId('search').addEventListener('input', () => gallery.search(byId('search').value));
  byId('controls').addEventListener('submit', (event) => event.preventDefault());
  const follow = () => {
    if (gallery.goTo(location.hash.slice(1))) byId('search').value = gallery.query;
  };
  addEventListener('hashchange', follow);
  show();
  // The page is shown only after this; before that nothing can be scrolled to.
  requestAnimationFrame(follow);
}

const OPTIONS = {
  party: ['all', ...PARTIES],
  locale: [...LOCALES, 'both'],
  phase: PHASES,
};
