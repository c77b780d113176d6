// The shop's backend and the sources, over HTTP from Node: create, report, read, and check by own means.

import { createHash, randomUUID } from 'node:crypto';

import { signedHeaders } from '../../../www/player/signing.js';

/** A new transaction of `server`: `{id, src, tokens}`. */
export async function createTransaction(server, order = {}) {
  const response = await fetch(`${server.origin}/v1/transactions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.merchantKey}` },
    body: JSON.stringify({
      order_reference: 'A-1042', amount: { minor: 12800, currency: 'CNY' }, merchant_name: 'Corner Bakery', ...order,
    }),
  });
  if (response.status !== 201) throw new Error(`create: ${response.status} ${await response.text()}`);
  const { transaction, status_url: src, tokens } = await response.json();
  return { id: transaction, src, tokens };
}

/** A report about `payment`; `fields` overrides. Its id is new unless given. */
export function reportOf(payment, fields) {
  return { id: randomUUID(), at: new Date().toISOString(), outcome: 'pending', ...fields, transaction: payment.id };
}

/** Sends reports of one source as one signed message; answers the response as it is. `change` spoils the request. */
export async function post(server, source, reports, change = (request) => request) {
  const body = JSON.stringify({ reports });
  const { timestamp, ...request } = change({
    body, secret: server.secrets[source], id: `msg_${randomUUID()}`, timestamp: Math.floor(Date.now() / 1000),
  });
  const headers = await signedHeaders({ source, timestamp, ...request });
  return fetch(`${server.origin}/v1/reports`, { method: 'POST', headers, body: request.sent ?? request.body });
}

/** Sends one report and answers its acknowledgement `{id, transaction, version}`. */
export async function report(server, payment, { source, ...fields }) {
  const response = await post(server, source, [reportOf(payment, fields)]);
  if (!response.ok) throw new Error(`report: ${response.status} ${await response.text()}`);
  return (await response.json()).accepted[0];
}

/** The status document as bytes, with its headers, as any reader gets it. */
export async function readStatus(server, payment, party = 'payer') {
  const response = await fetch(`${server.origin}${payment.src}`, {
    headers: { authorization: `Bearer ${payment.tokens[party]}` } });
  if (!response.ok) throw new Error(`status: ${response.status}`);
  const body = Buffer.from(await response.arrayBuffer());
  const kept = ['etag', 'payment-status-signature', 'content-type', 'date'];
  const headers = Object.fromEntries(kept.map((name) => [name, response.headers.get(name)]));
  return { body, headers, document: JSON.parse(body) };
}

/** The first 30 bits of SHA-256(body) as six Crockford base32 characters. */
export function matchCode(body) {
  const bits = createHash('sha256').update(body).digest().readUInt32BE(0) >>> 2;
  const characters = [25, 20, 15, 10, 5, 0].map((shift) => ALPHABET[(bits >>> shift) & 31]);
  return `${characters.slice(0, 3).join('')}-${characters.slice(3).join('')}`;
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
