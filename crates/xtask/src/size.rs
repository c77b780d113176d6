//! `cargo xtask size`: what the first view downloads, against its budget.

use std::path::Path;

use anyhow::{Result, bail};

use crate::compress::brotli;
use crate::embed::{self, EmbedFile};
use crate::progress::Steps;
use crate::project::Project;
use crate::widget::{self, WithoutWasmOpt};

/// Loader, glue, first half of the wasm (styles are inside) and the English words, with brotli.
const BUDGET_BYTES: usize = 64 * 1024;
/// The second half of the wasm, with brotli.
const LATER_BUDGET_BYTES: usize = 44 * 1024;
/// Everything that one locale can say, with the steps of the reasons, with brotli.
const WORDS_BUDGET_BYTES: usize = 20 * 1024;

pub(crate) fn run(project: &Project) -> Result<()> {
    let mut steps = Steps::new(widget::STEPS);
    widget::prepare_and_build(project, &mut steps, WithoutWasmOpt::Stop)?;
    println!();
    check(&project.dist())
}

/// Prints the tables; fails above a budget.
pub(crate) fn check(dist: &Path) -> Result<()> {
    table("first view", &embed::first_view_files(dist)?, BUDGET_BYTES)?;
    println!();
    let later = embed::later_files(dist)?;
    table("after it, by itself", &later, LATER_BUDGET_BYTES)?;
    println!();
    table(
        "words of one locale",
        &embed::words_files(dist)?,
        WORDS_BUDGET_BYTES,
    )
}

fn table(what: &str, files: &[EmbedFile], budget: usize) -> Result<()> {
    let mut total = (0, 0);
    println!("{what:<34} {:>10} {:>10}", "bytes", "brotli");
    for file in files {
        let (raw, packed) = (file.bytes.len(), brotli(&file.bytes)?.len());
        println!("{:<34} {raw:>10} {packed:>10}", file.name);
        total = (total.0 + raw, total.1 + packed);
    }
    println!("{:<34} {:>10} {:>10}", "total", total.0, total.1);
    println!("{:<34} {:>10} {budget:>10}", "budget", "");
    if total.1 > budget {
        bail!("{what}: {} bytes over the budget", total.1 - budget);
    }
    Ok(())
}
