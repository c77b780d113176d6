//! The widget and its pages, built by Trunk into `dist/`; nothing is done when nothing has changed.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::digest;
use crate::halves;
use crate::node::{self, WASM_OPT_VERSION, WasmOpt};
use crate::own_std;
use crate::progress::{Steps, say};
use crate::project::Project;
use crate::remap;
use crate::run::{self, SearchPath};
use crate::slim::slim;
use crate::tools::{self, TRUNK_VERSION};

/// Everything that can change what Trunk writes.
const INPUTS: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "rust-toolchain.toml",
    "crates/display",
    "crates/protocol",
    halves::FIRST_VIEW,
    "crates/xtask/src",
    "src",
    "style",
    "www",
];

/// What a build must leave behind, whatever else the pages need.
const OUTPUTS: [&str; 3] = [
    "payment-status.js",
    "payment-status-widget.js",
    "payment-status-widget_bg.wasm",
];

/// The scripts of the first view. Trunk's own minifier stops at the glue's `export { … as default }`.
const SCRIPTS: [&str; 2] = ["payment-status.js", "payment-status-widget.js"];

/// What to do where there is no `wasm-opt`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WithoutWasmOpt {
    /// Build all the same, and say so: everything works, the download is larger.
    Continue,
    /// Sizes and deployed files would be wrong.
    Stop,
}

/// How many steps [`prepare_and_build`] says.
pub(crate) const STEPS: usize = tools::STEPS + 3;

/// Installs what is missing and brings `dist/` up to date. The result finds all tools.
pub(crate) fn prepare_and_build(
    project: &Project,
    steps: &mut Steps,
    without: WithoutWasmOpt,
) -> Result<SearchPath> {
    let search = tools::prepare(project, steps)?;
    let wasm_opt = steps.step(&format!("wasm-opt {WASM_OPT_VERSION}"), || {
        let wasm_opt = node::wasm_opt(project, &search);
        match (&wasm_opt, without) {
            (WasmOpt::Missing(reason), WithoutWasmOpt::Stop) => bail!("{reason}"),
            (WasmOpt::Missing(reason), WithoutWasmOpt::Continue) => {
                say(format_args!("left out: {reason}"));
                say("everything works without it; the widget is a larger download");
            }
            (WasmOpt::Found(_), _) => {}
        }
        Ok(wasm_opt)
    })?;
    // What is smaller only together with wasm-opt is not worth a longer first build without it.
    let own_std = match &wasm_opt {
        WasmOpt::Found(_) => steps.step("Rust's library", || own_std::prepare(without))?,
        WasmOpt::Missing(_) => steps.step("Rust's library", || Ok(false))?,
    };
    steps.step("the widget and its pages", || {
        build(project, &search, &wasm_opt, own_std)
    })?;
    Ok(match wasm_opt {
        WasmOpt::Found(search) => search,
        WasmOpt::Missing(_) => search,
    })
}

fn build(project: &Project, search: &SearchPath, wasm_opt: &WasmOpt, own_std: bool) -> Result<()> {
    let inputs = inputs(project, wasm_opt, own_std)?;
    let stamp = project.target.join("widget.stamp");
    let known = fs::read_to_string(&stamp).unwrap_or_default();
    if known == stamp_text(&inputs, &outputs(project)?) {
        say("unchanged");
        return Ok(());
    }
    // Trunk.toml keeps Trunk offline, and Trunk keeps cargo offline: fetch first, from the lock file.
    let mut fetch = run::cargo();
    fetch.args(["fetch", "--quiet"]).current_dir(&project.root);
    if own_std {
        own_std::with(&mut fetch);
    }
    run::check(&mut fetch)?;
    run_trunk(project, search, wasm_opt, own_std)?;
    if let WasmOpt::Found(search) = wasm_opt {
        slim(
            &search.clone().with(project.path("tests/node_modules/.bin")),
            &project.dist(),
        )?;
        halves::cut(project)?;
        for script in SCRIPTS {
            node::minify(project, search, &project.dist().join(script))?;
        }
    }
    for output in OUTPUTS {
        let path = project.dist().join(output);
        if !path.is_file() {
            bail!("Trunk finished, but there is no {}", path.display());
        }
    }
    fs::write(&stamp, stamp_text(&inputs, &outputs(project)?))
        .with_context(|| stamp.display().to_string())
}

fn run_trunk(
    project: &Project,
    search: &SearchPath,
    wasm_opt: &WasmOpt,
    own_std: bool,
) -> Result<()> {
    let (search, optimise) = match wasm_opt {
        WasmOpt::Found(with_wasm_opt) => (with_wasm_opt, Some("--release")),
        // To Trunk, `--release` means wasm-opt and nothing else that we need: the page names the cargo profile for
        // both cases, and without the flag Trunk does not look for wasm-opt.
        WasmOpt::Missing(_) => (search, None),
    };
    let mut trunk = search.command(search.find("trunk").context("no trunk")?)?;
    trunk
        .args(["build"])
        .args(optimise)
        .current_dir(&project.root);
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
    let mut flags = remap::flags(project)?;
    if own_std {
        own_std::with(&mut trunk);
        flags.extend(own_std::FLAGS.map(str::to_owned));
    }
    trunk.env(remap::VARIABLE, flags.join(" "));
    // Trunk 0.21 reads NO_COLOR as one of its own flags and refuses the usual value `1`.
    trunk.env_remove("NO_COLOR");
    run::check(&mut trunk)
}

fn inputs(project: &Project, wasm_opt: &WasmOpt, own_std: bool) -> Result<String> {
    let wasm_opt = match wasm_opt {
        WasmOpt::Found(_) => WASM_OPT_VERSION,
        WasmOpt::Missing(_) => "none",
    };
    let std = if own_std {
        own_std::FLAGS.join(" ")
    } else {
        "as it comes".to_owned()
    };
    let sources = digest::of_trees(&project.root, &INPUTS)?;
    Ok(format!(
        "trunk {TRUNK_VERSION}, wasm-opt {wasm_opt}, std {std}, no own paths, slimmed and minified, sources {sources}"
    ))
}

/// Part of the stamp because `dist/` can be emptied or built by hand in between.
fn outputs(project: &Project) -> Result<String> {
    digest::of_trees(&project.dist(), &[""])
}

fn stamp_text(inputs: &str, outputs: &str) -> String {
    format!("{inputs}\ndist {outputs}\n")
}
