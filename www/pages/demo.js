// What stands in for a shop's own backend in these pages: the generated demo.json with the keys, the
// scenarios, and the transaction that the pages of one tab show. None of this is in the server.

import { createTransaction, sendReport } from '../player/api.js';
import { Runner } from '../player/runner.js';
import { say } from './locale.js';

/** The case this project exists for; it is what the pages play when nobody chose another. */
export const DEFAULT_SCENARIO = 'phone-paid-terminal-failed';

/** demo.json `{merchant_key, support_key, sources}`, or `null` when the pages are served without it. */
export async function loadDemo() {
  const response = await fetch('demo.json', { cache: 'no-store' });
  return response.ok ? response.json() : null;
}

export async function loadScenarios() {
  const [scenarios, orders] = await Promise.all(['scenarios.json', 'pages/orders.json'].map(fetchJson));
  return scenarios.scenarios.map((scenario) => ({ ...scenario, lines: orders[scenario.id] ?? null }));
}

/** Opens a new payment of a scenario's order and makes it the one that this tab's pages show. */
export async function openPayment(demo, scenario) {
  const order = {
    order_reference: `A-${1000 + Math.floor(Math.random() * 9000)}`,
    amount: scenario.transaction.amount,
    merchant_name: say('shop.name'),
    payer_account: say('wallet.account'),
    payout_account: say('shop.account'),
  };
  const created = await createTransaction(demo.merchant_key, order);
  const payment = {
    transaction: created.transaction,
    src: created.status_url,
    tokens: { payer: created.tokens.payer, merchant: created.tokens.merchant },
    scenario: scenario.id,
    lines: scenario.lines,
    amount: order.amount,
    reference: order.order_reference,
    openedAt: new Date().toISOString(),
  };
  storePayment(payment);
  return payment;
}

/** Plays a scenario on a payment, each report signed as its own source. */
export function runnerFor({ demo, scenario, payment, onChange }) {
  const send = (report) => sendReport({
    source: report.source, secret: demo.sources[report.source], report, now: Date.now() });
  return new Runner({ scenario, transaction: payment.transaction, send, onChange });
}

/** The payment this tab last opened, so that the full pages show what the player was showing. */
export function storedPayment() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(PAYMENT));
    // Half a payment, left there by whatever page, is none.
    return stored.src && stored.tokens.payer && stored.tokens.merchant && stored.amount.currency ? stored : null;
  } catch {
    return null;
  }
}

/** Keeps with the payment that its goods are gone: a till that was loaded again must not give them out twice. */
export function keepHandedOver(payment) {
  payment.handedOver = true;
  // Another payment may be this tab's by now; it has not been handed over.
  if (storedPayment()?.transaction === payment.transaction) storePayment(payment);
}

function storePayment(payment) {
  try {
    sessionStorage.setItem(PAYMENT, JSON.stringify(payment));
  } catch {
    // Without storage each page opens its own payment.
  }
}

async function fetchJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: expected 200, got ${response.status}`);
  return response.json();
}

const PAYMENT = 'payment-status-payment';
