// The browser, and pages whose every visit is the first one. Pages are spoken to through the DevTools
// protocol: the strict policy of the pages forbids what Playwright's own `evaluate` does.

import { readFile } from 'node:fs/promises';

import { chromium } from 'playwright-core';

import { fromEnvironment } from './stage.mjs';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export function launch() {
  return chromium.launch({ executablePath: fromEnvironment('CHROMIUM'), headless: true, args: ARGUMENTS });
}

/**
 * A page in a context of its own: nothing is cached, nothing remembered. `given` is what its script finds in
 * `globalThis.bench` before any other script runs: the token stands in no address and in no document.
 */
export async function freshPage(browser, { given, cpuSlowdown = 1 }) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  if (cpuSlowdown > 1) await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  await context.addInitScript({ content: `globalThis.bench = ${JSON.stringify(given)};` });
  await context.addInitScript({ content: await readFile(new URL('./observe.js', import.meta.url), 'utf8') });
  // In processor time, which another program on the machine does not lengthen much.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });

  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await devtools.send('Runtime.evaluate', {
      expression, awaitPromise: true, returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  /** Milliseconds of its main thread that the page has used so far. */
  const busy_ms = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  return { page, evaluate, busy_ms, errors, close: () => context.close() };
}

/** Fails with what the page complained of if `promise` takes longer than `limit_ms`. */
export async function within(limit_ms, what, promise, errors) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${limit_ms} ms\n${errors.join('\n')}`)), limit_ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
