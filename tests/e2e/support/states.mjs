// One signed answer of the real server for each of the eighteen states.

import { readFile } from 'node:fs/promises';

import { reportToSend } from '../../../www/player/runner.js';
import { createTransaction, post, readStatus } from './client.mjs';

const FIXTURES = new URL('../../../crates/protocol/fixtures/', import.meta.url);
const AT = '2026-11-20T12:00:00+08:00';
const NO_FUNDS = { scheme: 'unionpay', family: 'de39', value: '51' };

/** Where each state first comes about: a scenario and how many of its reports, or reports of our own. */
const PLACES = {
  awaiting_payment: [],
  processing: ['phone-paid-terminal-failed', 1],
  checking: ['phone-paid-nobody-heard', 1],
  paid: ['system-busy-then-success', 3],
  paid_not_confirmed: ['phone-paid-terminal-failed', 3],
  debited_not_credited: ['phone-paid-terminal-failed', 2],
  declined: ['phone-paid-but-not-paid', 2],
  cancelled: [
    { id: 'i1', at: AT, source: 'issuer', leg: 'debit', outcome: 'failed', code: NO_FUNDS },
    { id: 'm1', at: AT, source: 'merchant_system', leg: 'order', outcome: 'failed',
      code: { scheme: 'order', family: 'order', value: 'cancelled' } }],
  expired: ['phone-paid-but-not-paid', 3],
  reversing: ['debited-then-auto-reversed', 4],
  reversed: ['debited-then-auto-reversed', 5],
  refunding: ['refund-in-two-parts', 4],
  refunded: ['refund-in-two-parts', 5],
  partially_refunded: ['refund-in-two-parts', 3],
  amount_mismatch: ['short-paid', 2],
  duplicate: ['paid-twice', 5],
  under_review: ['risk-hold', 2],
  disputed: [
    { id: 'w1', at: AT, source: 'wallet', leg: 'debit', outcome: 'succeeded' },
    { id: 'a1', at: AT, source: 'acquirer', leg: 'credit', outcome: 'succeeded' },
    { id: 'i1', at: AT, source: 'issuer', leg: 'dispute', outcome: 'pending' }],
};

export const STATES = Object.keys(PLACES);

/** `{state, payment, answer: {body, headers}}` of every one of `states`, made on `server`. */
export async function everyState(server, states = STATES) {
  const scenarios = await readScenarios();
  const made = [];
  for (const state of states) {
    const { reports, transaction } = placeOf(state, scenarios);
    const payment = await createTransaction(server, {
      ...transaction, payout_account: 'Bank •••• 9023', payer_account: 'Wallet •••• 4417' });
    for (const index of reports.keys()) {
      const sent = reportToSend(reports, index, payment.id, Date.now());
      const response = await post(server, sent.source, [sent]);
      if (!response.ok) throw new Error(`${state}: ${response.status} ${await response.text()}`);
    }
    const answer = await readStatus(server, payment);
    if (answer.document.state !== state) throw new Error(`expected ${state}, got ${answer.document.state}`);
    made.push({ state, payment, answer: { body: answer.body, headers: answer.headers } });
  }
  return made;
}

/** For `routes` of `openHost`: each payment's answer as it is, at once, however many cards ask. A browser opens six connections. */
export function answering(made) {
  return (page) => page.route('**/v1/transactions/*/status', (route) => {
    const { answer } = made.find(({ payment }) => route.request().url().endsWith(payment.src));
    return route.fulfill({ status: 200, body: answer.body, headers: { ...answer.headers, 'retry-after': '30' } }).catch(() => {});
  });
}

async function readScenarios() {
  const files = await Promise.all(['scenarios.json', 'more-scenarios.json'].map((name) => readFile(new URL(name, FIXTURES), 'utf8')));
  return files.flatMap((text) => JSON.parse(text).scenarios);
}

function placeOf(state, scenarios) {
  const place = PLACES[state];
  if (typeof place[0] !== 'string') return { reports: place, transaction: {} };
  const [id, count] = place;
  const { reports, transaction } = scenarios.find((scenario) => scenario.id === id);
  return { reports: reports.slice(0, count), transaction: { amount: transaction.amount } };
}
