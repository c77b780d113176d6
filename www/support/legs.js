// Which leg broke, at a glance: every attempt as its chain of legs, the broken one marked, and the report
// that says so with its raw code.

import { h, icon } from '../pages/dom.js';
import { rawCode, term, time } from '../pages/terms.js';

// The order in which money travels; a leg of another name comes after these.
const ORDER = ['order', 'debit', 'network', 'review', 'credit', 'confirmation', 'settlement', 'return', 'dispute'];
// Legs whose silence is itself something to see.
const EXPECTED = ['debit', 'credit', 'confirmation'];
// A status that this page has no word for is not one of them.
const UNBROKEN = ['succeeded', 'pending'];
const ICONS = { succeeded: 'check', failed: 'cross', pending: 'clock', unknown: 'question', conflict: 'warning' };

export function legChain(detail) {
  const { snapshot } = detail;
  const legs = allLegs(detail);
  const attempts = [...new Set(legs.map(({ attempt }) => attempt))];
  const brokenAttempt = attemptThatBroke(snapshot, attempts);
  return h('section', { class: 'legs', sayLabel: 'support.legs' },
    verdictLine(detail),
    ...(attempts.length ? attempts : ['1']).map((attempt) => chain({
      attempt, many: attempts.length > 1,
      legs: legs.filter((leg) => leg.attempt === attempt),
      broken: attempt === brokenAttempt ? snapshot.broken_leg : null,
    })));
}

/** What both parties see, and the payout, which the merchant alone sees. */
const allLegs = ({ snapshot, settlement = [] }) => [...snapshot.legs, ...settlement];

function verdictLine(detail) {
  const { snapshot, reports } = detail;
  if (snapshot.disagreement) return disagreementLine(snapshot.disagreement);
  if (!snapshot.broken_leg) {
    // Above a leg that failed, "nothing broke" would be a lie: a payment that was undone, a payout that was refused.
    if (!allLegs(detail).every(({ status }) => UNBROKEN.includes(status))) {
      return h('p', { class: 'legs__line' }, icon('question'), h('span', { say: 'support.not_all_succeeded' }));
    }
    // Before the end "nothing broke" would read as good news that nobody has proven.
    return snapshot.final
      ? h('p', { class: 'legs__line' }, icon('check'), h('span', { say: 'support.nothing_broke' }))
      : h('p', { class: 'legs__line' }, icon('clock'), h('span', { say: 'support.nothing_broke_yet' }));
  }
  const evidence = reportBehind(snapshot.broken_leg, reports);
  return h('p', { class: 'legs__line legs__line--broken' }, icon('cross'),
    h('span', {}, h('strong', {}, h('span', { say: 'support.broke' }), term('leg', snapshot.broken_leg)),
      ...(evidence ? [' · ', term('source', evidence.source), ' ', term('outcome', evidence.report.outcome),
        ' ', evidence.report.code && rawCode(evidence.report.code), ' · ', time(evidence.report.at)].filter(Boolean) : [])));
}

function disagreementLine({ leg, succeeded, failed, owner }) {
  const names = (sources) => sources.flatMap((source, index) => (
    [...(index ? [h('span', { say: 'mark.comma' })] : []), term('source', source)]));
  const colon = () => h('span', { say: 'mark.colon' });
  return h('p', { class: 'legs__line legs__line--broken' }, icon('warning'),
    h('span', {}, h('strong', {}, h('span', { say: 'support.disagreement' }), term('leg', leg)), ' · ',
      ...names(succeeded), colon(), term('outcome', 'succeeded'), ' · ',
      ...names(failed), colon(), term('outcome', 'failed'), ' · ',
      h('span', { say: 'support.next' }), term('actor', owner)));
}

function chain({ attempt, many, legs, broken }) {
  const byName = new Map(legs.map((leg) => [leg.leg, leg]));
  const names = [...new Set([...ORDER.filter((name) => byName.has(name) || EXPECTED.includes(name) || name === broken),
    ...byName.keys()])];
  return h('div', { class: 'chain' },
    many && h('h3', { class: 'chain__attempt', say: 'report.attempt', vars: { attempt } }),
    h('ol', { class: 'chain__legs' }, ...names.map((name) => link(name, byName.get(name), name === broken))));
}

function link(name, leg, broken) {
  const status = leg?.status ?? 'absent';
  return h('li', { class: 'leg', 'data-leg': name, 'data-status': status, 'data-broken': broken },
    h('span', { class: 'leg__mark' }, ICONS[status] && icon(ICONS[status])),
    h('strong', {}, term('leg', name)),
    h('span', { class: 'leg__status' }, term('outcome', status)),
    leg?.source && h('span', { class: 'leg__source' }, term('source', leg.source)));
}

function attemptThatBroke({ broken_leg: name, legs }, attempts) {
  const bad = legs.find(({ leg, status }) => leg === name && status !== 'succeeded');
  return bad?.attempt ?? attempts[0] ?? '1';
}

// The newest report about that leg which did not succeed; one that counts comes before a claim.
export function reportBehind(leg, reports) {
  const bad = reports.filter(({ report }) => report.leg === leg && report.outcome !== 'succeeded');
  const counting = bad.filter(({ standing }) => standing !== 'claim');
  return (counting.length ? counting : bad).at(-1) ?? null;
}
