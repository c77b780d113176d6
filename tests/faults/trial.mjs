// One row of the matrix: a payment, a page with the three parties' elements behind a proxy of its own, and what was
// seen while a fault began, lasted and ended.

import assert from 'node:assert/strict';

import { createTransaction, matchCode, readStatus, report } from '../e2e/support/client.mjs';
import { openHost, pause, until } from '../e2e/support/host.mjs';
import { violations } from './promises.mjs';
import { probe } from './probe.mjs';
import { startProxy } from './proxy.mjs';

export const PARTIES = ['payer', 'merchant', 'support'];
export const FALLBACK = 'Payment status: please wait, or ask the cashier.';

const DEBITED = { source: 'issuer', leg: 'debit', outcome: 'succeeded' };
const CREDITED = { source: 'acquirer', leg: 'credit', outcome: 'succeeded' };
const UNHEARD = { source: 'terminal', leg: 'confirmation', outcome: 'failed' };
const REFUNDED = { source: 'issuer', leg: 'return', outcome: 'succeeded', return_id: 'r1', amount: 12800 };

/** What is reported before the page opens, and what happens while a fault lasts. The second half of the rows holds a
 * permission to hand over that is withdrawn meanwhile. */
const STORIES = { charged: [[DEBITED], CREDITED], unheard: [[DEBITED, CREDITED, UNHEARD], REFUNDED] };

/** No browser context takes longer to close. */
const CLOSING_MS = 5000;

export class Trial {
  /** Lines of the report: `{name, phase, shows, asks, seconds}`. */
  lines = [];
  /** What the server really said: match code → the document. */
  truth = new Map();
  /** Times between which nothing new can have been heard: `{from, to, version}`. */
  silences = [];
  /** Requests in flight for one token; more only where a row says why. */
  inFlight = 1;
  /** What follows the party's name in the ids of the elements. */
  suffixes = [''];
  /** Errors that the row makes by itself. */
  expected = [];
  host = null;
  /** What this row opened, each with how it is closed. */
  #opened = [];
  #ending = null;

  constructor({ server, browser, name, story = 'charged' }) {
    Object.assign(this, { server, browser, name, story: STORIES[story] });
  }

  /** The proxy and the payment, with nothing opened yet. */
  async prepare() {
    this.proxy = await this.startProxy();
    this.payment = await this.pay();
    return this;
  }

  /** A proxy before the server, until the end of the row. */
  async startProxy() {
    return this.#keep(await startProxy(this.server.origin), (proxy) => proxy.end());
  }

  /** The row's page is opened in a browser of its own, until the end of the row. */
  async useBrowser(launched) {
    this.browser = await this.#keep(await launched, (browser) => browser.close());
  }

  /** A row whose time was up while something opened has ended already: then it is closed at once. */
  async #keep(opened, close) {
    this.#opened.push(() => close(opened));
    if (this.#ending) {
      await this.#close();
      throw new Error(`${this.name}: the row has ended`);
    }
    return opened;
  }

  /** A payment at the beginning of the story. */
  async pay() {
    const payment = await createTransaction(this.server);
    for (const said of this.story[0]) await report(this.server, payment, said);
    await this.learn(payment);
    return payment;
  }

  /** The rest of the story happens. */
  async happens(payment = this.payment) {
    await report(this.server, payment, this.story[1]);
    return this.learn(payment);
  }

  async learn(payment = this.payment) {
    const { body, document } = await readStatus(this.server, payment);
    this.knows(body, document);
    this.current = document;
    return document;
  }

  /** A document that a page may rightly show. */
  knows(body, document) {
    this.truth.set(matchCode(body), document);
  }

  async open({ path = '/host.html', init, arg, context } = {}) {
    const routes = async (page) => {
      await page.addInitScript(probe);
      if (init) await page.addInitScript(init, arg);
    };
    this.host = await openHost(this.browser, { origin: this.proxy.origin }, { path, context, routes });
    this.page = this.host.page;
    await this.#keep(this.page.context(), (opened) => opened.close());
    return this;
  }

  /** The three parties' elements, with words of their own for as long as there is no card. */
  async add({ payment = this.payment, suffix = '', src = payment.src, ...rest } = {}) {
    for (const party of PARTIES) {
      await this.host.add(`${party}${suffix}`, { src, party, token: payment.tokens[party], locale: 'en', fallback: FALLBACK, ...rest });
    }
  }

  ids(suffixes = this.suffixes) {
    return suffixes.flatMap((suffix) => PARTIES.map((party) => `${party}${suffix}`));
  }

  /** Waits until all parties' cards have what is `wanted`. */
  async all(wanted, limit = 15_000, ids = this.ids()) {
    for (const id of ids) await this.host.until(id, wanted, limit);
  }

  /** Waits until all parties are shown the newest version as current. */
  live(limit = 15_000, ids = this.ids()) {
    return this.all({ version: String(this.current.version), state: this.current.state, freshness: 'live' }, limit, ids);
  }

  asks() {
    return this.proxy.log.filter(({ kind }) => kind === 'status');
  }

  /** Waits until every party's question has met the fault since `from`. */
  async met(from, limit = 40_000) {
    const tokens = () => new Set(this.asks().filter((ask) => ask.faulted && (ask.endedAt ?? Infinity) >= from)
      .map(({ token }) => token));
    await until(() => tokens().size >= PARTIES.length, limit, () => `${this.name}: the fault met ${tokens().size} of three`);
  }

  /**
   * One fault from its beginning to after its end.
   * `begin` makes it; `shows` is what the cards must come to while it lasts, `null` for the fallback's words; `end` takes
   * it away; after that the newest version must be live within `within` ms, unless `recovers` is false.
   */
  async phase(phase, { begin, shows, settle = 1000, end, within = 12_000, recovers = true, silent = true, limit = 12_000 }) {
    const held = this.host ? (await this.host.card(this.ids()[0]))?.version ?? '' : '';
    const from = Date.now();
    await begin?.();
    if (shows === null) {
      await pause(settle);
      for (const id of this.ids()) assert.equal(await this.host.card(id), null, `${this.name}: ${id} has a card`);
    } else {
      await this.all(shows, limit);
      await pause(settle);
    }
    const to = Date.now();
    const screens = await this.screens();
    for (const [id, screen] of Object.entries(screens)) {
      for (const [name, value] of Object.entries(shows ?? {})) {
        assert.equal(screen[name], value, `${this.name}, ${phase}: ${id}, ${name}`);
      }
    }
    if (silent) this.silences.push({ from, to, version: held });
    const asks = this.asks().filter(({ at }) => at >= from && at <= to).length / this.suffixes.length;
    const line = { name: this.name, phase, screens, asks, lasted: (to - from) / 1000, seconds: null };
    this.lines.push(line);
    const ended = Date.now();
    await end?.();
    if (!recovers) return;
    await this.live(within);
    line.seconds = (Date.now() - ended) / 1000;
  }

  /** What the three parties see: the card's data, or the words that stand instead of it. */
  screens() {
    return this.page.evaluate((ids) => {
      window.probe.take();
      return Object.fromEntries(ids.map((id) => {
        const element = document.getElementById(id);
        const card = window.host.card(id);
        return [id, card ?? { fallback: element?.textContent.trim() }];
      }));
    }, this.ids());
  }

  /** Fails if any promise was broken at any moment since the page was opened. */
  async judge() {
    const seen = await this.page.evaluate(() => {
      window.probe.take();
      return { samples: window.probe.samples, errors: window.probe.errors, events: window.host.events, violations: window.host.violations };
    });
    assert.deepEqual(violations(this, seen), [], this.name);
  }

  /** The page is loaded anew, and all three show the newest version. */
  async reopen() {
    await this.judge();
    await this.page.reload();
    await this.add();
    await this.live();
  }

  /** Closes all that the row opened, once, however far it came: what stays open keeps the whole run from ending. */
  end() {
    this.#ending ??= this.#close();
    return this.#ending;
  }

  async #close() {
    const closing = this.#opened.splice(0).reverse().map((close) => close());
    // A page that hangs goes with its browser.
    await Promise.race([Promise.allSettled(closing), new Promise((resolve) => { setTimeout(resolve, CLOSING_MS).unref(); })]);
  }
}
