// The files of the widget on their way into the page.

import { pause } from '../../e2e/support/host.mjs';
import { answers } from '../acts.mjs';

const GROUP = 'Loading';
const text = (status, type, body) => answers(status, { 'content-type': type }, body);

/** A file that does not come as it should: the page's own words stay until it does. */
function spoiled(name, kinds, act, { shows = null, heals = true, open, recovers = true, expected = [] } = {}) {
  return {
    name, phases: [heals ? 'until the file is there' : 'as long as it lasts'],
    async run(trial) {
      trial.expected.push(...expected);
      this.prepare?.(trial);
      if (act) trial.proxy.fault(kinds, act);
      await trial.open(open);
      await trial.phase(this.phases[0], {
        begin: () => trial.add(), shows: typeof shows === 'function' ? shows(trial) : shows, settle: 2500, silent: shows === null,
        end: () => trial.proxy.heal(), recovers, within: 15_000 });
      if (!recovers) {
        const failed = await trial.host.errorEvents();
        if (!failed.some(({ detail }) => detail.code === 'load-failed')) throw new Error('the host page was told nothing');
      }
    },
  };
}

/** The widget works all the same. */
const works = (trial) => ({ version: String(trial.current.version), state: trial.current.state, freshness: 'live' });

const whole = (type) => async ({ real, send }) => {
  const answer = await real();
  send({ ...answer, headers: { ...answer.headers, 'content-type': type } });
};

const cut = async ({ real, send }) => {
  const { 'content-encoding': _, ...answer } = await real();
  send({ ...answer, body: answer.body.subarray(0, answer.body.length >> 1) });
};

const rows = [
  spoiled('wasm: 404', ['wasm'], text(404, 'text/plain', 'not found')),
  spoiled('wasm: of another MIME type', ['wasm'], whole('text/plain'), { shows: works }),
  spoiled('wasm: garbage', ['wasm'], text(200, 'application/wasm', 'no program')),
  spoiled('wasm: an HTML page with 200', ['wasm'], text(200, 'text/html', '<h1>Welcome</h1>')),
  spoiled('wasm: truncated', ['wasm'], cut),
  {
    ...spoiled('wasm: forbidden by the page\'s policy', [], null, { heals: false, recovers: false, expected: [/^policy: script-src: wasm-eval/] }),
    prepare: (trial) => { trial.proxy.policy = (value) => value.replace("'wasm-unsafe-eval'", ''); },
  },
  spoiled('WebAssembly is not there', [], null, {
    heals: false, recovers: false, open: { init: () => { delete window.WebAssembly; } } }),
  spoiled('Glue: 404', ['glue'], text(404, 'text/plain', 'not found')),
  spoiled('Glue: throws', ['glue'], text(200, 'text/javascript', 'throw new Error("broken");')),
  spoiled('Glue: no JavaScript', ['glue'], text(200, 'text/javascript', '<!doctype html>')),
  spoiled('Glue: of another release', ['glue'], text(200, 'text/javascript', 'export default async () => { throw new Error("another release"); };')),
  spoiled('Words: 404', ['words'], text(404, 'text/plain', 'not found')),
  spoiled('Words: garbage', ['words'], text(200, 'application/json', '{"headline":')),
  spoiled('Words: of another shape', ['words'], text(200, 'application/json', '[1, 2, 3]')),
  {
    name: 'The program breaks down while it runs', phases: ['until the page is loaded again'],
    async run(trial) {
      // What the broken program itself throws cannot be caught by anybody on the page.
      trial.expected.push(/broken by the test/, /RuntimeError/);
      await trial.open();
      await trial.add();
      await trial.live();
      await trial.phase(this.phases[0], {
        // Something that never fails does, in the middle of a picture; the program cannot go on from there.
        begin: async () => {
          await trial.page.evaluate(() => {
            const { format } = Intl.RelativeTimeFormat.prototype;
            let left = 1;
            Intl.RelativeTimeFormat.prototype.format = function broken(...given) {
              if (left-- > 0) throw new Error('broken by the test');
              return format.apply(this, given);
            };
          });
          await pause(4000);
          await trial.happens();
        },
        shows: null,
        end: async () => { await trial.judge(); await trial.page.reload(); await trial.add(); } });
    },
  },
  spoiled('Words of the reasons: 404', ['reasons'], text(404, 'text/plain', 'not found'), { shows: works }),
];

export default rows.map((row) => ({ group: GROUP, ...row }));
