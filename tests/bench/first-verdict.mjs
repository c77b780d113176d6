// How long until a person sees the first verified verdict: the widget against a page written by hand that asks
// once and verifies nothing. Cold cache, slowed processor, the runs of both alternated.

import { freshPage, launch, within } from './lab/browser.mjs';
import { median, ms, percentile, printTable } from './lab/figures.mjs';
import { createPayment, report } from './lab/payments.mjs';
import { openStage } from './lab/stage.mjs';

const RUNS = Number(process.env.BENCH_RUNS) || 21;
const CPU_SLOWDOWN = 4;
const TARGET_RATIO = 1.5;
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

const stage = await openStage();
const browser = await launch();
try {
  const payment = await paidPayment();
  // The first visit of each pays for what only the first one ever pays: it does not count.
  await visit('plain.html', payment);
  await visit('widget.html', payment);
  const pairs = [];
  for (let run = 0; run < RUNS; run += 1) {
    const plain = await visit('plain.html', payment);
    const widget = await visit('widget.html', payment);
    pairs.push({ plain, widget });
  }
  printPhases('widget, verified', WIDGET_PHASES, pairs.map(({ widget }) => widget));
  printPhases('plain, unverified', PLAIN_PHASES, pairs.map(({ plain }) => plain));
  printVerdict(pairs);
} finally {
  await browser.close();
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
  const given = { src, party: 'payer', token: tokens.payer };
  const fresh = await freshPage(browser, { given, cpuSlowdown: CPU_SLOWDOWN });
  try {
    await fresh.page.goto(`${stage.origin}/${name}`, { waitUntil: 'commit' });
    const observed = await within(LIMIT_MS, name, fresh.evaluate('observed.firstVerdict()'), fresh.errors);
    return { ...observed, busy_ms: await fresh.busy_ms() };
  } finally {
    await fresh.close();
  }
}

/** Milliseconds from the start of the navigation; what concerns a resource is what the browser itself measured. */
function printPhases(page, phases, visits) {
  console.log(`\nphases of: ${page}; ms from the start of the navigation`);
  const rows = [['phase', 'median', 'p90']];
  for (const [name, take] of phases) {
    const times = visits.map(take).filter((time) => time !== undefined);
    rows.push(times.length ? [name, ms(median(times)), ms(percentile(times, 0.9))] : [name, '–', '–']);
  }
  printTable(rows);
}

function printVerdict(pairs) {
  const plain = pairs.map((pair) => pair.plain.marks.shown);
  const widget = pairs.map((pair) => pair.widget.marks.shown);
  const ratios = pairs.map((_, run) => widget[run] / plain[run]);
  const bytes = ({ resources }) => Object.values(resources).reduce((sum, resource) => sum + resource.bytes, 0);
  const row = (name, times, visits) => [
    name, ms(median(times)), ms(Math.min(...times)), ms(percentile(times, 0.9)),
    ms(median(visits.map(({ busy_ms }) => busy_ms))), (bytes(visits[0]) / 1024).toFixed(1),
  ];
  console.log(`\nfirst verdict on screen, ms; processor ${CPU_SLOWDOWN}× slower, cold cache, ${pairs.length} runs each`);
  printTable([
    ['page', 'median', 'least', 'p90', 'main thread', 'KiB'],
    row('plain, unverified', plain, pairs.map((pair) => pair.plain)),
    row('widget, verified', widget, pairs.map((pair) => pair.widget)),
  ]);
  const ratio = median(ratios);
  console.log(`\nratio pair by pair: median ${ratio.toFixed(2)}, least ${Math.min(...ratios).toFixed(2)}, `
    + `most ${Math.max(...ratios).toFixed(2)}`);
  console.log(`target ≤ ${TARGET_RATIO}: ${ratio <= TARGET_RATIO ? 'met' : 'NOT met'}`);
}
