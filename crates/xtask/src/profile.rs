//! `cargo xtask profile`: measures what of the wasm a first view runs, and writes it down. To be run when the
//! widget has changed so much that the end-to-end tests find the second half fetched too early.

use std::fs;

use anyhow::{Context, Result};

use crate::chromium;
use crate::digest;
use crate::halves::{self, FIRST_VIEW};
use crate::node;
use crate::progress::{Steps, say};
use crate::project::Project;
use crate::run::{self, SearchPath};
use crate::server::{self, Profile};
use crate::split::Ran;
use crate::widget::{self, WithoutWasmOpt};

/// Drives the browser; prints the numbers of the places that ran.
const SCRIPT: &str = "tests/profile/first-view.mjs";

pub(crate) fn run(project: &Project) -> Result<()> {
    let search = SearchPath::default();
    let node = node::node(&search)?;
    node::install_packages(project, &search)?;
    let browser = chromium::prepare()?;
    let mut steps = Steps::new(widget::STEPS + 2);
    widget::prepare_and_build(project, &mut steps, WithoutWasmOpt::Stop)?;
    let server = steps.step("the server", || server::build(project, Profile::Dev))?;
    let ran = steps.step("visits", || {
        let site = project.target.join("profile");
        copy(project, &site)?;
        let places = halves::probe(project, &site)?;
        let mut command = run::command(&node);
        command.arg(project.path(SCRIPT)).current_dir(&project.root);
        command.env("PAYMENT_STATUS_SERVER", &server);
        command.env("PAYMENT_STATUS_SITE", &site);
        command.env("CHROMIUM", &browser);
        let said = run::output(&mut command)?;
        let numbers: Vec<usize> = serde_json::from_str(&said).context(SCRIPT)?;
        // What ran once and is still there runs again another time: answers come in another order each time.
        let known = halves::first_view(project)?;
        let mut ran = Ran::default();
        for place in places.iter().filter(|place| known.has_place(place)) {
            ran.insert(place.clone());
        }
        for place in numbers.iter().filter_map(|number| places.get(*number)) {
            ran.insert(place.clone());
        }
        Ok(ran)
    })?;
    say(format_args!("{} functions", ran.functions()));
    fs::write(project.path(FIRST_VIEW), ran.to_string()).context(FIRST_VIEW)
}

fn copy(project: &Project, site: &std::path::Path) -> Result<()> {
    if site.exists() {
        fs::remove_dir_all(site)?;
    }
    let dist = project.dist();
    for file in digest::files_below(&dist)? {
        let to = site.join(file.strip_prefix(&dist)?);
        fs::create_dir_all(to.parent().context("a file outside of the site")?)?;
        fs::copy(&file, to)?;
    }
    Ok(())
}
