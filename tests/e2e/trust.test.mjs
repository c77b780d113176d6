// What is not proven is not shown: forged, foreign, stale and contradicting answers, wrong keys and tokens.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser } from './support/browser.mjs';
import { createTransaction, readStatus, report } from './support/client.mjs';
import { Forge, tampered } from './support/forge.mjs';
import { NETWORK_NOISE, openHost, pause, until } from './support/host.mjs';
import { startServer } from './support/server.mjs';
import { Between } from './support/wire.mjs';

const WALLET_PAID = { source: 'wallet', leg: 'debit', outcome: 'succeeded' };
const ACQUIRER_PAID = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };
const NO_STATE = { state: '', charged: '', payAgain: '', release: '', moneyAt: '', version: '', matchCode: '' };

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

/** A page whose status answers can be replaced, with the payer's element if there are `attributes` for it. */
async function watched(payment, { answer = null, keys, token = payment.tokens.payer } = {}) {
  const between = Object.assign(new Between(), { answer });
  const host = await openHost(browser, server, { routes: between.install });
  await host.add('payer', { src: payment.src, party: 'payer', token, locale: 'en', keys });
  return { host, between };
}

/** Nothing was ever shown as a state, and an error with this code was told. */
async function nothingShown(host, code, kind = 'protocol') {
  const detail = await host.untilError(code);
  assert.deepEqual([detail.format, detail.kind], [1, kind]);
  assert.ok(detail.message.length > 0);
  const card = await host.until('payer', NO_STATE);
  assert.notEqual(card.freshness, 'live');
  assert.notEqual(card.tone, 'done');
  assert.deepEqual((await host.events()).filter(({ name }) => name !== 'payment-status-error'), []);
}

/** A payment on which the wallet reported the debit. */
async function charged() {
  const payment = await createTransaction(server);
  await report(server, payment, WALLET_PAID);
  return payment;
}

/** A page that shows version 1; from the next answer on the page gets `answer`. */
async function thenAnswered(payment, answer) {
  const { host, between } = await watched(payment);
  await host.until('payer', { version: '1', freshness: 'live' });
  await host.untilParked(payment);
  between.answer = answer;
  // Ends the parked request: version 2 still comes from the server itself.
  await report(server, payment, ACQUIRER_PAID);
  await host.until('payer', { version: '2', state: 'paid' });
  return { host, between };
}

/** Version 2 stays on the screen with its age; the server's own next answer is shown again. */
async function staysAndRecovers(payment, { host, between }, code) {
  const detail = await host.untilError(code);
  assert.equal(detail.kind, 'protocol');
  const card = await host.until('payer', { version: '2', state: 'paid', freshness: 'stale' });
  assert.ok(card.notice?.length > 0, 'the screen says what is wrong');
  between.answer = null;
  await report(server, payment, { source: 'settlement_bank', leg: 'settlement', outcome: 'succeeded' });
  await host.until('payer', { version: '3', state: 'paid', moneyAt: 'merchant', freshness: 'live' }, 15_000);
  await host.close();
}

/** Runs the cases side by side: each mostly waits. */
const each = (cases, check) => Promise.all(cases.map(check));

test('an answer with one altered byte is never shown', async () => {
  const payment = await charged();
  const genuine = await readStatus(server, payment);
  const alterations = [['"do_not"', '"do_nos"'], ['12800', '12801'], ['"charged":"charged"', '"charged":"unknown"']];
  await each(alterations, async ([from, to]) => {
    const { host } = await watched(payment, { answer: tampered(genuine, from, to) });
    await nothingShown(host, 'bad-signature');
    await host.close();
  });
});

test('the last proven answer stays, marked as stale, while altered ones come, and is live again after', async () => {
  const payment = await charged();
  const forged = async (route) => {
    const genuine = await readStatus(server, payment);
    return route.fulfill({ status: 200, ...tampered(genuine, '"release":"release"', '"release":"do_not"') });
  };
  await staysAndRecovers(payment, await thenAnswered(payment, forged), 'bad-signature');
});

test('an answer without a signature, or with a mangled one, is never shown', async () => {
  const payment = await charged();
  const { body, headers } = await readStatus(server, payment);
  const { 'payment-status-signature': signature, ...unsigned } = headers;
  const [protectedHeader, bytes] = signature.split('..');
  const mangled = [undefined, '', 'nonsense', `${protectedHeader}.${bytes}`, `${protectedHeader}..${bytes.slice(0, -4)}`,
    `${protectedHeader}..${'A'.repeat(bytes.length)}`];
  await each(mangled, async (value) => {
    const answer = { body, headers: value === undefined ? unsigned : { ...unsigned, 'payment-status-signature': value } };
    const { host } = await watched(payment, { answer });
    await nothingShown(host, 'bad-signature');
    await host.close();
  });
});

test('a truncated answer is never shown', async () => {
  const payment = await charged();
  const { body, headers } = await readStatus(server, payment);
  const { host } = await watched(payment, { answer: { headers, body: body.subarray(0, body.length - 20) } });
  await nothingShown(host, 'bad-signature');
  await host.close();
});

test("another transaction's genuine answer is never shown", async () => {
  const [payment, other] = [await charged(), await charged()];
  const { host } = await watched(payment, { answer: await readStatus(server, other) });
  await nothingShown(host, 'other-transaction');
  await host.close();
});

test("another transaction's genuine answer does not replace the proven one", async () => {
  const [payment, other] = [await charged(), await charged()];
  await staysAndRecovers(payment, await thenAnswered(payment, await readStatus(server, other)), 'other-transaction');
});

test('a replayed older version does not replace the newer one', async () => {
  const payment = await charged();
  const older = await readStatus(server, payment);
  await staysAndRecovers(payment, await thenAnswered(payment, older), 'went-back');
});

test('a genuine answer that contradicts itself is refused', async () => {
  const payment = await charged();
  const forge = new Forge();
  const { document } = await readStatus(server, payment);
  const contradicting = [
    { pay_again: 'safe' }, { release: 'release' }, { charged: 'not_charged' }, { charged: 'returned' },
    { state: 'paid', final: true }, { final: true },
  ];
  await each(contradicting, async (change) => {
    const { host } = await watched(payment, { answer: forge.answer({ ...document, ...change }), keys: forge.keys });
    await nothingShown(host, 'contradiction');
    await host.close();
  });
});

test('two bodies under one version are refused', async () => {
  const payment = await charged();
  const forge = new Forge();
  const { document } = await readStatus(server, payment);
  const { host, between } = await watched(payment, { answer: forge.answer(document), keys: forge.keys });
  await host.until('payer', { version: '1', state: 'processing', freshness: 'live' });
  between.answer = forge.answer({ ...document, order_reference: 'A-9999' });
  await host.untilError('contradiction');
  await host.until('payer', { version: '1', freshness: 'stale' });
  await host.close();
});

test('a signature over another version or transaction than the body says is refused', async () => {
  const payment = await charged();
  const other = await charged();
  const forge = new Forge();
  const { document } = await readStatus(server, payment);
  const wrong = [[{ ver: 2 }, 'bad-signature'], [{ txn: other.id }, 'other-transaction'],
    [{ alg: 'none' }, 'bad-signature'], [{ crit: ['b64', 'exp'] }, 'bad-signature'], [{ b64: true }, 'bad-signature']];
  await each(wrong, async ([claims, code]) => {
    const { host } = await watched(payment, { answer: forge.answer(document, claims), keys: forge.keys });
    await nothingShown(host, code);
    await host.close();
  });
});

test('pinned keys that do not match the server let nothing be shown', async () => {
  const payment = await charged();
  const { host } = await watched(payment, { keys: new Forge().keys });
  await nothingShown(host, 'bad-signature');
  await host.close();
});

test('pinned keys that are no key set are a mistake of the page, not of the server', async () => {
  const payment = await charged();
  for (const keys of ['{nonsense', '{"keys":7}']) {
    const { host } = await watched(payment, { keys });
    await nothingShown(host, 'configuration', 'configuration');
    const [{ detail }] = await host.errorEvents();
    assert.match(detail.message, /\bkeys\b/);
    await host.close();
  }
});

test("pinned keys with the server's key id and another key let nothing be shown", async () => {
  const payment = await charged();
  const { keys: [{ kid }] } = await (await fetch(`${server.origin}/.well-known/jwks.json`)).json();
  const { host } = await watched(payment, { keys: new Forge(kid).keys });
  await nothingShown(host, 'bad-signature');
  await host.close();
});

test("the server's own keys can be pinned, and nothing is fetched for them", async () => {
  const payment = await charged();
  const keys = await (await fetch(`${server.origin}/.well-known/jwks.json`)).text();
  const { host } = await watched(payment, { keys });
  await host.until('payer', { version: '1', freshness: 'live' });
  assert.deepEqual(host.requests.filter(({ url }) => url.includes('jwks')), []);
  await host.close();
});

test('screens go on through a change of the signing key', async () => {
  const payment = await charged();
  const host = await openHost(browser, server);
  await host.addParties(payment);
  await host.until('support', { version: '1', freshness: 'live' });
  const opened = Date.now();
  const kid = async () => {
    const { headers } = await readStatus(server, payment);
    return JSON.parse(Buffer.from(headers['payment-status-signature'].split('.')[0], 'base64url')).kid;
  };
  const old = await kid();
  await server.rotateKeys();
  await until(async () => await kid() !== old, 15_000, () => 'the server never signed with the new key');
  // The widget fetches the key set again at most once in ten seconds; a rotation is rarer than that.
  await pause(Math.max(0, opened + 10_500 - Date.now()));
  await report(server, payment, ACQUIRER_PAID);
  for (const party of ['payer', 'merchant', 'support']) await host.until(party, { version: '2', state: 'paid', freshness: 'live' });
  assert.deepEqual(await host.errorEvents(), []);
  await host.close();
});

test('a wrong token, or one of another transaction, shows nothing and says so', async () => {
  const [payment, other] = [await charged(), await charged()];
  const tokens = ['pst_nonsense', `pst_${'A'.repeat(43)}`, other.tokens.payer, other.tokens.support];
  await each(tokens, async (token) => {
    const { host } = await watched(payment, { token });
    await nothingShown(host, 'not-found', 'expired');
    await host.close([NETWORK_NOISE]);
  });
});

test('a server that is not ours is never believed', async () => {
  const payment = await charged();
  const json = { 'content-type': 'application/json' };
  const answers = [
    [{ body: '<!doctype html><h1>Welcome</h1>', headers: { 'content-type': 'text/html' } }, 'unreadable', 'protocol'],
    [{ body: '{"state":"paid","charged":"charged"}', headers: json }, 'bad-signature', 'protocol'],
    [{ body: '', headers: json }, 'bad-signature', 'protocol'],
    [{ status: 302, body: '', headers: { location: payment.src } }, 'unreachable', 'network'],
    [{ status: 500, body: 'oops', headers: json }, 'unreachable', 'network'],
    [{ status: 403, body: '{}', headers: json }, 'not-found', 'expired'],
    [(route) => route.abort('connectionreset'), 'unreachable', 'network'],
  ];
  await each(answers, async ([answer, code, kind]) => {
    const { host } = await watched(payment, { answer });
    await nothingShown(host, code, kind);
    await host.close([NETWORK_NOISE]);
  });
});

test('a signed answer of another shape is unreadable, not a state', async () => {
  const payment = await charged();
  const forge = new Forge();
  const shapes = [
    { transaction: payment.id, version: 1, state: 'paid' },
    { transaction: payment.id, version: 1, format: 1, state: 7 },
  ];
  await each(shapes, async (document) => {
    const { host } = await watched(payment, { answer: forge.answer(document), keys: forge.keys });
    await nothingShown(host, 'unreadable');
    await host.close();
  });
});

test('a state from the future is shown as checking: neither success nor failure', async () => {
  const payment = await charged();
  const forge = new Forge();
  const { document } = await readStatus(server, payment);
  const answer = forge.answer({ ...document, state: 'teleported', charged: 'perhaps', pay_again: 'tomorrow',
    release: 'half', money_at: 'moon', reason: 'solar_wind', next_actor: 'robot', final: false, invented: { a: [1] } });
  const host = await openHost(browser, server, { routes: Object.assign(new Between(), { answer }).install });
  await host.addParties(payment, { keys: forge.keys });
  for (const party of ['payer', 'merchant', 'support']) {
    const card = await host.until(party, { version: '1', freshness: 'live' });
    assert.ok(!['done', 'failed'].includes(card.tone), `${party}: ${card.tone}`);
    assert.equal(card.state, 'teleported');
  }
  const payer = await host.card('payer');
  assert.match(payer.headline, /checking/i);
  assert.deepEqual(await host.errorEvents(), []);
  await host.close();
});
