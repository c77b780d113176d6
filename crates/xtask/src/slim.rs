//! Takes out of the built widget what no page ever uses: classes that a library exports, ways to start the program, and the
//! long names by which glue and wasm call one another. Together 6 KB (brotli) of the first view.
//!
//! Works on what Trunk leaves in `dist/`; without this step everything works and is larger.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::run::{self, SearchPath};

pub(crate) const GLUE: &str = "payment-status-widget.js";
pub(crate) const WASM: &str = "payment-status-widget_bg.wasm";
/// The module by which the wasm names its imports, as wasm-bindgen writes it.
const MODULE: &str = "./payment-status-widget_bg.js";
/// What binaryen makes of it.
const SHORT_MODULE: &str = "a";
/// `wasm-streams` exports them, through leptos' server functions, which the widget does not have.
const UNUSED: [&str; 3] = [
    "IntoUnderlyingByteSource",
    "IntoUnderlyingSink",
    "IntoUnderlyingSource",
];
/// For the browser: what is in this file is called at once. Chromium since 136 compiles such a file as it arrives, beside the page's
/// own thread, and not a function at a time when each is called.
const HINT: &str = "//# allFunctionsCalledOnLoad\n";
/// Where wasm-bindgen begins with the ways to start a program: from an address, an answer, bytes, at once or not.
const STARTS: &str = "async function __wbg_load(";
/// The last line of them.
const STARTS_END: &str = "export { initSync, __wbg_init as default };";
/// The one way in which the loader starts it: with a promise of the compiled module. Once, however many loaders a page has
/// under several addresses: a second program would take the first one's cards from under it.
const START: &str = "\
let started;
export default ({ module_or_path }) => (started ??= (async () => {
    const module = await module_or_path;
    return __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
})().catch((error) => {
    started = undefined;
    throw error;
}));
";
/// What rustc's target has on, as in `www/index.html`.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-reference-types",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];
/// As in `www/index.html`, where the reasons are (docs/adr/0003-build.md).
const OPTIMISE: [&str; 5] = ["-Os", "-ocimfs=90", "-aimfs=6", "--strip-producers", "-g"];

/// Rewrites glue and wasm in `dist`. `search` finds the tools of binaryen. The functions keep their names.
pub(crate) fn slim(search: &SearchPath, dist: &Path) -> Result<()> {
    let (glue_path, wasm_path) = (dist.join(GLUE), dist.join(WASM));
    let mut glue = fs::read_to_string(&glue_path).context(GLUE)?;
    for class in UNUSED {
        glue = without_class(&glue, class)?;
    }
    glue = [HINT, &started_by_loader(&glue)?].concat();
    keep_exports(search, &wasm_path, &exports_used(&glue))?;
    let names = shorten(search, &wasm_path)?;
    fs::write(&glue_path, renamed(&glue, &names)?).context(GLUE)
}

/// The glue without an exported class that nothing in it uses.
fn without_class(glue: &str, class: &str) -> Result<String> {
    let Some((before, rest)) = glue.split_once(&format!("export class {class} {{")) else {
        return Ok(glue.to_owned());
    };
    let end =
        format!("if (Symbol.dispose) {class}.prototype[Symbol.dispose] = {class}.prototype.free;");
    let (_, after) = rest
        .split_once(&end)
        .with_context(|| format!("{GLUE}: the end of class {class} is not where it was"))?;
    let mut glue = [before, after].concat();
    let registry = format!("const {class}Finalization =");
    if let Some((before, rest)) = glue.split_once(&registry) {
        let (_, after) = rest.split_once(";\n").context(registry.clone())?;
        glue = [before, after].concat();
    }
    if glue.contains(class) {
        bail!("{GLUE} uses {class}");
    }
    Ok(glue)
}

/// The glue with no other start than the loader's.
fn started_by_loader(glue: &str) -> Result<String> {
    let (before, starts) = glue
        .split_once(STARTS)
        .with_context(|| format!("{GLUE} does not start its program as it did"))?;
    if starts.trim_end().strip_suffix(STARTS_END).is_none() {
        bail!("{GLUE} does not end with the ways to start its program");
    }
    Ok([before, START].concat())
}

/// The exports of the wasm that the glue names.
fn exports_used(glue: &str) -> Vec<&str> {
    let mut names: Vec<_> = glue.split("wasm.").skip(1).map(leading_name).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !name.is_empty());
    names
}

/// Takes away every other export, and all that only they led to.
fn keep_exports(search: &SearchPath, wasm: &Path, exports: &[&str]) -> Result<()> {
    let node = |name: &&str| json!({ "name": format!("x {name}"), "export": name });
    let mut graph: Vec<Value> = exports.iter().map(node).collect();
    let reaches: Vec<String> = exports.iter().map(|name| format!("x {name}")).collect();
    graph.push(json!({ "name": "root", "root": true, "reaches": reaches }));
    let graph_path = wasm.with_extension("graph.json");
    fs::write(&graph_path, Value::from(graph).to_string())?;
    let outcome = run::output(
        search
            .command("wasm-metadce")?
            .args(FEATURES)
            .arg("-g")
            .arg("--graph-file")
            .arg(&graph_path)
            .arg(wasm)
            .arg("-o")
            .arg(wasm),
    );
    fs::remove_file(&graph_path)?;
    outcome.map(drop)
}

/// The new names: imports and exports.
struct Names {
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

fn shorten(search: &SearchPath, wasm: &Path) -> Result<Names> {
    let said = run::output(
        search
            .command("wasm-opt")?
            .args(FEATURES)
            .args(OPTIMISE)
            .arg("--minify-imports-and-exports-and-modules")
            .arg(wasm)
            .arg("-o")
            .arg(wasm),
    )?;
    let said: Value = serde_json::from_str(&said).context("wasm-opt's list of new names")?;
    let pairs = |list: &str| {
        let rows = said.get(list).and_then(Value::as_array);
        let pair = |row: &Value| {
            let [.., old, new] = row.as_array()?.as_slice() else {
                return None;
            };
            Some((old.as_str()?.to_owned(), new.as_str()?.to_owned()))
        };
        let pairs: Option<BTreeMap<_, _>> = rows?.iter().map(pair).collect();
        pairs
    };
    Ok(Names {
        imports: pairs("imports").context("the new names of the imports")?,
        exports: pairs("exports").context("the new names of the exports")?,
    })
}

/// The glue with the new names. A name that the glue does not have means that its form has changed: that must not ship.
fn renamed(glue: &str, names: &Names) -> Result<String> {
    let (mut imports, mut exports) = (names.imports.clone(), names.exports.clone());
    let mut text = String::with_capacity(glue.len());
    let mut rest = glue;
    while let Some(start) = rest.find(is_of_name) {
        let (before, name_on) = rest.split_at(start);
        text.push_str(before);
        let name = leading_name(name_on);
        let is_export = text.ends_with("wasm.");
        let (all, unmet) = if is_export {
            (&names.exports, &mut exports)
        } else {
            (&names.imports, &mut imports)
        };
        unmet.remove(name);
        text.push_str(all.get(name).map_or(name, String::as_str));
        rest = &name_on[name.len()..];
    }
    text.push_str(rest);
    if let Some(unmet) = imports.keys().chain(exports.keys()).next() {
        bail!("{GLUE} does not name {unmet}");
    }
    if !text.contains(MODULE) {
        bail!("{GLUE} does not name its module {MODULE}");
    }
    Ok(text.replace(MODULE, SHORT_MODULE))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

fn leading_name(text: &str) -> &str {
    text.split(|c| !is_of_name(c)).next().unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SAMPLE: &str = "\
export class Handle { free() { wasm.__wbg_handle_free(p, 0); } }
export class IntoUnderlyingSink {
    free() { wasm.__wbg_sink_free(p, 0); }
}
if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = IntoUnderlyingSink.prototype.free;
const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {} }
    : new FinalizationRegistry(p => wasm.__wbg_sink_free(p, 1));
const imports = { __wbg_now_0123: () => Date.now() };
return { \"./payment-status-widget_bg.js\": imports };
";

    fn names(imports: &[(&str, &str)], exports: &[(&str, &str)]) -> Names {
        let map = |pairs: &[(&str, &str)]| {
            let owned = |(old, new): &(&str, &str)| ((*old).to_owned(), (*new).to_owned());
            pairs.iter().map(owned).collect()
        };
        Names {
            imports: map(imports),
            exports: map(exports),
        }
    }

    #[test]
    fn features_and_optimisation_are_those_of_trunks_own_run() {
        let page = include_str!("../../../www/index.html");
        for flag in FEATURES.iter().chain(&OPTIMISE[1..]) {
            assert!(page.contains(flag), "{flag}");
        }
        assert!(OPTIMISE[0] == "-Os" && page.contains("data-wasm-opt=\"s\""));
    }

    #[test]
    fn takes_out_a_class_and_what_only_it_used() {
        let glue = without_class(SAMPLE, "IntoUnderlyingSink").unwrap();
        assert_eq!(exports_used(&glue), ["__wbg_handle_free"]);
        assert!(!glue.contains("Underlying") && glue.contains("__wbg_now_0123"));
        assert_eq!(without_class(&glue, "IntoUnderlyingSink").unwrap(), glue);
    }

    #[test]
    fn one_way_to_start_is_left() {
        let glue = [SAMPLE, STARTS, "module) {}\n", STARTS_END, "\n"].concat();
        assert_eq!(started_by_loader(&glue).unwrap(), [SAMPLE, START].concat());
        for other in [SAMPLE, &[&glue, "export const more = 1;"].concat()] {
            assert!(started_by_loader(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_class_that_is_used_is_not_taken_out() {
        let used = SAMPLE.replace("Date.now()", "new IntoUnderlyingSink()");
        assert!(without_class(&used, "IntoUnderlyingSink").is_err());
    }

    #[test]
    fn renames_each_in_its_place_and_misses_none() {
        let glue = without_class(SAMPLE, "IntoUnderlyingSink").unwrap();
        let short = names(&[("__wbg_now_0123", "b")], &[("__wbg_handle_free", "c")]);
        let text = renamed(&glue, &short).unwrap();
        assert!(text.contains("wasm.c(p, 0)") && text.contains("{ b: () => Date.now() }"));
        assert!(text.contains("{ \"a\": imports }"));
        let missing = names(&[("__wbg_then_4567", "b")], &[]);
        assert!(renamed(&glue, &missing).is_err());
    }
}
