// Another device: a browser without script that opens what it was shown.

/** Hands `payment` over with the token of `by`; answers the address and the QR code. `party` as in the protocol. */
export async function handOver(server, payment, by, party) {
  const response = await fetch(`${server.origin}/v1/transactions/${payment.id}/handover`, {
    method: 'POST',
    headers: { authorization: `Bearer ${payment.tokens[by]}`, 'content-type': 'application/json' },
    body: JSON.stringify(party ? { party } : {}),
  });
  if (response.status !== 201) throw new Error(`handover: ${response.status} ${await response.text()}`);
  return response.json();
}

/** A page of a browser with a fresh profile and without script. */
export async function plainPage(browser, options) {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-US', ...options });
  return context.newPage();
}

/** Opens an address as a camera app does: with no page before it; then presses the button. */
export async function openHandedOver(page, url) {
  await page.goto(url);
  await page.locator('button').click();
  await page.waitForURL('**/status/**');
}
