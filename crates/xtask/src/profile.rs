//! `cargo xtask profile`: measures which functions a first view runs, and writes their names down. To be run when the
//! widget has changed so much that the end-to-end tests find the second half fetched too early.

use std::collections::BTreeSet;
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
use crate::widget::{self, WithoutWasmOpt};

/// Drives the browser; prints the numbers of the functions that ran.
const SCRIPT: &str = "tests/profile/first-view.mjs";

pub(crate) fn run(project: &Project) -> Result<()> {
    let search = SearchPath::default();
    let node = node::node(&search)?;
    node::install_packages(project, &search)?;
    let browser = chromium::prepare()?;
    let mut steps = Steps::new(widget::STEPS + 2);
    widget::prepare_and_build(project, &mut steps, WithoutWasmOpt::Stop)?;
    let server = steps.step("the server", || server::build(project, Profile::Dev))?;
    let names = steps.step("visits", || {
        let site = project.target.join("profile");
        copy(project, &site)?;
        let names = halves::probe(project, &site)?;
        let mut command = run::command(&node);
        command.arg(project.path(SCRIPT)).current_dir(&project.root);
        command.env("PAYMENT_STATUS_SERVER", &server);
        command.env("PAYMENT_STATUS_SITE", &site);
        command.env("CHROMIUM", &browser);
        let said = run::output(&mut command)?;
        let ran: Vec<u32> = serde_json::from_str(&said).context(SCRIPT)?;
        let names: BTreeSet<String> = ran
            .iter()
            .filter_map(|number| names.get(number).cloned())
            .collect();
        Ok(names)
    })?;
    let mut text = names.into_iter().collect::<Vec<_>>().join("\n");
    text.push('\n');
    say(format_args!("{} functions", text.lines().count()));
    fs::write(project.path(FIRST_VIEW), text).context(FIRST_VIEW)
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
