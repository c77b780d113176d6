// <payment-status>: the class, its registration and the loading of the WebAssembly. No product logic:
// attributes go in as they are, everything else happens in the WebAssembly. Until that works, and
// whenever it cannot be had, the element shows its own light-DOM content.

const OBSERVED = ["src", "party", "token", "locale", "keys"];
const VERSION = "0.1.0";
const RETRY_MS = [1000, 2000, 5000, 10000, 30000];

let loading;

/** Loads glue and wasm side by side, once; a failed load is forgotten, so that it can be tried again. */
function load(attempt) {
  loading ??= (async () => {
    // A module that failed to load stays failed under its own address in some browsers: another query is another address.
    const retry = attempt ? `?retry=${attempt}` : "";
    const module = compile(new URL(`./payment-status-widget_bg.wasm${retry}`, import.meta.url));
    module.catch(() => {}); // reported by the awaiting line below
    const loadingGlue = import(`./payment-status-widget.js${retry}`);
    // The first use of Intl on a page takes longer than our own start: here it falls into the waiting.
    new Intl.NumberFormat();
    const glue = await loadingGlue;
    await glue.default({ module_or_path: module });
    return glue;
  })().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Compiles while it arrives; all of it at the end where the server sends another type than `application/wasm`. */
async function compile(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url.pathname}: HTTP ${answer.status}`);
  const streams = answer.headers.get("content-type")?.toLowerCase() === "application/wasm";
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class PaymentStatus extends HTMLElement {
  static observedAttributes = OBSERVED;
  static version = VERSION;
  #handle;
  #token;
  #starting = false;
  #queued = false;

  /** The capability token as a property, so that it need not stand in the document. Wins over the attribute. */
  get token() {
    return this.#token ?? this.getAttribute("token");
  }

  set token(value) {
    this.#token = value ?? undefined;
    this.#queue();
  }

  connectedCallback() {
    // A property that was set before the class was defined hides the accessor: take it over.
    if (Object.hasOwn(this, "token")) {
      const value = this.token;
      delete this.token;
      this.token = value;
    }
    if (this.#handle) this.#queue();
    else this.#start();
  }

  disconnectedCallback() {
    // One microtask later: moving the element within the page must not restart it.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.#handle?.free();
      this.#handle = undefined;
    });
  }

  attributeChangedCallback() {
    this.#queue();
  }

  async #start() {
    if (this.#starting) return;
    this.#starting = true;
    for (let attempt = 0; this.isConnected; attempt += 1) {
      try {
        const { Handle } = await load(attempt);
        if (!this.isConnected) break;
        this.#handle = new Handle(this, import.meta.url);
        this.#configure();
        break;
      } catch (error) {
        const message = `the widget could not be loaded: ${error?.message ?? error}`;
        const detail = { format: 1, kind: "network", code: "load-failed", message };
        this.dispatchEvent(new CustomEvent("payment-status-error", { bubbles: true, composed: true, detail }));
        await pause(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] * (0.5 + Math.random()));
      }
    }
    this.#starting = false;
  }

  /** Many attribute writes, one update. */
  #queue() {
    if (!this.#handle || this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      if (this.#handle) this.#configure();
    });
  }

  #configure() {
    const given = (name) => this.getAttribute(name) ?? undefined;
    this.#handle.configure(given("src"), given("party"), this.token ?? undefined, given("locale"), given("keys"));
  }
}

/** Registers the element. A second load of the same version is silent, of another version a warning. */
export function define(tag = "payment-status", registry = customElements) {
  const existing = registry.get(tag);
  if (!existing) registry.define(tag, PaymentStatus);
  else if (existing.version !== VERSION) {
    console.warn(`<${tag}> is already defined in version ${existing.version}; version ${VERSION} is not used`);
  }
}

define();
