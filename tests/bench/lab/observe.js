// Runs in the page before its own scripts. Takes every mark from outside, so that the product carries none:
// what the browser measures anyway, and the few functions through which the element must pass.

(() => {
  const marks = {};
  const mark = (name) => { marks[name] ??= performance.now(); };
  /** By transaction and version: how many screens showed it, and when the last of them did. */
  const screens = new Map();
  const watching = [];
  performance.setResourceTimingBufferSize(5000);

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

  // A screen is whatever carries the verdict as data attributes: the card, or the plain page's own line. A page whose
  // markup is somebody else's names the element that it adds for its result.
  const { result } = globalThis.bench;
  const watchFor = (root) => {
    const watch = new MutationObserver(() => {
      for (const place of root.querySelectorAll(result ?? '[data-state]')) {
        if (result || place.dataset.state) seen(place);
      }
    });
    watch.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state', 'data-version'] });
    watching.push(watch);
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
    // Where many elements are on a page, each says itself which transaction it shows.
    const transaction = place.dataset.transaction ?? place.getRootNode().host?.dataset.transaction ?? '';
    if (known.get(place) === `${transaction}/${version}`) return;
    known.set(place, `${transaction}/${version}`);
    mark('inserted');
    // After the frame that draws it: the callback runs before the drawing, the message after it.
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        mark('shown');
        const key = `${transaction}/${version}`;
        const count = (screens.get(key)?.count ?? 0) + 1;
        screens.set(key, { count, at_ms: performance.timeOrigin + performance.now() });
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
    /** The moment (Unix ms) at which this version stood on `count` screens, of that transaction if several are here. */
    async version(version, transaction = '', count = 1) {
      for (;;) {
        const found = screens.get(`${transaction}/${version}`);
        if (found?.count >= count) return found.at_ms;
        await nextChange();
      }
    },
    /** When the browser had received the last answer from `url` (Unix ms), and how it was carried. */
    lastAnswer(url) {
      const { responseEnd, nextHopProtocol } = performance.getEntriesByName(url).at(-1);
      return { at_ms: performance.timeOrigin + responseEnd, protocol: nextHopProtocol };
    },
    forget() { screens.clear(); },
    /** From now on nothing is observed: what the page does then, it does by itself. */
    stop() { for (const watch of watching.splice(0)) watch.disconnect(); },
  };
})();
