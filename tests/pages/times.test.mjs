// How the pages write a time: a deadline never earlier than it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatTime } from '../../www/pages/locale.js';

test('a deadline is rounded up to the minute, as the card rounds it', () => {
  const minuteOf = (time) => /:(\d\d)/.exec(formatTime(time, 'deadline'))[1];
  assert.equal(minuteOf('2026-11-20T12:15:00.000Z'), '15');
  assert.equal(minuteOf('2026-11-20T12:15:00.001Z'), '16');
  assert.equal(minuteOf('2026-11-20T12:15:59.999Z'), '16');
  assert.equal(/:(\d\d)/.exec(formatTime('2026-11-20T12:15:59.999Z', 'minute'))[1], '15', 'what has happened keeps its minute');
});
