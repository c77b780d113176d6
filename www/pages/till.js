// The shop's till: the order, its total, and the payment's result where the cashier looks for it.
// Used by the shop's own page (checkout.html) and beside the phone (index.html).

import { keepHandedOver } from './demo.js';
import { h, icon, sayOn } from './dom.js';
import { paymentStatus } from './status.js';

/** One till screen for a payment of pages/demo.js. */
export function till(payment) {
  const status = paymentStatus({ src: payment.src, party: 'merchant', token: payment.tokens.merchant });
  return h('article', { class: 'till', sayLabel: 'till.label' },
    header(payment),
    // It scrolls beside the player: a keyboard must reach it while nothing in it can be focused.
    h('div', { class: 'till__body', tabindex: '0', role: 'group', sayLabel: 'till.label' },
      h('div', { class: 'till__sale' }, order(payment), due(payment), handOver(payment, status)),
      h('section', { class: 'till__payment', sayLabel: 'till.payment' }, status)));
}

function header({ openedAt }) {
  return h('header', { class: 'till__header' },
    h('span', { class: 'till__mark' }, icon('loaf')),
    h('div', { class: 'till__shop' },
      h('strong', { say: 'shop.name' }),
      h('span', { class: 'till__place', say: 'shop.place' })),
    h('div', { class: 'till__desk' },
      h('span', { say: 'till.number' }),
      h('time', { datetime: openedAt, 'data-time': openedAt, 'data-time-style': 'clock' })));
}

function order({ reference, amount: { currency }, lines }) {
  return h('section', { class: 'till__order', sayLabel: 'till.order' },
    h('h2', { class: 'till__heading' },
      h('span', { say: 'till.order' }), ' ', h('span', { class: 'till__reference' }, reference)),
    h('ul', { class: 'till__lines' }, ...(lines ?? []).map((line) => orderLine(line, currency))));
}

function due({ amount: { minor, currency } }) {
  return h('p', { class: 'till__due' },
    h('span', { say: 'till.total' }),
    h('strong', { class: 'amount', 'data-money': `${minor} ${currency}` }));
}

function orderLine([item, count, unitMinor], currency) {
  return h('li', { class: 'till__line' },
    h('span', { class: 'till__count' }, `${count} ×`),
    h('span', { say: `item.${item}` }),
    h('span', { class: 'amount', 'data-money': `${count * unitMinor} ${currency}` }));
}

// The shop's own button follows the widget's verdict: that is what the change event is for. Unless a
// verdict that is not stale says "release" it stays off, whatever the till itself believes.
function handOver(payment, status) {
  const button = h('button', { type: 'button', class: 'button button--till' });
  const note = h('p', { class: 'till__note' });
  button.addEventListener('click', () => {
    keepHandedOver(payment);
    update(true);
  });
  status.addEventListener('payment-status-change', ({ detail }) => update(detail.release === 'release' && !detail.stale));
  update(false);
  return h('div', { class: 'till__actions' }, button, note);

  function update(mayRelease) {
    button.disabled = !mayRelease || payment.handedOver === true;
    sayOn(button, payment.handedOver ? 'till.handed_over' : 'till.hand_over');
    sayOn(note, mayRelease ? 'till.hand_over.may' : 'till.hand_over.wait');
    note.hidden = payment.handedOver === true;
  }
}
