// The payer's wallet: one bill, with the payment's state where a wallet would say "paid".
// Used by the wallet's own page (receipt.html) and, in a phone frame, beside the till (index.html).

import { h, icon } from './dom.js';
import { paymentStatus } from './status.js';

/** One bill screen for a payment of pages/demo.js. */
export function wallet(payment) {
  const { minor, currency } = payment.amount;
  return h('article', { class: 'wallet', sayLabel: 'wallet.label' },
    h('header', { class: 'wallet__bar' },
      h('h2', { class: 'wallet__title', say: 'wallet.title' })),
    h('div', { class: 'wallet__scroll' },
      h('div', { class: 'wallet__payee' },
        h('span', { class: 'wallet__avatar' }, icon('loaf')),
        h('span', { class: 'wallet__name', say: 'shop.name' }),
        h('strong', { class: 'wallet__amount amount', 'data-money': `${minor} ${currency}` })),
      paymentStatus({ src: payment.src, party: 'payer', token: payment.tokens.payer }),
      facts(payment),
      help()));
}

function facts({ reference, openedAt }) {
  return h('dl', { class: 'wallet__facts' },
    ...fact('wallet.payee', h('dd', { say: 'shop.name' })),
    ...fact('wallet.order', h('dd', { class: 'amount' }, reference)),
    ...fact('wallet.method', h('dd', { say: 'wallet.account' })),
    ...fact('wallet.opened', h('dd', { 'data-time': openedAt, 'data-time-style': 'full' })));
}

function fact(key, value) {
  return [h('dt', { say: key }), value];
}

function help() {
  return h('details', { class: 'wallet__help' },
    h('summary', {}, h('span', { say: 'wallet.help' }), icon('chevron')),
    h('p', { say: 'wallet.help.text' }));
}
