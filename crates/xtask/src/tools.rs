//! The Rust side of the build: the wasm target, Trunk and the wasm-bindgen command, each in its exact version.
//!
//! What is already on the `PATH` is used; the rest goes to `target/tools`, never into the user's own directories.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::progress::{Steps, say};
use crate::project::Project;
use crate::run::{self, SearchPath};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// 0.22 needs a newer Rust than the one that rust-toolchain.toml pins.
pub(crate) const TRUNK_VERSION: &str = "0.21.14";

/// How many steps [`prepare`] says.
pub(crate) const STEPS: usize = 3;

/// Installs what is missing; the result finds Trunk and wasm-bindgen.
pub(crate) fn prepare(project: &Project, steps: &mut Steps) -> Result<SearchPath> {
    let search = SearchPath::default().with(project.tools().join("bin"));
    steps.step(&format!("Rust target {WASM_TARGET}"), prepare_wasm_target)?;

    let trunk = CargoTool {
        package: "trunk",
        program: "trunk",
        version: TRUNK_VERSION.to_owned(),
        // The optimised profile takes four times as long to build and saves a fraction of a second a run.
        // Without the default features there is no OpenSSL to find and no look for updates at each start.
        options: &["--debug", "--no-default-features", "--features", "rustls"],
        expected: "4 to 6 minutes on two cores",
    };
    steps.step(&format!("Trunk {TRUNK_VERSION}"), || {
        trunk.prepare(project, &search)
    })?;

    // The command must be of the very version of the library, or it refuses the file.
    let version = project.locked_version("wasm-bindgen")?;
    let title = format!("wasm-bindgen {version}");
    let bindgen = CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
        options: &["--debug"],
        expected: "1 to 2 minutes on two cores",
    };
    steps.step(&title, || bindgen.prepare(project, &search))?;
    Ok(search)
}

pub(crate) fn prepare_wasm_target() -> Result<()> {
    if wasm_target_is_installed()? {
        return Ok(());
    }
    let Some(rustup) = SearchPath::default().find("rustup") else {
        bail!(
            "this Rust has no target {WASM_TARGET}, and there is no rustup to add it; \
             add it with the package manager that Rust came from"
        );
    };
    say("installing with rustup, once…");
    run::check(run::command(rustup).args(["target", "add", WASM_TARGET]))?;
    if !wasm_target_is_installed()? {
        bail!("rustup added {WASM_TARGET}, but not for the rustc on the PATH");
    }
    Ok(())
}

fn wasm_target_is_installed() -> Result<bool> {
    let mut rustc = run::command("rustc");
    let directory = run::output(rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    Ok(Path::new(directory.trim()).is_dir())
}

struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: String,
    /// For a build from source.
    options: &'static [&'static str],
    /// How long a build from source takes.
    expected: &'static str,
}

impl CargoTool {
    fn prepare(&self, project: &Project, search: &SearchPath) -> Result<()> {
        if let Some(found) = self.found(search) {
            say(format_args!("found {found}"));
            return Ok(());
        }
        if search.find("cargo-binstall").is_some() {
            say("looking for a prebuilt one with cargo-binstall…");
            if self.install_prebuilt(project).is_ok() && self.found(search).is_some() {
                return Ok(());
            }
            say("there is none that runs here");
        }
        say(format_args!(
            "building from source, {}, once…",
            self.expected
        ));
        self.install_from_source(project, search)?;
        if self.found(search).is_none() {
            bail!(
                "{} was installed, but does not say that it is {}",
                self.program,
                self.version
            );
        }
        Ok(())
    }

    /// The path of the program, if it is of the right version.
    fn found(&self, search: &SearchPath) -> Option<String> {
        let path = search.find(self.program)?;
        let said = run::output(run::command(&path).arg("--version")).ok()?;
        has_word(&said, &self.version).then(|| path.display().to_string())
    }

    fn install_prebuilt(&self, project: &Project) -> Result<()> {
        let mut cargo = run::cargo();
        // Without its own fall-back to a build: that one would be in the slow profile.
        cargo.args([
            "binstall",
            "--no-confirm",
            "--disable-strategies",
            "compile",
            "--root",
        ]);
        cargo
            .arg(project.tools())
            .arg(format!("{}@{}", self.package, self.version));
        run::check(&mut cargo)
    }

    fn install_from_source(&self, project: &Project, search: &SearchPath) -> Result<()> {
        let build = project.target.join("tools-build");
        let install = |locked: bool| {
            // With the folder on its PATH, or cargo asks to have it put there.
            let mut cargo = search.given_to(run::cargo())?;
            cargo.args([
                "install",
                "--force",
                self.package,
                "--version",
                &self.version,
            ]);
            // Debug information would be half a gigabyte that nobody reads.
            cargo
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .env("CARGO_PROFILE_DEV_STRIP", "symbols");
            cargo.args(self.options).args(locked.then_some("--locked"));
            cargo
                .arg("--root")
                .arg(project.tools())
                .arg("--target-dir")
                .arg(&build);
            run::check(&mut cargo)
        };
        // A lock file that names a release which the registry at hand lacks is no reason to stop.
        if install(true).is_err() {
            say(
                "with the versions of its lock file it does not; once more with the newest that fit…",
            );
            install(false)?;
        }
        // Nothing will read it again.
        std::fs::remove_dir_all(&build).with_context(|| format!("removing {}", build.display()))
    }
}

pub(crate) fn has_word(text: &str, word: &str) -> bool {
    text.split_whitespace().any(|found| found == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_whole_word() {
        assert!(has_word("wasm-bindgen 0.2.130\n", "0.2.130"));
        assert!(!has_word("wasm-bindgen 0.2.1301\n", "0.2.130"));
        assert!(has_word("wasm-opt version 132 (version_132)", "132"));
    }
}
