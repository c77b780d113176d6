// The button that puts the case on the clipboard.

import { clear, h, sayOn } from '../pages/dom.js';

/** How long the button says that it has copied. */
const SAID_MS = 2_000;

/** `text()` is asked when the button is pressed: in the language that the page then has. */
export function copyButton(text) {
  const button = h('button', { type: 'button', class: 'button', say: 'support.copy' });
  const said = h('span', { class: 'unseen', role: 'status' });
  const byHand = h('label', { class: 'case__copy', hidden: true },
    h('span', { say: 'support.copy.by_hand' }),
    h('textarea', { class: 'field', readonly: true, rows: 8 }));
  button.addEventListener('click', async () => {
    const lines = text();
    try {
      await navigator.clipboard.writeText(lines);
    } catch {
      // There is no clipboard at an address without https, and an administrator can forbid it.
      byHand.hidden = false;
      const area = byHand.querySelector('textarea');
      area.value = lines;
      area.focus();
      area.select();
      return;
    }
    for (const place of [button, said]) sayOn(place, 'support.copied');
    setTimeout(() => {
      sayOn(button, 'support.copy');
      clear(said);
    }, SAID_MS);
  });
  return h('div', { class: 'case__copying' }, button, said, byHand);
}
