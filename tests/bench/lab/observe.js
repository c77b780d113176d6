// Runs in the page before its own scripts. Takes every mark from outside, so that the product carries none:
// what the browser measures anyway, and the few functions through which the element must pass.

(() => {
  const marks = {};
  const mark = (name) => { marks[name] ??= performance.now(); };
  const screens = [];
  performance.setResourceTimingBufferSize(1000);

  // The loader has run when it defines the element.
  const define = customElements.define;
  customElements.define = function (...given) {
    mark('defined');
    return define.apply(this, given);
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const instance = await original.apply(WebAssembly, given);
      mark('instantiated');
      return instance;
    };
  }
  addEventListener('payment-status-change', () => mark('verified'), true);

  // A screen is whatever carries the verdict as data attributes: the card, or the plain page's own line.
  const watchFor = (root) => {
    new MutationObserver(() => {
      for (const place of root.querySelectorAll('[data-state]')) {
        if (place.dataset.state) seen(place);
      }
    }).observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state', 'data-version'] });
  };
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (...given) {
    const root = attachShadow.apply(this, given);
    watchFor(root);
    return root;
  };
  watchFor(document);

  const known = new WeakMap();
  function seen(place) {
    const { version = '' } = place.dataset;
    const transaction = place.dataset.transaction ?? '';
    if (known.get(place) === `${transaction}/${version}`) return;
    known.set(place, `${transaction}/${version}`);
    mark('inserted');
    // After the frame that draws it: the callback runs before the drawing, the message after it.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        mark('shown');
        screens.push({ transaction, version, at_ms: performance.timeOrigin + performance.now() });
        shown();
      };
      port2.postMessage(0);
    });
  }

  let waiting = [];
  function shown() {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }
  const nextChange = () => new Promise((resolve) => { waiting.push(resolve); });

  globalThis.observed = {
    /** Ends with all marks once the first verdict is on screen. */
    async firstVerdict() {
      while (marks.shown === undefined) await nextChange();
      const resources = {};
      for (const entry of performance.getEntriesByType('resource')) {
        const { pathname } = new URL(entry.name);
        resources[pathname] ??= {
          began: entry.startTime, sent: entry.requestStart, ended: entry.responseEnd, bytes: entry.encodedBodySize,
        };
      }
      const [navigation] = performance.getEntriesByType('navigation');
      return { marks, resources, document: navigation.responseEnd };
    },
    /** The moment (Unix ms) at which this version was on screen, on the screen of that transaction if several are here. */
    async version(version, transaction = '') {
      for (;;) {
        const found = screens.find((s) => s.transaction === transaction && s.version === String(version));
        if (found) return found.at_ms;
        await nextChange();
      }
    },
    forget() { screens.length = 0; },
  };
})();
