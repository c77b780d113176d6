// A strict host page in the browser: the elements on it, what they told, and everything that must not happen.

import assert from 'node:assert/strict';

const PAGE = '/host.html';

/**
 * Opens the host page of `tests/e2e/site` in a context of its own. `routes(page)` may set routes before the page loads;
 * `context` are Playwright's options of the context.
 */
export async function openHost(browser, server, { routes, context: options, path = PAGE, init } = {}) {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Shanghai', ...options });
  const page = await context.newPage();
  const host = new Host(page, server);
  if (init) await page.addInitScript(init);
  await routes?.(page);
  await page.goto(`${server.origin}${path}`);
  return host;
}

export class Host {
  /** Console errors and exceptions of the page. */
  errors = [];
  /** Status requests: `{url, method, at, headers, ended}`, `ended` one of `finished`, `failed` or undefined. */
  requests = [];

  constructor(page, server) {
    this.page = page;
    this.server = server;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    const open = new Map();
    page.on('request', (request) => {
      const entry = { url: request.url(), at: Date.now(), headers: request.headers(), ended: undefined };
      open.set(request, entry);
      this.requests.push(entry);
    });
    for (const [name, ended] of [['requestfinished', 'finished'], ['requestfailed', 'failed']]) {
      page.on(name, (request) => {
        const entry = open.get(request);
        if (entry) Object.assign(entry, { ended, endedAt: Date.now() });
      });
    }
  }

  /** Requests for the shared document of `payment`. */
  asks(payment) {
    return this.requests.filter(({ url }) => url.endsWith(payment.src));
  }

  /**
   * Those of them that wait for a change. The first question has nothing to compare with and is answered at once, though
   * the browser may tell later that it has ended.
   */
  parked(payment) {
    return this.asks(payment).filter(({ ended, headers }) => ended === undefined && headers['if-none-match']);
  }

  /** Waits until one is: from then on the page has all of the program, and hears every change at once. */
  untilParked(payment, limit = 8000) {
    return until(() => this.parked(payment).length > 0, limit, () => 'no request is parked');
  }

  /** Puts an element on the page; `attributes` are its attributes, `token` goes in as a property. */
  add(id, { token, fallback, ...attributes }) {
    return this.page.evaluate((given) => window.host.add(given), { id, token, fallback, attributes });
  }

  /** The three parties' elements on one payment, with the ids `payer`, `merchant` and `support`. */
  async addParties(payment, { locale = 'en', parties = ['payer', 'merchant', 'support'], ...rest } = {}) {
    for (const party of parties) {
      await this.add(party, { src: payment.src, party, token: payment.tokens[party], locale, ...rest });
    }
  }

  /** What an element shows: the card's data and its texts, or `null` before there is a card. */
  card(id) {
    return this.page.evaluate((which) => window.host.card(which), id);
  }

  /** What the elements told: `{name, id, detail}` in order. */
  events() {
    return this.page.evaluate(() => window.host.events);
  }

  async errorEvents() {
    return (await this.events()).filter(({ name }) => name === 'payment-status-error');
  }

  /**
   * Waits until the card of `id` has all of `wanted`; answers the card. The first verdict of a page, which stands for a
   * moment without the rest, is not answered yet.
   */
  async until(id, wanted, limit = 8000) {
    let card = null;
    await until(async () => {
      card = await this.card(id);
      return card && !card.isGlance && Object.entries(wanted).every(([name, value]) => card[name] === value);
    }, limit, () => `${id}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(card)}`);
    return card;
  }

  /** Waits for an error event with this code; answers its detail. */
  async untilError(code, limit = 8000) {
    let seen = [];
    let found;
    await until(async () => {
      seen = await this.errorEvents();
      found = seen.find(({ detail }) => detail.code === code);
      return found;
    }, limit, () => `expected an error ${code}, got ${JSON.stringify(seen.map(({ detail }) => detail.code))}`);
    return found.detail;
  }

  /** Ends the page; fails on a policy violation, and on a console error that matches none of `expected`. */
  async close(expected = []) {
    const violations = await this.page.evaluate(() => window.host?.violations ?? []);
    await this.page.context().close();
    assert.deepEqual(violations, [], 'the page broke its own policy');
    const unexpected = this.errors.filter((text) => !expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(unexpected, [], 'the page wrote errors to the console');
  }
}

/** Asks again and again until `condition` answers something true. */
export async function until(condition, limit = 8000, message = () => 'it did not come about') {
  const end = Date.now() + limit;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > end) assert.fail(`${message()} (after ${limit} ms)`);
    await pause(20);
  }
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What the browser itself writes to the console about a request that went wrong. */
export const NETWORK_NOISE = /^Failed to load resource|net::ERR_|Fetch API cannot load/;
