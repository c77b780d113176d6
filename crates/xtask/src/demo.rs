//! `cargo xtask demo`: from a fresh checkout to two live screens, in one command.

use std::fs::{self, File};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::digest;
use crate::progress::{Steps, say, seconds};
use crate::project::Project;
use crate::run::{self, SearchPath};
use crate::secrets::DemoSecrets;
use crate::server::{self, Files, Profile, Running};
use crate::widget::{self, WithoutWasmOpt};

pub(crate) struct Options {
    /// The first port to try; default 8790.
    pub(crate) port: u16,
    /// Whether to open a browser when there is a screen; default yes.
    pub(crate) open: bool,
    /// How the server is compiled; default [`Profile::Dev`].
    pub(crate) profile: Profile,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 8790,
            open: true,
            profile: Profile::Dev,
        }
    }
}

pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let mut steps = Steps::new(widget::STEPS + 2);
    widget::prepare_and_build(project, &mut steps, WithoutWasmOpt::Continue)?;
    let binary = steps.step("the server", || server::build(project, options.profile))?;

    let port = server::free_port(options.port)?;
    let place = Place::claim(project, port)?;
    // Before the start: from then on a ctrl-c must not leave a server behind.
    let stopped = listen_for_the_end()?;
    let mut server = steps.step(&format!("start on port {port}"), || {
        if port != options.port {
            say(format_args!("port {} is busy; taking {port}", options.port));
        }
        let files = place.furnish(project)?;
        Running::start(&binary, port, &files)
    })?;

    let address = format!("http://127.0.0.1:{port}/");
    println!(
        "\nThe demo runs at {address}   ({} in all)\n",
        seconds(steps.elapsed())
    );
    print_pages(&address, &place.site());
    println!("\n  Server log: {}", place.log().display());
    println!("  Ctrl-c stops it.\n");
    if options.open {
        open_in_browser(&address);
    }
    wait_for_the_end(&stopped, &mut server)?;
    drop(server);
    println!("\nThe server has stopped.");
    Ok(())
}

/// Hears ctrl-c, a closed terminal and a request to terminate.
fn listen_for_the_end() -> Result<Receiver<()>> {
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        // If nobody listens any more, the end has begun already.
        let _ = stop.send(());
    })
    .context("listening for ctrl-c")?;
    Ok(stopped)
}

/// Until somebody stops us, or the server ends by itself.
fn wait_for_the_end(stopped: &Receiver<()>, server: &mut Running) -> Result<()> {
    const LOOK_AGAIN: Duration = Duration::from_millis(250);
    loop {
        match stopped.recv_timeout(LOOK_AGAIN) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(status) = server.ended()? {
            bail!(
                "the server ended ({status}); it said:\n{}",
                server.last_words()
            );
        }
    }
}

/// The folder of one running demo, held by a lock so that a second demo does not take its database away.
struct Place {
    folder: PathBuf,
    /// Released by the system when this process ends, however it ends.
    _lock: File,
}

impl Place {
    /// `target/demo`, or a folder of its own beside another running demo.
    fn claim(project: &Project, port: u16) -> Result<Self> {
        let usual = project.target.join("demo");
        match Self::lock(&usual)? {
            Some(place) => Ok(place),
            None => Self::lock(&project.target.join(format!("demo-{port}")))?
                .with_context(|| format!("another demo is just starting on port {port}")),
        }
    }

    fn lock(folder: &Path) -> Result<Option<Self>> {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let lock = File::create(folder.join("lock")).context("creating the lock file")?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self {
                folder: folder.to_path_buf(),
                _lock: lock,
            })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("locking {}", folder.display()))
            }
        }
    }

    fn site(&self) -> PathBuf {
        self.folder.join("site")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// An empty database, fresh secrets, and the pages with the secrets beside them.
    fn furnish(&self, project: &Project) -> Result<Files> {
        let database = self.folder.join("payment-status.db");
        for suffix in ["", "-wal", "-shm"] {
            let file = self.folder.join(format!("payment-status.db{suffix}"));
            if file.exists() {
                fs::remove_file(&file).with_context(|| file.display().to_string())?;
            }
        }
        let site = self.site();
        if site.exists() {
            fs::remove_dir_all(&site).with_context(|| site.display().to_string())?;
        }
        copy_folder(&project.dist(), &site)?;
        let credentials = self.folder.join("credentials.toml");
        let secrets = DemoSecrets::fresh()?;
        secrets.write_credentials(&credentials)?;
        secrets.write_page_document(&site.join("demo.json"))?;
        Ok(Files {
            database,
            credentials,
            pages: site,
            log: self.log(),
        })
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in digest::files_below(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        fs::copy(&file, &target).with_context(|| target.display().to_string())?;
    }
    Ok(())
}

/// What there is to see, of the pages that this build has.
fn print_pages(address: &str, site: &Path) {
    const PAGES: [(&str, &str); 6] = [
        (
            "index.html",
            "the payer's and the shop's screen side by side, with a player of real cases",
        ),
        ("checkout.html", "the shop's checkout"),
        (
            "receipt.html",
            "the payer's receipt in the wallet, phone size",
        ),
        (
            "support.html",
            "what support sees: which leg broke, with whose code",
        ),
        ("gallery.html", "every reason, in the words of each reader"),
        ("verify.html", "checks a saved proof, without a network"),
    ];
    for (page, about) in PAGES {
        if site.join(page).is_file() {
            let page = page.trim_end_matches("index.html");
            println!("  {:<42} {about}", format!("{address}{page}"));
        }
    }
}

/// A convenience that never matters: on a machine without a screen it is not even tried.
fn open_in_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let has_screen = cfg!(any(windows, target_os = "macos"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
    if !has_screen || !std::io::stdout().is_terminal() {
        return;
    }
    if let Some(program) = SearchPath::default().find(opener) {
        // Not waited for: some openers live as long as the browser.
        let _ = run::command(program).arg(address).spawn();
    }
}
