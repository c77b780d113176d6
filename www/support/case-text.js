// One payment as lines of plain text, for a ticket or a message to whoever must act next.

import { formatTime, say } from '../pages/locale.js';
import { rawCodeText, termText } from '../pages/terms.js';
import { reportBehind } from './legs.js';
import { isNamed, isOverdue } from './rows.js';

/** The lines in the page's language; what there is nothing to say about has none. `serverTime` (Unix ms) may be null. */
export function caseText(detail, serverTime) {
  const { snapshot, transaction } = detail;
  const { next_actor: actor, resolve_by: deadline } = snapshot;
  return [
    line('support.order', snapshot.order_reference),
    line('support.transaction', transaction),
    line('support.state', termText('state', snapshot.state)),
    ...broken(detail),
    isNamed(actor) && line('support.next_actor', termText('actor', actor)),
    deadline && line('support.deadline', deadlineText(deadline, serverTime)),
    line('support.check_code', checkCode(detail)),
  ].filter(Boolean).join('\n');
}

/** The code that both parties see on this version, or `null` where the server names none. */
export function checkCode({ version, history }) {
  return history.find((entry) => entry.version === version)?.match_code ?? null;
}

function broken({ snapshot: { broken_leg: leg, disagreement }, reports }) {
  if (disagreement) {
    const says = ({ sources, outcome }) => line(
      sources.map((source) => termText('source', source)).join(say('mark.comma')), termText('outcome', outcome));
    return [
      say('support.disagreement') + termText('leg', disagreement.leg),
      says({ sources: disagreement.succeeded, outcome: 'succeeded' }),
      says({ sources: disagreement.failed, outcome: 'failed' }),
    ];
  }
  if (!leg) return [];
  const evidence = reportBehind(leg, reports);
  return [
    line('support.broken_leg', termText('leg', leg)),
    evidence && line('support.source', termText('source', evidence.source)),
    evidence?.report.code && line('support.code', rawCodeText(evidence.report.code)),
  ];
}

/** With its zone: who reads it may sit in another one. */
function deadlineText(deadline, serverTime) {
  const at = formatTime(deadline.at, 'deadline_abroad');
  return isOverdue(deadline, serverTime) ? say('support.deadline.over', { at }) : at;
}

function line(label, value) {
  return value && say(label) + say('mark.colon') + value;
}
