// The states as the desk groups them. Colour says how urgent a person is needed, nothing else:
// `act` somebody must move, `wait` it moves by itself, `done` proven and closed, `none` no money moved.

const TONES = {
  awaiting_payment: 'wait',
  processing: 'wait',
  checking: 'act',
  paid: 'done',
  paid_not_confirmed: 'act',
  debited_not_credited: 'act',
  declined: 'none',
  cancelled: 'none',
  expired: 'none',
  reversing: 'wait',
  reversed: 'done',
  refunding: 'wait',
  refunded: 'done',
  partially_refunded: 'done',
  amount_mismatch: 'act',
  duplicate: 'act',
  under_review: 'act',
  disputed: 'act',
};

export const STATES = Object.keys(TONES);

/** A state that we have no word for is looked at by a person. */
export function toneOf(state) {
  return TONES[state] ?? 'act';
}
