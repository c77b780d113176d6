// On a phone the list makes way for a payment; whoever comes back finds it where it was left.

/** Remembers the place in `list`, whose payments are the children of `rows`. */
export class PlaceInList {
  #left = null;

  constructor({ list, rows }) {
    Object.assign(this, { list, rows });
  }

  /** Opens `transaction` by `open`, which may hide the list. */
  leave(transaction, open) {
    const left = { transaction, scrolled: scrollY, top: this.#top(transaction) };
    open();
    if (this.list.checkVisibility()) return;
    this.#left = left;
    scrollTo(0, 0);
  }

  /** Closes the payment by `close`. Rows may have come or gone above: the one that was opened stays under the thumb. */
  comeBack(close) {
    close();
    if (this.#left === null) return;
    const { transaction, scrolled, top } = this.#left;
    this.#left = null;
    const now = this.#top(transaction);
    scrollTo(0, now === null || top === null ? scrolled : scrollY + now - top);
    this.#row(transaction)?.querySelector('a').focus({ preventScroll: true });
  }

  #row(transaction) {
    return this.rows.querySelector(`[data-transaction="${CSS.escape(transaction)}"]`);
  }

  #top(transaction) {
    return this.#row(transaction)?.getBoundingClientRect().top ?? null;
  }
}
