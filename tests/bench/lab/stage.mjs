// A stage for one bench: the built site and the bench's own pages in a folder of their own, compressed as
// deployed, and the real server over it with fresh credentials and an empty database.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const PAGES = new URL('../site', import.meta.url);
const SOURCES = ['wallet', 'issuer', 'network', 'acquirer', 'terminal'];
const COMPRESSED = /\.(html|js|css|json|wasm)$/;
const READY_WITHIN_MS = 20_000;

/** Starts the server; `{origin, merchantKey, secrets, stop}`. `addPages(folder)` may add to what it serves. */
export async function openStage({ addPages } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'payment-status-bench-'));
  const pages = join(folder, 'site');
  await cp(fromEnvironment('PAYMENT_STATUS_SITE'), pages, { recursive: true });
  await cp(PAGES, pages, { recursive: true });
  await addPages?.(pages);
  await compress(pages);

  const merchantKey = `psm_${randomBytes(32).toString('base64url')}`;
  const secrets = Object.fromEntries(
    SOURCES.map((source) => [source, `whsec_${randomBytes(32).toString('base64')}`]));
  const credentials = join(folder, 'credentials.toml');
  await writeFile(credentials, credentialsToml(merchantKey, secrets), { mode: 0o600 });

  const origin = `http://127.0.0.1:${await freePort()}`;
  const server = spawn(fromEnvironment('PAYMENT_STATUS_SERVER'), [
    'serve', '--listen', new URL(origin).host, '--database', join(folder, 'bench.db'),
    '--credentials', credentials, '--pages', pages,
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (text) => { said = (said + text).slice(-4000); });
  const ended = new Promise((resolve) => { server.once('close', resolve); });
  server.once('error', (error) => { said += error.message; });

  const stop = async () => {
    server.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  if (!await isReady(origin, server)) {
    await stop();
    throw new Error(`the server did not become ready:\n${said}`);
  }
  return { origin, merchantKey, secrets, stop };
}

/** The value of a variable that `cargo xtask bench` sets. */
export function fromEnvironment(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run this through \`cargo xtask bench\``);
  return value;
}

// The server sends `name.br` for `name`; compressing on the way would measure the compressor.
async function compress(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !COMPRESSED.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
    await writeFile(`${file}.br`, brotliCompressSync(await readFile(file), { params }));
  }
}

function credentialsToml(merchantKey, secrets) {
  const sources = Object.entries(secrets).map(
    ([source, secret]) => `[[source]]\nsource = "${source}"\nsecret = "${secret}"\n`);
  return `[[merchant]]\nname = "bench"\nkey = "${merchantKey}"\n${sources.join('')}`;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function isReady(origin, server) {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until && server.exitCode === null) {
    const answer = await fetch(`${origin}/health/ready`).catch(() => null);
    if (answer?.ok) return true;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return false;
}
