//! The browser of the tests: found, or installed where that is a single safe command.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::progress::say;
use crate::run::{self, SearchPath};

const PROGRAMS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Where installers put it outside the `PATH`.
const PLACES: [&str; 5] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/snap/bin/chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
];

/// Without these fonts Chinese is drawn as boxes and a screenshot proves nothing.
const FONT_PACKAGES: [&str; 3] = [
    "fonts-noto-core",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
];

const HOW_TO_GET_ONE: &str = "install Chromium or Google Chrome (Debian and Ubuntu: \
    `apt-get install chromium fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji`; macOS: \
    `brew install --cask chromium`), or set CHROMIUM to the path of one";

/// The path of a browser, installed first where this is Debian and we may.
pub(crate) fn prepare() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM").filter(|value| !value.is_empty()) {
        let named = PathBuf::from(named);
        if !named.is_file() {
            bail!(
                "CHROMIUM is `{}`, which is not a file; {HOW_TO_GET_ONE}",
                named.display()
            );
        }
        return Ok(named);
    }
    let browser = match find() {
        Some(browser) => browser,
        None => install()?,
    };
    say(format_args!("found {}", browser.display()));
    prepare_fonts();
    Ok(browser)
}

fn find() -> Option<PathBuf> {
    let search = SearchPath::default();
    PROGRAMS
        .iter()
        .find_map(|program| search.find(program))
        .or_else(|| {
            PLACES
                .iter()
                .map(PathBuf::from)
                .find(|place| place.is_file())
        })
}

fn install() -> Result<PathBuf> {
    let Some(apt_get) = apt_get_as_root() else {
        bail!("there is no Chromium; {HOW_TO_GET_ONE}");
    };
    say("installing Chromium and fonts with apt-get…");
    let packages = [&["chromium"], FONT_PACKAGES.as_slice()].concat();
    apt_install(&apt_get, &packages)
        .with_context(|| format!("no Chromium could be installed; {HOW_TO_GET_ONE}"))?;
    find().with_context(|| format!("apt-get brought no Chromium; {HOW_TO_GET_ONE}"))
}

/// Fonts are worth a try and a warning, not a stop: only screenshots suffer.
fn prepare_fonts() {
    let fc_list = run::output(run::command("fc-list").args([":lang=zh", "family"]));
    match fc_list {
        Ok(fonts) if !fonts.trim().is_empty() => return,
        // No fontconfig: not a system on which fonts come as packages.
        Err(_) => return,
        Ok(_) => {}
    }
    let installed = apt_get_as_root().is_some_and(|apt_get| {
        say("installing fonts with apt-get…");
        apt_install(&apt_get, &FONT_PACKAGES).is_ok()
    });
    if !installed {
        say(format_args!(
            "there is no Chinese font: screenshots will show boxes (packages {})",
            FONT_PACKAGES.join(", ")
        ));
    }
}

fn apt_install(apt_get: &Path, packages: &[&str]) -> Result<()> {
    let apt_get = || {
        let mut command = run::command(apt_get);
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .arg("--quiet=2");
        command
    };
    run::check(apt_get().arg("update"))?;
    run::check(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )
}

/// Changing somebody's system is for those who run us as root, as containers and build machines do; never by sudo.
fn apt_get_as_root() -> Option<PathBuf> {
    let apt_get = SearchPath::default().find("apt-get")?;
    let user = run::output(run::command("id").arg("-u")).ok()?;
    (user.trim() == "0").then_some(apt_get)
}
