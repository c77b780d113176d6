//! What is kept, and the one door to it.
//!
//! [`Store`] is the whole interface; nothing outside this folder knows SQL. Reads go through a pool
//! of connections, writes through one task (see `writer`) that commits many of them with one
//! `fsync`. The files: `open` (the database file and its schema), `lock` (one server for one file), `read`, `write` (asking), `writer` (the task),
//! `append` (a batch of reports), `creations` (orders that come again), `ledger_rows` (a transaction's rows), `overdue` (the clock's
//! reports), `access` (tokens and keys), `handovers` (codes for another device), `evidence` (reading
//! alone), `rows` (columns to types).

mod access;
mod append;
mod creations;
mod evidence;
mod handovers;
mod ledger_rows;
mod lock;
mod open;
mod overdue;
mod read;
mod rows;
mod write;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::{Snapshot, TransactionFacts};
use payment_status_protocol::time::Time;
use prometheus_client::metrics::histogram::Histogram;
use sqlx::SqlitePool;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::idempotency::Idempotency;
use crate::parking::Parking;
use crate::secret::SecretHash;

pub use creations::Known;
pub use evidence::EvidenceStore;
pub use handovers::MAX_OPEN as MAX_OPEN_HANDOVERS;
pub use lock::ServerLock;
pub use open::DatabaseFile;
pub use read::{ChangeOrder, ListFilter};
pub use writer::WriterSettings;

/// The open store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    reads: SqlitePool,
    writes: mpsc::Sender<write::Command>,
    next_clock_due: watch::Receiver<Option<Time>>,
}

/// The store failed. The message is for the log, never for a client.
#[derive(Debug)]
pub enum StoreError {
    /// The database refused or is not reachable.
    Database(sqlx::Error),
    /// The commit failed; nothing of it is stored.
    Commit(String),
    /// A stored value cannot be read back.
    Corrupt(String),
    /// Another server has the file.
    InUse(PathBuf),
    /// The server is stopping.
    Closed,
}

/// A transaction to be created.
#[derive(Debug)]
pub struct NewTransaction {
    /// What it is about.
    pub facts: TransactionFacts,
    /// The name of the merchant key that creates it: its owner.
    pub merchant: String,
    /// Masked, for the payer alone.
    pub payer_account: Option<String>,
    /// Masked, for the merchant alone.
    pub payout_account: Option<String>,
    /// One token for each party.
    pub tokens: Vec<NewToken>,
    /// By which the same order is known when it comes again.
    pub idempotency: Option<Idempotency>,
}

/// A token to be stored.
#[derive(Debug)]
pub struct NewToken {
    /// Whose.
    pub party: Party,
    /// Its hash.
    pub hash: SecretHash,
    /// Until when it is good.
    pub expires_at: Time,
}

/// A code to be stored, by which another device opens a transaction once.
#[derive(Debug)]
pub struct NewHandover {
    /// The code's hash.
    pub code: SecretHash,
    /// What it opens.
    pub transaction: TransactionId,
    /// In whose words the other device shows it.
    pub party: Party,
    /// Who hands it over: revoking that party's tokens takes the code back.
    pub handed_by: Party,
    /// Until when it can be opened.
    pub expires_at: Time,
}

/// The token of a device that a transaction was handed over to.
#[derive(Debug)]
pub struct Viewer {
    /// Its hash.
    pub hash: SecretHash,
    /// Until when it is good.
    pub expires_at: Time,
}

/// What a code has opened.
#[derive(Debug)]
pub struct Opened {
    /// The transaction.
    pub transaction: TransactionId,
    /// In whose words.
    pub party: Party,
}

/// What a token opens.
#[derive(Debug)]
pub struct ByToken {
    /// Whose it is, or in whose words it reads.
    pub party: Party,
    /// It came by a hand-over: it opens the status and nothing else.
    pub only_views: bool,
    /// The current document.
    pub current: Current,
}

/// A checked report to be stored.
#[derive(Debug)]
pub struct NewReport {
    /// What it is about.
    pub transaction: TransactionId,
    /// What the rules read.
    pub report: Report,
    /// The JSON text as received, unknown fields included.
    pub raw: String,
}

/// What a reporter is told once the commit is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The report's id.
    pub id: Box<str>,
    /// Its transaction.
    pub transaction: TransactionId,
    /// The transaction's version right after the commit that stored it.
    pub version: u64,
    /// False if the same report was stored before.
    pub is_new: bool,
}

/// Why nothing of a batch was stored. Numbers are places in the batch.
#[derive(Debug)]
pub enum AppendError {
    /// These ids were used before with another body.
    Differs(Vec<usize>),
    /// These transactions do not exist.
    UnknownTransaction(Vec<usize>),
    /// The store failed.
    Store(StoreError),
}

/// The current document of a transaction.
#[derive(Debug, Clone)]
pub struct Current {
    /// Its id.
    pub transaction: TransactionId,
    /// Its version.
    pub version: u64,
    /// The exact bytes.
    pub body: Vec<u8>,
    /// Their hash.
    pub sha256: [u8; 32],
    /// True if it will not change by itself.
    pub is_final: bool,
    /// The exact reason, for support.
    pub reason: String,
    /// Its place in the change feed.
    pub feed: u64,
}

/// A stored report.
#[derive(Debug, Clone)]
pub struct StoredReport {
    /// What the rules read.
    pub report: Report,
    /// As received.
    pub raw: String,
    /// When it came, by the server's clock.
    pub received_at: Time,
    /// The version that was acknowledged.
    pub version: u64,
}

/// One line of a transaction's history.
#[derive(Debug, Clone)]
pub struct PastVersion {
    /// Its number.
    pub version: u64,
    /// Its state.
    pub state: String,
    /// When it was committed.
    pub at: Time,
    /// The hash of its bytes.
    pub sha256: [u8; 32],
}

/// What concerns single parties.
#[derive(Debug, Clone)]
pub struct PartyFacts {
    /// Masked; for the payer.
    pub payer_account: Option<String>,
    /// Masked; for the merchant.
    pub payout_account: Option<String>,
    /// Of the order.
    pub expires_at: Time,
}

/// Everything about one transaction, read at one moment.
#[derive(Debug, Clone)]
pub struct WholeTransaction {
    /// The current document.
    pub current: Current,
    /// What concerns single parties.
    pub party: PartyFacts,
    /// All reports, in the order in which they came.
    pub reports: Vec<StoredReport>,
    /// All versions, oldest first.
    pub history: Vec<PastVersion>,
}

impl WholeTransaction {
    /// The shared document.
    ///
    /// # Errors
    /// When the stored bytes are not one.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        serde_json::from_slice(&self.current.body)
            .map_err(|error| StoreError::Corrupt(format!("snapshot: {error}")))
    }
}

impl Store {
    /// Opens the file (made with mode 0600 if it is missing) and starts the writer.
    ///
    /// # Errors
    /// When it cannot be opened, or was written by a newer version of this server.
    pub async fn open(
        path: &Path,
        parking: Arc<Parking>,
        commit_seconds: Histogram,
        settings: WriterSettings,
    ) -> Result<(Self, JoinHandle<()>), StoreError> {
        let file = DatabaseFile::create_if_missing(path)?;
        let connection = file.connect_and_migrate().await?;
        let reads = file.read_pool().await?;
        let (writes, commands) = mpsc::channel(1024);
        let (writer, next_clock_due) =
            writer::Writer::new(connection, parking, commit_seconds, settings).await?;
        let task = tokio::spawn(writer.run(commands));
        Ok((
            Self {
                reads,
                writes,
                next_clock_due,
            },
            task,
        ))
    }

    /// When the clock has something to report next; changes with every commit that moves it.
    #[must_use]
    pub fn next_clock_due(&self) -> watch::Receiver<Option<Time>> {
        self.next_clock_due.clone()
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<sqlx::Error> for AppendError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<StoreError> for AppendError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Database(error) => write!(f, "database: {error}"),
            Self::Commit(why) => write!(f, "commit: {why}"),
            Self::Corrupt(what) => write!(f, "stored data cannot be read back: {what}"),
            Self::InUse(path) => write!(
                f,
                "{} is in use by another payment-status-server; one server for one database file",
                path.display()
            ),
            Self::Closed => f.write_str("the store is closed"),
        }
    }
}

impl std::error::Error for StoreError {}
