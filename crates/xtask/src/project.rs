//! Where things are, and which versions the project pins. Every path in the other modules comes from here.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The version of the workspace: all its packages share one.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(crate) struct Project {
    /// The workspace root.
    pub(crate) root: PathBuf,
    /// Cargo's target directory, also where it is not `<root>/target`.
    pub(crate) target: PathBuf,
}

impl Project {
    pub(crate) fn locate() -> Result<Self> {
        // The variable of this run wins over the one of the compilation: the checkout may have been moved since.
        let manifest_dir = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest_dir
            .ancestors()
            .nth(2)
            .context("crates/xtask is expected two levels below the workspace root")?
            .to_path_buf();
        // This program is <target>/<profile>/xtask, which spares asking cargo for its settings.
        let program = env::current_exe().context("asking for the path of this program")?;
        let target = program
            .ancestors()
            .nth(2)
            .context("this program is expected two levels below the target directory")?
            .to_path_buf();
        Ok(Self { root, target })
    }

    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// What Trunk builds: the widget, its locales and the pages.
    pub(crate) fn dist(&self) -> PathBuf {
        self.path("dist")
    }

    /// Tools that this project installs for itself; never in the user's own cargo directory.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The version of `package` that `Cargo.lock` pins.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.path("Cargo.lock");
        let lock = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        version_in_lock(&lock, package)
            .with_context(|| format!("no package `{package}` in {}", path.display()))
    }
}

/// Reads the two lines it needs; cargo writes them in this order, one a line, in every version of the format.
fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    let version = lines
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_version_is_found_by_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.9\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            version_in_lock(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }
}
