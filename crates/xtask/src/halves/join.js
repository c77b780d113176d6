// The second half of the wasm: what no first view runs. `wasm` is the first half's exports.

let rest;
const restAddress = () => new URL("./payment-status-widget_rest.wasm", import.meta.url);

/** Brings the second half; `load` ends with its module. Once: a failed try is forgotten. `more.sealed`: it never comes in another way. */
export function more(load) {
  rest ??= load().then((module) => WebAssembly.instantiate(module, { a: wasm }));
  rest.catch(() => { rest = undefined; });
  return rest;
}

/** Called by the first half where it cannot wait. Rare: only if something is needed before `more` was through. */
function fetchRest() {
  try {
    // What came was refused, perhaps by its sum, and here there is no time for one.
    if (more.sealed) throw new Error("unchecked");
    const request = new XMLHttpRequest();
    request.open("GET", restAddress(), false);
    // The only way to bytes without waiting: each as the low half of a character.
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    const bytes = Uint8Array.from(request.responseText, (character) => character.charCodeAt(0));
    new WebAssembly.Instance(new WebAssembly.Module(bytes), { a: wasm });
  } catch (cause) {
    // The program cannot go on in the middle of a step: the same end as a fault of its own.
    throw new WebAssembly.RuntimeError("its second half cannot be had", { cause });
  }
}
