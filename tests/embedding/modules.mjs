// The frameworks as modules of a browser, without a bundler: Vue has some; React comes as CommonJS and is wrapped.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const text = (path) => readFile(new URL(`../node_modules/${path}`, import.meta.url), 'utf8');

/** Serves React 19 under `/npm/` of `shop`; answers the rows of an import map. */
export async function serveReact(shop) {
  const files = {
    react: ['react/cjs/react.production.js', []],
    scheduler: ['scheduler/cjs/scheduler.production.js', []],
    'react-dom': ['react-dom/cjs/react-dom.production.js', ['react']],
    'react/jsx-runtime': ['react/cjs/react-jsx-runtime.production.js', ['react']],
    'react-dom/client': ['react-dom/cjs/react-dom-client.production.js', ['react', 'react-dom', 'scheduler']],
  };
  const rows = {};
  for (const [name, [path, needs]] of Object.entries(files)) {
    const names = Object.keys(require(name));
    rows[name] = `/npm/${name.replace('/', '-')}.js`;
    shop.page(rows[name], wrapped(await text(path), needs, names));
  }
  return rows;
}

/** A CommonJS module as an ES module. */
function wrapped(code, needs, names) {
  return [
    ...needs.map((name, index) => `import needed${index} from ${JSON.stringify(name)};`),
    `const require = (name) => ({ ${needs.map((name, index) => `${JSON.stringify(name)}: needed${index}`).join(', ')} })[name];`,
    'const module = { exports: {} };',
    `(function (exports, process) {\n${code}\n})(module.exports, { env: {} });`,
    'export default module.exports;',
    `export const { ${names.filter((name) => /^[A-Za-z]\w*$/.test(name) && name !== 'default').join(', ')} } = module.exports;`,
  ].join('\n');
}

export async function serveVue(shop) {
  shop.page('/npm/vue.js', await text('vue/dist/vue.runtime.esm-browser.prod.js'));
  return { vue: '/npm/vue.js' };
}

/** JSX as a browser understands it, by TypeScript. */
export function fromJsx(code) {
  const ts = require('typescript');
  const compilerOptions = { jsx: ts.JsxEmit.ReactJSX, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}

/** A single-file component as a module, with the compiler options that its documentation asks for. */
export function fromVue(code) {
  const { parse, compileScript } = require('vue/compiler-sfc');
  const compilerOptions = { isCustomElement: (tag) => tag === 'payment-status' };
  const { descriptor } = parse(code, { templateParseOptions: compilerOptions });
  return compileScript(descriptor, { id: 'panel', inlineTemplate: true, templateOptions: { compilerOptions } }).content;
}
