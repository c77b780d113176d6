//! `cargo xtask dist`: the files that an embedder deploys, with precompressed copies and an integrity manifest.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::compress::brotli;
use crate::digest::integrity;
use crate::embed::{self, EmbedFile};
use crate::progress::{Steps, say};
use crate::project::{Project, VERSION};
use crate::widget::{self, WithoutWasmOpt};

const MANIFEST: &str = "manifest.json";
const NAME: &str = "payment-status-widget";

#[derive(Default)]
pub(crate) struct Options {
    /// Default: `target/embed`.
    pub(crate) out: Option<PathBuf>,
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let out = match &options.out {
        Some(out) => std::path::absolute(out)?,
        None => project.target.join("embed"),
    };
    refuse_foreign_folder(&out)?;
    let mut steps = Steps::new(widget::STEPS + 1);
    widget::prepare_and_build(project, &mut steps, WithoutWasmOpt::Stop)?;
    steps.step("files to deploy", || {
        let files = embed::deployed_files(&project.dist())?;
        write_all(&out, &files)?;
        say(format_args!(
            "{} files, their .br copies and {MANIFEST}",
            files.len()
        ));
        Ok(())
    })?;
    println!("\n{}", out.display());
    Ok(())
}

/// The folder is emptied first, so it must be one that this command has written, or none yet.
fn refuse_foreign_folder(out: &Path) -> Result<()> {
    // The name inside counts: other web projects have a file of this name as well.
    let ours = fs::read_to_string(out.join(MANIFEST)).is_ok_and(|text| text.contains(NAME));
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

fn write_all(out: &Path, files: &[EmbedFile]) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out).with_context(|| format!("emptying {}", out.display()))?;
    }
    let mut entries = Map::new();
    for file in files {
        let compressed = brotli(&file.bytes)?;
        write(&out.join(&file.name), &file.bytes)?;
        write(&out.join(format!("{}.br", file.name)), &compressed)?;
        entries.insert(file.name.clone(), entry(&file.bytes, &compressed));
    }
    let manifest = json!({
        "format": 1,
        "name": NAME,
        "version": VERSION,
        "files": entries,
    });
    write(&out.join(MANIFEST), format!("{manifest:#}\n").as_bytes())
}

/// Sizes in bytes; the integrity value is that of the file as a browser sees it, unpacked.
fn entry(bytes: &[u8], compressed: &[u8]) -> Value {
    json!({
        "integrity": integrity(bytes),
        "bytes": bytes.len(),
        "brotli_bytes": compressed.len(),
    })
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::write(path, bytes).with_context(|| path.display().to_string())
}
