// Answers that look right: whose signature, version, transaction or time is not.

import { sign } from 'node:crypto';

import { readStatus, report } from '../../e2e/support/client.mjs';
import { Forge } from '../../e2e/support/forge.mjs';
import { changed } from '../acts.mjs';
import { answerRow, later } from './answers.mjs';

const GROUP = 'Signatures, versions and transactions';
const NOTHING = { version: '', state: '', release: '', freshness: 'connecting' };
const SIGNATURE = 'payment-status-signature';
const TEN_YEARS_S = 10 * 365 * 24 * 3600;

const row = (name, act, options) => answerRow(name, act, { group: GROUP, ...options });
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'));
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

/** `answer` under a signature of `forge`; `claims` replaces what the server signed beside the body. */
function resigned(forge, answer, claims = {}, body = answer.body) {
  const header = { ...decode(answer.headers[SIGNATURE].split('.')[0]), kid: forge.kid, ...claims };
  const protectedHeader = encode(header);
  const bytes = sign(null, Buffer.concat([Buffer.from(`${protectedHeader}.`), body]), forge.privateKey);
  const headers = { ...answer.headers, [SIGNATURE]: `${protectedHeader}..${bytes.toString('base64url')}` };
  return { status: 200, headers, body };
}

const signedAs = (change) => changed((answer) => ({
  ...answer, headers: { ...answer.headers, [SIGNATURE]: change(answer.headers[SIGNATURE]) } }));

const foreign = new Forge('forge-1');

const forged = [
  row('No signature', changed(({ headers: { [SIGNATURE]: _, ...headers }, ...answer }) => ({ ...answer, headers }))),
  row('A signature with one altered letter', signedAs((value) => {
    const middle = value.length - 40;
    return value.slice(0, middle) + (value[middle] === 'A' ? 'B' : 'A') + value.slice(middle + 1);
  })),
  row('A signature of half the length', signedAs((value) => value.slice(0, -43))),
  row('alg: none, and no signature bytes', signedAs((value) => `${encode({ ...decode(value.split('.')[0]), alg: 'none' })}..`)),
  row('alg: none, over the genuine signature bytes', signedAs((value) => (
    `${encode({ ...decode(value.split('.')[0]), alg: 'none' })}..${value.split('..')[1]}`))),
  row('A key id that nobody knows', changed((answer) => resigned(foreign, answer, { kid: 'nobody' }))),
  row('A foreign key under the genuine key id', changed((answer) => (
    resigned(foreign, answer, { kid: decode(answer.headers[SIGNATURE].split('.')[0]).kid })))),
  row('One altered byte in the body', changed((answer) => ({
    ...answer, body: Buffer.from(answer.body.toString().replace('12800', '12801')) }))),
  row("Another transaction's genuine answer", async ({ send }, trial) => {
    const { body, headers } = await readStatus(trial.server, trial.other);
    send({ body, headers });
  }, { prepare: async (trial) => { const { current } = trial; trial.other = await trial.pay(); trial.current = current; } }),
  {
    name: 'An older version is replayed', phases: ['after the newer one'],
    async run(trial) {
      const old = await readStatus(trial.server, trial.payment);
      await trial.open();
      await trial.add();
      await trial.live();
      await trial.happens();
      await trial.live();
      await trial.phase(this.phases[0], {
        begin: async () => {
          const from = Date.now();
          trial.proxy.fault(['status'], ({ send }) => send(old));
          await report(trial.server, trial.payment, { source: 'network', leg: 'network' });
          await trial.learn();
          await trial.met(from, 45_000);
        },
        shows: { freshness: 'stale' }, end: () => trial.proxy.heal() });
    },
  },
];

/** Elements that trust the server's keys and the forge's; `make(answer)` is what the forge signs. */
async function trusting(trial, make, forge = new Forge()) {
  const { keys } = await (await fetch(`${trial.server.origin}/.well-known/jwks.json`)).json();
  trial.keys = JSON.stringify({ keys: [...keys, forge.jwk] });
  await trial.open();
  trial.proxy.fault(['status'], changed((answer) => make(forge, answer)));
  return trial.add({ keys: trial.keys });
}

const heard = (trial) => ({ version: String(trial.current.version), state: trial.current.state, freshness: 'live' });

const signed = [
  {
    name: 'iat ten years back, properly signed', phases: ['as the first answer'],
    async run(trial) {
      const aged = (forge, answer) => resigned(forge, answer, { iat: now() - TEN_YEARS_S });
      await trial.phase(this.phases[0], {
        begin: () => trusting(trial, aged), silent: false, shows: heard(trial),
        end: async () => { trial.proxy.heal(); await trial.happens(); } });
    },
  },
  {
    name: 'iat ten years back, properly signed, under a new version', phases: ['after the first answer'],
    async run(trial) {
      let spoil = false;
      await trusting(trial, (forge, answer) => (spoil ? resigned(forge, answer, { iat: now() - TEN_YEARS_S }) : answer));
      await trial.live();
      await trial.phase(this.phases[0], {
        begin: async () => {
          spoil = true;
          await trial.happens();
        },
        shows: { freshness: 'stale' }, end: () => trial.proxy.heal() });
    },
  },
  {
    name: 'iat ten years ahead, properly signed', phases: ['as the first answer', 'the present time after it'],
    async run(trial) {
      const ahead = (forge, answer) => resigned(forge, answer, { iat: now() + TEN_YEARS_S });
      await trial.phase(this.phases[0], {
        begin: () => trusting(trial, ahead), silent: false, shows: heard(trial), recovers: false });
      await trial.phase(this.phases[1], {
        // Older by its own signature than what is held: refused, until the page is loaded again.
        begin: async () => { trial.proxy.heal(); await trial.happens(); }, shows: { freshness: 'stale' }, limit: 40_000,
        end: async () => { await trial.judge(); await trial.page.reload(); await trial.add({ keys: trial.keys }); } });
    },
  },
  {
    name: 'Duplicate JSON keys, properly signed', phases: ['as the first answer'],
    async run(trial) {
      // The last one counts, as in `JSON.parse`; the first ones would permit a second payment.
      const doubled = (forge, answer) => {
        const body = Buffer.from(answer.body.toString().replace(/^\{/, '{"state":"declined","charged":"not_charged","pay_again":"safe","release":"do_not",'));
        trial.knows(body, trial.current);
        return resigned(forge, answer, {}, body);
      };
      await trial.phase(this.phases[0], {
        begin: () => trusting(trial, doubled), silent: false, shows: heard(trial),
        end: async () => { trial.proxy.heal(); await trial.happens(); } });
    },
  },
  {
    name: 'Byte order mark, properly signed', phases: ['as the first answer'],
    async run(trial) {
      const marked = (forge, answer) => resigned(forge, answer, {}, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), answer.body]));
      await trial.phase(this.phases[0], { begin: () => trusting(trial, marked), shows: NOTHING, end: () => trial.proxy.heal() });
    },
  },
  {
    name: 'Another body under the held version, properly signed', phases: ['after the first answer'],
    async run(trial) {
      const held = await readStatus(trial.server, trial.payment);
      let spoil = false;
      await trusting(trial, (forge, answer) => (
        spoil ? resigned(forge, held, {}, Buffer.from(held.body.toString().replace('A-1042', 'A-9999'))) : answer));
      await trial.live();
      await trial.phase(this.phases[0], {
        begin: async () => {
          const from = Date.now();
          spoil = true;
          await trial.happens();
          await trial.met(from, 45_000);
        },
        shows: { freshness: 'stale' }, end: () => { spoil = false; trial.proxy.heal(); } });
    },
  },
];

/** One element a party and point, all on one page: each address names the point at which its answers end. */
function cuts(name, points) {
  return {
    name, story: 'charged', phases: ['before the first answer', 'after it'],
    async run(trial) {
      const { body } = await readStatus(trial.server, trial.payment);
      const at = points(body);
      trial.suffixes = at.map((point) => `-${point}`);
      const act = changed((answer, url) => ({ ...answer, body: answer.body.subarray(0, Number(/cut=(\d+)/.exec(url)[1])) }));
      await trial.open();
      trial.proxy.fault(['status'], act);
      await trial.phase(this.phases[0], {
        begin: async () => {
          const from = Date.now();
          for (const point of at) await trial.add({ suffix: `-${point}`, src: `${trial.payment.src}?cut=${point}` });
          await trial.met(from);
        },
        shows: NOTHING, limit: 30_000, end: () => trial.proxy.heal(), within: 30_000 });
      await later(trial, this.phases[1], ['status'], act, 30_000, 45_000);
      this.note = `${at.length} points`;
    },
  };
}

const everySixtyFour = (body) => Array.from({ length: Math.ceil(body.length / 64) }, (_, index) => index * 64);

/** After brackets and commas, and inside the last name and value; forty at most, spread over the body. */
function structural(body) {
  const all = [...body].flatMap((byte, index) => ('{}[],:'.includes(String.fromCharCode(byte)) ? [index + 1] : [])).filter((at) => at < body.length);
  const step = Math.ceil(all.length / 40);
  return [...new Set([...all.filter((_, index) => index % step === 0), 1, body.length - 2, body.length - 1])];
}

const truncated = [
  cuts('Truncated every 64 bytes', everySixtyFour),
  cuts('Truncated at brackets, commas and colons', structural),
];

// Their answers are never parked, and after a final one the next question would come after half a minute.
const unparked = signed.map((entry) => ({ ...entry, story: 'charged' }));

export default [...truncated, ...forged, ...unparked].map((entry) => ({ group: GROUP, ...entry }));
