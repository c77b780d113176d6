// Who has to move: a named party, or nobody in a time that is over.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { mustAct } from '../../www/support/rows.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const by = (at) => ({ at });

test('somebody must act where a party is named, or where the time is over', () => {
  const rows = [
    [{ next_actor: 'nobody' }, false],
    [{}, false],
    [{ next_actor: 'acquirer' }, true],
    [{ next_actor: 'quantum_bank' }, true],
    [{ next_actor: 'nobody', resolve_by: by('2026-11-20T12:00:01Z') }, false],
    [{ next_actor: 'nobody', resolve_by: by('2026-11-20T11:59:59Z') }, true],
  ];
  for (const [row, expected] of rows) assert.equal(mustAct(row, NOW), expected, JSON.stringify(row));
});

test('as long as the server has not told its time, nothing is overdue', () => {
  assert.equal(mustAct({ next_actor: 'nobody', resolve_by: by('2020-01-01T00:00:00Z') }, null), false);
});
