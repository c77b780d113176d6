// What stands before the server, as in most deployments: keeps files and passes everything else on, over HTTP/1.1 or (as
// browsers want it: over TLS) HTTP/2, and answers some paths itself.

import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';

import { ownCertificate } from './certificate.mjs';

/** Names of one connection alone; HTTP/2 knows none of them (RFC 9113, 8.2.2). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host', 'http2-settings'];

/**
 * Listens before `origin`; `{origin, stop}`. `answer({path, body})` may answer by itself with `{type, body}`. Paths in
 * `lenient` are pages that cannot run under the server's content security policy: they get none.
 * The certificate of `h2` is nobody's: the browser must be told to take any.
 */
export async function openFront(origin, { h2 = false, answer = () => null, lenient = [] } = {}) {
  const agent = new http.Agent({ keepAlive: true });
  /** Files as they came, by address and encoding: a page with many of them must not pay for a second journey on this machine. */
  const files = new Map();
  const serve = (request, response) => {
    handle(request, response, { origin, agent, files, answer, lenient }).catch(() => response.destroy?.());
  };
  const server = h2 ? http2.createSecureServer(ownCertificate(), serve) : http.createServer(serve);
  const sessions = new Set();
  server.on(h2 ? 'session' : 'connection', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.close();
    for (const session of sessions) session.destroy();
    agent.destroy();
  };
  return { origin: `${h2 ? 'https' : 'http'}://127.0.0.1:${server.address().port}`, stop };
}

async function handle(request, response, { origin, agent, files, answer, lenient }) {
  const own = request.method === 'GET' || request.url.startsWith('/v1/') ? null : await whole(request);
  const answered = await answer({ path: request.url, body: own });
  if (answered) {
    response.writeHead(200, { 'content-type': answered.type, 'cache-control': 'no-store' });
    response.end(answered.body);
    return;
  }
  const name = isFile(request) && `${request.headers['accept-encoding']} ${request.url}`;
  if (files.has(name)) {
    const { headers, body } = files.get(name);
    response.writeHead(200, headers);
    response.end(body);
    return;
  }
  const headers = Object.fromEntries(Object.entries(request.headers).filter(
    ([name]) => !name.startsWith(':') && !HOP_BY_HOP.includes(name)));
  const onward = http.request(new URL(request.url, origin), { method: request.method, headers, agent });
  // A page that goes away lets go of what is parked for it.
  response.once('close', () => onward.destroy());
  onward.once('error', () => response.destroy?.());
  onward.once('response', (inward) => {
    const back = Object.entries(inward.headers).filter(([name]) => !HOP_BY_HOP.includes(name));
    const headers = Object.fromEntries(back);
    if (lenient.includes(request.url)) delete headers['content-security-policy'];
    response.writeHead(inward.statusCode, headers);
    inward.pipe(response);
    if (name && inward.statusCode === 200) {
      const chunks = [];
      inward.on('data', (chunk) => chunks.push(chunk));
      inward.once('end', () => files.set(name, { headers, body: Buffer.concat(chunks) }));
    }
  });
  if (own === null) request.pipe(onward);
  else onward.end(own);
}

/** Not what the server answers anew each time, nor a question whether something has changed. */
const isFile = ({ method, url, headers }) => method === 'GET' && !/^\/(v1|\.well-known)\//.test(url)
  && !headers['if-none-match'] && !headers.range;

async function whole(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
