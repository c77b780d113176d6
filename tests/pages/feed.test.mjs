// The desk's list: one request at a time, rows that leave the filter go, trouble is waited out.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Feed, MOST_ROWS, WAIT_SECONDS, changesPath, listPath, retryAfterMs } from '../../www/support/feed.js';

const row = (transaction, feed, state, final = false) => ({ transaction, feed, state, final });

/** A server that gives `answers` one after the other and then never answers again. */
function desk(answers) {
  const asked = [];
  const shown = [];
  const links = [];
  const cuts = [];
  const feed = new Feed({
    get: async (path, { waitSeconds, signal }) => {
      asked.push({ path, waitSeconds });
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      if (answer) return { body: answer, serverTime: 1 };
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      });
    },
    onRows: ({ rows, isCut }) => {
      shown.push(rows.map(({ transaction }) => transaction));
      cuts.push(isCut);
    },
    onLink: (error) => links.push(error),
    sleep: async () => {},
    random: () => 0,
  });
  return { feed, asked, shown, links, cuts };
}

async function watchFor(feed, query) {
  const watching = feed.watch(query);
  await new Promise((resolve) => { setTimeout(resolve, 5); });
  feed.stop();
  await watching;
}

test('the list is asked for once, then changes are waited for', async () => {
  const { feed, asked, shown } = desk([
    { feed: 7, transactions: [row('tx_b', 7, 'paid'), row('tx_a', 3, 'checking')] },
    { feed: 8, transactions: [row('tx_a', 8, 'paid')] },
  ]);
  await watchFor(feed, { q: 'A-1', state: '', open: false });
  assert.deepEqual(asked.map(({ path }) => path), [
    '/v1/transactions?q=A-1&limit=200', '/v1/transactions?q=A-1&since=7', '/v1/transactions?q=A-1&since=8']);
  assert.deepEqual(asked.map(({ waitSeconds }) => waitSeconds), [undefined, WAIT_SECONDS, WAIT_SECONDS]);
  assert.deepEqual(shown, [['tx_b', 'tx_a'], ['tx_a', 'tx_b']]);
});

test('a row that leaves the filtered state goes', async () => {
  const { feed, shown } = desk([
    { feed: 1, transactions: [row('tx_a', 1, 'checking')] },
    { feed: 2, transactions: [row('tx_a', 2, 'paid', true)] },
  ]);
  await watchFor(feed, { q: '', state: 'checking', open: false });
  assert.deepEqual(shown, [['tx_a'], []]);
});

test('a final row goes from the open ones', async () => {
  const { feed, shown } = desk([
    { feed: 1, transactions: [row('tx_a', 1, 'checking')] },
    { feed: 2, transactions: [row('tx_a', 2, 'paid', true)] },
  ]);
  await watchFor(feed, { q: '', state: '', open: true });
  assert.deepEqual(shown, [['tx_a'], []]);
});

test('a desk that stays open keeps the newest rows, and says that older ones are left out', async () => {
  const many = Array.from({ length: MOST_ROWS - 1 }, (_, index) => row(`tx_${index}`, MOST_ROWS - index, 'paid'));
  const { feed, shown, cuts } = desk([
    { feed: 200, transactions: many },
    { feed: 203, transactions: [201, 202, 203].map((number) => row(`tx_new${number}`, number, 'paid')) },
    { feed: 204, transactions: [row('tx_new203', 204, 'checking')] },
  ]);
  await watchFor(feed, { q: '', state: 'paid', open: false });
  assert.deepEqual(shown.map((rows) => rows.length), [199, 200, 199]);
  assert.deepEqual(shown[1].slice(0, 4), ['tx_new203', 'tx_new202', 'tx_new201', 'tx_0']);
  assert.equal(shown[1].at(-1), 'tx_196');
  assert.deepEqual(cuts, [false, true, true]);
});

test('when the server is not heard the rows stay and it is asked again from the same place', async () => {
  const silence = Object.assign(new Error('silence'), { retriable: true });
  const { feed, asked, shown, links } = desk([
    { feed: 1, transactions: [row('tx_a', 1, 'checking')] }, silence, silence,
    { feed: 2, transactions: [row('tx_b', 2, 'checking')] },
  ]);
  await watchFor(feed, { q: '', state: '', open: false });
  assert.deepEqual(asked.slice(1, 4).map(({ path }) => path), Array(3).fill('/v1/transactions?since=1'));
  assert.deepEqual(asked.map(({ waitSeconds }) => waitSeconds), [undefined, WAIT_SECONDS, 0, 0, WAIT_SECONDS]);
  assert.deepEqual(shown, [['tx_a'], ['tx_b', 'tx_a']]);
  assert.deepEqual(links, [null, silence, silence, null]);
});

test('a key that is refused ends the asking', async () => {
  const refused = Object.assign(new Error('401'), { retriable: false });
  const { feed, asked, links } = desk([refused]);
  await watchFor(feed, { q: '', state: '', open: false });
  assert.equal(asked.length, 1);
  assert.deepEqual(links, [refused]);
});

test('a feed that counts lower than before is another database: everything is asked again', async () => {
  const { feed, asked, shown } = desk([
    { feed: 9, transactions: [row('tx_old', 9, 'paid')] },
    { feed: 1, transactions: [] },
    { feed: 1, transactions: [row('tx_new', 1, 'paid')] },
  ]);
  await watchFor(feed, { q: '', state: '', open: false });
  assert.equal(asked[2].path, '/v1/transactions?limit=200');
  assert.deepEqual(shown, [['tx_old'], ['tx_new']]);
});

test('the state is part of the list but never of the changes', () => {
  assert.equal(listPath({ q: '', state: 'paid', open: false }), '/v1/transactions?state=paid&limit=200');
  assert.equal(listPath({ q: '', state: '', open: true }), '/v1/transactions?open=true&limit=200');
  assert.equal(changesPath({ q: '', state: 'paid', open: true }, 0), '/v1/transactions?since=0');
});

test('retries are spread out and bounded', () => {
  assert.equal(retryAfterMs(1, 1), 1000);
  assert.equal(retryAfterMs(1, 0), 100);
  assert.equal(retryAfterMs(30, 1), 5_000);
});
