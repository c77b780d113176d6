// One place where a failure becomes a sentence. The server's own words (English) follow ours.

import { sayOn } from '../pages/dom.js';
import { hasWord, say } from '../pages/locale.js';

/** Shows an error in `element`; a problem code without words of its own gets the general sentence. */
export function sayProblem(element, error) {
  const key = problemKey(error);
  sayOn(element, key, { code: error.code ?? error.name, detail: problemDetail(error) });
}

/** The same sentence as text. */
export function problemText(error) {
  return say(problemKey(error), { code: error.code ?? error.name, detail: problemDetail(error) });
}

function problemKey({ code }) {
  return hasWord(`problem.${code}`) ? `problem.${code}` : 'problem.other';
}

function problemDetail({ detail, message, errors = [] }) {
  const places = errors.map(({ at, expected, got }) => `${at}: ${expected} ≠ ${got}`);
  return [detail || message, ...places].join(' · ');
}
