//! `cargo xtask bench`: figures, not verdicts. They mean something on a machine that does nothing else.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::chromium;
use crate::digest;
use crate::node;
use crate::progress::Steps;
use crate::project::Project;
use crate::run::{self, SearchPath};
use crate::server::{self, Profile};
use crate::widget::{self, WithoutWasmOpt};

const DECIDE_LINES: usize = 100_000;
const SCENARIOS: &str = "crates/protocol/fixtures/scenarios.json";

pub(crate) fn run(project: &Project) -> Result<()> {
    let search = SearchPath::default();
    let node = node::node(&search)?;
    node::install_packages(project, &search)?;
    let browser = chromium::prepare()?;
    let mut steps = Steps::new(widget::STEPS + 1);
    widget::prepare_and_build(project, &mut steps, WithoutWasmOpt::Stop)?;
    let server = steps.step("the server, optimised", || {
        server::build(project, Profile::Release)
    })?;

    println!("\n== decide");
    let time = decide(project, &server)?;
    let each_us = time.as_secs_f64() * 1e6 / DECIDE_LINES as f64;
    println!(
        "{DECIDE_LINES} verdicts in {:.2} s ({each_us:.1} µs each, reading and printing included)",
        time.as_secs_f64()
    );

    let benches = bench_files(&project.path("tests/bench"))?;
    if benches.is_empty() {
        println!("\nno *.mjs in tests/bench");
    }
    for bench in benches {
        println!(
            "\n== {}",
            bench.file_name().unwrap_or_default().to_string_lossy()
        );
        let mut command = run::command(&node);
        command.arg(&bench).current_dir(&project.root);
        command.env("PAYMENT_STATUS_SERVER", &server);
        command.env("PAYMENT_STATUS_SITE", project.dist());
        command.env("CHROMIUM", &browser);
        run::check(&mut command)?;
    }
    Ok(())
}

/// Scripts, without the modules that they share: those lie in folders of their own.
fn bench_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = digest::files_below(folder)?;
    files.retain(|file| {
        file.parent() == Some(folder) && file.extension().is_some_and(|kind| kind == "mjs")
    });
    Ok(files)
}

/// One run of `decide` over [`DECIDE_LINES`] lines, the given scenarios over and over.
fn decide(project: &Project, server: &Path) -> Result<Duration> {
    let input = project.target.join("decide.jsonl");
    let lines = scenario_lines(&project.path(SCENARIOS))?;
    let mut writer = BufWriter::new(File::create(&input).context("creating the input")?);
    for line in lines.iter().cycle().take(DECIDE_LINES) {
        writeln!(writer, "{line}").context("writing the input")?;
    }
    writer.into_inner().context("writing the input")?;

    let output = project.target.join("decide.out");
    let mut command = run::command(server);
    command
        .arg("decide")
        .stdin(File::open(&input)?)
        .stderr(Stdio::inherit());
    command.stdout(File::create(&output)?);
    let since = Instant::now();
    run::check(&mut command)?;
    let time = since.elapsed();
    let verdicts = fs::read_to_string(&output)?.lines().count();
    if verdicts != DECIDE_LINES {
        bail!("{DECIDE_LINES} lines went in, {verdicts} came out");
    }
    fs::remove_file(input)?;
    fs::remove_file(output)?;
    Ok(time)
}

fn scenario_lines(path: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let document: Value = serde_json::from_str(&text)?;
    let scenarios = document["scenarios"]
        .as_array()
        .context("no list `scenarios`")?;
    let line = |scenario: &Value| {
        json!({ "transaction": scenario["transaction"], "reports": scenario["reports"] })
            .to_string()
    };
    Ok(scenarios.iter().map(line).collect())
}
