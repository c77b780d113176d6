// A shop's own web server for the examples: its pages under its own headers, the deployed files of the widget under
// their versioned address, the order's address and token, and the status server behind the same origin.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { dirname, extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** What `cargo xtask dist` wrote. */
export const EMBED = process.env.PAYMENT_STATUS_EMBED ?? join(ROOT, 'target/embed');
export const PACKAGE = join(EMBED, 'package');

export const release = async () => JSON.parse(await readFile(join(EMBED, 'release.json'), 'utf8'));
export const example = (name) => readFile(join(ROOT, 'tests/embedding', name), 'utf8');

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json' };

/** `server` is the status server; end the shop with `end()`. */
export async function openShop(server) {
  const shop = new Shop(server);
  shop.http.listen(0, '127.0.0.1');
  await once(shop.http, 'listening');
  return shop;
}

class Shop {
  /** What the shop serves: path to `{body, headers}`, or to a function of the request that answers one. */
  pages = new Map([['/favicon.ico', { status: 204 }]]);
  /** Folders under an address: `['/payment-status/', folder]`. */
  folders = [['/payment-status/', join(EMBED, 'payment-status')]];

  constructor(server) {
    this.server = server;
    this.http = createServer((asked, answer) => this.#serve(asked, answer).catch(() => answer.destroy()));
  }

  get origin() {
    return `http://127.0.0.1:${this.http.address().port}`;
  }

  /** Serves `body` under `path`; the type follows from the path's end. */
  page(path, body, headers = {}) {
    this.pages.set(path, { body, headers });
  }

  /** The answer of the shop's backend to the person who is logged in. */
  order(payment, party = 'payer') {
    this.page('/order.json', JSON.stringify({ status_url: payment.src, token: payment.tokens[party] }), { 'cache-control': 'no-store' });
  }

  async #serve(asked, answer) {
    const { pathname } = new URL(asked.url, this.origin);
    if (pathname.startsWith('/v1/') || pathname.startsWith('/.well-known/')) return this.#pass(asked, answer);
    let found = this.pages.get(pathname);
    if (typeof found === 'function') found = await found(asked);
    found ??= await this.#file(pathname);
    if (!found) return answer.writeHead(404).end();
    const type = TYPES[extname(pathname)] ?? 'text/plain';
    answer.writeHead(found.status ?? 200, { 'content-type': type, ...found.headers });
    return answer.end(found.body);
  }

  async #file(pathname) {
    for (const [prefix, folder] of this.folders) {
      const path = join(folder, normalize(pathname.slice(prefix.length)));
      if (!pathname.startsWith(prefix) || !path.startsWith(folder)) continue;
      const body = await readFile(path).catch(() => null);
      if (body) return { body, headers: { 'cache-control': 'public, max-age=31536000, immutable' } };
    }
    return null;
  }

  #pass(asked, answer) {
    const { hostname, port } = new URL(this.server.origin);
    const { method, headers, url: path } = asked;
    const passed = request({ hostname, port, method, path, headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  }

  async end() {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, 'close');
  }
}

/** A page of `shop`, with what went wrong on it in `page.wrong`: policy violations, console errors and exceptions. */
export async function openPage(browser, shop, path, { init, context: options } = {}) {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  page.wrong = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.wrong.push(message.text());
  });
  page.on('pageerror', (error) => page.wrong.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  if (init) await page.addInitScript(init);
  await page.goto(`${shop.origin}${path}`);
  return page;
}

/** The data of the first card on the page, once it has all of `wanted`. */
export async function cardWith(page, wanted, limit = 10_000) {
  const handle = await page.waitForFunction((expected) => {
    const card = document.querySelector('payment-status, [data-scoped]')?.shadowRoot?.querySelector('[part=card]');
    return card && Object.entries(expected).every(([name, value]) => card.dataset[name] === value) && { ...card.dataset };
  }, wanted, { timeout: limit });
  return handle.jsonValue();
}
