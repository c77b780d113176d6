// Pictures of the card on a phone, a dozen states for both parties: `node tests/e2e/state-pictures.mjs docs/images/states`.
// Each is a signed answer of the real server on an empty page; nothing is altered for the picture.

import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { launchBrowser } from './support/browser.mjs';
import { openHost } from './support/host.mjs';
import { indexed } from './support/png.mjs';
import { startServer } from './support/server.mjs';
import { answering, everyState } from './support/states.mjs';

const STATES = ['awaiting_payment', 'processing', 'checking', 'paid', 'paid_not_confirmed', 'debited_not_credited', 'declined',
  'expired', 'reversing', 'refunded', 'duplicate', 'under_review'];
const PARTIES = ['payer', 'merchant'];
const LOCALES = ['zh-CN', 'en', 'ar'];
const PHONE = { width: 390, height: 844 };
/** Bytes. */
const LIMIT = 40 * 1024;

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node tests/e2e/state-pictures.mjs FOLDER');
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await launchBrowser();
try {
  const made = await everyState(server, STATES);
  let total = 0;
  for (const locale of LOCALES) {
    if (await access(join(server.site, 'locales', `${locale}.json`)).then(() => false, () => true)) {
      console.log(`${locale}: left out, the site has no words for it`);
      continue;
    }
    for (const { state, payment } of made) {
      for (const party of PARTIES) total += await picture({ state, payment, party, locale, made });
    }
  }
  console.log(`${Math.round(total / 1024)} KiB in all`);
} finally {
  await browser.close();
  await server.end();
}

/** What is seen at a glance: from the amount to where the money is. Answers the size of the file. */
async function picture({ state, payment, party, locale, made }) {
  const host = await openHost(browser, server, { routes: answering(made),
    context: { viewport: PHONE, deviceScaleFactor: 2, colorScheme: 'light', reducedMotion: 'reduce', locale } });
  const { page } = host;
  await host.add('card', { src: payment.src, party, token: payment.tokens[party], locale });
  await page.waitForSelector('#card [part=actions]:not([hidden])');
  // The own document of each party comes a moment after the shared one.
  await page.waitForTimeout(300);
  const { x, y, width } = await page.locator('#card').boundingBox();
  const trail = await page.locator('#card [part=trail]').boundingBox();
  const clip = { x, y, width, height: Math.min(trail.y + trail.height, PHONE.height) - y };
  const png = indexed(await page.screenshot({ animations: 'disabled', clip }), 16);
  await page.context().close();
  const file = join(folder, `${state.replaceAll('_', '-')}-${party}-${locale}.png`);
  await writeFile(file, png);
  if (png.length > LIMIT) console.log(`${file}: ${Math.round(png.length / 1024)} KiB, more than ${LIMIT / 1024} KiB`);
  return png.length;
}
