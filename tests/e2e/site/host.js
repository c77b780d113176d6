// A host page under the server's policy: keeps what the policy refused and what the elements told.

(() => {
  const events = [];
  const violations = [];
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
    violations.push(`${violatedDirective}: ${blockedURI} (${sourceFile}:${lineNumber})`);
  });
  for (const name of ['payment-status-change', 'payment-status-final', 'payment-status-error']) {
    document.addEventListener(name, ({ target, detail }) => {
      events.push({ name, id: target.id, at: Date.now(), detail: { ...detail } });
    });
  }

  function add({ id, token, fallback, attributes }) {
    const element = document.createElement('payment-status');
    element.id = id;
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== null) element.setAttribute(name, value);
    }
    if (fallback) element.append(Object.assign(document.createElement('p'), { textContent: fallback }));
    if (token !== undefined && token !== null) element.token = token;
    document.getElementById('place').append(element);
  }

  // An attribute that is absent and one that is empty both say: nothing is verified.
  const NOTHING_VERIFIED = { state: '', charged: '', payAgain: '', release: '', moneyAt: '', version: '', matchCode: '' };

  const cardOf = (id) => document.getElementById(id)?.shadowRoot?.querySelector('[part=card]') ?? null;

  function card(id) {
    const card = cardOf(id);
    if (!card) return null;
    const part = (name) => card.querySelector(`[part=${name}]`)?.textContent.trim() ?? null;
    const answers = [...card.querySelectorAll('[part=answer]')].map((answer) => (
      [answer.dataset.question, answer.querySelector('dd').textContent]));
    return {
      ...NOTHING_VERIFIED, ...card.dataset,
      isGlance: card.dataset.state !== '' && card.querySelector('[part=trail]').hidden,
      headline: part('headline'), explanation: part('explanation'), notice: part('notice'),
      superseded: part('superseded'), disagreement: part('disagreement'), fresh: part('freshness'),
      code: part('match-code'), amount: part('amount'), reason: card.querySelector('[part=reason]')?.dataset.code ?? null,
      timeline: [...card.querySelectorAll('[part=timeline] li')].map((entry) => entry.textContent.trim()),
      stations: [...card.querySelectorAll('[part=station]')].map(({ dataset }) => ({ ...dataset })),
      answers: Object.fromEntries(answers), lang: card.lang,
    };
  }

  /** Notes in `host.seen` when each version stood in the card. */
  function watchVersions(id) {
    const seen = window.host.seen = {};
    new MutationObserver(() => {
      seen[cardOf(id).dataset.version] ??= Date.now();
    }).observe(cardOf(id), { attributes: true, attributeFilter: ['data-version'] });
  }

  window.host = { events, violations, add, card, cardOf, watchVersions };
})();
