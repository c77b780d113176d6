// The line between the page and the server.

import { pause, until } from '../../e2e/support/host.mjs';
import { drips, hangs, hangsMidBody, resets, resetsAfterHeaders, cutsAt } from '../acts.mjs';
import { WIRE } from '../proxy.mjs';
import { answerRow } from './answers.mjs';
import { PARTIES } from '../trial.mjs';

const GROUP = 'Network';
const NOTHING = { version: '', state: '', release: '', freshness: 'connecting' };
const HANG_MS = 30_000;

const offline = (trial) => trial.page.context().setOffline(true);
const online = (trial) => trial.page.context().setOffline(false);
/** Never answered. */
const keeps = ({ response }) => new Promise((resolve) => { response.on('close', resolve); });

/** What the page asks for of this `kind` stays on its way until the device is offline. */
async function offlineOnTheWay(trial, kind) {
  trial.proxy.fault([kind], keeps);
  await trial.add();
  await until(() => trial.proxy.log.some((request) => request.kind === kind), 8000, () => `nobody asked for ${kind}`);
  await lost(trial);
}

async function lost(trial) {
  await offline(trial);
  // The browser's switch leaves open connections alone; a device that loses its network does not.
  trial.proxy.cut();
}

/** What the browser has asked again for meanwhile by itself is asked once more. */
async function found(trial) {
  trial.proxy.heal();
  trial.proxy.cut();
  await online(trial);
}

/** What a script element of the host page does; the host page hears of a failure. */
const addLoader = (trial, attempt = 1) => trial.page.evaluate((url) => import(url).then(() => true, () => false), `/payment-status.js?${attempt}`);

const rows = [
  {
    name: '30 s of silence before the headers', phases: ['before the first answer'], run: (trial) => late(trial, hangs(HANG_MS)),
  },
  {
    name: '30 s of silence in the middle of the body', phases: ['before the first answer'],
    run: (trial) => late(trial, hangsMidBody(HANG_MS)),
  },
  {
    name: 'Silence without end', phases: ['before the first answer'],
    async run(trial) {
      await trial.open();
      trial.proxy.fault(['status'], keeps);
      await trial.phase(this.phases[0], {
        begin: async () => { await trial.add(); await trial.host.untilError('unreachable', 45_000); },
        // A question that is on its way when the fault ends is given up after 20 s.
        shows: NOTHING, end: () => trial.proxy.heal(), within: 30_000 });
    },
  },
  {
    name: 'Offline before the loader', phases: ['until the page is loaded again'],
    async run(trial) {
      await trial.open({ path: '/late.html' });
      await trial.add();
      await trial.phase(this.phases[0], {
        begin: async () => { await offline(trial); await addLoader(trial); }, shows: null,
        end: async () => { await online(trial); await addLoader(trial, 2); } });
    },
  },
  {
    name: 'Offline between loader and wasm', phases: ['before the first answer'],
    async run(trial) {
      await trial.open({ path: '/late.html' });
      trial.proxy.fault(['wasm'], keeps);
      await addLoader(trial);
      await trial.phase(this.phases[0], {
        begin: () => offlineOnTheWay(trial, 'wasm'), shows: null, settle: 2000, end: () => found(trial) });
    },
  },
  {
    name: 'Offline between wasm and status', phases: ['before the first answer'],
    async run(trial) {
      await trial.open();
      await trial.phase(this.phases[0], {
        begin: async () => {
          trial.proxy.fault(['status'], keeps);
          await trial.add();
          await trial.all(NOTHING);
          await lost(trial);
        },
        shows: NOTHING, end: () => found(trial) });
    },
  },
  {
    name: 'Offline and back', phases: ['after the first answer'],
    async run(trial) {
      await watching(trial);
      await trial.phase(this.phases[0], {
        begin: async () => { await offline(trial); await trial.happens(); }, shows: { freshness: 'offline' }, end: () => online(trial) });
    },
  },
  {
    name: 'Offline and back, ten times in five seconds', phases: ['after the first answer'],
    async run(trial) {
      await watching(trial);
      await trial.phase(this.phases[0], {
        begin: async () => {
          for (let turn = 0; turn < 10; turn += 1) {
            await offline(trial);
            await pause(250);
            await online(trial);
            await pause(250);
          }
          await offline(trial);
          await trial.happens();
        },
        // Between two turns an answer may have come: what was old may be current again.
        silent: false, shows: { freshness: 'offline' }, end: () => online(trial), within: 25_000 });
    },
  },
  {
    name: 'The name of the server is not found (DNS)', phases: ['until the address is corrected'],
    async run(trial) {
      trial.proxy.policy = (value) => value.replace("connect-src 'self'", "connect-src 'self' http://nowhere.invalid");
      await trial.open();
      await trial.phase(this.phases[0], {
        begin: () => trial.add({ src: `http://nowhere.invalid${trial.payment.src}` }), shows: NOTHING, settle: 2000,
        end: () => trial.page.evaluate((src) => {
          for (const element of document.querySelectorAll('payment-status')) element.setAttribute('src', src);
        }, trial.payment.src) });
    },
  },
  answerRow('Connection reset at once', resets, { group: GROUP, kinds: WIRE.slice(0, 3) }),
  answerRow('Connection reset after the headers', resetsAfterHeaders, { group: GROUP, kinds: ['status'] }),
  answerRow('Connection reset in the middle of the body', cutsAt(0.7), { group: GROUP, kinds: ['status'] }),
  answerRow('The keys cannot be had', resets, { group: GROUP, kinds: ['keys', 'status'], story: 'unheard' }),
  {
    name: 'The server stops and comes back', phases: ['after the first answer'],
    async run(trial) {
      await watching(trial);
      await trial.phase(this.phases[0], {
        begin: async () => { await trial.proxy.stop(); await trial.happens(); }, shows: { freshness: 'stale' }, settle: 3000,
        end: () => trial.proxy.comeBack() });
    },
  },
  {
    name: 'A line of 8 kbit/s, for the answers', phases: ['from the start'],
    async run(trial) {
      await trial.open();
      trial.proxy.fault(['status', 'own', 'keys'], drips(1000));
      await trial.phase(this.phases[0], {
        begin: () => trial.add(), shows: { version: String(trial.current.version), freshness: 'live' }, limit: 20_000, silent: false,
        end: async () => { await trial.happens(); await trial.live(20_000); trial.proxy.heal(); } });
    },
  },
  {
    name: 'A line of 8 kbit/s, for the program', phases: ['until the line is better'],
    async run(trial) {
      await trial.open({ path: '/late.html' });
      trial.proxy.fault(['wasm'], drips(1000));
      await trial.add();
      await trial.phase(this.phases[0], {
        begin: () => addLoader(trial), shows: null, settle: 8000,
        // What is on its way stays slow until the page is loaded again.
        end: async () => {
          trial.proxy.heal();
          await trial.judge();
          await trial.page.reload();
          await trial.add();
          await addLoader(trial);
        } });
    },
  },
];

/** The three hold an answer and have asked for the next one. */
async function watching(trial) {
  await trial.open();
  await trial.add();
  await trial.live();
  await until(() => trial.asks().length >= 2 * PARTIES.length, 8000, () => 'nobody asks for the next answer');
}

/** The first question waits for 35 s at most, so half a minute of silence only makes the answer late. */
async function late(trial, act) {
  await trial.open();
  trial.proxy.fault(['status'], act);
  await trial.phase('before the first answer', {
    begin: () => trial.add(), shows: NOTHING, settle: HANG_MS - 8000, within: 25_000 });
}

export default rows.map((row) => ({ group: GROUP, ...row }));
