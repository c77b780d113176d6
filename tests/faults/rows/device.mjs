// The reader's device and the host page around the element.

import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

import { pause, until } from '../../e2e/support/host.mjs';
import { PARTIES } from '../trial.mjs';

const GROUP = 'Device and host page';
const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;

async function watching(trial, options) {
  await trial.open(options);
  await trial.add();
  await trial.live();
  // The answer that is there came to the loader's question; the watch goes on from the next one.
  await until(() => trial.asks().length >= 2 * PARTIES.length, 8000, () => 'nobody asks for the next answer');
}

const current = (trial) => ({ version: String(trial.current.version), state: trial.current.state, freshness: 'live' });

/** A fault that must not be seen at all: the answer stays current, and the next one comes. */
function unseen(name, act, { options, story, inFlight = 1 } = {}) {
  return {
    name, story, phases: ['while watching'],
    async run(trial) {
      trial.inFlight = inFlight;
      await watching(trial, options?.(trial));
      await trial.phase(this.phases[0], {
        begin: () => act(trial), silent: false, shows: current(trial), end: () => trial.happens() });
    },
  };
}

/** Runs in the page first: the local clock is `window.ahead` ms wrong. */
function wrongClock(ahead) {
  const Real = Date;
  window.ahead = ahead;
  window.Date = class extends Real {
    constructor(...given) {
      super(...(given.length ? given : [Real.now() + window.ahead]));
    }

    static now() {
      return Real.now() + window.ahead;
    }
  };
}

const setWrong = (years) => ({
  name: `The clock is ten years ${years < 0 ? 'slow' : 'fast'}`, phases: ['from the start'],
  async run(trial) {
    await trial.open({ init: wrongClock, arg: Math.sign(years) * TEN_YEARS_MS });
    await trial.phase(this.phases[0], {
      begin: () => trial.add(), silent: false, shows: current(trial), end: () => trial.happens() });
  },
});

/** Ahead looks like a device that slept: the answer is shown with that age until the next one. */
const clockJumps = (years) => ({
  name: `The clock is set ten years ${years < 0 ? 'back' : 'ahead'}`, phases: ['while watching'],
  async run(trial) {
    await watching(trial, { init: wrongClock, arg: 0 });
    await trial.phase(this.phases[0], {
      begin: () => trial.page.evaluate((ms) => { window.ahead = ms; }, Math.sign(years) * TEN_YEARS_MS), settle: 2500,
      silent: false, shows: { version: String(trial.current.version) }, end: () => trial.happens() });
  },
});

/** Runs in the page first: lets a test hide it. */
function canHide() {
  let hidden = false;
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') });
  Object.defineProperty(Document.prototype, 'hidden', { get: () => hidden });
  window.setHidden = (value) => {
    hidden = value;
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
}

/** A browser that keeps pages on the way back, as people's browsers do; automation switches it off. */
const launchKeeping = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
  ignoreDefaultArgs: ['--disable-back-forward-cache'] });

/** Meanwhile the payment goes on. */
async function awayAndBack(trial) {
  await trial.page.goto(`${trial.proxy.origin}/late.html`);
  await trial.happens();
  await pause(1000);
  await trial.page.goBack({ waitUntil: 'commit' });
  await trial.page.waitForFunction(() => window.host && document.readyState === 'complete');
}

const hiding = { options: () => ({ init: canHide }) };
const hide = (trial, value) => trial.page.evaluate((given) => window.setHidden(given), value);

const rows = [
  setWrong(10),
  setWrong(-10),
  clockJumps(10),
  clockJumps(-10),
  unseen('The time zone changes', async (trial) => {
    const session = await trial.page.context().newCDPSession(trial.page);
    await session.send('Emulation.setTimezoneOverride', { timezoneId: 'America/Los_Angeles' });
    const zone = await trial.page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
    assert.equal(zone, 'America/Los_Angeles');
    await pause(1500);
  }, { options: () => ({ context: { timezoneId: undefined } }) }),
  {
    name: 'Hidden for a while', phases: ['until it is seen again'],
    async run(trial) {
      await watching(trial, hiding.options());
      await trial.phase(this.phases[0], {
        begin: async () => { await hide(trial, true); await pause(300); await trial.happens(); },
        shows: { version: String(trial.current.version) }, settle: 2500, end: () => hide(trial, false) });
    },
  },
  unseen('Hidden and seen, thirty times', async (trial) => {
    const before = trial.asks().length;
    for (let turn = 0; turn < 30; turn += 1) {
      await hide(trial, true);
      await hide(trial, false);
    }
    await pause(1000);
    const each = (trial.asks().length - before) / PARTIES.length;
    assert.ok(each <= 5, `${each} requests for thirty looks`);
    await pause(8000);
  }, hiding),
  {
    name: 'Away to another page and back, the page was kept', phases: ['after the way back'],
    async run(trial) {
      await trial.useBrowser(launchKeeping());
      await watching(trial);
      await trial.page.evaluate(() => window.addEventListener('pageshow', ({ persisted }) => { window.persisted = persisted; }));
      await trial.phase(this.phases[0], {
        begin: async () => {
          await awayAndBack(trial);
          await trial.page.waitForFunction(() => window.persisted === true);
        },
        silent: false, shows: { freshness: 'live' } });
    },
  },
  {
    name: 'Away to another page and back, the page is loaded anew', phases: ['after the way back'],
    async run(trial) {
      await watching(trial);
      await trial.judge();
      await trial.phase(this.phases[0], {
        begin: async () => {
          await awayAndBack(trial);
          await trial.add();
        },
        silent: false, shows: { freshness: 'live' } });
    },
  },
  unseen('Moved in the document, fifty times', (trial) => trial.page.evaluate(async () => {
    const places = [document.getElementById('place'), document.getElementById('other-place')];
    for (let turn = 0; turn < 50; turn += 1) {
      for (const element of document.querySelectorAll('payment-status')) places[turn % 2].append(element);
      if (turn % 10 === 0) await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  })),
  {
    name: 'Removed, and put back later', story: 'unheard', phases: ['after it was put back'],
    async run(trial) {
      await watching(trial);
      await trial.phase(this.phases[0], {
        begin: async () => {
          await trial.page.evaluate(() => {
            window.kept = [...document.querySelectorAll('payment-status')];
            for (const element of window.kept) element.remove();
          });
          await pause(500);
          const open = trial.asks().filter(({ endedAt }) => endedAt === undefined).length;
          assert.equal(open, 0, 'an element that is gone still asks');
          await trial.page.evaluate(() => document.getElementById('place').append(...window.kept));
        },
        silent: false, shows: current(trial), end: () => trial.happens() });
    },
  },
  unseen('Removed and put back at once, fifty times', async (trial) => {
    await trial.page.evaluate(async () => {
      const place = document.getElementById('place');
      const all = [...document.querySelectorAll('payment-status')];
      for (let turn = 0; turn < 50; turn += 1) {
        for (const element of all) element.remove();
        await new Promise((resolve) => { setTimeout(resolve, turn % 2 ? 0 : 15); });
        place.append(...all);
        await new Promise((resolve) => { setTimeout(resolve, turn % 3 ? 0 : 40); });
      }
    });
  }, { inFlight: 60, story: 'unheard' }),
  unseen('All attributes written two hundred times', (trial) => trial.page.evaluate(() => {
    for (let turn = 0; turn < 200; turn += 1) {
      for (const element of document.querySelectorAll('payment-status')) {
        for (const name of ['src', 'party', 'locale']) element.setAttribute(name, element.getAttribute(name));
      }
    }
  })),
  {
    name: 'Two transactions in turn, two hundred times', story: 'charged', phases: ['after the last one'],
    async run(trial) {
      trial.inFlight = 60;
      const first = trial.current;
      const other = await trial.pay();
      trial.current = first;
      await watching(trial);
      await trial.phase(this.phases[0], {
        begin: () => trial.page.evaluate(async ([one, two]) => {
          const all = [...document.querySelectorAll('payment-status')];
          for (let turn = 1; turn <= 200; turn += 1) {
            const { src, tokens } = turn % 2 ? two : one;
            for (const element of all) {
              element.setAttribute('src', src);
              element.token = tokens[element.getAttribute('party')];
            }
            if (turn % 20 === 0) await new Promise((resolve) => { setTimeout(resolve, 30); });
          }
        }, [trial.payment, other]),
        silent: false, shows: current(trial), end: () => trial.happens() });
    },
  },
  {
    name: 'Fifty elements a party on one transaction', phases: ['all of them'],
    async run(trial) {
      trial.suffixes = Array.from({ length: 50 }, (_, index) => `-${index}`);
      await trial.open();
      await trial.phase(this.phases[0], {
        begin: async () => { for (const suffix of trial.suffixes) await trial.add({ suffix }); },
        silent: false, shows: current(trial), limit: 25_000, end: () => trial.happens(), within: 25_000 });
      const each = trial.asks().length / PARTIES.length;
      assert.ok(each <= 6, `${each} requests of fifty elements that share them`);
    },
  },
  {
    name: 'Fifty elements on as many transactions', story: 'charged', phases: ['all of them'],
    async run(trial) {
      const payments = [trial.payment];
      while (payments.length < 17) payments.push(await trial.pay());
      trial.suffixes = payments.map((_, index) => `-${index}`);
      await trial.open();
      await trial.phase(this.phases[0], {
        begin: async () => { for (const [index, payment] of payments.entries()) await trial.add({ payment, suffix: `-${index}` }); },
        silent: false, shows: current(trial), limit: 25_000,
        end: async () => { for (const payment of payments) await trial.happens(payment); }, within: 45_000 });
    },
  },
  {
    name: 'The host page removes the element in its own event handler', phases: ['after it was put back'],
    async run(trial) {
      await trial.open();
      await trial.page.evaluate(() => {
        window.removed = [];
        const removes = ({ target }) => { if (!window.removed.includes(target)) { window.removed.push(target); target.remove(); } };
        document.addEventListener('payment-status-change', removes);
      });
      await trial.phase(this.phases[0], {
        begin: async () => {
          await trial.add();
          await trial.page.waitForFunction(() => window.removed.length === 3);
          await pause(500);
          await trial.page.evaluate(() => document.getElementById('place').append(...window.removed));
        },
        silent: false, shows: current(trial), end: () => trial.happens() });
    },
  },
  {
    name: 'The host page changes the address in its own event handler', phases: ['after the change'],
    async run(trial) {
      const other = await trial.pay();
      trial.current = await trial.learn(other);
      await trial.open();
      await trial.page.evaluate(({ src, tokens }) => {
        document.addEventListener('payment-status-change', ({ target }) => {
          if (target.getAttribute('src') === src) return;
          target.setAttribute('src', src);
          target.token = tokens[target.getAttribute('party')];
        });
      }, other);
      await trial.phase(this.phases[0], {
        begin: () => trial.add(), silent: false, shows: current(trial), end: () => trial.happens(other) });
    },
  },
  unseen('An event handler of the host page throws', (trial) => {
    trial.expected.push(/the host page's own/);
    return trial.page.evaluate(() => {
      document.addEventListener('payment-status-change', () => { throw new Error("the host page's own"); });
    });
  }),
];

export default rows.map((row) => ({ group: GROUP, ...row }));
