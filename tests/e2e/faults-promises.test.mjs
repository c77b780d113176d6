// The judge of the fault matrix is itself judged: a good record passes, and each broken promise is named.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { violations } from '../faults/promises.mjs';

const PAID = { transaction: 'tx_1', version: 2, state: 'paid', charged: 'charged', pay_again: 'do_not', release: 'release',
  money_at: 'acquirer', final: true };
const SRC = '/v1/transactions/tx_1/status';

const nothing = { id: 'payer', src: SRC, at: 100, card: true, state: '', charged: '', payAgain: '', release: '', moneyAt: '',
  version: '', matchCode: '', freshness: 'connecting', tone: 'progress', words: 'One moment', answers: {} };
const live = { ...nothing, at: 200, state: 'paid', charged: 'charged', payAgain: 'do_not', release: 'release', moneyAt: 'acquirer',
  version: '2', matchCode: 'AAA-AAA', freshness: 'live', tone: 'done', words: 'You have paid.', answers: { release: 'Yes.' } };
const stale = { ...live, at: 1200, freshness: 'stale', answers: { release: 'As of 3 seconds ago: Yes.' } };
const final = { name: 'payment-status-final', id: 'payer', detail: { transaction: 'tx_1', version: 2, matchCode: 'AAA-AAA' } };
const ask = (at, endedAt) => ({ kind: 'status', token: 'a', url: SRC, at, endedAt });

/** What is named for a good record with `samples` and the rest of `change`. */
function named({ samples = [nothing, live, stale], errors = [], events = [final], policy = [], asks = [ask(0, 900), ask(950, undefined)],
  silences = [{ from: 1000, to: 2000, version: '2' }] } = {}) {
  const trial = { truth: new Map([['AAA-AAA', PAID]]), silences, expected: [/the row's own/], inFlight: 1, asks: () => asks };
  return violations(trial, { samples, errors, events, violations: policy });
}

test('a good record breaks no promise', () => {
  assert.deepEqual(named(), []);
  assert.deepEqual(named({ errors: ["Error: the row's own"] }), []);
});

const BROKEN = [
  ['a state that the server did not say', { samples: [{ ...live, state: 'declined' }] }, /state is not what/],
  ['a permission that the server did not give', { samples: [{ ...live, payAgain: 'safe' }] }, /payAgain is not what/],
  ['a document that the server never signed', { samples: [{ ...live, matchCode: 'BBB-BBB' }] }, /is no answer of the server/],
  ["another transaction's answer", { samples: [{ ...live, src: '/v1/transactions/tx_2/status' }] }, /transaction is not/],
  ['half a verdict without a version', { samples: [{ ...nothing, release: 'release' }] }, /without a version/],
  ['a green card without a verdict', { samples: [{ ...nothing, tone: 'done' }] }, /without a version/],
  ['a version that goes back', { samples: [{ ...live, version: '3' }, live] }, /version 2 after 3/],
  ['news out of silence', { samples: [{ ...live, at: 1500, version: '3' }] }, /came out of nothing/],
  ['old called current again', { samples: [stale, { ...live, at: 1300 }] }, /called current again/],
  ['nothing on the screen', { samples: [{ id: 'payer', src: SRC, at: 1, card: false, words: '' }] }, /blank/],
  ['an empty card', { samples: [{ ...live, words: '…' }] }, /blank/],
  ['an old permission without its age', { samples: [{ ...stale, answers: { release: 'Yes.' } }] }, /without its age/],
  ['an error that nobody caught', { errors: ['TypeError: x'] }, /not caught: TypeError/],
  ['a breach of the policy', { policy: ['script-src: eval'] }, /not caught: policy/],
  ['final told twice', { events: [final, final] }, /told again/],
  ['final told of an answer that is not', { events: [{ ...final, detail: { ...final.detail, matchCode: 'BBB-BBB' } }] }, /no final answer/],
  ['two requests at once', { asks: [ask(0, 5000), ask(1000, 2000)] }, /2 requests in flight/],
  ['a storm of requests', { asks: Array.from({ length: 30 }, (_, index) => ask(index * 10, index * 10 + 1)) }, /30 requests in one second/],
];

for (const [what, change, pattern] of BROKEN) {
  test(`${what} is named`, () => assert.match(named(change).join('\n'), pattern));
}
