// The evidence of one transaction: every report as it came, and every version with its match code.

import { h } from '../pages/dom.js';
import { rawCode, term, time } from '../pages/terms.js';

export function reportList(reports) {
  return h('section', { class: 'evidence' },
    h('h3', { class: 'evidence__title' }, h('span', { say: 'support.reports' }), ` ${reports.length}`),
    reports.length === 0 && h('p', { class: 'evidence__none', say: 'support.reports.none' }),
    h('ol', {}, ...reports.map(reportEntry)));
}

export function versionList(history) {
  return h('section', { class: 'evidence' },
    h('h3', { class: 'evidence__title', say: 'support.history' }),
    h('ol', {}, ...history.toReversed().map(({ version, state, at, match_code: matchCode }) =>
      h('li', { class: 'version' },
        h('span', { class: 'version__number' }, `v${version}`),
        term('state', state),
        h('code', { class: 'version__code' }, matchCode),
        time(at)))));
}

// The source stands beside the report: a sender may name it in the header alone.
function reportEntry({ received_at: receivedAt, version, source, reason, standing, report }) {
  return h('li', { class: 'entry', 'data-standing': standing, 'data-outcome': report.outcome },
    h('p', { class: 'entry__what' },
      h('strong', {}, term('source', source)), ' ', term('leg', report.leg), ' ',
      h('span', { class: 'entry__outcome' }, term('outcome', report.outcome)),
      report.attempt && report.attempt !== '1' && h('span', { class: 'tag', say: 'report.attempt', vars: { attempt: report.attempt } }),
      h('span', { class: 'tag' }, term('standing', standing))),
    h('p', { class: 'entry__facts' },
      time(report.at), report.code && rawCode(report.code),
      reason && h('span', { class: 'entry__reason' }, reason), h('span', {}, `v${version}`)),
    h('details', { class: 'entry__raw' },
      h('summary', {}, h('span', { say: 'support.raw' }), ' · ', h('span', { say: 'support.received' }), ' ', time(receivedAt)),
      h('pre', { tabindex: '0' }, JSON.stringify(report, null, 2))));
}
