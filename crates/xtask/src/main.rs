//! `cargo xtask`: the project's own commands. Here: which command was asked for, and how a failure is said.
//!
//! - [`demo`], [`test`], [`dist`], [`reproduce`], [`docs`], [`size`], [`profile`], [`bench`]: one module a command.
//! - [`tools`], [`node`], [`chromium`]: what a command needs on this machine, installed where it is missing.
//! - [`widget`], [`slim`], [`halves`], [`split`], [`server`]: the two things that are built and run.
//! - [`project`], [`run`], [`progress`], [`digest`], [`compress`], [`embed`], [`bake`], [`package`], [`remap`], [`secrets`], [`stage`],
//!   [`tally`]: one small job each.

mod bake;
mod bench;
mod chromium;
mod compress;
mod demo;
mod digest;
mod dist;
mod docs;
mod embed;
mod halves;
mod node;
mod own_std;
mod package;
mod profile;
mod progress;
mod project;
mod remap;
mod reproduce;
mod run;
mod secrets;
mod server;
mod size;
mod slim;
mod split;
mod stage;
mod tally;
mod test;
mod tools;
mod widget;

use std::process::ExitCode;

use anyhow::{Context, Result};
use lexopt::{Arg, Parser, ValueExt};

use crate::project::Project;
use crate::stage::Stage;

const HELP: &str = "\
cargo xtask <command>

  demo [--port N] [--no-open] [--release]
        prepare what is missing, build, and serve the two screens side by side on 127.0.0.1
        --port N    first port to try (default 8790; the next free one is taken if it is busy)
        --no-open   do not open a browser
        --release   build the server with optimisation
  test [--only STAGE]...
        everything, in stages; stops at the first stage that fails
        stages: fmt clippy clippy-wasm native pages dist e2e size
  dist [--out DIR]
        the npm package, and the files to deploy with precompressed copies and hashes (default: target/embed)
  reproduce
        builds the committed tree twice in different places and compares; takes long
  docs [--check]
        writes docs/reasons.md and docs/coverage.md from the project's data
        --check     write nothing; fail if one of them is out of date
  size
        what the first view downloads, against its budget
  profile
        measures which functions a first view runs, and writes them to crates/xtask/first-view.txt
  bench
        speed of the widget in a browser and of `decide`
";

fn main() -> ExitCode {
    match command_from_arguments(Parser::from_env()).and_then(run_command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  because: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

enum Command {
    Help,
    Demo(demo::Options),
    Test(Vec<Stage>),
    Dist(dist::Options),
    Docs(docs::Options),
    Reproduce,
    Size,
    Profile,
    Bench,
}

fn run_command(command: Command) -> Result<ExitCode> {
    let project = Project::locate()?;
    match command {
        Command::Help => print!("{HELP}"),
        Command::Demo(options) => demo::run(&project, &options)?,
        Command::Test(stages) => return test::run(&project, &stages),
        Command::Dist(options) => dist::run(&project, &options)?,
        Command::Docs(options) => docs::run(&project, &options)?,
        Command::Reproduce => reproduce::run(&project)?,
        Command::Size => size::run(&project)?,
        Command::Profile => profile::run(&project)?,
        Command::Bench => bench::run(&project)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn command_from_arguments(mut arguments: Parser) -> Result<Command> {
    let name = match arguments.next()? {
        None | Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Command::Help),
        Some(Arg::Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected()).context("expected a command first"),
    };
    match name.as_str() {
        "help" => Ok(Command::Help),
        "demo" => demo_options(arguments),
        "test" => test_stages(arguments),
        "dist" => dist_options(arguments),
        "docs" => docs_options(arguments),
        "reproduce" => without_options(arguments, Command::Reproduce),
        "size" => without_options(arguments, Command::Size),
        "profile" => without_options(arguments, Command::Profile),
        "bench" => without_options(arguments, Command::Bench),
        other => {
            anyhow::bail!(
                "no command `{other}`; expected demo, test, dist, reproduce, docs, size, profile or bench"
            )
        }
    }
}

fn demo_options(mut arguments: Parser) -> Result<Command> {
    let mut options = demo::Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("port") => {
                options.port = arguments.value()?.parse().context("--port")?;
            }
            Arg::Long("no-open") => options.open = false,
            Arg::Long("release") => options.profile = server::Profile::Release,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected()).context("cargo xtask demo"),
        }
    }
    Ok(Command::Demo(options))
}

fn test_stages(mut arguments: Parser) -> Result<Command> {
    let mut only = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("only") => {
                only.push(Stage::from_name(&arguments.value()?.string()?)?);
            }
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected()).context("cargo xtask test"),
        }
    }
    // Always in the order in which they build on one another, however they were named.
    let stages = Stage::ALL
        .into_iter()
        .filter(|stage| only.is_empty() || only.contains(stage));
    Ok(Command::Test(stages.collect()))
}

fn dist_options(mut arguments: Parser) -> Result<Command> {
    let mut options = dist::Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("out") => options.out = Some(arguments.value()?.into()),
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected()).context("cargo xtask dist"),
        }
    }
    Ok(Command::Dist(options))
}

fn docs_options(mut arguments: Parser) -> Result<Command> {
    let mut options = docs::Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("check") => options.check = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            other => return Err(other.unexpected()).context("cargo xtask docs"),
        }
    }
    Ok(Command::Docs(options))
}

fn without_options(mut arguments: Parser, command: Command) -> Result<Command> {
    match arguments.next()? {
        None => Ok(command),
        Some(Arg::Short('h') | Arg::Long("help")) => Ok(Command::Help),
        Some(other) => Err(other.unexpected()).context("this command takes no options"),
    }
}
