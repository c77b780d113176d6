// One real server with its own database, credentials and port; ends only the process that it started.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const BINARY = process.env.PAYMENT_STATUS_SERVER ?? join(ROOT, 'target/debug/payment-status-server');
const SITE = process.env.PAYMENT_STATUS_SITE ?? join(ROOT, 'dist');
const FIXTURES = join(ROOT, 'tests/e2e/site');
const SOURCES = ['wallet', 'issuer', 'network', 'acquirer', 'terminal', 'merchant_system', 'settlement_bank', 'risk',
  'support', 'payer_device', 'quantum_bank'];

/** Starts a server that serves the built site and the fixtures of `tests/e2e/site`, under its own policy. */
export async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'payment-status-e2e-'));
  const server = new Server(folder);
  try {
    await cp(SITE, server.site, { recursive: true });
    await cp(FIXTURES, server.site, { recursive: true });
    await compress(server.site);
    await server.writeCredentials();
    await server.start();
  } catch (error) {
    await server.end();
    throw error;
  }
  return server;
}

class Server {
  #process = null;
  #log = '';

  constructor(folder) {
    this.folder = folder;
    this.site = join(folder, 'site');
    this.database = join(folder, 'payment-status.db');
    this.credentials = join(folder, 'credentials.toml');
    this.address = '127.0.0.1:0';
  }

  get origin() {
    return `http://${this.address}`;
  }

  /** Listens on a free port the first time, and on the same one ever after. */
  async start() {
    const child = spawn(BINARY, ['serve', '--listen', this.address, '--database', this.database,
      '--credentials', this.credentials, '--pages', this.site, '--answer-limit', '1h'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let said = '';
    const address = new Promise((resolve, reject) => {
      const heard = (chunk) => {
        said += chunk;
        this.#log = `${this.#log}${chunk}`.slice(-8000);
        const found = /listening on http:\/\/([\w.:]+)/.exec(said);
        if (found) resolve(found[1]);
      };
      child.stdout.on('data', heard);
      child.stderr.on('data', heard);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
    });
    this.address = await within(address, 15_000, () => `the server did not start:\n${said}`);
  }

  /** What the server wrote lately. */
  get log() {
    return this.#log;
  }

  /** Ends the process at once, with no chance to finish anything. */
  async kill() {
    await this.#signal('SIGKILL');
  }

  /** Makes a new signing key, as an operator does, while the server runs. */
  async rotateKeys() {
    const child = spawn(BINARY, ['keys', 'rotate', '--database', this.database], { stdio: 'ignore' });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`keys rotate ended with ${code}`);
  }

  /** The page-side keys, as `cargo xtask demo` hands them to the player. */
  async writeDemo() {
    const demo = { merchant_key: this.merchantKey, support_key: this.supportKey, sources: this.secrets };
    await writeFile(join(this.site, 'demo.json'), JSON.stringify(demo));
  }

  /** Fresh secrets; one source more than the protocol knows, for the words that nobody knows yet. */
  async writeCredentials() {
    const key = (prefix) => prefix + randomBytes(32).toString('base64url');
    this.merchantKey = key('psm_');
    this.supportKey = key('pss_');
    this.secrets = Object.fromEntries(SOURCES.map((source) => [source, `whsec_${randomBytes(32).toString('base64')}`]));
    const entries = [
      ['merchant', { name: 'shop', key: this.merchantKey }],
      ['support', { name: 'desk', key: this.supportKey }],
      ...SOURCES.map((source) => ['source', { source, secret: this.secrets[source] }]),
    ];
    const text = entries.map(([table, fields]) => (
      `[[${table}]]\n${Object.entries(fields).map(([name, value]) => `${name} = "${value}"\n`).join('')}`)).join('\n');
    await writeFile(this.credentials, text, { mode: 0o600 });
  }

  /** Ends the process and takes its folder away. */
  async end() {
    await this.#signal('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #signal(signal) {
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
}

/** Once and not for each page: a server of the development profile needs half a second to compress the wasm. */
async function compress(site) {
  for (const name of await readdir(site)) {
    if (!/\.(js|wasm)$/.test(name)) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    await writeFile(join(site, `${name}.br`), brotliCompressSync(await readFile(join(site, name)), { params }));
  }
}

async function within(promise, milliseconds, message) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
