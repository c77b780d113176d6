// The desk's list kept up to date by one parked request, however many rows it has.
// Knows nothing of the page or of HTTP: asking, waiting and showing are handed in.

/** How long the server may park a request; it allows 55. */
export const WAIT_SECONDS = 50;
/** How many rows a list has at most: what the server gives at once, and as many while the desk stays open. */
export const MOST_ROWS = 200;
/** The longest pause between two tries while the server is not heard. */
const LONGEST_RETRY_MS = 5_000;

export class Feed {
  #asking = null;

  /**
   * `get(path, {signal, waitSeconds})` resolves to `{body, serverTime}`; `onRows({rows, isCut, serverTime})` gets all
   * rows, newest change first, and whether older ones may be left out; `onLink(error)` says whether we hear the server: `null` or what went wrong.
   */
  constructor({ get, onRows, onLink, sleep = pause, random = Math.random }) {
    Object.assign(this, { get, onRows, onLink, sleep, random });
  }

  /** Watches the rows that fit `{state, open, q}` until `stop` or another `watch`. */
  async watch(query) {
    this.stop();
    const { signal } = this.#asking = new AbortController();
    const rows = new Map();
    let isCut = false;
    let seen = null;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const { body, serverTime } = seen === null
          ? await this.get(listPath(query), { signal })
          // After trouble the first question is not parked: its answer says that we hear the server again.
          : await this.get(changesPath(query, seen), { signal, waitSeconds: failures ? 0 : WAIT_SECONDS });
        if (signal.aborted) return;
        failures = 0;
        // A feed that counts lower than before is another database: what we hold is not of it.
        if (seen !== null && body.feed < seen) {
          rows.clear();
          isCut = false;
          seen = null;
          continue;
        }
        seen = body.feed;
        for (const row of body.transactions) keepIfFits(rows, row, query);
        this.onLink(null);
        const newestFirst = [...rows.values()].sort((a, b) => b.feed - a.feed);
        for (const { transaction } of newestFirst.splice(MOST_ROWS)) rows.delete(transaction);
        // A row that goes later makes no room for those that were never sent.
        isCut ||= newestFirst.length === MOST_ROWS;
        this.onRows({ rows: newestFirst, isCut, serverTime });
      } catch (error) {
        if (signal.aborted) return;
        this.onLink(error);
        // A key that is not accepted will not be accepted in a second either.
        if (!error.retriable) return;
        failures += 1;
        await this.sleep(retryAfterMs(failures, this.random()), signal);
      }
    }
  }

  stop() {
    this.#asking?.abort();
    this.#asking = null;
  }
}

export function listPath({ state, open, q }) {
  return `/v1/transactions?${parameters({ state, open, q, limit: MOST_ROWS })}`;
}

/**
 * Changes are asked for without the state: a transaction that leaves the filtered state must be heard of,
 * or its row would stay for ever. An order reference never changes, so that filter can stay.
 */
export function changesPath({ q }, since) {
  return `/v1/transactions?${parameters({ q, since })}`;
}

/** Full jitter: a desk of fifty agents does not come back all in the same second. */
export function retryAfterMs(failures, random) {
  return Math.round(Math.min(LONGEST_RETRY_MS, 500 * 2 ** failures) * (0.1 + 0.9 * random));
}

function keepIfFits(rows, row, { state, open }) {
  const fits = (!state || row.state === state) && (!open || !row.final);
  if (fits) rows.set(row.transaction, row);
  else rows.delete(row.transaction);
}

function parameters(values) {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value || value === 0)
    .map(([name, value]) => [name, String(value)]));
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
