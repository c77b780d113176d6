// Sources that send rubbish: each gets a clear refusal, and no screen so much as blinks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { signedHeaders } from '../../www/player/signing.js';
import { launchBrowser } from './support/browser.mjs';
import { createTransaction, post, readStatus, report, reportOf } from './support/client.mjs';
import { openHost, pause } from './support/host.mjs';
import { startServer } from './support/server.mjs';

const CARD_NUMBER = '4111111111111111';
const GOOD = { leg: 'debit', outcome: 'succeeded' };

let server;
let browser;
let payment;
let host;
let shown;
before(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  payment = await createTransaction(server);
  await report(server, payment, { source: 'network', leg: 'network' });
  host = await openHost(browser, server);
  await host.addParties(payment, { parties: ['payer', 'merchant'] });
  shown = {};
  for (const party of ['payer', 'merchant']) shown[party] = await host.until(party, { version: '1', freshness: 'live' });
});
after(async () => { await browser?.close(); await server?.end(); });

/** A request that is sent as it stands. */
async function raw(headers, body) {
  return fetch(`${server.origin}/v1/reports`, { method: 'POST', headers, body });
}

/** Correct headers for `body`, whatever it is. */
const headersFor = (body, fields = {}) => signedHeaders({
  source: 'wallet', secret: server.secrets.wallet, id: `msg_${Math.random()}`.replace('.', ''), body,
  timestamp: Math.floor(Date.now() / 1000), ...fields });

async function signed(body, fields) {
  return raw(await headersFor(body, fields), body);
}

const good = (fields = {}) => reportOf(payment, { ...GOOD, ...fields });
const wallet = (...reports) => post(server, 'wallet', reports);

const REFUSED = [
  ['JSON that breaks off', 400, 'json-invalid', () => signed('{"reports": [')],
  ['no JSON at all', 400, 'json-invalid', () => signed('\u0000\u0001 rubbish')],
  ['nothing', 400, 'json-invalid', () => signed('')],
  ['JSON of another shape', 422, 'report-invalid', () => signed('{"hello":"world"}')],
  ['nested brackets without end', 400, 'json-invalid', () => signed('['.repeat(60_000))],
  ['more than 64 KiB', 413, 'body-too-large', () => wallet(good({ note: 'x'.repeat(65 * 1024) }))],
  ['another media type', 415, 'media-type', async () => {
    const body = JSON.stringify({ reports: [good()] });
    return raw({ ...await headersFor(body), 'content-type': 'text/plain' }, body);
  }],
  ['no signature', 401, 'credentials-missing', () => raw({ 'content-type': 'application/json' }, JSON.stringify({ reports: [good()] }))],
  ["another source's secret", 401, 'signature-invalid', () => post(server, 'wallet', [good()], (request) => (
    { ...request, secret: server.secrets.issuer }))],
  ['a body that was changed after signing', 401, 'signature-invalid', () => post(server, 'wallet', [good()], (request) => (
    { ...request, sent: request.body.replace('succeeded', 'failed') }))],
  ['a message of ten minutes ago', 401, 'signature-expired', () => post(server, 'wallet', [good()], (request) => (
    { ...request, timestamp: request.timestamp - 600 }))],
  ['a message of the future', 401, 'signature-expired', () => post(server, 'wallet', [good()], (request) => (
    { ...request, timestamp: request.timestamp + 600 }))],
  ['a source that nobody knows', 401, 'source-unknown', async () => {
    const body = JSON.stringify({ reports: [good()] });
    return raw({ ...await headersFor(body), 'payment-status-source': 'stranger' }, body);
  }],
  ['one source in the name of another', 422, 'report-invalid', () => wallet(good({ source: 'issuer' }))],
  ['a report without its time', 422, 'report-invalid', () => wallet(good({ at: undefined }))],
  ['a time that is none', 422, 'report-invalid', () => wallet(good({ at: 'yesterday' }))],
  ['an amount as text', 422, 'report-invalid', () => wallet(good({ amount: '12800' }))],
  ['a negative amount', 422, 'report-invalid', () => wallet(good({ amount: -1 }))],
  ['a card number in a note', 422, 'card-number', () => wallet(good({ note: `paid with ${CARD_NUMBER}` }))],
  ['a good report beside a bad one', 422, 'report-invalid', () => wallet(good(), good({ leg: '' }))],
  ['a hundred and one reports', 422, 'report-invalid', () => wallet(...Array.from({ length: 101 }, () => good()))],
];

for (const [what, status, code, send] of REFUSED) {
  test(`${what}: refused as ${code}, and the screens stay`, async () => {
    const response = await send();
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.match(response.headers.get('content-type'), /^application\/problem\+json/);
    const problem = JSON.parse(text);
    assert.deepEqual([problem.code, problem.status], [code, status]);
    assert.ok(problem.title.length > 0 && problem.detail?.length > 0, text);
    assert.ok(!text.includes(CARD_NUMBER), 'a card number is never repeated');
    assert.ok(!text.includes('whsec_'), 'a secret is never repeated');
    await screensAreAsBefore();
  });
}

test('the same report again is counted once, with another body it is refused', async () => {
  const sent = good({ leg: 'review', outcome: 'pending' });
  const first = await post(server, 'risk', [sent]);
  const again = await post(server, 'risk', [sent]);
  assert.deepEqual([first.status, again.status], [200, 200]);
  assert.deepEqual(await again.json(), await first.json());
  const other = await post(server, 'risk', [{ ...sent, outcome: 'failed' }]);
  assert.equal(other.status, 409);
  assert.equal((await other.json()).code, 'report-differs');
  for (const party of ['payer', 'merchant']) shown[party] = await host.until(party, { version: '2', freshness: 'live' });
  await screensAreAsBefore();
});

test('codes, legs and outcomes that nobody knows are kept, and never read as success or failure', async () => {
  const strange = { leg: 'teleport', outcome: 'sublime', code: { scheme: 'martian', value: '∞' }, note: '<img src=x onerror=alert(1)>' };
  assert.equal((await wallet(good(strange))).status, 200);
  for (const party of ['payer', 'merchant']) {
    const card = await host.until(party, { version: '3', freshness: 'live' });
    assert.deepEqual([card.charged, card.payAgain, card.release], ['unknown', 'wait', 'wait']);
    assert.ok(!['done', 'failed'].includes(card.tone), card.tone);
  }
});

test('after all that a good report is shown on both screens, and nothing was ever told as an error', async () => {
  const { version } = await report(server, payment, { source: 'acquirer', leg: 'credit', outcome: 'succeeded' });
  const { document } = await readStatus(server, payment);
  assert.equal(document.version, version);
  assert.equal(version, 4);
  for (const party of ['payer', 'merchant']) await host.until(party, { version: '4', state: document.state, freshness: 'live' });
  assert.deepEqual(await host.errorEvents(), []);
  await host.close();
});

async function screensAreAsBefore() {
  await pause(60);
  for (const party of ['payer', 'merchant']) {
    const card = await host.card(party);
    for (const name of ['version', 'state', 'charged', 'payAgain', 'release', 'matchCode', 'headline', 'freshness', 'tone']) {
      assert.equal(card[name], shown[party][name], `${party}: ${name}`);
    }
  }
}
