// Creates transactions as the merchant and reports as their sources, with the signatures that the server asks for.

import { randomUUID } from 'node:crypto';

import { signedHeaders } from '../../../www/player/signing.js';

/** A new transaction: the server's answer, with an absolute address of its status. */
export async function createPayment({ origin, merchantKey }) {
  const payment = await post(`${origin}/v1/transactions`, {
    'content-type': 'application/json',
    authorization: `Bearer ${merchantKey}`,
  }, JSON.stringify({
    order_reference: `B-${randomUUID().slice(0, 8)}`,
    amount: { minor: 12800, currency: 'CNY' },
    merchant_name: 'Corner Bakery',
    payer_account: 'Wallet •••• 4417',
    payout_account: 'Bank •••• 9023',
  }));
  return { ...payment, src: new URL(payment.status_url, origin).href };
}

/** One signed report; resolves to the acknowledgement `{id, transaction, version}`. */
export async function report({ origin, secrets }, payment, { source, ...facts }) {
  const body = JSON.stringify({ reports: [{
    transaction: payment.transaction, id: randomUUID(), at: new Date().toISOString(), ...facts,
  }] });
  const headers = await signedHeaders({
    source, secret: secrets[source], body, id: `msg_${randomUUID()}`, timestamp: Math.floor(Date.now() / 1000),
  });
  return (await post(`${origin}/v1/reports`, headers, body)).accepted[0];
}

async function post(url, headers, body) {
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
