// Runs in the page before anything else: notes what every element shows, all the time, and what nobody caught.

export function probe() {
  // Full jitter would make one run unlike the next: waits after failures are a quarter of the longest.
  Math.random = () => 0.25;

  const errors = [];
  const samples = [];
  const last = new Map();
  window.probe = { errors, samples, take };
  window.addEventListener('error', ({ error, message }) => errors.push(String(error?.stack ?? message)));
  window.addEventListener('unhandledrejection', ({ reason }) => errors.push(`not handled: ${reason?.stack ?? reason}`));

  const words = (element) => element?.textContent.trim() ?? '';
  const isSeen = (element) => element !== null && element.getBoundingClientRect().height > 0;

  function shown(element) {
    const card = element.shadowRoot?.querySelector('[part=card]') ?? null;
    const part = (name) => words(card?.querySelector(`[part=${name}]`));
    if (!card) {
      const fallback = element.querySelector('p');
      return { card: false, words: isSeen(fallback) ? words(fallback) : '' };
    }
    const { state = '', charged = '', payAgain = '', release = '', moneyAt = '', version = '', matchCode = '', freshness } = card.dataset;
    const answers = [...card.querySelectorAll('[part=answer]')].map((answer) => [answer.dataset.question, words(answer.querySelector('dd'))]);
    const headline = part('headline');
    return {
      card: true, state, charged, payAgain, release, moneyAt, version, matchCode, freshness, tone: card.dataset.tone,
      words: isSeen(card) ? headline : '', headline, notice: part('notice'), answers: Object.fromEntries(answers),
    };
  }

  /** Notes what differs from the last time; ages in the texts do not count. */
  function take() {
    for (const element of document.querySelectorAll('payment-status')) {
      const now = shown(element);
      const src = element.getAttribute('src') ?? '';
      const key = [src, now.card, now.state, now.charged, now.payAgain, now.release, now.moneyAt, now.version, now.matchCode,
        now.freshness, now.words === ''].join('|');
      if (last.get(element) === key) continue;
      last.set(element, key);
      samples.push({ id: element.id, src, at: Date.now(), ...now });
    }
  }

  const every = window.setInterval.bind(window);
  every(take, 25);
  const observer = new MutationObserver(take);
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function attachShadow(options) {
    const root = attach.call(this, options);
    observer.observe(root, { attributes: true, subtree: true, attributeFilter: ['data-version', 'data-state', 'data-freshness', 'data-release'] });
    return root;
  };
}
