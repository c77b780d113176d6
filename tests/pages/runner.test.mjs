// How a scenario is played: order, pace, ids, times, and what a failure does to the run.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAST_GAP_MS, LONGEST_GAP_MS, Runner, gapBeforeMs, reportToSend } from '../../www/player/runner.js';

const REPORTS = [
  { id: 'w1', at: '2026-11-20T12:00:03+08:00', source: 'wallet', leg: 'debit', outcome: 'succeeded' },
  { id: 't1', at: '2026-11-20T12:00:33+08:00', source: 'terminal', leg: 'confirmation', outcome: 'failed' },
  { id: 'a1', at: '2026-11-20T12:00:31+08:00', source: 'acquirer', leg: 'credit', outcome: 'succeeded' },
  { id: 's1', at: '2026-11-20T18:00:00+08:00', source: 'settlement_bank', leg: 'settlement', outcome: 'succeeded' },
];
const NOW = Date.parse('2026-12-01T00:00:00Z');

function runner(overrides = {}) {
  const sent = [];
  const slept = [];
  const made = new Runner({
    scenario: { reports: REPORTS },
    transaction: 'tx_1',
    send: async (report) => { sent.push(report); return { version: sent.length }; },
    onChange: () => {},
    now: () => NOW,
    sleep: async (milliseconds) => { slept.push(milliseconds); },
    ...overrides,
  });
  return { runner: made, sent, slept };
}

test('a report is sent as happening now, with an id of this transaction alone', () => {
  assert.deepEqual(reportToSend(REPORTS, 0, 'tx_1', NOW), {
    transaction: 'tx_1', id: 'tx_1-w1', source: 'wallet', leg: 'debit', outcome: 'succeeded', at: '2026-12-01T00:00:00.000Z' });
});

test('a report that the scenario has arrive late stays late', () => {
  assert.equal(reportToSend(REPORTS, 2, 'tx_1', NOW).at, '2026-11-30T23:59:58.000Z');
});

test('at fast pace the gaps are equal, at real pace they are the scenario\'s up to a limit', () => {
  assert.equal(gapBeforeMs(REPORTS, 0, 'real'), 0);
  assert.equal(gapBeforeMs(REPORTS, 1, 'fast'), FAST_GAP_MS);
  assert.equal(gapBeforeMs(REPORTS, 1, 'real'), 30_000);
  assert.equal(gapBeforeMs(REPORTS, 2, 'real'), 0);
  assert.equal(gapBeforeMs(REPORTS, 3, 'real'), LONGEST_GAP_MS);
});

test('next sends one report and keeps the version of its acknowledgement', async () => {
  const { runner: player, sent } = runner();
  await player.next();
  assert.deepEqual(sent.map(({ id }) => id), ['tx_1-w1']);
  assert.equal(player.steps[0].status, 'accepted');
  assert.equal(player.steps[0].version, 1);
  assert.equal(player.nextIndex, 1);
});

test('a second click while a report is on its way sends nothing', async () => {
  let acknowledge;
  const { runner: player } = runner({ send: () => new Promise((resolve) => { acknowledge = resolve; }) });
  const first = player.next();
  await player.next();
  assert.equal(player.steps[1].status, 'waiting');
  acknowledge({ version: 1 });
  await first;
});

test('run sends all reports in order, waiting between them and not after the last', async () => {
  const { runner: player, sent, slept } = runner();
  await player.run('fast');
  assert.deepEqual(sent.map(({ id }) => id), ['tx_1-w1', 'tx_1-t1', 'tx_1-a1', 'tx_1-s1']);
  assert.deepEqual(slept, [FAST_GAP_MS, FAST_GAP_MS, FAST_GAP_MS]);
  assert.equal(player.done, true);
  assert.equal(player.running, false);
});

test('when the server cannot be reached the run stops, and the same bytes are sent again', async () => {
  let reachable = false;
  const tries = [];
  const { runner: player } = runner({
    send: async (report) => {
      tries.push(report);
      if (!reachable) throw Object.assign(new Error('unreachable'), { retriable: true });
      return { version: 1 };
    },
  });
  await player.run('fast');
  assert.equal(player.steps[0].status, 'failed');
  assert.equal(tries.length, 1);
  reachable = true;
  player.now = () => NOW + 60_000;
  await player.next();
  assert.equal(player.steps[0].status, 'accepted');
  assert.equal(tries[0], tries[1]);
});

test('a refused report is shown and the run goes on without it', async () => {
  const { runner: player } = runner({
    send: async ({ source }) => {
      if (source === 'terminal') throw Object.assign(new Error('no'), { retriable: false });
      return { version: 1 };
    },
  });
  await player.run('fast');
  assert.deepEqual(player.steps.map(({ status }) => status), ['accepted', 'refused', 'accepted', 'accepted']);
});

test('stop ends the run before the next report', async () => {
  const { runner: player, sent } = runner({ sleep: async () => player.stop() });
  await player.run('real');
  assert.equal(sent.length, 1);
  assert.equal(player.running, false);
});
