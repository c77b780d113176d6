//! `cargo xtask dist`: the npm package, and the same files under an address that names the version, with precompressed
//! copies.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::package::{self, NAME, Packed, RELEASE};
use crate::progress::{Steps, say};
use crate::project::{Project, VERSION};
use crate::widget::{self, WithoutWasmOpt};

#[derive(Default)]
pub(crate) struct Options {
    /// Default: `target/embed`.
    pub(crate) out: Option<PathBuf>,
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let out = match &options.out {
        Some(out) => std::path::absolute(out)?,
        None => default_folder(project),
    };
    refuse_foreign_folder(&out)?;
    let mut steps = Steps::new(widget::STEPS + 1);
    widget::prepare_and_build(project, &mut steps, WithoutWasmOpt::Stop)?;
    steps.step("package and files to deploy", || {
        let files = write(project, &out)?;
        say(format_args!("{files} files each; {RELEASE} lists them"));
        Ok(())
    })?;
    println!("\n{}", out.display());
    Ok(())
}

pub(crate) fn default_folder(project: &Project) -> PathBuf {
    project.target.join("embed")
}

/// Writes what `dist/` holds now; answers how many files the package has.
pub(crate) fn write(project: &Project, out: &Path) -> Result<usize> {
    refuse_foreign_folder(out)?;
    let files = package::files(project)?;
    if out.exists() {
        fs::remove_dir_all(out).with_context(|| format!("emptying {}", out.display()))?;
    }
    let versioned = out.join(NAME).join(VERSION);
    for Packed { file, brotli } in &files {
        write_file(&out.join("package").join(&file.name), &file.bytes)?;
        write_file(&versioned.join(&file.name), &file.bytes)?;
        write_file(&versioned.join(format!("{}.br", file.name)), brotli)?;
        if file.name == RELEASE {
            write_file(&out.join(RELEASE), &file.bytes)?;
        }
    }
    Ok(files.len())
}

/// The folder is emptied first, so it must be one that this command has written, or none yet.
fn refuse_foreign_folder(out: &Path) -> Result<()> {
    // The name inside counts: other projects have a file of this name as well. Before there was a release's list,
    // the list was called manifest.json.
    let names_us = |list| fs::read_to_string(out.join(list)).is_ok_and(|text| text.contains(NAME));
    let ours = names_us(RELEASE) || names_us("manifest.json");
    let has_something =
        out.exists() && fs::read_dir(out).map_or(true, |mut dir| dir.next().is_some());
    if has_something && !ours {
        bail!(
            "{} holds something else; name an empty or a new folder",
            out.display()
        );
    }
    Ok(())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::write(path, bytes).with_context(|| path.display().to_string())
}
