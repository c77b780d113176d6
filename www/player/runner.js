// Plays one scenario's reports against one transaction, in the order of the scenario: one at a time, or
// all at a pace. Knows nothing of the page or of HTTP; sending, waiting and the clock are handed in.

/** Longest wait between two reports at real pace. A settlement takes hours; nobody watches that long. */
export const LONGEST_GAP_MS = 30_000;
/** Wait between two reports at fast pace: long enough to read both screens' headlines. */
export const FAST_GAP_MS = 1_500;

/**
 * @typedef {object} Step
 * @property {object} report the scenario's report
 * @property {object|null} sent the report as sent: a second try sends the same bytes, so it is counted once
 * @property {'waiting'|'sending'|'accepted'|'failed'|'refused'} status `failed` may be sent again, `refused` may not
 * @property {number|null} version of the transaction, from the acknowledgement
 * @property {Error|null} error
 */

export class Runner {
  #running = null;

  /**
   * `send(report)` resolves to `{version}` or throws (an error with `retriable` may be tried again);
   * `onChange(runner)` is called after every change of a step and when a run starts or ends.
   */
  constructor({ scenario, transaction, send, onChange, now = Date.now, sleep = sleepUntilAborted }) {
    this.scenario = scenario;
    this.transaction = transaction;
    this.steps = scenario.reports.map((report) => (
      { report, sent: null, status: 'waiting', version: null, error: null }));
    this.send = send;
    this.onChange = onChange;
    this.now = now;
    this.sleep = sleep;
  }

  get running() {
    return this.#running !== null;
  }

  get nextIndex() {
    return this.steps.findIndex(({ status }) => status === 'waiting' || status === 'failed');
  }

  get done() {
    return this.nextIndex === -1;
  }

  /** Sends the next report; does nothing when all are sent or one is on its way. */
  async next() {
    const step = this.steps[this.nextIndex];
    if (!step || this.steps.some(({ status }) => status === 'sending')) return;
    step.sent ??= reportToSend(this.scenario.reports, this.nextIndex, this.transaction, this.now());
    step.status = 'sending';
    step.error = null;
    this.onChange(this);
    try {
      step.version = (await this.send(step.sent)).version;
      step.status = 'accepted';
    } catch (error) {
      step.error = error;
      step.status = error.retriable ? 'failed' : 'refused';
    }
    this.onChange(this);
  }

  /** Sends all that is left at `pace` (`fast` or `real`); stops at a report that could be tried again. */
  async run(pace) {
    if (this.running) return;
    const { signal } = this.#running = new AbortController();
    this.onChange(this);
    while (!this.done && !signal.aborted) {
      const index = this.nextIndex;
      await this.next();
      if (this.steps[index].status === 'failed' || this.done) break;
      await this.sleep(gapBeforeMs(this.scenario.reports, this.nextIndex, pace), signal);
    }
    this.#running = null;
    this.onChange(this);
  }

  /** Ends a run after the report that is on its way. */
  stop() {
    this.#running?.abort();
  }
}

/** How long after its predecessor a report is sent. */
export function gapBeforeMs(reports, index, pace) {
  if (index <= 0) return 0;
  if (pace === 'fast') return FAST_GAP_MS;
  const gap = Date.parse(reports[index].at) - Date.parse(reports[index - 1].at);
  return Math.min(Math.max(gap, 0), LONGEST_GAP_MS);
}

/**
 * The report as its source sends it: the id made unique (ids are unique per source over all transactions),
 * and happening now. One that the scenario has arrive late stays just as late.
 */
export function reportToSend(reports, index, transaction, now) {
  const { source, at, ...report } = reports[index];
  const newest = Math.max(...reports.slice(0, index + 1).map((earlier) => Date.parse(earlier.at)));
  const late = newest - Date.parse(at);
  return { ...report, transaction, id: `${transaction}-${report.id}`, source, at: new Date(now - late).toISOString() };
}

function sleepUntilAborted(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
