// The fault matrix: every row of `tests/faults` for payer, merchant and support, in a real Chromium behind a proxy that
// misbehaves. `docs/reliability.md` lists what was seen; with RELIABILITY=write this run writes it.

import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';

import { rows } from '../faults/matrix.mjs';
import { Trial } from '../faults/trial.mjs';
import { launchBrowser } from './support/browser.mjs';
import { startServer } from './support/server.mjs';

const ONLY = process.env.FAULT;
const lines = new Map();

let server;
let browser;
before(async () => { [server, browser] = await Promise.all([startServer(), launchBrowser()]); });
after(async () => { await browser?.close(); await server?.end(); });

describe('the fault matrix', { concurrency: 4 }, () => {
  rows.filter(({ name }) => !ONLY || name.includes(ONLY)).forEach((row, index) => {
    it(`${row.group}: ${row.name}`, { timeout: 150_000 }, async () => {
      const trial = new Trial({ server, browser, name: row.name, story: index % 2 ? 'unheard' : 'charged' });
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
