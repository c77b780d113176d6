//! `cargo xtask docs`: the pages of `docs/` that are written from the project's own data.
//!
//! - [`table`], [`words`]: reading the data. [`markdown`]: writing it down.
//! - [`reasons`]: `docs/reasons.md`, with [`reason`] (one of them), [`raw_codes`] and [`deadlines`].
//! - [`coverage`], [`reference`]: what covers each known cause and remedy, checked; [`coverage_page`]: `docs/coverage.md`.
//!
//! No figure stands in here: whoever changes the data runs the command again, and a test below compares.

mod coverage;
mod coverage_page;
mod deadlines;
mod markdown;
mod raw_codes;
mod reason;
mod reasons;
mod reference;
mod table;
mod words;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::progress::say;
use crate::project::Project;

#[derive(Default)]
pub(crate) struct Options {
    /// Write nothing, and fail if something would be written; default no.
    pub(crate) check: bool,
}

/// A page, and what it must hold.
struct Page {
    /// From the root of the project.
    path: &'static str,
    text: String,
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let pages = pages(project)?;
    let late: Vec<&Page> = pages
        .iter()
        .filter(|page| out_of_date(project, page))
        .collect();
    if options.check {
        return check(&late);
    }
    for page in &late {
        fs::write(project.path(page.path), &page.text).context(page.path)?;
        say(format_args!("written: {}", page.path));
    }
    if late.is_empty() {
        say("unchanged");
    }
    Ok(())
}

/// Every page that this command writes.
fn pages(project: &Project) -> Result<Vec<Page>> {
    Ok(vec![
        Page {
            path: reasons::PATH,
            text: reasons::page(project)?,
        },
        Page {
            path: coverage_page::PATH,
            text: coverage_page::page(project)?,
        },
    ])
}

/// A page that cannot be read is out of date as well.
fn out_of_date(project: &Project, page: &Page) -> bool {
    fs::read_to_string(project.path(page.path)).map_or(true, |text| text != page.text)
}

fn check(late: &[&Page]) -> Result<()> {
    if late.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = late.iter().map(|page| page.path).collect();
    bail!(
        "out of date: {}; run `cargo xtask docs` and commit what it writes",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests;
