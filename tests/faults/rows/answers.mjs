// What the status address may answer instead of a status.

import { until } from '../../e2e/support/host.mjs';
import { answers, changed, cutsAt, floods, headed } from '../acts.mjs';

const GROUP = 'Answers of the status address';
const NOTHING = { version: '', state: '', release: '', freshness: 'connecting' };

/** A row whose fault begins before the first answer, and again after it, while the payment goes on. */
export function answerRow(name, act, { kinds = ['status'], within, group = GROUP, first = true, prepare, story } = {}) {
  return {
    name, group, story, phases: first ? ['before the first answer', 'after it'] : ['after the first answer'],
    async run(trial) {
      await prepare?.(trial);
      const spoil = typeof act === 'function' && act.length === 0 ? act.call(trial, trial) : (exchange) => act(exchange, trial);
      await trial.open();
      if (first) {
        trial.proxy.fault(kinds, spoil);
        await trial.phase(this.phases[0], {
          begin: async () => { const from = Date.now(); await trial.add(); await trial.met(from); },
          shows: NOTHING, end: () => trial.proxy.heal(), within });
      } else {
        await trial.add();
        await trial.live();
      }
      await later(trial, this.phases.at(-1), kinds, spoil, within);
    },
  };
}

/** The fault begins while the three hold an answer; the payment goes on behind it. */
export async function later(trial, phase, kinds, spoil, within, limit) {
  // After a final answer that followed a failure the next question comes after half a minute: no row waits for that.
  if (trial.current.final && trial.asks().some(({ faulted }) => faulted)) await trial.reopen();
  return trial.phase(phase, {
    begin: async () => {
      const from = Date.now();
      trial.proxy.fault(kinds, spoil);
      // What is parked is answered now, and meets the fault.
      await trial.happens();
      await trial.met(from);
    },
    shows: { freshness: 'stale' }, end: () => trial.proxy.heal(), within, limit });
}

const PORTAL = '<!doctype html><html><title>Welcome</title><h1>Free Wi-Fi</h1><form>Log in: <input></form></html>';
const row = (name, act, options) => answerRow(name, act, options);

const refusals = [401, 403, 404, 409, 410, 413, 500, 502, 503].map((status) => row(`HTTP ${status}`, answers(status)));

const inSeconds = (seconds) => (exchange) => answers(429, {
  'retry-after': new Date(Date.now() + seconds * 1000).toUTCString(), date: new Date().toUTCString() })(exchange);

const retryAfter = [
  row('HTTP 429, Retry-After: 2 (seconds)', answers(429, { 'retry-after': '2' })),
  row('HTTP 429, Retry-After: an HTTP date 3 s ahead', inSeconds(3)),
  row('HTTP 429, Retry-After: an HTTP date that has passed', inSeconds(-60)),
  row('HTTP 429, Retry-After: -5', answers(429, { 'retry-after': '-5' })),
  row('HTTP 429, Retry-After: garbage', answers(429, { 'retry-after': 'when the moon is full' })),
  {
    name: 'HTTP 429, Retry-After: 1000000000', group: GROUP, phases: ['before the first answer, five minutes of page time'],
    async run(trial) {
      await trial.open();
      await trial.page.clock.install();
      trial.proxy.fault(['status'], answers(429, { 'retry-after': '1000000000' }));
      await trial.phase(this.phases[0], {
        begin: async () => {
          const from = Date.now();
          await trial.add();
          await trial.met(from);
          // Each counts its wait from when it read the answer.
          const told = async () => new Set((await trial.host.errorEvents()).map(({ id }) => id)).size;
          await until(async () => await told() === 3, 10_000);
          const before = trial.asks().length;
          await trial.page.clock.fastForward(260_000);
          await new Promise((resolve) => setTimeout(resolve, 500));
          if (trial.asks().length > before) throw new Error('it asked although the server said to wait');
        },
        shows: NOTHING,
        // The server's word is bounded: after five minutes the page asks again.
        end: async () => { trial.proxy.heal(); await trial.page.clock.fastForward(45_000); },
        within: 15_000,
      });
    },
  },
];

const redirects = [
  row('Redirect loop', ({ request, send }) => send({ status: 302, headers: { location: request.url } })),
  {
    ...row('Redirect to another origin', (exchange, trial) => (
      exchange.send({ status: 307, headers: { location: `${trial.elsewhere.origin}${exchange.request.url}` } })),
    { prepare: async (trial) => { trial.elsewhere = await trial.startProxy(); } }),
    async after(trial) {
      const leaked = trial.elsewhere.log.filter(({ token }) => token);
      if (leaked.length) throw new Error('a token was sent to another origin');
    },
  },
];

const altered = (change) => changed((answer) => ({ ...answer, body: change(answer.body) }));
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

const bodies = [
  row('Captive portal: HTML with 200', answers(200, { 'content-type': 'text/html' }, PORTAL)),
  {
    name: 'Another content type over the genuine answer', group: GROUP, story: 'charged', phases: ['from the start'],
    async run(trial) {
      await trial.open();
      trial.proxy.fault(['status'], headed({ 'content-type': 'image/png' }));
      // The signature counts, not the label.
      await trial.phase(this.phases[0], {
        begin: () => trial.add(), silent: false, shows: { version: String(trial.current.version), freshness: 'live' },
        end: () => trial.happens() });
    },
  },
  row('304 without a question about a version', answers(304, {}, '')),
  row('Empty body with 200', answers(200, {}, '')),
  row('Garbage bytes under the genuine headers', altered((body) => Buffer.from(body.map((byte, index) => (byte * 31 + index * 17) & 255)))),
  row('Content-Encoding: br over bytes that are none', headed({ 'content-encoding': 'br' })),
  row('Content-Encoding: gzip over bytes that are none', headed({ 'content-encoding': 'gzip' })),
  row('Byte order mark before the genuine body', altered((body) => Buffer.concat([BOM, body]))),
  row('Duplicate JSON keys in the genuine body', altered((body) => Buffer.from(body.toString().replace(/}$/, ',"state":"declined","charged":"not_charged","pay_again":"safe"}')))),
  row('Connection cut in the middle of the body', cutsAt(0.5)),
  flood('50 MB body, with Content-Length', true),
  flood('50 MB body, without Content-Length', false),
];

/** Of a body that is too large only a little is taken. */
function flood(name, withLength) {
  return {
    ...row(name, floods(50_000_000, withLength)),
    async after(trial) {
      const flooded = trial.asks().filter(({ sent }) => sent > 0);
      if (flooded.some(({ endedAt }) => endedAt === undefined)) throw new Error('a body that is too large is still awaited');
      const most = Math.max(...flooded.map(({ sent }) => sent));
      // The browser's and the system's own buffers take some megabytes while the page is busy.
      if (most > 8_000_000) throw new Error(`${most} bytes were taken of a body that is too large`);
    },
  };
}

export default [...refusals, ...retryAfter, ...redirects, ...bodies];
