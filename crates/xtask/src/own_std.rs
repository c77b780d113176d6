//! The standard library, built here for the widget: with panics that only trap, and without the texts and places that a
//! panic would tell nobody. Needs the library's sources and unstable flags of the pinned compiler (docs/adr/0003-build.md).

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::progress::say;
use crate::run::{self, SearchPath};
use crate::widget::WithoutWasmOpt;

/// For the compiler. Later flags win: cargo's own `-Cpanic=abort` stands before them.
pub(crate) const FLAGS: [&str; 4] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
];

/// For cargo: which crates, and that a stable compiler of a pinned version takes unstable flags.
const VARIABLES: [(&str, &str); 3] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
];

/// Finds the library's sources, or has rustup bring them. Without them the widget is built with the library that comes
/// with the target, which is said, or it is not built.
pub(crate) fn prepare(without: WithoutWasmOpt) -> Result<bool> {
    if sources_are_installed()? {
        return Ok(true);
    }
    if let Some(rustup) = SearchPath::default().find("rustup") {
        say("installing with rustup, once…");
        run::check(run::command(rustup).args(["component", "add", "rust-src"]))?;
        if sources_are_installed()? {
            return Ok(true);
        }
    }
    let missing = "this Rust has no sources of its library (component rust-src of rustup)";
    if without == WithoutWasmOpt::Stop {
        bail!("{missing}; without them the widget is larger than the one that is deployed");
    }
    say(format_args!("left out: {missing}"));
    say("everything works without it; the widget is a larger download");
    Ok(false)
}

/// Lets a cargo, or what calls one, build the library as well.
pub(crate) fn with(command: &mut Command) {
    command.envs(VARIABLES);
}

fn sources_are_installed() -> Result<bool> {
    let sysroot = run::output(run::command("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    Ok(library.join("std/Cargo.toml").is_file())
}
