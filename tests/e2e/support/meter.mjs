// What a page costs, as the browser itself counts it.

/** For `init` of `openHost`: keeps the memory of the wasm within reach. */
export function keepWasmMemory() {
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      // Found by its kind: the build makes the names of exports short. A compiled module makes an instance alone.
      window.wasmMemory ??= Object.values((made.instance ?? made).exports).find((it) => it instanceof WebAssembly.Memory);
      return made;
    };
  }
}

export class Meter {
  static async on(page) {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('HeapProfiler.enable');
    return new Meter(page, devtools);
  }

  constructor(page, devtools) {
    this.page = page;
    this.devtools = devtools;
  }

  /** What is still held after everything that nobody holds is gone: bytes and counts. */
  async held() {
    // What the browser keeps for itself must not count: entries of requests, and what the host page wrote down.
    await this.page.evaluate(() => {
      performance.clearResourceTimings();
      window.host.events.length = 0;
    });
    // Finalisers run between two collections, and what they let go of goes with the next.
    for (let round = 0; round < 3; round += 1) {
      await this.devtools.send('HeapProfiler.collectGarbage');
      await this.page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 100); }));
    }
    const { usedSize: heap_bytes } = await this.devtools.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners: listeners } = await this.devtools.send('Memory.getDOMCounters');
    const wasm_bytes = await this.page.evaluate(() => window.wasmMemory.buffer.byteLength);
    return { heap_bytes, nodes, listeners, wasm_bytes };
  }

  slowDown(rate) {
    return this.devtools.send('Emulation.setCPUThrottlingRate', { rate });
  }

  /** Milliseconds of processor time of each task that the page's main thread ran during `work`; longest first. */
  async tasks(work) {
    const browser = this.page.context().browser();
    await browser.startTracing(this.page, { categories: ['disabled-by-default-devtools.timeline', 'blink.user_timing'] });
    let trace;
    try {
      await work();
    } finally {
      trace = JSON.parse(await browser.stopTracing()).traceEvents;
    }
    const { targetInfo } = await this.devtools.send('Target.getTargetInfo');
    const frames = trace.filter(({ name }) => name === 'TracingStartedInBrowser').flatMap(({ args }) => args.data.frames);
    const { processId } = frames.find(({ frame }) => frame === targetInfo.targetId);
    const main = trace.find(({ name, pid, args }) => name === 'thread_name' && pid === processId && args.name === 'CrRendererMain');
    const ran = trace.filter(({ name, pid, tid }) => name === 'RunTask' && pid === processId && tid === main.tid);
    return ran.map(({ tdur = 0 }) => tdur / 1000).sort((a, b) => b - a);
  }
}
