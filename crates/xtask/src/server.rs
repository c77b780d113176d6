//! The status backend: built by cargo, started on a port of this machine, stopped so that it can close its database.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::run;

const PROGRAM: &str = "payment-status-server";
const READY_LIMIT: Duration = Duration::from_secs(30);
/// Parked requests are let go and the database is closed well within this.
const STOP_LIMIT: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Built in a third of the time; fast enough to look at and to test.
    #[default]
    Dev,
    /// For figures.
    Release,
}

/// Brings the server up to date and returns its path.
pub(crate) fn build(project: &Project, profile: Profile) -> Result<PathBuf> {
    let (option, folder) = match profile {
        Profile::Dev => (None, "debug"),
        Profile::Release => (Some("--release"), "release"),
    };
    let mut cargo = run::cargo();
    cargo
        .args(["build", "--package", PROGRAM, "--bin", PROGRAM])
        .args(option);
    run::check(cargo.current_dir(&project.root))?;
    let program = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    Ok(project.target.join(folder).join(program))
}

/// The first port from `wanted` upwards on which nobody listens.
///
/// Somebody else can still take it before the server does; the server then says so and ends.
pub(crate) fn free_port(wanted: u16) -> Result<u16> {
    /// Enough for every demo that one machine runs at a time; more means that something else is wrong.
    const TRIES: u16 = 100;
    (wanted..=wanted.saturating_add(TRIES))
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .with_context(|| {
            format!(
                "no free port from {wanted} to {}",
                wanted.saturating_add(TRIES)
            )
        })
}

pub(crate) struct Files {
    pub(crate) database: PathBuf,
    pub(crate) credentials: PathBuf,
    pub(crate) pages: PathBuf,
    /// Where the server's own output goes.
    pub(crate) log: PathBuf,
}

/// A server that answers. It is stopped when this value goes.
pub(crate) struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    pub(crate) fn start(binary: &Path, port: u16, files: &Files) -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let log = File::create(&files.log).with_context(|| files.log.display().to_string())?;
        let mut command = run::command(binary);
        command
            .arg("serve")
            .arg("--listen")
            .arg(address.to_string());
        command.arg("--database").arg(&files.database);
        command.arg("--credentials").arg(&files.credentials);
        command.arg("--pages").arg(&files.pages);
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        // Ctrl-c reaches a whole group: in its own, the server hears it once, from us, and we say when it is done.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command
            .spawn()
            .with_context(|| format!("starting {}", binary.display()))?;
        let mut running = Self {
            child,
            log: files.log.clone(),
        };
        running.wait_until_ready(address)?;
        Ok(running)
    }

    fn wait_until_ready(&mut self, address: SocketAddr) -> Result<()> {
        let since = Instant::now();
        while !is_ready(address) {
            if let Some(status) = self.ended()? {
                bail!(
                    "the server ended at once ({status}); it said:\n{}",
                    self.last_words()
                );
            }
            if since.elapsed() > READY_LIMIT {
                bail!(
                    "the server does not answer after {} s; it said:\n{}",
                    READY_LIMIT.as_secs(),
                    self.last_words()
                );
            }
            thread::sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    /// The exit status, if the server has ended by itself.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .context("asking whether the server still runs")
    }

    pub(crate) fn last_words(&self) -> String {
        /// Lines; a panic with its message fits.
        const LAST: usize = 12;
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(LAST)..].join("\n")
    }

    fn ask_to_stop(&mut self) {
        #[cfg(unix)]
        if let Ok(id) = i32::try_from(self.child.id()) {
            use nix::sys::signal::{Signal, kill};
            // It fails only for a process that is gone, which is what we want.
            let _ = kill(nix::unistd::Pid::from_raw(id), Signal::SIGTERM);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.ask_to_stop();
        let since = Instant::now();
        while cfg!(unix) && since.elapsed() < STOP_LIMIT {
            // An error here leaves the process to the kill below.
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            thread::sleep(LOOK_AGAIN);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request by hand: an HTTP client would be most of this program.
fn is_ready(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
