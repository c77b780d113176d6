//! What can be typed. Each value is checked here, so that the rest gets types.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::{HeaderValue, Uri};
use clap::{Args, Parser, Subcommand};
use jiff::tz::TimeZone;
use payment_status_protocol::id::TransactionId;
use payment_status_server::public_url::PublicUrl;

/// The reference status backend: one signed, reason-coded payment state for payer, merchant and support.
#[derive(Debug, Parser)]
#[command(name = "payment-status-server", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take reports and serve snapshots.
    Serve(ServeArgs),
    /// Read transactions with their reports as JSON Lines, print one verdict a line.
    Decide(CodesArgs),
    /// Read raw codes as JSON Lines, print what each means.
    Explain(CodesArgs),
    /// Check an evidence pack that a screen saved. Exit status: 0 genuine, 1 refused, 2 usage, 3 genuine but superseded.
    Verify(VerifyArgs),
    /// Look after the signing keys.
    #[command(subcommand)]
    Keys(KeysCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make a new signing key; a running server takes it up within seconds.
    Rotate {
        /// The database file.
        #[arg(long, value_name = "FILE")]
        database: PathBuf,
    },
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("trust").required(true).multiple(true).args(["keys", "database"])))]
pub(crate) struct VerifyArgs {
    /// The evidence pack.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The server's public keys, a JWK set as of /.well-known/jwks.json. With --database too, only these are trusted.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// The server's database: its keys, retired ones included, and what it has stored. It is only read.
    #[arg(long, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
    /// It must be about this transaction.
    #[arg(long, value_name = "ID", value_parser = transaction)]
    pub(crate) transaction: Option<TransactionId>,
    /// It must be about this order.
    #[arg(long, value_name = "REF")]
    pub(crate) order: Option<String>,
    /// Refuse it when its last answer is not the current one any more.
    #[arg(long, requires = "database")]
    pub(crate) current: bool,
    /// Print JSON Lines.
    #[arg(long)]
    pub(crate) json: bool,
}

fn transaction(text: &str) -> Result<TransactionId, String> {
    TransactionId::try_from(text).map_err(|error| error.to_string())
}

#[derive(Debug, Args)]
pub(crate) struct CodesArgs {
    /// Own raw codes, a CSV file with the header scheme,family,value,reason (and evidence, note).
    #[arg(long, value_name = "FILE")]
    pub(crate) codes: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where to listen. Put a TLS proxy in front of anything but loopback.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8790")]
    pub(crate) listen: SocketAddr,
    /// The SQLite database file; made if it is missing.
    #[arg(long, value_name = "FILE", default_value = "payment-status.db")]
    pub(crate) database: PathBuf,
    /// Who may create, report and read; made with fresh secrets if it is missing.
    #[arg(long, value_name = "FILE", default_value = "credentials.toml")]
    pub(crate) credentials: PathBuf,
    /// A folder to serve at `/`.
    #[arg(long, value_name = "DIR")]
    pub(crate) pages: Option<PathBuf>,
    /// A site whose pages may read from browsers, e.g. https://shop.example. May be repeated.
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub(crate) cors_origin: Vec<HeaderValue>,
    /// After how long without a newer report the clock reports `unknown` (e.g. 60s, 1500ms, 5m).
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) answer_limit: Duration,
    /// Where people reach this server from outside, e.g. https://pay.example: what a hand-over's QR code leads to.
    /// Not needed on loopback.
    #[arg(long, value_name = "URL", value_parser = PublicUrl::parse)]
    pub(crate) public_url: Option<PublicUrl>,
    /// In which time zone pages without script write times, e.g. Asia/Shanghai.
    #[arg(long, value_name = "AREA/CITY", default_value = "UTC", value_parser = time_zone)]
    pub(crate) time_zone: TimeZone,
    #[command(flatten)]
    pub(crate) codes: CodesArgs,
}

/// A name of the IANA time zone database.
fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text)
        .map_err(|_| format!("expected a time zone like Asia/Shanghai or UTC, got {text:?}"))
}

/// An origin as browsers send it: scheme, host and port, nothing after.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let expected = || format!("expected scheme://host or scheme://host:port, got {text:?}");
    let uri: Uri = text.parse().map_err(|_| expected())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(expected());
    };
    let origin = format!("{scheme}://{authority}").to_ascii_lowercase();
    let is_bare = text.eq_ignore_ascii_case(&origin)
        || text
            .strip_suffix('/')
            .is_some_and(|t| t.eq_ignore_ascii_case(&origin));
    if !is_bare || authority.as_str().contains('@') || !matches!(scheme, "http" | "https") {
        return Err(expected());
    }
    HeaderValue::try_from(origin).map_err(|_| expected())
}

/// A whole number with `ms`, `s`, `m` or `h`; at least a millisecond.
fn duration(text: &str) -> Result<Duration, String> {
    let expected = || format!("expected a whole number with ms, s, m or h (60s), got {text:?}");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits).ok_or_else(expected)?;
    let number: u64 = number.parse().map_err(|_| expected())?;
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(expected()),
    };
    let ms = number
        .checked_mul(unit_ms)
        .filter(|ms| *ms > 0)
        .ok_or_else(expected)?;
    Ok(Duration::from_millis(ms))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(
            origin("https://Shop.example/").unwrap(),
            "https://shop.example"
        );
        assert_eq!(
            origin("http://127.0.0.1:8000").unwrap(),
            "http://127.0.0.1:8000"
        );
        for text in [
            "",
            "*",
            "null",
            "shop.example",
            "https://shop.example/pay",
            "ftp://x",
        ] {
            assert!(origin(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_names_its_unit() {
        assert_eq!(duration("1500ms").unwrap(), Duration::from_millis(1500));
        assert_eq!(duration("2m").unwrap(), Duration::from_secs(120));
        for text in ["", "60", "0s", "s", "-1s", "1.5s", "99999999999999999999h"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
