//! Writes the two halves of the widget's wasm into `dist/`, and tells the glue how to join them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::slim::{GLUE, WASM};
use crate::split::{self, FETCH, HIT};

/// The functions that the first view runs, one a line.
pub(crate) const FIRST_VIEW: &str = "crates/xtask/first-view.txt";
/// The second half, beside the first.
pub(crate) const REST: &str = "payment-status-widget_rest.wasm";
/// The uncut wasm, with names: what `cargo xtask profile` measures.
const NAMED: &str = "widget-named.wasm";
/// Appended to the glue.
const JOINING: &str = include_str!("halves/join.js");
/// Where the glue lists what it gives to the wasm.
const IMPORTS: &str = "const import0 = {\n        __proto__: null,";

/// Cuts `dist/`'s wasm.
pub(crate) fn cut(project: &Project) -> Result<()> {
    let dist = project.dist();
    let wasm = fs::read(dist.join(WASM)).context(WASM)?;
    fs::write(project.target.join(NAMED), &wasm).context(NAMED)?;
    let halves = split::split(&wasm, &first_view(project)?)?;
    fs::write(dist.join(WASM), halves.first).context(WASM)?;
    fs::write(dist.join(REST), halves.rest).context(REST)?;
    let glue = fs::read_to_string(dist.join(GLUE)).context(GLUE)?;
    fs::write(dist.join(GLUE), joining(&glue)?).context(GLUE)
}

fn first_view(project: &Project) -> Result<BTreeSet<String>> {
    let text = fs::read_to_string(project.path(FIRST_VIEW)).context(FIRST_VIEW)?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The glue with the other half's door: an import for the first half, an export for the loader.
fn joining(glue: &str) -> Result<String> {
    let Some((before, after)) = glue.split_once(IMPORTS) else {
        bail!("{GLUE} does not list its imports as it did");
    };
    Ok([
        before,
        IMPORTS,
        &format!("\n        {FETCH}: fetchRest,"),
        after,
        "\n",
        JOINING,
    ]
    .concat())
}

/// A copy of `dist` in `site` whose wasm tells which functions run; returns the name of each function by its number.
pub(crate) fn probe(
    project: &Project,
    site: &Path,
) -> Result<std::collections::BTreeMap<u32, String>> {
    let wasm = fs::read(project.target.join(NAMED)).context("build the widget first")?;
    fs::write(site.join(WASM), split::probed(&wasm)?).context(WASM)?;
    let glue = fs::read_to_string(site.join(GLUE)).context(GLUE)?;
    let door = format!("{FETCH}:");
    let probe = format!("{HIT}:n=>(globalThis.functionsRun??=new Set).add(n),{door}");
    if !glue.contains(&door) {
        bail!("{GLUE} was not joined");
    }
    fs::write(site.join(GLUE), glue.replacen(&door, &probe, 1)).context(GLUE)?;
    split::names_of(&wasm)
}
