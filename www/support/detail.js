// One transaction: what it is, which leg broke, the card that the agent reads out, and the evidence.

import { h, icon, sayOn } from '../pages/dom.js';
import { paymentStatus } from '../pages/status.js';
import { money, term, time } from '../pages/terms.js';
import { sayProblem } from '../player/problem.js';
import { caseText, checkCode } from './case-text.js';
import { copyButton } from './copy.js';
import { reportList, versionList } from './evidence.js';
import { legChain } from './legs.js';
import { due, isNamed } from './rows.js';
import { toneOf } from './states.js';

/** Shows transactions in `place`; `get(path)` resolves to `{body, serverTime}`, `key` is the support key. */
export class DetailView {
  #transaction = null;
  #version = null;

  constructor({ place, get, key }) {
    Object.assign(this, { place, get, key });
  }

  get transaction() {
    return this.#transaction;
  }

  /** Opens a transaction, or with `null` shows that none is chosen. */
  async open(transaction) {
    if (transaction === this.#transaction && transaction !== null) return;
    this.#transaction = transaction;
    this.#version = null;
    if (transaction === null) {
      this.place.replaceChildren(h('p', { class: 'desk__choose', say: 'support.choose' }));
      return;
    }
    this.card = paymentStatus({ src: `/v1/transactions/${transaction}/status`, party: 'support', token: this.key });
    this.card.addEventListener('payment-status-change', ({ detail }) => this.refresh(detail.version));
    this.head = h('div', { class: 'case' });
    this.evidence = h('div', { class: 'case__evidence' });
    this.columns = h('div', { class: 'case__columns' }, h('div', { class: 'case__card' }, this.card), this.evidence);
    this.place.replaceChildren(
      h('a', { class: 'link desk__back', href: '#' }, icon('back'), h('span', { say: 'support.back' })),
      this.head, this.columns);
    await this.refresh(0);
  }

  /** Fetches the evidence again unless it is already of this version; the card looks after itself. */
  async refresh(version) {
    const transaction = this.#transaction;
    if (transaction === null || (this.#version !== null && version <= this.#version)) return;
    try {
      const { body, serverTime } = await this.get(`/v1/transactions/${transaction}/detail`);
      // Two refreshes can overtake each other; the newer version stays.
      if (transaction !== this.#transaction || (this.#version ?? -1) > body.version) return;
      this.#version = body.version;
      this.columns.hidden = false;
      this.head.replaceChildren(...heading(body, serverTime), legChain(body));
      this.evidence.replaceChildren(reportList(body.reports), versionList(body.history));
    } catch (error) {
      if (transaction !== this.#transaction) return;
      const problem = h('p', { class: 'notice', role: 'alert' });
      const isUnknown = error.code === 'not-found';
      // The card would say it to somebody whom a link has led here.
      this.columns.hidden = isUnknown;
      if (isUnknown) sayOn(problem, 'support.unknown', { transaction });
      else sayProblem(problem, error);
      this.head.replaceChildren(problem);
    }
  }
}

function heading(detail, serverTime) {
  const { snapshot, reason, transaction } = detail;
  const code = checkCode(detail);
  const heardAt = performance.now();
  const timeNow = () => serverTime && serverTime + performance.now() - heardAt;
  const actor = snapshot.next_actor;
  return [
    h('div', { class: 'case__title' },
      h('h2', {}, snapshot.order_reference),
      h('strong', { class: 'case__amount' }, money(snapshot.amount)),
      h('span', { class: 'row__state', 'data-tone': toneOf(snapshot.state) }, term('state', snapshot.state)),
      copyButton(() => caseText(detail, timeNow()))),
    h('dl', { class: 'case__facts' },
      ...fact('support.transaction', h('code', {}, transaction)),
      ...(snapshot.merchant_name ? fact('support.shop', h('span', {}, snapshot.merchant_name)) : []),
      ...(code ? fact('support.check_code', h('code', { class: 'case__code' }, code)) : []),
      ...fact('support.opened', time(snapshot.created_at, 'full')),
      ...fact('support.reason', h('code', {}, reason)),
      ...(isNamed(actor) ? fact('support.next_actor', h('span', {}, term('actor', actor), ' ',
        snapshot.resolve_by ? due(snapshot.resolve_by, serverTime) : '')) : [])),
  ];
}

function fact(key, value) {
  return [h('dt', { say: key }), h('dd', {}, value)];
}
