// The second half of the wasm: what no first view runs. `wasm` is the first half's exports.

let coming;
let sealed = false;
const restAddress = () => new URL("./payment-status-widget_rest.wasm", import.meta.url);

/** Brings the second half, once: `load` ends with its module; asked for until it comes, with `pause(attempt)` in between. */
export const more = (load, pause) => (coming ??= (async () => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await WebAssembly.instantiate(await load(), { a: wasm });
    } catch {
      // Perhaps somebody has changed it: from now on it does not come unchecked either.
      sealed = true;
      await pause(attempt);
    }
  }
})());

/** Called by the first half where it cannot wait. Rare: only if something is needed before `more` was through. */
function fetchRest() {
  try {
    // What came was refused, perhaps by its sum, and here there is no time for one.
    if (sealed) throw new Error("unchecked");
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
