//! `cargo xtask reproduce`: builds the committed tree twice, in folders of different names and depths, each with a
//! target directory of its own, and compares what `cargo xtask dist` made.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::digest::sha256_hex;
use crate::package::RELEASE;
use crate::progress::say;
use crate::project::Project;
use crate::run;

const PLACES: [&str; 2] = ["one", "another/much/deeper/place"];

pub(crate) fn run(project: &Project) -> Result<()> {
    let folder = env::temp_dir().join(format!("payment-status-reproduce-{}", std::process::id()));
    let outcome = build_and_compare(project, &folder);
    match &outcome {
        Ok(()) => fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?,
        Err(_) => say(format_args!("the two builds stay in {}", folder.display())),
    }
    outcome
}

fn build_and_compare(project: &Project, folder: &Path) -> Result<()> {
    let mut lists = Vec::new();
    for place in PLACES {
        let tree = folder.join(place);
        let out = build(project, &tree)?;
        let path = out.join(RELEASE);
        lists.push(fs::read_to_string(&path).with_context(|| path.display().to_string())?);
    }
    let [one, another] = &lists[..] else {
        bail!("two builds were expected");
    };
    if one != another {
        let differ = one.lines().zip(another.lines()).filter(|(a, b)| a != b);
        for (a, b) in differ.take(20) {
            println!("- {}\n+ {}", a.trim(), b.trim());
        }
        bail!("two builds of one commit differ");
    }
    println!(
        "the same in both: {RELEASE} has SHA-256 {}",
        sha256_hex(one.as_bytes())
    );
    Ok(())
}

/// Clones the committed tree and builds it as somebody else would.
fn build(project: &Project, tree: &Path) -> Result<PathBuf> {
    say(format_args!("building in {}", tree.display()));
    run::check(
        run::command("git")
            .args(["clone", "--quiet", "--no-hardlinks"])
            .arg(&project.root)
            .arg(tree),
    )?;
    let out = tree.join("out");
    run::check(
        run::cargo()
            .args(["xtask", "dist", "--out"])
            .arg(&out)
            .env("CARGO_TARGET_DIR", tree.join("target"))
            .current_dir(tree),
    )?;
    Ok(out)
}
