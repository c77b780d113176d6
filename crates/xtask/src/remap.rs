//! What the compiler is told so that the built wasm does not name folders of this machine: where somebody keeps cargo's
//! registry, the toolchain or this checkout must not change a byte of what ships.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::Project;
use crate::run;

/// Flags for the wasm target alone: build scripts and macros run here and are not part of what ships.
pub(crate) const VARIABLE: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// The parts of the value of [`VARIABLE`]; what it held before stays in front.
pub(crate) fn flags(project: &Project) -> Result<Vec<String>> {
    let mut flags: Vec<String> = env::var(VARIABLE).into_iter().collect();
    // Names that say which copy of a generic function is meant: by them the first view's functions are found again.
    flags.push("-Csymbol-mangling-version=v0".to_owned());
    // Later flags win, so the more general come first.
    let mut remap = |from: &Path, to: &str| {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    };
    remap(&project.root, ".");
    remap(&project.target, "target");
    for registry in registries()? {
        remap(&registry, "registry");
    }
    let sysroot = run::output(
        run::command("rustc")
            .args(["--print", "sysroot"])
            .current_dir(&project.root),
    )?;
    // Where the sources of the standard library are installed, the compiler names them instead of its own place for them.
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust");
    remap(&library, &format!("/rustc/{}", commit(project)?));
    Ok(flags)
}

/// The folders in which cargo keeps unpacked packages: one for each registry, named after its address.
fn registries() -> Result<Vec<PathBuf>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    #[allow(
        deprecated,
        reason = "cargo itself finds its home by the same function"
    )]
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home
        .context("there is no home directory")?
        .join("registry/src");
    let mut found = Vec::new();
    if sources.is_dir() {
        for entry in fs::read_dir(&sources).with_context(|| sources.display().to_string())? {
            found.push(entry?.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The compiler's own commit, by which it names its library where the sources are not installed.
fn commit(project: &Project) -> Result<String> {
    let said = run::output(run::command("rustc").arg("-vV").current_dir(&project.root))?;
    let hash = said
        .lines()
        .find_map(|line| line.strip_prefix("commit-hash: "));
    Ok(hash.context("rustc -vV without a commit-hash")?.to_owned())
}
