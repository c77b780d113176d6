//! The Node side: the packages of `tests/package.json`, among them `wasm-opt`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::digest;
use crate::progress::say;
use crate::project::Project;
use crate::run::{self, SearchPath};
use crate::tools::has_word;

/// The first 20.x whose test runner has `--test-concurrency`.
const OLDEST: (u32, u32) = (20, 10);
/// Must be the one of Trunk.toml and of tests/package.json.
pub(crate) const WASM_OPT_VERSION: &str = "132";

pub(crate) const HOW_TO_GET_NODE: &str = "install Node 20.10 or newer with npm (https://nodejs.org, \
    the package `nodejs` and `npm` of your system, or `brew install node`) and make sure that `node` is on the PATH";

/// A Node that is new enough; the error says what was found and where to get one.
pub(crate) fn node(search: &SearchPath) -> Result<PathBuf> {
    let Some(node) = search.find("node") else {
        bail!("there is no `node` on the PATH; {HOW_TO_GET_NODE}");
    };
    let said = run::output(run::command(&node).arg("--version"))?;
    match version(&said) {
        Some(found) if found >= OLDEST => Ok(node),
        _ => bail!("{} is {}; {HOW_TO_GET_NODE}", node.display(), said.trim()),
    }
}

/// Installs the packages of `tests/` unless they are those of the lock file already.
pub(crate) fn install_packages(project: &Project, search: &SearchPath) -> Result<()> {
    node(search)?;
    let Some(npm) = search.find("npm") else {
        bail!("there is a `node`, but no `npm` on the PATH; {HOW_TO_GET_NODE}");
    };
    let tests = project.path("tests");
    let wanted = digest::of_trees(&tests, &["package.json", "package-lock.json"])?;
    // Inside the folder that it speaks of, so that it goes when the folder goes.
    let stamp = tests.join("node_modules").join(".installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say("installing the packages of tests/package.json with npm…");
    let mut command = search.command(npm)?;
    run::check(
        command
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&tests),
    )?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())
}

/// What came of the search for `wasm-opt`.
pub(crate) enum WasmOpt {
    /// With the path on which Trunk finds it.
    Found(SearchPath),
    /// With the reason, as a sentence that can follow "without wasm-opt: ".
    Missing(String),
}

/// Finds `wasm-opt`, or installs it from npm if there is Node.
pub(crate) fn wasm_opt(project: &Project, search: &SearchPath) -> WasmOpt {
    if let Some(found) = found_wasm_opt(search) {
        say(format_args!("found {}", found.display()));
        return WasmOpt::Found(search.clone());
    }
    match install_packages(project, search) {
        Err(error) => WasmOpt::Missing(format!("{error:#}")),
        Ok(()) => {
            let with_packages = search.clone().with(project.path("tests/node_modules/.bin"));
            match found_wasm_opt(&with_packages) {
                Some(found) => {
                    say(format_args!("found {}", found.display()));
                    WasmOpt::Found(with_packages)
                }
                None => WasmOpt::Missing(format!(
                    "the package `binaryen` brought no wasm-opt of version {WASM_OPT_VERSION}"
                )),
            }
        }
    }
}

fn found_wasm_opt(search: &SearchPath) -> Option<PathBuf> {
    let path = search.find("wasm-opt")?;
    let said = run::output(search.command(&path).ok()?.arg("--version")).ok()?;
    has_word(&said, WASM_OPT_VERSION).then_some(path)
}

/// Makes a module smaller in place.
pub(crate) fn minify(project: &Project, search: &SearchPath, module: &Path) -> Result<()> {
    install_packages(project, search)?;
    let terser = project.path("tests/node_modules/.bin/terser");
    let mut command = search.command(terser)?;
    command
        .arg(module)
        .args(["--module", "--compress", "--mangle"])
        // The hint to compile all of it at once.
        .args(["--comments", "/^# allFunctionsCalledOnLoad/", "--output"])
        .arg(module);
    run::check(&mut command)
}

/// The `*.test.mjs` files of a folder: Node 20 takes folders, Node 22 patterns, both take files.
pub(crate) fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = digest::files_below(folder)?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    if files.is_empty() {
        bail!("no *.test.mjs in {}", folder.display());
    }
    Ok(files)
}

/// From `v20.20.2`.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert!(version("v20.9.0") < Some(OLDEST));
        assert_eq!(version("nonsense"), None);
    }
}
