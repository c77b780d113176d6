// What `cargo xtask dist` made: its lists against its files and against the code, its types, and what it does in Node.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { brotliDecompressSync } from 'node:zlib';

import { EMBED, PACKAGE, ROOT, release } from '../embedding/shop.mjs';

const run = promisify(execFile);
const json = async (...path) => JSON.parse(await readFile(join(...path), 'utf8'));

/** A project with the package installed, as an embedder has it. */
let project;
before(async () => {
  project = await mkdtemp(join(tmpdir(), 'payment-status-package-'));
  await cp(PACKAGE, join(project, 'node_modules/payment-status'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{"type":"module"}');
});
after(() => rm(project, { recursive: true, force: true }));

const inNode = (code) => run(process.execPath, ['--input-type=module', '--eval', code], { cwd: project });

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1)).sort();
}

test('the release lists every file, with the hashes and sizes that it has', async () => {
  const { format, name, version, files } = await release();
  const { version: expected } = await json(ROOT, 'www/package.json');
  assert.deepEqual([format, name, version], [1, 'payment-status', expected]);
  const deployed = join(EMBED, 'payment-status', version);
  assert.deepEqual(await filesBelow(PACKAGE), [...Object.keys(files), 'release.json'].sort());
  for (const [path, entry] of Object.entries(files)) {
    const bytes = await readFile(join(PACKAGE, path));
    const packed = await readFile(join(deployed, `${path}.br`));
    assert.ok((await readFile(join(deployed, path))).equals(bytes), `${path}: package and deployed file differ`);
    assert.ok(brotliDecompressSync(packed).equals(bytes), `${path}.br`);
    assert.deepEqual(entry, {
      bytes: bytes.length,
      brotli_bytes: packed.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}`,
      type: entry.type,
    }, path);
  }
  const types = ['payment-status.js', 'payment-status-widget_bg.wasm', 'locales/en.json'].map((path) => files[path].type);
  assert.deepEqual(types, ['text/javascript', 'application/wasm', 'application/json']);
});

test('the loader is one file of at most 3 KB; it knows the sum of the glue, and the glue that of every other file', async () => {
  const { files } = await release();
  assert.ok(files['payment-status.js'].brotli_bytes <= 3 * 1024, `${files['payment-status.js'].brotli_bytes} bytes`);
  const [loader, glue] = await Promise.all(['payment-status.js', 'payment-status-widget.js'].map((name) => readFile(join(PACKAGE, name), 'utf8')));
  // Only there, before everything else, browsers look for it.
  for (const script of [loader, glue]) assert.ok(script.startsWith('//# allFunctionsCalledOnLoad\n'), script.slice(0, 40));
  const base64 = ({ sha256 }) => Buffer.from(sha256, 'hex').toString('base64');
  const short = (file, length = 18) => base64(file).slice(0, length);
  assert.ok(loader.includes(`"sha256-${base64(files['payment-status-widget.js'])}"`), 'the glue');
  for (const half of ['bg', 'rest']) assert.ok(glue.includes(`"${short(files[`payment-status-widget_${half}.wasm`], 22)}"`), half);
  const locales = Object.keys(files).filter((path) => path.startsWith('locales/'));
  const first = locales.filter((path) => !path.startsWith('locales/reasons/'));
  const sources = (await readdir(join(ROOT, 'crates/display/locales'))).filter((name) => name.endsWith('.json'));
  assert.deepEqual(first, sources.map((name) => `locales/${name}`).sort());
  for (const path of first) {
    assert.ok(glue.includes(`"${short(files[path])}"`), path);
    const { integrity, locale } = await json(PACKAGE, path);
    for (const [name, sum] of Object.entries(integrity)) assert.equal(sum, short(files[`locales/${name}.json`]), name);
    assert.deepEqual(Object.keys(integrity).sort(), [`reasons/${locale}`, 'reasons/steps'].sort());
  }
});

test('no shipped file makes code from text', async () => {
  const scripts = (await filesBelow(PACKAGE)).filter((path) => path.endsWith('.js'));
  assert.ok(scripts.length >= 4, scripts.join());
  for (const path of scripts) {
    const code = await readFile(join(PACKAGE, path), 'utf8');
    for (const word of ['eval', 'Function', 'innerHTML', 'document.write']) {
      assert.doesNotMatch(code, new RegExp(`(?<![\\w$.\`'"])(new\\s+)?${word.replace('.', '\\.')}\\s*[(=]|\\.${word}\\s*=`), `${path}: ${word}`);
    }
  }
  const wasm = await readFile(join(PACKAGE, 'payment-status-widget_bg.wasm'), 'latin1');
  for (const home of ['/root/', '/home/', '/Users/', '.cargo', 'rustup']) assert.ok(!wasm.includes(home), `the wasm names ${home}`);
});

test('in Node every module loads, does nothing and says nothing', async () => {
  const { stdout, stderr } = await inNode(`
    const before = Object.keys(globalThis).join();
    const main = await import('payment-status');
    const { define } = await import('payment-status/define');
    const { PaymentStatus } = await import('payment-status/element');
    await import('payment-status/payment-status.js');
    define();
    define('payment-status-v2');
    console.log(JSON.stringify([Object.keys(main).sort(), main.PaymentStatus === PaymentStatus, typeof define,
      PaymentStatus.version, before === Object.keys(globalThis).join(), 'customElements' in globalThis]));`);
  const { version } = await json(PACKAGE, 'package.json');
  assert.deepEqual(JSON.parse(stdout), [['PaymentStatus', 'define'], true, 'function', version, true, false]);
  assert.equal(stderr, '');
});

test('every export of the package leads to a file, and side effects are where elements are registered', async () => {
  const { exports, sideEffects } = await json(PACKAGE, 'package.json');
  const targets = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
  const files = await filesBelow(PACKAGE);
  for (const target of targets) assert.ok(target.endsWith('*') || files.includes(target.slice(2)), target);
  for (const file of files.filter((name) => name.endsWith('.wasm'))) assert.ok(targets.includes(`./${file}`), `${file} cannot be named by a bundler`);
  assert.deepEqual(sideEffects, ['./index.js', './payment-status.js']);
  assert.match(await readFile(join(PACKAGE, 'payment-status.js'), 'utf8'), /define\(\);\s*$/);
  assert.doesNotMatch(await readFile(join(PACKAGE, 'element.js'), 'utf8'), /define\(\);\s*$/);
});

test('TypeScript accepts what is right and refuses what is wrong, with React 18 and 19 and with Vue', async () => {
  const modules = join(ROOT, 'tests/node_modules');
  const types = join(ROOT, 'tests/embedding/types');
  const check = async (react, files) => {
    const folder = join(project, react.replace(/\W/g, '-'));
    await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
    await cp(types, folder, { recursive: true });
    await cp(PACKAGE, join(folder, 'node_modules/payment-status'), { recursive: true });
    const links = { '@types/react': react, vue: 'vue', csstype: 'csstype', '@types/prop-types': '@types/prop-types' };
    for (const [name, from] of Object.entries(links)) {
      await symlink(join(modules, from), join(folder, 'node_modules', name)).catch(() => {});
    }
    const compilerOptions = { strict: true, noEmit: true, target: 'ES2022', module: 'NodeNext', jsx: 'react-jsx', lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const tsc = join(modules, 'typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '--project', folder]).catch((error) => error);
    assert.equal(stdout, '', react);
  };
  await Promise.all([check('@types/react', ['element.ts', 'react.tsx', 'vue.ts']), check('types-react-18', ['react.tsx'])]);
});
