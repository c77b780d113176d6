//! Writes the two halves of the widget's wasm into `dist/`, and tells the glue how to join them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::slim::{GLUE, WASM};
use crate::split::{self, FETCH, HIT, Ran};

/// What the first view runs, a function a line.
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

/// What was measured last.
pub(crate) fn first_view(project: &Project) -> Result<Ran> {
    let text = fs::read_to_string(project.path(FIRST_VIEW)).context(FIRST_VIEW)?;
    Ran::parse(&text).context(FIRST_VIEW)
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

/// A copy of `dist` in `site` whose wasm tells what of it runs; returns the place for each number that it tells.
pub(crate) fn probe(project: &Project, site: &Path) -> Result<Vec<split::Place>> {
    let wasm = fs::read(project.target.join(NAMED)).context("build the widget first")?;
    let (probed, places) = split::probed(&wasm)?;
    fs::write(site.join(WASM), probed).context(WASM)?;
    let glue = fs::read_to_string(site.join(GLUE)).context(GLUE)?;
    let door = format!("{FETCH}:");
    let probe = format!("{HIT}:n=>(globalThis.placesRun??=new Set).add(n),{door}");
    if !glue.contains(&door) {
        bail!("{GLUE} was not joined");
    }
    fs::write(site.join(GLUE), glue.replacen(&door, &probe, 1)).context(GLUE)?;
    Ok(places)
}
