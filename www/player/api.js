// The server's HTTP interface as these pages use it. Every failure leaves here as one ApiError; who
// called decides what to show, and nobody else looks at a response.

import { signedHeaders } from './signing.js';

/**
 * What went wrong. `code` is the server's problem code (docs/protocol.md, 5), or `unreachable` when no
 * answer came, `not-json` and `not-problem` when the answer was no such document, `source-secret-missing` when
 * these pages hold no secret of the source, `insecure-context` when the browser does not sign at this address.
 */
export class ApiError extends Error {
  constructor({ code, status = 0, detail = '', errors = [] }) {
    super(detail || code);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.errors = errors;
  }

  /** Whether the very same request may succeed later. */
  get retriable() {
    return this.code === 'unreachable' || this.status === 429 || this.status >= 500;
  }
}

export async function createTransaction(merchantKey, order) {
  return request('/v1/transactions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${merchantKey}` },
    body: JSON.stringify(order),
  });
}

/** Sends one report as its source; returns the server's acknowledgement `{id, transaction, version}`. */
export async function sendReport({ source, secret, report, now }) {
  if (!secret) throw new ApiError({ code: 'source-secret-missing', detail: source });
  if (!globalThis.crypto?.subtle) throw new ApiError({ code: 'insecure-context' });
  const body = JSON.stringify({ reports: [report] });
  const headers = await signedHeaders({
    source, secret, body, id: `msg_${crypto.randomUUID()}`, timestamp: Math.floor(now / 1000),
  });
  const answer = await request('/v1/reports', { method: 'POST', headers, body });
  return answer.accepted[0];
}

/**
 * Asks for a document; resolves to `{body, serverTime}`, the latter in Unix milliseconds from `Date`.
 * `waitSeconds` asks the server to park the request until there is something new (RFC 7240).
 */
export async function getJson(path, { token, signal, waitSeconds }) {
  const headers = { authorization: `Bearer ${token}` };
  if (waitSeconds) headers.prefer = `wait=${waitSeconds}`;
  let serverTime = null;
  const onResponse = (response) => { serverTime = Date.parse(response.headers.get('date')) || null; };
  return { body: await request(path, { headers, signal, cache: 'no-store' }, onResponse), serverTime };
}

async function request(path, options, onResponse = () => {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    // Aborting is the caller's own wish, not a failure.
    if (error.name === 'AbortError') throw error;
    throw new ApiError({ code: 'unreachable', detail: error.message });
  }
  if (!response.ok) throw await problem(response);
  onResponse(response);
  try {
    return await response.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError({ code: 'not-json', status: response.status, detail: error.message });
  }
}

async function problem(response) {
  const document = await response.json().catch(() => null);
  if (!document?.code) {
    return new ApiError({ code: 'not-problem', status: response.status, detail: `${response.status} ${response.statusText}` });
  }
  return new ApiError({
    code: document.code, status: response.status, detail: document.detail ?? document.title ?? '',
    errors: document.errors ?? [],
  });
}
