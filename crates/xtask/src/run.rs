//! Child processes: find a program, run it, and say in one sentence what went wrong if it did.

use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// The directories in which a program is looked up: some of ours, then those of the `PATH`.
#[derive(Clone, Default)]
pub(crate) struct SearchPath {
    first: Vec<PathBuf>,
}

impl SearchPath {
    /// `directory` before everything that is searched so far.
    pub(crate) fn with(mut self, directory: PathBuf) -> Self {
        self.first.insert(0, directory);
        self
    }

    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let directories = self
            .first
            .iter()
            .cloned()
            .chain(env::split_paths(&inherited));
        directories
            .flat_map(|directory| candidates(&directory, program))
            .find(|candidate| is_program(candidate))
    }

    /// A command that itself finds programs in the same places.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Result<Command> {
        self.given_to(command(program))
    }

    pub(crate) fn given_to(&self, mut command: Command) -> Result<Command> {
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = self
            .first
            .iter()
            .cloned()
            .chain(env::split_paths(&inherited));
        command.env(
            "PATH",
            env::join_paths(all).context("a directory name with a separator")?,
        );
        Ok(command)
    }
}

/// On Windows npm's programs are `.cmd` files beside a script of the bare name that cannot be started.
fn candidates(directory: &Path, program: &str) -> Vec<PathBuf> {
    let suffixes: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd"]
    } else {
        &[""]
    };
    suffixes
        .iter()
        .map(|suffix| directory.join(format!("{program}{suffix}")))
        .collect()
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// A command without what `cargo run` told *this* program about itself: some build scripts watch those variables,
/// and everything behind them would be compiled twice, once by hand and once from here.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The cargo that started us, so that a toolchain override stays in force.
pub(crate) fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end with our own terminal; anything but success is an error.
pub(crate) fn check(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("starting {}", line(command)))?;
    if !status.success() {
        bail!("`{}` failed: {status}", line(command));
    }
    Ok(())
}

/// Runs to the end and returns what it wrote to standard output; anything but success is an error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let done = command
        .output()
        .with_context(|| format!("starting {}", line(command)))?;
    if !done.status.success() {
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        bail!("`{}` failed: {}: {said}", line(command), done.status);
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Runs to the end, passing its output through as it comes and showing each line to `watch`.
pub(crate) fn tee(command: &mut Command, mut watch: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", line(command)))?;
    let (send, lines) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        read_lines(stdout, Output::Normal, send.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        read_lines(stderr, Output::Error, send);
    }
    let mut ended = None;
    loop {
        match lines.recv_timeout(QUIET) {
            Ok((Output::Normal, bytes)) => {
                io::stdout().write_all(&bytes)?;
                watch(&String::from_utf8_lossy(&bytes));
            }
            Ok((Output::Error, bytes)) => {
                io::stderr().write_all(&bytes)?;
                watch(&String::from_utf8_lossy(&bytes));
            }
            Err(RecvTimeoutError::Disconnected) => break,
            // A process that a test has left behind can hold the pipes open for ever: the end of the child counts.
            Err(RecvTimeoutError::Timeout) if ended.is_some() => break,
            Err(RecvTimeoutError::Timeout) => ended = child.try_wait()?,
        }
    }
    child
        .wait()
        .with_context(|| format!("waiting for {}", line(command)))
}

/// How long a finished child's pipes must be silent before they are given up.
const QUIET: Duration = Duration::from_millis(500);

#[derive(Clone, Copy)]
enum Output {
    Normal,
    Error,
}

/// Lines with their ends, until the pipe closes or nobody listens.
fn read_lines(from: impl Read + Send + 'static, kind: Output, to: Sender<(Output, Vec<u8>)>) {
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut bytes = Vec::new();
        while from
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|read| read > 0)
        {
            if to.send((kind, mem::take(&mut bytes))).is_err() {
                return;
            }
        }
    });
}

/// The command as somebody would type it; for messages.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program
        .file_name()
        .unwrap_or(program.as_os_str())
        .to_string_lossy();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy());
    std::iter::once(name)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(all(test, unix))]
#[allow(clippy::expect_used)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_process_that_is_left_behind_does_not_hold_us_up() {
        let since = Instant::now();
        let mut lines = Vec::new();
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 20 & echo one; echo two >&2; exit 3"]);
        let status = tee(&mut shell, |line| lines.push(line.to_owned())).expect("runs");
        lines.sort();
        assert_eq!(status.code(), Some(3));
        assert_eq!(lines, ["one\n", "two\n"]);
        assert!(since.elapsed() < Duration::from_secs(10));
    }
}
