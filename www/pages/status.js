// Places one <payment-status> element: what any page that embeds the widget does, and nothing more.

import { h } from './dom.js';
import { currentLocale } from './locale.js';

/**
 * The element for one party. `src` and `token` go in together and only once the element is defined:
 * before that the text inside it is what people read, and a `src` without its token would be reported
 * as a mistake in the page. The token is set as a property, so that it is never part of the HTML.
 */
export function paymentStatus({ src, party, token }) {
  const element = h('payment-status', { party, locale: currentLocale() },
    h('p', { class: 'fallback', say: `fallback.${party}` }));
  customElements.whenDefined('payment-status').then(() => {
    element.token = token;
    element.setAttribute('src', src);
  });
  return element;
}
