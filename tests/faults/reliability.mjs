// docs/reliability.md: what a run of the matrix saw, and which rows it must list.

import { PARTIES } from './trial.mjs';

const HEAD = `# Reliability

Written by \`RELIABILITY=write\` and \`tests/e2e/faults.test.mjs\`. Do not edit.
`;

/** The page. `lines` is a map from row to what its phases showed. */
export function written(rows, lines, { browser, date, seconds }) {
  const phases = [...lines.values()].flat();
  return `${HEAD}
What payer, merchant and support see while the network, the server, the device or the host page misbehaves.
${rows.length} faults, ${phases.length} moments, three parties each: ${phases.length * PARTIES.length} cases, last written on ${date}
with Chromium ${browser}, in ${Math.round(seconds)} s.

## How it is tested

A real server, a real browser, and between them a proxy whose behaviour the test switches (\`tests/faults/proxy.mjs\`). The
three parties' elements stand on one page, each with its own token. The page notes every 25 ms, and at each change of a
card, what each of them shows. From the first moment to the last:

- **No false state.** A verdict on the screen is one that the server signed, whole, under that version, about that
  transaction; a version never goes back; while nothing can be heard nothing new appears, and what was found to be old is
  not called current again; a permission ("hand over", "pay again") that is not current says how old it is.
- **No blank.** There are words at every moment: a headline, or the page's own words.
- **No uncaught error**, no rejection that nobody handles, no breach of the page's policy, but for those that a row names.
- **One request at a time** for a watch, as counted at the proxy, and at most ten in any second (a browser itself repeats
  what was reset on a connection that it used before). Where a row itself ends and begins watches in quick turn, requests
  that were just cancelled may overlap.
- **\`payment-status-final\` once** for a final version.
- **Recovery.** After the fault the newest version is on all three screens, as current, in time, by itself, but where the
  table says otherwise. Half of the rows hold "you can hand over" while the payment is refunded behind the fault.

Waits after failures are random between nothing and a limit that doubles (docs/adr/0010-asking.md). In this test they are
always a quarter of the limit, so that runs compare: with real chance a recovery takes up to four times as long.

To run it: \`cargo xtask test --only e2e\`. To write this page:

\`\`\`text
RELIABILITY=write PAYMENT_STATUS_SERVER=target/debug/payment-status-server PAYMENT_STATUS_SITE=dist \\
  CHROMIUM=/usr/bin/chromium node --test tests/e2e/faults.test.mjs
\`\`\`

## What was seen

Each cell: how fresh the screen says it is, and the headline. *Words of the page*: there is no card, the element shows what the host
page put into it. *Back*: seconds from the end of the fault to the newest version on all three screens. *Asks*: requests to
the status address while the fault lasted, all three parties together.
${groups(rows).map(([name, members]) => table(name, members, lines)).join('')}
## Not tested

${NOT_TESTED.map((line) => `- ${line}`).join('\n')}
`;
}

function groups(rows) {
  const found = new Map();
  for (const row of rows) found.set(row.group, [...(found.get(row.group) ?? []), row]);
  return [...found];
}

function table(name, rows, lines) {
  const body = rows.flatMap((row) => (lines.get(row) ?? []).map((line) => record(row, line)));
  return `
### ${name}

| fault | when | payer | merchant | support | back | asks | |
|---|---|---|---|---|---|---|---|
${body.join('\n')}
`;
}

function record(row, { phase, screens, seconds, asks }) {
  const cells = Object.values(screens).slice(0, PARTIES.length).map(screen);
  const back = seconds === null ? 'no' : `${seconds.toFixed(1)} s`;
  return `| ${[row.name, phase, ...cells, back, String(Math.round(asks)), '✓'].map(escaped).join(' | ')} |`;
}

function screen({ fallback, freshness, headline, version }) {
  if (fallback !== undefined) return '*words of the page*';
  const kept = version === '' ? 'no verdict' : `version ${version}, ${freshness}`;
  return `*${kept}*: ${headline}`;
}

const escaped = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The names of the rows and moments that a page lists, in order. */
export function listed(page) {
  return page.split('\n').filter((line) => line.startsWith('| ') && line.endsWith('✓ |'))
    .map((line) => line.split(' | ').slice(0, 2).join(': ').slice(2));
}

/** The same, of the rows themselves. */
export function named(rows) {
  return groups(rows).flatMap(([, members]) => members.flatMap(({ name, phases }) => phases.map((phase) => `${name}: ${phase}`)));
}

const NOT_TESTED = [
  'Other browsers than Chromium; a phone; a screen reader.',
  'A device that really sleeps. A clock that is set ahead looks the same to the widget, and is tested.',
  'DNS that comes back by itself: the row ends by correcting the address.',
  'Offline before the host page itself: then there is no element. The row begins at the loader, and the host page loads it again.',
  'Packet loss and delay below the level of connections; HTTP/2 and TLS failures: the proxy speaks HTTP/1.1 without TLS.',
  'Parties on separate devices: here they share a page. Separate pages are in `tests/e2e/live.test.mjs` and `scenarios.test.mjs`.',
  'A file of the program whose download hangs without an end: the page\'s own words stay, and the loader does not give it up by itself.',
  'A page that loses its memory or is killed by the system.',
];
