// The list: one row a transaction, with what an agent needs to choose the next one.

import { h } from '../pages/dom.js';
import { money, term, time } from '../pages/terms.js';
import { toneOf } from './states.js';

/** Shows `rows` in `list`; `serverTime` (Unix ms, may be null) decides what is overdue. */
export function showRows(list, { rows, serverTime, chosen }) {
  const focused = document.activeElement?.closest('.row')?.dataset.transaction;
  list.replaceChildren(...rows.map((row) => item(row, serverTime, chosen)));
  // The row under the keyboard was rebuilt: the keyboard stays on it.
  if (focused) list.querySelector(`[data-transaction="${CSS.escape(focused)}"] a`)?.focus();
}

export function markChosen(list, chosen) {
  for (const row of list.children) mark(row.querySelector('a'), row.dataset.transaction === chosen);
}

function item(row, serverTime, chosen) {
  const link = h('a', { class: 'row__link', href: `#${row.transaction}` },
    h('span', { class: 'row__top' },
      h('strong', { class: 'row__state', 'data-tone': toneOf(row.state) }, term('state', row.state)),
      time(row.updated_at, 'minute')),
    h('span', { class: 'row__order' },
      h('span', { class: 'row__reference' }, row.order_reference), row.merchant_name && h('span', { class: 'row__shop' }, row.merchant_name), money(row.amount)),
    h('span', { class: 'row__next' },
      row.broken_leg && h('span', { class: 'tag tag--broken' }, h('span', { say: 'support.broke' }), term('leg', row.broken_leg)),
      isNamed(row.next_actor) && h('span', {}, h('span', { say: 'support.next' }), term('actor', row.next_actor)),
      row.resolve_by && due(row.resolve_by, serverTime)));
  mark(link, row.transaction === chosen);
  return h('li', { class: 'row', 'data-transaction': row.transaction, 'data-state': row.state, 'data-version': row.version }, link);
}

/** Whether a person has to move: somebody is named, or the time in which it would have moved by itself is over. */
export function mustAct({ next_actor: actor, resolve_by: deadline }, serverTime) {
  return isNamed(actor) || (deadline != null && isOverdue(deadline, serverTime));
}

export function isNamed(actor) {
  return Boolean(actor) && actor !== 'nobody';
}

export function isOverdue({ at }, serverTime) {
  return serverTime !== null && Date.parse(at) < serverTime;
}

export function due(deadline, serverTime) {
  const overdue = isOverdue(deadline, serverTime);
  return h('span', { class: overdue ? 'tag tag--late' : 'tag' },
    h('span', { say: overdue ? 'support.overdue' : 'support.due' }), ' ', time(deadline.at, overdue ? 'minute' : 'deadline'));
}

function mark(link, chosen) {
  if (chosen) link.setAttribute('aria-current', 'true');
  else link.removeAttribute('aria-current');
}
