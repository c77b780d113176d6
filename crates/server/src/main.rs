//! The command line of the status backend.

mod cli;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use payment_status_server::code_tables::CodeTables;
use payment_status_server::commands::{decide, explain, keys, verify};
use payment_status_server::credentials::Credentials;
use payment_status_server::own_codes::{OwnCodes, OwnCodesError};
use payment_status_server::server::{Server, ServerError, Settings};
use tracing_subscriber::EnvFilter;

use payment_status_server::evidence::Expected;

use crate::cli::{Cli, CodesArgs, Command, KeysCommand, ServeArgs, VerifyArgs};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Answers go to standard output; what a person should know goes to standard error.
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        // What cannot be logged is lost. Saying so on the same standard error would panic, in whatever thread logs.
        .log_internal_errors(false)
        .init();
    match cli.command {
        Command::Serve(args) => with_runtime(serve(args)),
        Command::Keys(KeysCommand::Rotate { database }) => with_runtime(async move {
            let kid = keys::rotate(&database).await?;
            say(&format!("the new signing key is {kid}"));
            Ok(())
        }),
        Command::Verify(args) => verify(args),
        Command::Decide(args) => with_codes(&args, |codes| {
            decide::run(io::stdin().lock(), buffered_stdout(), codes)
        }),
        Command::Explain(args) => with_codes(&args, |codes| {
            explain::run(io::stdin().lock(), buffered_stdout(), codes)
        }),
    }
}

/// The built-in tables, behind the operator's own if there is a file.
fn read_codes(args: &CodesArgs) -> Result<CodeTables, OwnCodesError> {
    let own = args.codes.as_deref().map(OwnCodes::read).transpose()?;
    Ok(CodeTables::new(own.unwrap_or_default()))
}

fn with_codes(args: &CodesArgs, run: impl FnOnce(&CodeTables) -> io::Result<bool>) -> ExitCode {
    match read_codes(args) {
        Ok(codes) => lines(run(&codes)),
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

async fn serve(args: ServeArgs) -> Result<(), Box<dyn std::error::Error>> {
    let codes = read_codes(&args.codes)?;
    if let Some(file) = &args.codes.codes {
        tracing::info!(file = %file.display(), rows = codes.own_rows(), "own raw codes");
    }
    if Credentials::create_if_missing(&args.credentials)? {
        say(&format!(
            "made {} with fresh secrets",
            args.credentials.display()
        ));
    }
    let credentials = Credentials::read(&args.credentials)?;
    if let Some(pages) = args.pages.as_ref().filter(|pages| !pages.is_dir()) {
        return Err(format!("--pages {}: not a folder", pages.display()).into());
    }
    let server = Server::bind(Settings {
        listen: args.listen,
        database: args.database,
        credentials,
        pages: args.pages,
        cors_origins: args.cors_origin,
        answer_limit: args.answer_limit,
        codes,
        public_url: args.public_url,
        time_zone: args.time_zone,
    })
    .await?;
    say(&format!(
        "listening on http://{}",
        server.local_addr().map_err(ServerError::Serve)?
    ));
    server.run(stop_signal()).await?;
    Ok(())
}

/// Exit status 2 where it is not the pack's fault: a key file or database that cannot be read.
fn verify(args: VerifyArgs) -> ExitCode {
    let request = verify::Request {
        file: args.file,
        keys: args.keys,
        database: args.database,
        expected: Expected {
            transaction: args.transaction,
            order: args.order,
        },
        must_be_current: args.current,
        json: args.json,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = runtime.map_err(Into::into).and_then(|runtime| {
        let mut out = buffered_stdout();
        let outcome = runtime.block_on(verify::run(&request, &mut out))?;
        out.flush()?;
        Ok::<_, Box<dyn std::error::Error>>(outcome)
    });
    match outcome {
        Ok(outcome) => ExitCode::from(outcome.exit_status()),
        Err(error) => {
            complain(&error.to_string());
            ExitCode::from(2)
        }
    }
}

/// Completes on ctrl-c, and on SIGTERM where there is one.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be watched");
                tokio::signal::ctrl_c().await.ok();
            }
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.ok();
}

fn with_runtime(work: impl Future<Output = Result<(), Box<dyn std::error::Error>>>) -> ExitCode {
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Into::into)
        .and_then(|runtime| {
            let result = runtime.block_on(work);
            // A read that is stuck must not hold up the end of the process.
            runtime.shutdown_timeout(std::time::Duration::from_millis(500));
            result
        });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn buffered_stdout() -> io::BufWriter<io::StdoutLock<'static>> {
    io::BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

fn lines(result: io::Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // Whoever read the answers has seen enough, as with `| head`.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// A line for whoever started the process. Nothing is lost if nobody listens.
fn say(line: &str) {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")
        .and_then(|()| stdout.flush())
        .ok();
}

fn complain(line: &str) {
    writeln!(io::stderr().lock(), "payment-status-server: {line}").ok();
}
