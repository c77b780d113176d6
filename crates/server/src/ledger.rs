//! From a transaction's reports to its next document: bytes, hash, verdict. Pure.
//!
//! The rules are the protocol crate's; here is only the history that a document needs.

use payment_status_protocol::code::CodeBook;
use payment_status_protocol::decide::{Reports, decide};
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::{Snapshot, TransactionFacts, snapshot, superseded};
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::Verdict;
use sha2::{Digest as _, Sha256};

/// The next version of a transaction's document.
#[derive(Debug)]
pub struct Document {
    /// What follows from the reports.
    pub verdict: Verdict,
    /// The exact bytes to store and serve.
    pub body: Vec<u8>,
    /// Their hash.
    pub sha256: [u8; 32],
}

/// Why no document can be written.
#[derive(Debug)]
pub struct LedgerError(String);

/// The document of a transaction that nobody has reported about.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn first_document(
    facts: &TransactionFacts,
    codes: &dyn CodeBook,
) -> Result<Document, LedgerError> {
    document(facts, &Reports::default(), codes, None, facts.created_at)
}

/// The document after `new` reports came on top of `old` ones.
///
/// `previous` is the body of the document that is current now. The report that is said to have
/// replaced a final verdict is the first of the new ones, in the order in which they came, that
/// changes it.
///
/// # Errors
/// When the previous document cannot be read or two reports share an id.
pub fn next_document(
    facts: &TransactionFacts,
    previous: &[u8],
    old: &[Report],
    new: &[Report],
    codes: &dyn CodeBook,
    now: Time,
) -> Result<Document, LedgerError> {
    let previous: Snapshot = serde_json::from_slice(previous)
        .map_err(|error| LedgerError(format!("previous snapshot: {error}")))?;
    let mut all: Vec<Report> = old.to_vec();
    let mut history = previous.superseded.clone();
    if previous.is_final {
        for report in new {
            all.push(report.clone());
            let verdict = decide(&facts.amount, &set_of(all.clone())?, codes);
            if verdict.state != previous.state || verdict.charged != previous.charged {
                history = superseded(&previous, &verdict, report, codes);
                break;
            }
        }
        all.truncate(old.len());
    }
    all.extend_from_slice(new);
    let updated_at = now.max(previous.updated_at);
    document(facts, &set_of(all)?, codes, history, updated_at)
}

/// The reports as a set.
///
/// # Errors
/// When two of them share source and id: the store's unique key forbids it.
pub fn set_of(reports: Vec<Report>) -> Result<Reports, LedgerError> {
    Reports::try_from(reports).map_err(|error| LedgerError(error.to_string()))
}

fn document(
    facts: &TransactionFacts,
    reports: &Reports,
    codes: &dyn CodeBook,
    history: Option<payment_status_protocol::snapshot::Superseded>,
    updated_at: Time,
) -> Result<Document, LedgerError> {
    let (snapshot, verdict) = snapshot(facts, reports, codes, history, updated_at);
    let body =
        serde_json::to_vec(&snapshot).map_err(|error| LedgerError(format!("snapshot: {error}")))?;
    let sha256 = Sha256::digest(&body).into();
    Ok(Document {
        verdict,
        body,
        sha256,
    })
}

impl std::fmt::Display for LedgerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LedgerError {}
