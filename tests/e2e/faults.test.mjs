// The fault matrix: every row of `tests/faults` for payer, merchant and support, in a real Chromium behind a proxy that
// misbehaves. `docs/reliability.md` lists what was seen; with RELIABILITY=write this run writes it.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it, test } from 'node:test';

import { rows } from '../faults/matrix.mjs';
import { listed, named, written } from '../faults/reliability.mjs';
import { Trial } from '../faults/trial.mjs';
import { launchBrowser } from './support/browser.mjs';
import { startServer } from './support/server.mjs';

const ONLY = process.env.FAULT;
const PAGE = new URL('../../docs/reliability.md', import.meta.url);
const lines = new Map();
const began = Date.now();

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

describe('the fault matrix', { concurrency: 4 }, () => {
  rows.filter(({ group, name }) => !ONLY || `${group}: ${name}`.includes(ONLY)).forEach((row, index) => {
    it(`${row.group}: ${row.name}`, { timeout: 150_000 }, async ({ signal }) => {
      const trial = new Trial({ server, browser, name: row.name, story: row.story ?? (index % 2 ? 'unheard' : 'charged') });
      // A row whose time is up may wait for ever: without its page and its proxy it does not.
      signal.addEventListener('abort', () => trial.end());
      try {
        await trial.prepare();
        await row.run(trial);
        await row.after?.(trial);
        await trial.judge();
        lines.set(row, trial.lines);
      } finally {
        await trial.end();
      }
    });
  });
});

test('docs/reliability.md lists the rows that are run, and no other', { skip: Boolean(ONLY) }, async () => {
  assert.deepEqual(rows.filter((row) => !lines.has(row)).map(({ name }) => name), [], 'rows that failed');
  if (process.env.RELIABILITY === 'write') {
    const date = new Date().toISOString().slice(0, 10);
    await writeFile(PAGE, written(rows, lines, { browser: browser.version(), date, seconds: (Date.now() - began) / 1000 }));
  }
  assert.deepEqual(listed(await readFile(PAGE, 'utf8')), named(rows));
});
