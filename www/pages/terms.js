// Shows a protocol value in words; one that has none is shown as it came.

import { h } from './dom.js';
import { hasWord, say } from './locale.js';

export function term(kind, value) {
  return hasWord(`${kind}.${value}`) ? h('span', { say: `${kind}.${value}` }) : h('code', {}, String(value));
}

/** The same as plain text. */
export function termText(kind, value) {
  return hasWord(`${kind}.${value}`) ? say(`${kind}.${value}`) : String(value);
}

export function time(at, style = 'second') {
  return h('time', { datetime: at, 'data-time': at, 'data-time-style': style });
}

export function money({ minor, currency }) {
  return h('span', { class: 'amount', 'data-money': `${minor} ${currency}` });
}

/** `unionpay de39 98`: verbatim, it is what the other side's support will ask for. */
export function rawCode(code) {
  return h('code', { class: 'raw' }, rawCodeText(code));
}

export function rawCodeText({ scheme, family, value }) {
  return [scheme, family, value].filter(Boolean).join(' ');
}
