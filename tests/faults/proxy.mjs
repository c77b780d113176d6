// A proxy in front of the real server whose behaviour a test switches, by kind of file and at any moment.
//
// It listens on 127.0.0.1 only. It notes every request, so that what a page asked for is counted where it arrives.

import http from 'node:http';
import { once } from 'node:events';

const KINDS = [
  ['status', /\/status$/], ['own', /\/(party|detail)$/], ['keys', /\/jwks\.json$/],
  ['reasons', /^\/locales\/reasons\//], ['words', /^\/locales\//],
  ['wasm', /_bg\.wasm$/], ['glue', /\/payment-status-widget\.js$/], ['loader', /\/payment-status\.js$/], ['page', /\.html$/],
];

/** What a widget asks for once it runs. */
export const WIRE = ['status', 'own', 'keys', 'words'];

export async function startProxy(target) {
  const proxy = new FaultProxy(target);
  await proxy.comeBack();
  return proxy;
}

class FaultProxy {
  /** Every request: `{kind, path, token, at, endedAt, faulted, sent}`; times in ms. */
  log = [];
  /** Rewrites the content security policy of pages. */
  policy = (value) => value;
  #target;
  #fault = null;
  #server = null;
  #port = 0;
  #agent = new http.Agent({ keepAlive: true });

  constructor(target) {
    this.#target = new URL(target);
  }

  get origin() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** From now on, and for requests that are waiting already, answers to these `kinds` are what `act` makes of them. */
  fault(kinds, act) {
    this.#fault = { kinds, act };
  }

  heal() {
    this.#fault = null;
  }

  /** Nobody listens any more, and all connections are cut. */
  async stop() {
    const server = this.#server;
    this.#server = null;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  /** Cuts all connections that are open now. */
  cut() {
    this.#server.closeAllConnections();
  }

  /** Listens, on the same port as before. */
  async comeBack() {
    this.#server = http.createServer((request, response) => this.#handle(request, response));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
  }

  async end() {
    if (this.#server) await this.stop();
    this.#agent.destroy();
  }

  async #handle(request, response) {
    const path = request.url.split('?')[0];
    const kind = KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other';
    const entry = { kind, path, url: request.url, token: request.headers.authorization ?? '', at: Date.now(), faulted: false, sent: 0 };
    this.log.push(entry);
    response.on('close', () => { entry.endedAt = Date.now(); });
    response.on('error', () => {});
    const exchange = {
      request, response, entry,
      /** The server's answer to just this request. */
      real: () => this.#ask(request, response, request.headers),
      /** The server's whole document, now, whatever the page holds already. */
      whole: async () => {
        const { 'if-none-match': _, ...headers } = request.headers;
        const { headers: { 'retry-after': __, ...kept }, ...answer } = await this.#ask(request, response, { ...headers, 'accept-encoding': 'identity' });
        // Without the pace for readers that do not park: a row would wait for it, and test nothing more.
        return { ...answer, headers: kept };
      },
      send: (answer) => send(response, answer),
    };
    try {
      if (this.#concerns(kind)) return await this.#spoil(exchange);
      const answer = await exchange.real();
      // It may have waited at the server until the fault began.
      if (this.#concerns(kind)) return await this.#spoil(exchange);
      if (kind === 'page') {
        const name = 'content-security-policy';
        if (answer.headers[name]) answer.headers[name] = this.policy(answer.headers[name]);
      }
      send(response, answer);
    } catch {
      // The page gave up, or the server did: the page sees a broken connection.
      response.destroy();
    }
  }

  #concerns(kind) {
    return this.#fault?.kinds.includes(kind) ?? false;
  }

  async #spoil(exchange) {
    exchange.entry.faulted = true;
    await this.#fault.act(exchange);
  }

  #ask(request, response, headers) {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#target;
      const asked = http.request({ hostname, port, agent: this.#agent, method: request.method, path: request.url, headers });
      response.on('close', () => asked.destroy());
      asked.on('error', reject);
      asked.on('response', async (answer) => {
        const parts = [];
        answer.on('error', reject);
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const { connection, 'transfer-encoding': _, 'keep-alive': __, ...kept } = answer.headers;
          resolve({ status: answer.statusCode, headers: kept, body: Buffer.concat(parts) });
        });
      });
      request.pipe(asked);
    });
  }
}

function send(response, { status = 200, headers = {}, body = '' }) {
  if (response.destroyed) return;
  const bytes = Buffer.from(body);
  const { 'content-length': _, ...rest } = headers;
  const bare = status === 304 || status === 204;
  response.writeHead(status, bare ? rest : { ...rest, 'content-length': bytes.length });
  response.end(bare ? undefined : bytes);
}
