// A page with very many elements, and what can be asked of it.

import { freshPage, within } from './browser.mjs';
import { createPayment, report } from './payments.mjs';

export const ELEMENTS = 1000;
export const TRANSACTIONS = 10;
/** Elements that show the same transaction. */
export const SHARE = ELEMENTS / TRANSACTIONS;

const LIMIT_MS = 120_000;
/** The story and the reader's own document follow the first picture; after this the page is at rest. */
const REST_MS = 3000;
const pause = (duration_ms) => new Promise((resolve) => { setTimeout(resolve, duration_ms); });

/** What a host with a long list can say in its own sheet: the browser draws only what is near the screen. */
export const SKIP_UNSEEN = 'payment-status { display: block; content-visibility: auto; contain-intrinsic-size: auto 500px; }';

/**
 * Opens the page before `front`, and waits until every element shows its payment and the page is at rest. `sheet` is
 * the host's own style sheet.
 */
export async function openMany({ browser, stage, front, sheet }) {
  const payments = await Promise.all(Array.from({ length: TRANSACTIONS }, async () => {
    const payment = await createPayment(stage);
    await report(stage, payment, { source: 'wallet', leg: 'debit', outcome: 'pending' });
    return { ...payment, src: new URL(new URL(payment.src).pathname, front.origin).href };
  }));
  const given = {
    elements: ELEMENTS,
    sheet,
    payments: payments.map(({ src, transaction, tokens }) => ({ src, transaction, token: tokens.payer, party: 'payer' })),
  };
  const fresh = await freshPage(browser, { given });
  const requests = watchRequests(fresh.page);
  const shown = ({ transaction }, version) => within(LIMIT_MS, `version ${version}`,
    fresh.evaluate(`observed.version(${version}, ${JSON.stringify(transaction)}, ${SHARE})`), fresh.errors);

  const began_ms = Date.now();
  await fresh.page.goto(`${front.origin}/many.html`, { waitUntil: 'commit' });
  const ready = await Promise.all(payments.map((payment) => shown(payment, 1)));
  await pause(REST_MS);

  return {
    ...fresh,
    ready_ms: Math.max(...ready) - began_ms,
    requests: () => requests.size,
    /** Paths of the requests that have waited for an answer for so long. */
    open: (duration_ms = 0) => [...requests].filter(([, { ended, since_ms }]) => !ended && Date.now() - since_ms >= duration_ms)
      .map(([request]) => new URL(request.url()).pathname),
    /** All paths that were asked for, with how often. */
    counts() {
      const counts = {};
      for (const [request] of requests) {
        const { pathname } = new URL(request.url());
        counts[pathname] = (counts[pathname] ?? 0) + 1;
      }
      return counts;
    },
    /** Reports something new about one payment and waits until every element that shows it has drawn it. */
    async change(index) {
      const payment = payments[index];
      const { version } = await report(stage, payment, { source: 'network', leg: 'network', outcome: 'pending' });
      const acknowledged_ms = performance.timeOrigin + performance.now();
      const painted_at = await shown(payment, version);
      const answer = await fresh.evaluate(`observed.lastAnswer(${JSON.stringify(payment.src)})`);
      return {
        heard_ms: answer.at_ms - acknowledged_ms, painted_ms: painted_at - answer.at_ms,
        whole_ms: painted_at - acknowledged_ms, protocol: answer.protocol,
      };
    },
    /** Milliseconds a second that the main thread works while nothing happens. */
    async busyPerSecond(duration_ms) {
      await fresh.evaluate('observed.stop()');
      const before_ms = await fresh.busy_ms();
      await pause(duration_ms);
      return (await fresh.busy_ms() - before_ms) / (duration_ms / 1000);
    },
    /** What the page sees when another tab covers it. */
    hide: () => fresh.evaluate(`
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));`),
  };
}

function watchRequests(page) {
  const requests = new Map();
  page.on('request', (request) => requests.set(request, { since_ms: Date.now(), ended: false }));
  for (const event of ['requestfinished', 'requestfailed']) {
    page.on(event, (request) => { requests.get(request).ended = true; });
  }
  return requests;
}
