// How long until a person sees how the payment ended: the widget; a page written by hand that asks once and verifies
// nothing; and the await screen of @adyen/adyen-web. Cold cache, slowed processor, the runs of all three alternated,
// all three through the same front.

import { freshPage, launch, within } from './lab/browser.mjs';
import { median, ms, percentile, printTable } from './lab/figures.mjs';
import { openFront } from './lab/front.mjs';
import { createPayment, report } from './lab/payments.mjs';
import { RESULT, addPeer, answerPeer } from './lab/peer.mjs';
import { openStage } from './lab/stage.mjs';

const RUNS = Number(process.env.BENCH_RUNS) || 21;
const CPU_SLOWDOWN = 4;
/** The most that the widget may take, as a multiple of the other's time to the screen. */
const TARGETS = { plain: 1.3, adyen: 0.7 };
const LIMIT_MS = 30_000;

const resource = (part, moment) => ({ resources }) => (
  Object.entries(resources).find(([path]) => path.includes(part))?.[1][moment]);
const mark = (name) => ({ marks }) => marks[name];
const asked = (name, part) => [[`${name} asked`, resource(part, 'began')], [`${name} received`, resource(part, 'ended')]];
const DOCUMENT = ['document received', ({ document }) => document];
const SHOWN = [['in the document', mark('inserted')], ['on screen', mark('shown')]];
const WIDGET_PHASES = [
  DOCUMENT,
  ...asked('loader', '/payment-status.js'), ['loader evaluated', mark('defined')],
  ...asked('glue', '/payment-status-widget.js'),
  ...asked('wasm', '/payment-status-widget_bg.wasm'), ['wasm instantiated', mark('instantiated')],
  ...asked('keys', '/jwks.json'), ...asked('words', '/locales/'), ...asked('status', '/status'),
  ['status verified', mark('verified')],
  ...SHOWN,
];
const PLAIN_PHASES = [DOCUMENT, ...asked('script', '/plain.js'), ...asked('status', '/status'), ...SHOWN];
const ADYEN_PHASES = [
  DOCUMENT, ...asked('sheet', '/adyen.css'), ...asked('script', '/adyen.js'), ...asked('status', '/status'), ...SHOWN];

const PAGES = {
  plain: { file: 'plain.html', what: 'plain, unverified', phases: PLAIN_PHASES },
  widget: { file: 'widget.html', what: 'widget, verified', phases: WIDGET_PHASES },
  adyen: { file: 'adyen.html', what: 'adyen-web await, unverified', phases: ADYEN_PHASES, result: RESULT },
};
const NAMES = Object.keys(PAGES);
const WHAT_EACH_DOES = `
what each does until then:
  plain   asks once, trusts the answer, prints the fields of the document; no sheet, no words in other languages
  widget  fetches its words and the keys, asks, verifies the signature, shows state, advice and the reader's questions;
          amount, money trail and code follow 50 ms later, behind the frame that stops the clock
  adyen   loads its sheet, sets up its core, asks at once when mounted (its pause comes between two questions), trusts
          the answer, shows a picture and "Payment Successful"; here its backend is a local stand-in that adds no delay,
          and what its host does afterwards (/payments/details) is answered on the spot`;

const stage = await openStage({ addPages: addPeer });
const front = await openFront(stage.origin, {
  answer: (request) => answerPeer(stage.origin, request), lenient: [`/${PAGES.adyen.file}`],
});
const browser = await launch();
try {
  const payment = await paidPayment();
  // The first visit of each pays for what only the first one ever pays: it does not count.
  for (const name of NAMES) await visit(name, payment);
  const rounds = [];
  for (let run = 0; run < RUNS; run += 1) {
    const round = {};
    // Each goes first as often as the others: who comes after whom must not matter.
    for (let turn = 0; turn < NAMES.length; turn += 1) {
      const name = NAMES[(run + turn) % NAMES.length];
      round[name] = await visit(name, payment);
    }
    rounds.push(round);
  }
  for (const name of NAMES) printPhases(PAGES[name], rounds.map((round) => round[name]));
  printVerdict(rounds);
} finally {
  await browser.close();
  await front.stop();
  await stage.stop();
}

async function paidPayment() {
  const payment = await createPayment(stage);
  for (const facts of [
    { source: 'wallet', leg: 'debit', outcome: 'succeeded' },
    { source: 'acquirer', leg: 'credit', outcome: 'succeeded' },
    { source: 'terminal', leg: 'confirmation', outcome: 'succeeded' },
  ]) await report(stage, payment, facts);
  return payment;
}

async function visit(name, { src, tokens }) {
  const { file, result } = PAGES[name];
  const given = { src: new URL(new URL(src).pathname, front.origin).href, party: 'payer', token: tokens.payer, result };
  const fresh = await freshPage(browser, { given, cpuSlowdown: CPU_SLOWDOWN });
  try {
    await fresh.page.goto(`${front.origin}/${file}`, { waitUntil: 'commit' });
    const observed = await within(LIMIT_MS, file, fresh.evaluate('observed.firstVerdict()'), fresh.errors);
    return { ...observed, busy_ms: await fresh.busy_ms() };
  } finally {
    await fresh.close();
  }
}

/** Milliseconds from the start of the navigation; what concerns a resource is what the browser itself measured. */
function printPhases({ what, phases }, visits) {
  console.log(`\nphases of: ${what}; ms from the start of the navigation`);
  const rows = [['phase', 'median', 'p90']];
  for (const [name, take] of phases) {
    const times = visits.map(take).filter((time) => time !== undefined);
    rows.push(times.length ? [name, ms(median(times)), ms(percentile(times, 0.9))] : [name, '–', '–']);
  }
  printTable(rows);
}

function printVerdict(rounds) {
  const bytes = ({ resources }) => Object.values(resources).reduce((sum, resource) => sum + resource.bytes, 0);
  const rows = NAMES.map((name) => {
    const visits = rounds.map((round) => round[name]);
    const times = visits.map(({ marks }) => marks.shown);
    const afterAnswer = visits.map((visit) => visit.marks.shown - resource('/status', 'ended')(visit));
    return [
      PAGES[name].what, ms(median(times)), ms(Math.min(...times)), ms(percentile(times, 0.9)), ms(median(afterAnswer)),
      ms(median(visits.map(({ busy_ms }) => busy_ms))), (bytes(visits[0]) / 1024).toFixed(1),
    ];
  });
  console.log(`\nresult on screen, ms; processor ${CPU_SLOWDOWN}× slower, cold cache, ${rounds.length} runs each`);
  printTable([['page', 'median', 'least', 'p90', 'after the answer', 'main thread', 'KiB'], ...rows]);
  for (const [other, target] of Object.entries(TARGETS)) {
    const ratios = rounds.map((round) => round.widget.marks.shown / round[other].marks.shown);
    const ratio = median(ratios);
    console.log(`\nwidget / ${other}, run by run: median ${ratio.toFixed(2)}, least ${Math.min(...ratios).toFixed(2)}, `
      + `most ${Math.max(...ratios).toFixed(2)}; target ≤ ${target}: ${ratio <= target ? 'met' : 'NOT met'}`);
  }
  console.log(WHAT_EACH_DOES);
}
