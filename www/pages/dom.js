// Builds elements without markup strings: the pages run under Trusted Types that allow none.
// Words never appear here: `say` names a key of pages/words/*.json and locale.js puts the text in.

import { localize } from './locale.js';

const SVG = 'http://www.w3.org/2000/svg';

/**
 * One element. `say`, `sayLabel`, `sayPlaceholder` name words (text, aria-label, placeholder), `vars`
 * fills their {gaps}, `on` holds listeners; `true` is an empty attribute, `false` and `null` are left out.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  const { say, sayLabel, sayPlaceholder, vars, on = {}, ...rest } = attributes;
  if (say) element.dataset.say = say;
  if (sayLabel) element.dataset.sayLabel = sayLabel;
  if (sayPlaceholder) element.dataset.sayPlaceholder = sayPlaceholder;
  if (vars) element.dataset.vars = JSON.stringify(vars);
  for (const [name, value] of Object.entries(rest)) {
    if (value === false || value == null) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [type, listener] of Object.entries(on)) element.addEventListener(type, listener);
  element.append(...children.filter((child) => child != null && child !== false));
  localize(element);
  return element;
}

/** Gives an element other words; `vars` fills their {gaps}. */
export function sayOn(element, key, vars) {
  element.dataset.say = key;
  if (vars) element.dataset.vars = JSON.stringify(vars);
  localize(element);
}

/** Takes an element's words away, so that a later change of language does not bring them back. */
export function clear(element) {
  delete element.dataset.say;
  element.textContent = '';
}

/** A 24-unit line icon that takes the colour of its text; decoration only, words stand beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICON_PATHS[name]);
  svg.append(path);
  return svg;
}

const ICON_PATHS = {
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M9 6l6 6-6 6',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  equal: 'M6 9.5h12M6 14.5h12',
  loaf: 'M4 11c0-3 2.5-5 8-5s8 2 8 5c0 1.400-.7 2-1.500 2.400V18H5.500v-4.600C4.700 13 4 12.400 4 11zM9 10l1.500 2.500M13.500 10l1.500 2.500',
  next: 'M6 5l9 7-9 7zM18.500 5v14',
  play: 'M7 5l11 7-11 7z',
  question: 'M9 9.500a3 3 0 1 1 4.300 2.700c-.9.500-1.300 1-1.300 2.100M12 17.800v.1',
  restart: 'M19 12a7 7 0 1 1-2.200-5.100M19 4v4h-4',
  search: 'M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l4.500 4.500',
  wallet: 'M4 7.500h14.500a1.500 1.500 0 0 1 1.500 1.500v8.500a1.500 1.500 0 0 1-1.500 1.500H5.500A1.500 1.500 0 0 1 4 17.500zM4 7.500L15.500 4.500v3M16 13.200v.1',
  warning: 'M12 4.500l8.500 15h-17zM12 10v4.500M12 17v.1',
};
