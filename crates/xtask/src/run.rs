//! Child processes: find a program, run it, and say in one sentence what went wrong if it did.

use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::thread;

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
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = self
            .first
            .iter()
            .cloned()
            .chain(env::split_paths(&inherited));
        let mut command = command(program);
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
pub(crate) fn tee(command: &mut Command, watch: impl FnMut(&str) + Send) -> Result<ExitStatus> {
    let watch = Mutex::new(watch);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", line(command)))?;
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    let (first, second) = thread::scope(|scope| {
        let other = scope.spawn(|| pass_through(stderr, io::stderr(), &watch));
        let first = pass_through(stdout, io::stdout(), &watch);
        (first, other.join())
    });
    first.context("passing on standard output")?;
    if let Ok(second) = second {
        second.context("passing on standard error")?;
    }
    child
        .wait()
        .with_context(|| format!("waiting for {}", line(command)))
}

fn pass_through(
    from: Option<impl Read>,
    mut to: impl Write,
    watch: &Mutex<impl FnMut(&str)>,
) -> io::Result<()> {
    let Some(from) = from else { return Ok(()) };
    let mut from = BufReader::new(from);
    let mut bytes = Vec::new();
    while from.read_until(b'\n', &mut bytes)? > 0 {
        to.write_all(&bytes)?;
        to.flush()?;
        if let Ok(mut watch) = watch.lock() {
            watch(&String::from_utf8_lossy(&bytes));
        }
        bytes.clear();
    }
    Ok(())
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
