// The await screen of @adyen/adyen-web: its bundle, and the backend that it asks. What it hears comes from the same
// transaction of the same server as what the other pages show.

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const PAGES = new URL('../peer/', import.meta.url);
const API = '/adyen-test/';
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>';

/** What the component adds when it knows how the payment ended. */
export const RESULT = '.adyen-checkout__await--result';

/** Puts its page into `folder`: one script and one sheet, minified, for the browsers of today. */
export async function addPeer(folder) {
  await cp(new URL('adyen.html', PAGES), join(folder, 'adyen.html'));
  await build({
    entryPoints: [fileURLToPath(new URL('adyen.js', PAGES))],
    outdir: folder, bundle: true, minify: true, format: 'esm', target: 'es2022', legalComments: 'none', logLevel: 'warning',
  });
}

/**
 * Answers what the component asks its own backend: `{type, body}` by path, `null` for what is not its own. A status is
 * read from `origin` at the time of asking.
 */
export async function answerPeer(origin, { path, body }) {
  if (!path.startsWith(API)) return null;
  if (path.endsWith('.svg')) return { type: 'image/svg+xml', body: PICTURE };
  if (!path.includes('/PaymentInitiation/v1/status')) return json({ checkoutAttemptId: 'bench' });
  const { src, token } = JSON.parse(atob(JSON.parse(body).paymentData));
  const answer = await fetch(new URL(new URL(src).pathname, origin), { headers: { authorization: `Bearer ${token}` } });
  const { state } = await answer.json();
  if (state !== 'paid') return json({ type: 'pending', resultCode: 'pending' });
  return json({ type: 'complete', resultCode: 'authorised', payload: 'bench' });
}

const json = (value) => ({ type: 'application/json', body: JSON.stringify(value) });
