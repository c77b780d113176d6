//! Which files of `dist/` an embedder needs, with their sums baked in, and which of them the first view downloads.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::bake::baked;
use crate::digest;

#[derive(Clone)]
pub(crate) struct EmbedFile {
    /// Relative to the place where the loader is deployed, with `/`.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Without one of these there is no widget.
const REQUIRED: [&str; 3] = [
    "payment-status.js",
    "payment-status-widget.js",
    "payment-status-widget_bg.wasm",
];

/// Behind the first view; not there in a build without wasm-opt.
pub(crate) const REST: &str = "payment-status-widget_rest.wasm";

/// Folders that belong to the widget whole: the words, and JavaScript that wasm-bindgen may split off.
const FOLDERS: [&str; 2] = ["locales", "snippets"];

/// The words of the first picture.
pub(crate) const LOCALES: &str = "locales/";
/// The language in which the first view is measured. The others are at most 1 KB (brotli) larger.
const FIRST_WORDS: &str = "locales/en.json";
/// Those that load after it.
pub(crate) const REASONS: &str = "locales/reasons/";

/// Everything that a browser may ask for; the pages of the demo and what only development tools read stay behind.
pub(crate) fn deployed_files(dist: &Path) -> Result<Vec<EmbedFile>> {
    let mut names: Vec<String> = REQUIRED.map(str::to_owned).to_vec();
    if dist.join(REST).is_file() {
        names.push(REST.to_owned());
    }
    for folder in FOLDERS {
        names.extend(names_below(dist, folder)?);
    }
    let files = names.into_iter().map(|name| read(dist, name));
    baked(files.collect::<Result<Vec<_>>>()?)
}

/// What a browser fetches before it can show the first verdict, in English; styles are inside the wasm.
pub(crate) fn first_view_files(dist: &Path) -> Result<Vec<EmbedFile>> {
    let mut files = deployed_files(dist)?;
    files.retain(|file| file.name != REST && !file.name.starts_with(REASONS));
    files.retain(|file| !file.name.starts_with(LOCALES) || file.name == FIRST_WORDS);
    if files.iter().all(|file| file.name != FIRST_WORDS) {
        bail!("no {} in {}", FIRST_WORDS, dist.display());
    }
    Ok(files)
}

/// What follows the first picture by itself, without the words.
pub(crate) fn later_files(dist: &Path) -> Result<Vec<EmbedFile>> {
    let mut files = deployed_files(dist)?;
    files.retain(|file| file.name == REST);
    Ok(files)
}

/// All words of the locale that has the most, in the order of loading: the first view's, the reasons', their steps.
pub(crate) fn words_files(dist: &Path) -> Result<Vec<EmbedFile>> {
    let mut all = Vec::new();
    for name in names_below(dist, "locales")? {
        let tag = name.strip_prefix("locales/").unwrap_or(&name).to_owned();
        if !name.starts_with(REASONS) {
            let names = [
                name,
                format!("{REASONS}{tag}"),
                format!("{REASONS}steps.json"),
            ];
            let files = names.into_iter().map(|name| read(dist, name));
            all.push(files.collect::<Result<Vec<_>>>()?);
        }
    }
    let size = |files: &Vec<EmbedFile>| files.iter().map(|file| file.bytes.len()).sum::<usize>();
    all.into_iter()
        .max_by_key(size)
        .with_context(|| format!("no locale in {}", dist.join("locales").display()))
}

fn names_below(dist: &Path, folder: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in digest::files_below(&dist.join(folder))? {
        let parts = file
            .strip_prefix(dist)?
            .iter()
            .map(|part| part.to_string_lossy());
        names.push(parts.collect::<Vec<_>>().join("/"));
    }
    Ok(names)
}

fn read(dist: &Path, name: String) -> Result<EmbedFile> {
    let path = dist.join(&name);
    let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
    Ok(EmbedFile { name, bytes })
}
