// Pictures of the real pages, for the README: `node tests/e2e/screenshots.mjs docs/images`.
// One server, every scenario played on it; no page is altered for the picture.

import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { reportToSend } from '../../www/player/runner.js';
import { launchBrowser } from './support/browser.mjs';
import { createTransaction, post } from './support/client.mjs';
import { smaller } from './support/png.mjs';
import { startServer } from './support/server.mjs';

const DESK = { width: 1280, height: 800 };
const COUNTER = { width: 1220, height: 720 };
const PHONE = { width: 390, height: 844 };
/** Bytes; larger pictures make a slow README. */
const LIMIT = 160 * 1024;
const PICTURES = [
  ['counter-en-light', 'index.html', COUNTER, 'en', 'light'],
  ['counter-zh-dark', 'index.html', COUNTER, 'zh-CN', 'dark'],
  ['phone-zh-light', 'receipt.html', PHONE, 'zh-CN', 'light'],
  ['phone-en-dark', 'receipt.html', PHONE, 'en', 'dark'],
  ['checkout-en-light', 'checkout.html', DESK, 'en', 'light'],
  ['checkout-zh-phone', 'checkout.html', PHONE, 'zh-CN', 'light'],
  ['support-en-light', 'support.html', DESK, 'en', 'light'],
  ['support-zh-dark', 'support.html', DESK, 'zh-CN', 'dark'],
];

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node tests/e2e/screenshots.mjs FOLDER');
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await launchBrowser();
try {
  await server.writeDemo();
  const shown = await playAll();
  // The desk first: its list is the dozen cases, without the payments that the other pictures open.
  const inOrder = PICTURES.toSorted(([, a], [, b]) => (b === 'support.html') - (a === 'support.html'));
  for (const [name, path, viewport, locale, colorScheme] of inOrder) {
    const file = join(folder, `${name}.png`);
    await picture({ file, path, shown, viewport, locale, colorScheme });
    const { size } = await stat(file);
    console.log(`${file}: ${Math.round(size / 1024)} KiB${size > LIMIT ? `, more than ${LIMIT / 1024} KiB` : ''}`);
    if (size > LIMIT) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.end();
}

/** Plays every scenario to its end; answers the transaction that the support picture opens. */
async function playAll() {
  const { scenarios } = JSON.parse(await readFile(join(server.site, 'scenarios.json'), 'utf8'));
  let first;
  for (const [index, scenario] of [...scenarios.entries()].toReversed()) {
    const payment = await createTransaction(server, {
      amount: scenario.transaction.amount, order_reference: `A-${1042 + index * 37}`, payout_account: 'Bank •••• 9023',
      payer_account: 'Wallet •••• 4417' });
    for (const step of scenario.reports.keys()) {
      const sent = reportToSend(scenario.reports, step, payment.id, Date.now());
      const response = await post(server, sent.source, [sent]);
      if (!response.ok) throw new Error(`${scenario.id}: ${response.status} ${await response.text()}`);
    }
    first = payment;
  }
  return first;
}

async function picture({ file, path, shown, viewport, locale, colorScheme }) {
  const context = await browser.newContext({
    viewport, locale, colorScheme, timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce' });
  const page = await context.newPage();
  try {
    if (path === 'support.html') await openSupport(page, shown);
    else await openPlayed(page, path);
    await writeFile(file, smaller(await page.screenshot({ animations: 'disabled' })));
  } finally {
    await context.close();
  }
}

/** Plays the first case through the front page's own button, then goes on to the page of the picture. */
async function openPlayed(page, path) {
  await page.goto(`${server.origin}/index.html`);
  for (const version of [1, 2, 3]) {
    await page.waitForSelector('#next:not([disabled])', { state: 'attached' });
    await page.click('#next');
    for (const party of ['payer', 'merchant']) {
      await page.waitForSelector(`#answer-${party}[data-version="${version}"]`, { state: 'attached' });
    }
  }
  if (path !== 'index.html') await page.goto(`${server.origin}/${path}`);
  await cardShows(page, '3');
}

async function openSupport(page, { id }) {
  await page.goto(`${server.origin}/support.html#${id}`);
  await page.waitForFunction(() => document.getElementById('key')?.value);
  await page.click('#key-form button');
  await page.waitForSelector('#rows > *');
  await cardShows(page, '3');
}

async function cardShows(page, version) {
  await page.waitForFunction((wanted) => [...document.querySelectorAll('payment-status')].every(({ shadowRoot }) => (
    shadowRoot?.querySelector('[part=card]')?.dataset.version === wanted)), version);
  // The own document of each party comes a moment after the shared one.
  await page.waitForTimeout(500);
}
