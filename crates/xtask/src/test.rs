//! `cargo xtask test`: everything, in stages, cheapest first; stops at the first stage that fails.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::chromium;
use crate::dist;
use crate::node;
use crate::progress::{Steps, seconds};
use crate::project::Project;
use crate::run::{self, SearchPath};
use crate::server::{self, Profile};
use crate::size;
use crate::stage::{Needs, Stage};
use crate::tally::Tally;
use crate::tools::{self, WASM_TARGET};
use crate::widget::{self, WithoutWasmOpt};

/// How one stage ended.
struct Outcome {
    tally: Tally,
    /// Why, if it failed.
    error: Option<anyhow::Error>,
}

pub(crate) fn run(project: &Project, stages: &[Stage]) -> Result<ExitCode> {
    let since = Instant::now();
    let prepared = prepare(project, stages)?;
    let mut total = Tally::default();
    let mut lines = Vec::new();
    let mut failure = None;
    for (index, stage) in stages.iter().copied().enumerate() {
        if failure.is_some() {
            lines.push(format!("  {:<12} not run", stage.name()));
            continue;
        }
        println!(
            "\n== [{}/{}] {}: {}",
            index + 1,
            stages.len(),
            stage.name(),
            stage.about()
        );
        let since = Instant::now();
        let outcome = run_stage(project, &prepared, stage);
        total.add(outcome.tally);
        lines.push(line(stage, &outcome, since.elapsed()));
        failure = outcome.error.map(|error| (stage, error));
    }
    println!("\n== summary ({})", seconds(since.elapsed()));
    lines.iter().for_each(|line| println!("{line}"));
    let code = match failure {
        None => ExitCode::SUCCESS,
        Some((stage, error)) => {
            println!("\nstage `{}` failed: {error:#}", stage.name());
            println!(
                "once more, this stage alone: cargo xtask test --only {}",
                stage.name()
            );
            ExitCode::FAILURE
        }
    };
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(code)
}

fn line(stage: Stage, outcome: &Outcome, time: Duration) -> String {
    let word = if outcome.error.is_none() {
        "ok"
    } else {
        "FAILED"
    };
    let Tally { passed, failed } = outcome.tally;
    format!(
        "  {:<12} {word:<7} {:>12}   {passed} passed, {failed} failed",
        stage.name(),
        seconds(time)
    )
}

struct Prepared {
    /// Set if a stage needs it.
    browser: Option<PathBuf>,
    node: Option<PathBuf>,
}

fn prepare(project: &Project, stages: &[Stage]) -> Result<Prepared> {
    let needs = stages
        .iter()
        .map(|stage| stage.needs())
        .max()
        .unwrap_or(Needs::Rust);
    let search = SearchPath::default();
    let node = if needs >= Needs::Node {
        Some(node::node(&search)?)
    } else {
        None
    };
    if needs >= Needs::NodePackages {
        node::install_packages(project, &search)?;
    }
    let browser = if needs >= Needs::Browser {
        Some(chromium::prepare()?)
    } else {
        None
    };
    Ok(Prepared { browser, node })
}

fn run_stage(project: &Project, prepared: &Prepared, stage: Stage) -> Outcome {
    let mut tally = Tally::default();
    let done = match stage {
        Stage::Fmt => cargo(project, &["fmt", "--all", "--check"], &mut tally),
        Stage::Clippy => clippy(project, &["--workspace", "--all-targets"], &mut tally),
        Stage::ClippyWasm => tools::prepare_wasm_target().and_then(|()| {
            let widget = [
                "--package",
                "payment-status-widget",
                "--target",
                WASM_TARGET,
            ];
            clippy(project, &widget, &mut tally)
        }),
        Stage::Native => native(project, &mut tally),
        Stage::Pages => node_tests(project, prepared, "tests/pages", |_| Ok(()), &mut tally),
        Stage::Dist => build_widget(project).map(|_| ()),
        Stage::EndToEnd => end_to_end(project, prepared, &mut tally),
        Stage::Size => size::check(&project.dist()),
    };
    // A stage that counts no tests is one check; one that broke before its tests could report is one failure.
    match &done {
        Ok(()) if tally == Tally::default() => tally.passed = 1,
        Err(_) if tally.failed == 0 => tally.failed = 1,
        Ok(()) | Err(_) => {}
    }
    Outcome {
        tally,
        error: done.err(),
    }
}

fn clippy(project: &Project, selection: &[&str], tally: &mut Tally) -> Result<()> {
    cargo(
        project,
        &[&["clippy"], selection, &["--", "-D", "warnings"]].concat(),
        tally,
    )
}

fn native(project: &Project, tally: &mut Tally) -> Result<()> {
    if SearchPath::default().find("cargo-nextest").is_some() {
        cargo(
            project,
            &["nextest", "run", "--workspace", "--no-fail-fast"],
            tally,
        )?;
        // The one kind of test that nextest leaves out.
        return cargo(project, &["test", "--workspace", "--doc"], tally);
    }
    cargo(project, &["test", "--workspace", "--no-fail-fast"], tally)
}

fn cargo(project: &Project, arguments: &[&str], tally: &mut Tally) -> Result<()> {
    counted(
        run::cargo().args(arguments).current_dir(&project.root),
        tally,
    )
}

fn build_widget(project: &Project) -> Result<SearchPath> {
    widget::prepare_and_build(
        project,
        &mut Steps::new(widget::STEPS),
        WithoutWasmOpt::Stop,
    )
}

fn end_to_end(project: &Project, prepared: &Prepared, tally: &mut Tally) -> Result<()> {
    // Nothing to do after the stage before; `--only e2e` comes here first.
    build_widget(project)?;
    let embed = dist::default_folder(project);
    dist::write(project, &embed)?;
    let server = server::build(project, Profile::Dev)?;
    let browser = prepared
        .browser
        .as_deref()
        .context("no browser was prepared")?;
    let environment = |command: &mut Command| {
        command.env("PAYMENT_STATUS_SERVER", &server);
        command.env("PAYMENT_STATUS_SITE", project.dist());
        command.env("PAYMENT_STATUS_EMBED", &embed);
        command.env("CHROMIUM", browser);
        Ok(())
    };
    node_tests(project, prepared, "tests/e2e", environment, tally)
}

fn node_tests(
    project: &Project,
    prepared: &Prepared,
    folder: &str,
    environment: impl FnOnce(&mut Command) -> Result<()>,
    tally: &mut Tally,
) -> Result<()> {
    let files = node::test_files(&project.path(folder))?;
    let mut command = run::command(prepared.node.as_deref().context("no node was prepared")?);
    // One file at a time: two browsers on a small machine would measure one another.
    command.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]);
    command.args(files).current_dir(&project.root);
    environment(&mut command)?;
    counted(&mut command, tally)
}

fn counted(command: &mut Command, tally: &mut Tally) -> Result<()> {
    let status = run::tee(command, |line| tally.read(line))?;
    if !status.success() {
        bail!("{status}");
    }
    Ok(())
}
