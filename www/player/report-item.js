// One report in the player's list: who says what of which leg, with which raw code, and what became of it.

import { h } from '../pages/dom.js';
import { rawCode, term } from '../pages/terms.js';
import { sayProblem } from './problem.js';

/** A list item for a Runner's step; `first` is the run's first step, from which times are counted. */
export function reportItem(step, { index, first, isNext }) {
  const { report, status, version, error } = step;
  const item = h('li', {
    class: 'report', 'data-status': status, 'data-report': report.id, 'data-version': version,
    'aria-current': isNext ? 'step' : null,
  },
  h('span', { class: 'report__dot', 'aria-hidden': 'true' }, String(index + 1)),
  h('div', { class: 'report__what' },
    h('strong', {}, term('source', report.source)),
    ' ',
    term('leg', report.leg), ' ',
    h('span', { class: 'report__outcome', 'data-outcome': report.outcome }, term('outcome', report.outcome)),
    h('p', { class: 'report__detail' }, ...detail(report, first.report))),
  h('p', { class: 'report__ack' }));
  const ack = item.querySelector('.report__ack');
  if (error) {
    sayProblem(ack, error);
    ack.setAttribute('role', 'alert');
  } else {
    ack.replaceChildren(h('span', { say: `player.step.${status}`, vars: { version } }));
  }
  return item;
}


function detail({ code, at, amount, attempt, return_id: returnId }, first) {
  const seconds = Math.round((Date.parse(at) - Date.parse(first.at)) / 1000);
  return [
    h('span', {}, clockOf(seconds)),
    code && rawCode(code),
    attempt && h('span', { say: 'report.attempt', vars: { attempt } }),
    returnId && h('span', { say: 'report.return', vars: { returnId } }),
    amount != null && h('span', { say: 'report.amount', vars: { amount } }),
  ].filter(Boolean);
}

function clockOf(seconds) {
  const two = (number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `+${hours}:${two(minutes)}:${two(seconds % 60)}` : `+${minutes}:${two(seconds % 60)}`;
}
