//# allFunctionsCalledOnLoad
// The line above is for the browser: Chromium (since 136) compiles this file while it arrives, not each function at its first call.
//
// <payment-status>: the class, its registration and the files beside it. No product logic: attributes go in as they
// are, everything else happens in the WebAssembly. Until that works, and whenever it cannot be had, the element shows
// its own light-DOM content. In Node, where there are no elements, importing this does nothing.

const VERSION = "0.1.0";
const LANGUAGES = "en zh-CN ar de es fa fr he hi id ja ko pt-BR ru sw th tr ur vi zh-TW".split(" ");
/** At least this lies between two calls of a token provider, times the number of calls in a row. */
const CALM_MS = 5000;
const LONG_MS = 60000;

/** Every element that the program draws, with what it told its page last. */
const mounted = new Map();
/** What was asked before the program was there; until it is taken, the promise of what comes, and how to give it up. */
const asked = new Map();
let loading;
/** The glue, as it comes. */
let glue;
let whole = false;
/** Brings the rest of the program. */
let more;

/** Loads glue and wasm side by side, once; a failed load is forgotten, so that it can be tried again. */
function load(attempt) {
  loading ??= (async () => {
    // A module that failed to load stays failed under its own address in some browsers: another query is another address.
    const retry = attempt ? `?retry=${attempt}` : "";
    const silence = new Promise((_, reject) => (limited().signal.onabort = () => reject(new Error("no answer"))));
    glue = Promise.race([script(`payment-status-widget.js${retry}`, PaymentStatus.integrity), silence]);
    const module = file(`payment-status-widget_bg.wasm${retry}`, ".wasm", compile);
    module.catch(() => {}); // reported by the awaiting line below
    const { default: init, Handle, more: bring } = await glue;
    await init({ module_or_path: module });
    addEventListener("error", breakDown);
    whole = !bring;
    more = bring && (() => bring(
      () => file("payment-status-widget_rest.wasm", ".rest", compile),
      rested,
    ).then(() => (whole = true)));
    return Handle;
  })().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Gives up what has not come whole after two minutes: a slow line is not a silent one. */
function limited() {
  const quit = new AbortController();
  setTimeout(() => quit.abort(), 2 * LONG_MS);
  return quit;
}

/** Asks once for what the program will take when it is there. */
function ask(url, token, cache, headers) {
  const key = url + token;
  if (asked.has(key)) return;
  const quit = limited();
  const options = { cache, headers, signal: quit.signal, credentials: "omit", redirect: "error", referrerPolicy: "no-referrer" };
  const coming = fetch(url, options).then((answer) => [answer, performance.now(), Date.now()]);
  coming.catch(() => {}); // the program's concern
  asked.set(key, [coming, quit]);
}

/**
 * Asks what every first view asks, while the program that asks is on its way; nothing where nobody sees the page. False
 * where the attributes are wrong: to say so takes the whole program.
 */
function askEarly(element, given) {
  const [src, party, keys, token] = [...["src", "party", "keys"].map((name) => element.getAttribute(name)), given]
    .map((text) => text?.trim() ?? "");
  try {
    const url = new URL(src, document.baseURI);
    const set = keys[0] === "{" ? url : new URL(keys || "/.well-known/jwks.json", keys ? document.baseURI : url);
    const isFine = /\/tx_\w{26}\/status([?#]|$)/.test(src) && /^(payer|merchant|support|)$/.test(party) && /^[!-~]*$/.test(token) && /^http.+http/.test(url + set);
    if (isFine && token && !whole && !document.hidden) {
      ask(url, token, "no-store", { authorization: `Bearer ${token}`, prefer: "wait=25" });
      if (set !== url) ask(set, "", "no-cache");
    }
    return isFine && given != null;
  } catch {} // not an address
}

/** Gives what was asked for, with the time when it came, to whoever takes it first, and how to give it up. */
const early = (url, token) => {
  const coming = asked.get(url + token);
  if (coming) asked.set(url + token);
  return coming;
};

const foreign = (path) => new Error(`${path} is not of version ${VERSION}`);

/** Fetches a file and reads it; refuses one that is not the file of this version, by the sum that the glue has under `name`. */
async function file(path, name, read) {
  const answer = await fetch(new URL(path, PaymentStatus.base), { signal: limited().signal });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  // Not fetch's own `integrity`: it holds back the stream, and takes no part in a preload. Where the page is not served
  // securely there is no digest, and no verdict either.
  const copy = PaymentStatus.integrity && crypto.subtle && answer.clone();
  const result = await read(answer);
  if (copy) {
    const hash = await crypto.subtle.digest("SHA-256", await copy.arrayBuffer());
    if (!btoa(String.fromCharCode(...new Uint8Array(hash))).startsWith(later[name] ?? (await glue).sums[name])) throw foreign(path);
  }
  return result;
}

const tell = (element, name, detail) => element.dispatchEvent(
  new CustomEvent(`payment-status-${name}`, { bubbles: true, composed: true, detail }));

/**
 * A broken program cannot say so: its cards would stand as they are and look current, and so would what the page made of
 * its last event. The light-DOM content stands again, and the last answer is told once more, as stale.
 */
function breakDown({ error, filename }) {
  // What was compiled from bytes has no address: it may be ours, and a fallback too much is better than a card too much.
  if (!(error instanceof WebAssembly.RuntimeError) || !/payment-status-widget|^wasm:/.test(filename)) return;
  const detail = { format: 1, kind: "internal", code: "internal", message: `broke down: ${error.message}` };
  for (const [element, last] of mounted) {
    element.shadowRoot?.replaceChildren(document.createElement("slot"));
    if (last) tell(element, "change", { ...last, stale: true });
    tell(element, "error", detail);
  }
  mounted.clear();
}

/** Compiles while it arrives; all of it at the end where the server sends another type than `application/wasm`. */
async function compile(answer) {
  const streams = answer.headers.get("content-type") === "application/wasm";
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}

/** An import carries no integrity value, but a preload does, and what it has checked is what the import finds. */
async function script(path, integrity) {
  const href = new URL(path, PaymentStatus.base).href;
  const link = document.createElement("link");
  if (integrity && link.relList.supports("modulepreload")) {
    await new Promise((resolve, reject) => {
      Object.assign(link, { rel: "modulepreload", href, integrity, onload: resolve, onerror: () => reject(foreign(path)) });
      document.head.append(link);
    }).finally(() => link.remove());
  }
  return import(href);
}

const fetching = {};
/** The sums of the words that come later, from those that were checked. Kept here: a glue that is loaded again knows none of them. */
const later = {};

/** The words in the file `name`, fetched once however many elements wait for it. The first file vouches for the later ones. */
const fetchWords = (name) => (fetching[name] ??= file(`locales/${name}.json`, name, (answer) => answer.json())
  .then(({ integrity, ...texts }) => {
    Object.assign(later, integrity);
    return texts;
  }));

/** The same for the program, which keeps what is good, and asks again for what is not. */
const words = (name) => fetchWords(name).finally(() => delete fetching[name]);

/** Language and script of a tag, as the browser knows them: `zh-HK` is written like `zh-TW`, `pt` like `pt-BR`. */
function written(tag) {
  const whole = new Intl.Locale(tag).maximize();
  return whole.language + whole.script;
}

/** The language of the page around an element, through each shadow root that it stands in. */
const around = (node) => {
  const root = node.getRootNode();
  return node.closest("[lang]")?.lang || (root instanceof ShadowRoot && around(root.host));
};

/** The file of words for the first wish that there are words for, and the wish; English where there is none. */
function spoken(element) {
  for (const wish of [element.getAttribute("locale"), around(element), ...navigator.languages]) {
    if (wish) try {
      // With words for the language itself, and no script in the tag, nothing has to be looked up: that takes long.
      const name = [wish, /^([a-z]+)(-[A-Z]{2})?$/.exec(wish)?.[1]].find((tag) => LANGUAGES.includes(tag))
        ?? LANGUAGES.find((tag) => written(tag) === written(wish));
      if (name) return [name, wish];
    } catch {} // not a language tag
  }
  return ["en", "en"];
}

/** Milliseconds before something is loaded again that failed `attempt + 1` times: 1 s, doubled each time up to half a minute. */
const jittered = (attempt) => Math.min(1000 * 2 ** attempt, 30000) * (0.5 + Math.random());

/** Ends when the page is seen again or the connection is back, and after `ms` at the latest. */
const woken = (ms) => new Promise((resolve) => {
  const once = new AbortController();
  const wake = () => resolve(once.abort());
  for (const name of ["online", "pageshow", "focus", "visibilitychange"]) addEventListener(name, wake, { signal: once.signal, capture: true });
  setTimeout(wake, ms);
});

/** The pause after a failed load; nothing is loaded again while nobody sees the page. */
async function rested(attempt) {
  await woken(jittered(attempt));
  while (document.hidden) await woken(LONG_MS);
}

export class PaymentStatus extends (globalThis.HTMLElement ?? class {}) {
  static observedAttributes = ["src", "party", "token", "locale", "keys"];
  static version = VERSION;
  /** The integrity value of the glue, which vouches for every other file: `cargo xtask dist` fills it in. Empty: nothing is checked. */
  static integrity = "";
  /** Where the files lie: beside this one, unless a bundler has moved it. */
  static base = import.meta.url;
  #handle;
  #token;
  #provider;
  #whose;
  #refused;
  #renewing = false;
  #calls = 0;
  #calledAt = -LONG_MS;
  #starting = false;
  #queued = false;

  /** The capability token as a property, so that it need not stand in the document. Wins over the attribute. */
  get token() {
    return this.#token ?? this.getAttribute("token");
  }

  set token(value) {
    this.#token = value ?? undefined;
    this.#whose = undefined;
    this.#queue();
  }

  /** An async function that gets a token: asked when there is none, and when the server refuses the one there is. */
  get tokenProvider() {
    return this.#provider;
  }

  set tokenProvider(value) {
    this.#provider = value ?? undefined;
    this.#queue();
  }

  connectedCallback() {
    // A property that was set before the class was defined hides the accessor: take it over.
    for (const name of ["token", "tokenProvider"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this.addEventListener("payment-status-error", this.#onError);
    if (!this.#handle) this.#start();
    this.#queue();
  }

  disconnectedCallback() {
    // One microtask later: moving the element within the page must not restart it.
    queueMicrotask(() => {
      if (this.isConnected) return;
      mounted.delete(this);
      this.#handle?.free();
      this.#handle = undefined;
    });
  }

  #keep = ({ target, detail }) => {
    if (target === this && mounted.has(this)) mounted.set(this, detail);
  };

  attributeChangedCallback() {
    this.#queue();
  }

  async #start() {
    if (this.#starting) return;
    this.#starting = true;
    for (let attempt = 0; this.isConnected; attempt += 1) {
      try {
        const Handle = await load(attempt);
        if (!this.isConnected) break;
        this.#handle ??= new Handle(this, words, more, early);
        mounted.set(this);
        this.addEventListener("payment-status-change", this.#keep);
        this.#configure();
        break;
      } catch (error) {
        // A program that came and breaks down is no fault of the way to it. By its name: there may be no WebAssembly here.
        const names = error?.name === "RuntimeError" ? ["internal", "internal"] : ["network", "load-failed"];
        this.#report(...names, `${error?.message ?? error}`);
        await rested(attempt);
      }
    }
    this.#starting = false;
  }

  #report(kind, code, message) {
    tell(this, "error", { format: 1, kind, code, message });
  }

  /** Many attribute writes, one update. */
  #queue() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      if (this.isConnected) this.#configure();
    });
  }

  #configure() {
    const given = (name) => this.getAttribute(name) || undefined;
    let token = this.token || undefined;
    if (this.#provider) {
      // A token is for one payment and one reader: another one needs another token.
      const whose = given("src") + given("party");
      if (this.#whose && this.#whose !== whose) {
        this.#token = undefined;
        this.#calls = 0;
        this.#calledAt = -LONG_MS;
      }
      this.#whose = whose;
      token = this.#token ?? "";
      if (!token && given("src")) this.#renew();
    }
    const language = spoken(this);
    const isFine = askEarly(this, token);
    // Once the program is there it asks for what it lacks.
    if (!this.#handle) { if (!more) fetchWords(language[0]).catch(() => {}); }
    else if (whole || isFine) this.#handle.configure(given("src"), given("party"), token, given("keys"), ...language);
    else more().then(() => this.#queue());
  }

  #onError = ({ target, detail }) => {
    if (target !== this || detail?.kind !== "expired" || !this.#provider) return;
    this.#refused = this.#token;
    this.#renew();
  };

  /** Asks the page for a token, one call at a time: the first at once, then farther and farther apart; a wake cuts the wait short. */
  async #renew() {
    if (this.#renewing) return;
    this.#renewing = true;
    const wanted = () => this.isConnected && this.#provider && (!this.#token || this.#token === this.#refused);
    const due = (ms) => this.#calledAt + ms - performance.now();
    while (wanted()) {
      // One that was good for so long is not part of a row of refusals.
      if (due(LONG_MS) < 0) this.#calls = 0;
      const calm = Math.min(CALM_MS * this.#calls, LONG_MS);
      if (due(calm) > 0) await woken(due(calm));
      while (due(CALM_MS) > 0) await woken(due(CALM_MS));
      while (document.hidden) await woken(LONG_MS);
      if (!wanted()) break;
      const whose = this.#whose;
      this.#calls += 1;
      this.#calledAt = performance.now();
      const patience = setTimeout(() => {
        if (this.isConnected) this.#report("configuration", "token-provider", "tokenProvider: no answer yet");
      }, LONG_MS);
      try {
        const token = await this.#provider(this);
        if (whose !== this.#whose) continue;
        if (!token || token === this.#refused) throw new Error("no new token");
        this.#token = token;
        this.#queue();
      } catch (error) {
        this.#report("configuration", "token-provider", `tokenProvider: ${error?.message ?? error}`);
      } finally {
        clearTimeout(patience);
      }
    }
    this.#renewing = false;
  }
}

let named = false;

/** Registers the element. A second load of the same version is silent, of another version a warning. */
export function define(tag = "payment-status", registry = globalThis.customElements) {
  const existing = registry?.get(tag);
  if (existing && existing.version !== VERSION) {
    console.warn(`<${tag}> is version ${existing.version}, not ${VERSION}`);
  }
  if (!registry || existing) return;
  // One class has one name.
  registry.define(tag, named ? class extends PaymentStatus {} : PaymentStatus);
  named = true;
}

define();
