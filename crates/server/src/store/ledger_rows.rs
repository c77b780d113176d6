//! A transaction's rows: its facts, its reports and the document that follows from them.
//!
//! Storing reports, deciding over all reports of the transaction and storing the document's bytes
//! are one commit: there is never a report without its version, nor a version without its reports.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::TransactionFacts;
use payment_status_protocol::time::Time;
use sqlx::{Row as _, SqliteConnection};

use super::access::add_tokens;
use super::creations::created_with;
use super::overdue::clock_due;
use super::rows::{self, report_columns, signed};
use super::writer::Woken;
use super::{Known, NewReport, NewTransaction, StoreError, StoredReport, WriterSettings};
use crate::ledger::{self, Document, LedgerError};

/// Who must be told after the commit.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// Transactions whose readers wake.
    pub(super) woken: Woken,
    /// True if the moment of the next report of the clock may have changed.
    pub(super) clock_moved: bool,
}

pub(super) async fn create(
    connection: &mut SqliteConnection,
    new: &NewTransaction,
    settings: &WriterSettings,
    changed: &mut Changed,
) -> Result<Option<Known>, StoreError> {
    let facts = &new.facts;
    if let Some(idempotency) = &new.idempotency
        && let Some(known) = created_with(connection, &new.merchant, idempotency).await?
    {
        return Ok(Some(known));
    }
    let document = ledger::first_document(facts, &*settings.codes)?;
    let due = clock_due(facts, &[], settings)?;
    sqlx::query(
        "INSERT INTO transactions (id, merchant, order_reference, merchant_name, payer_account, \
         payout_account, amount_minor, currency, created_ms, expires_ms, version, state, final, \
         reason, clock_due_ms, idempotency_key, order_sha256, feed) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, \
         (SELECT COALESCE(MAX(feed), 0) + 1 FROM transactions))",
    )
    .bind(facts.transaction.as_str())
    .bind(&new.merchant)
    .bind(facts.order_reference.as_ref())
    .bind(facts.merchant_name.as_deref())
    .bind(&new.payer_account)
    .bind(&new.payout_account)
    .bind(signed(facts.amount.minor)?)
    .bind(facts.amount.currency.as_str())
    .bind(facts.created_at.as_ms())
    .bind(facts.expires_at.as_ms())
    .bind(document.verdict.state.as_str())
    .bind(document.verdict.is_final)
    .bind(document.verdict.reason.as_str())
    .bind(due.map(Time::as_ms))
    .bind(new.idempotency.as_ref().map(|i| i.key.as_slice()))
    .bind(new.idempotency.as_ref().map(|i| i.order.as_slice()))
    .execute(&mut *connection)
    .await?;
    insert_snapshot(connection, &facts.transaction, &document, facts.created_at).await?;
    add_tokens(connection, &facts.transaction, &new.tokens).await?;
    changed.woken.insert(facts.transaction.clone());
    changed.clock_moved = true;
    Ok(None)
}

/// Stores new reports of one transaction and the document that follows. Returns its version.
pub(super) async fn add_to_transaction(
    connection: &mut SqliteConnection,
    transaction: &TransactionId,
    new: &[&NewReport],
    now: Time,
    settings: &WriterSettings,
    changed: &mut Changed,
) -> Result<u64, StoreError> {
    let (facts, body) = facts_and_body(connection, transaction).await?;
    let mut stored = reports_of(connection, transaction).await?;
    let old: Vec<Report> = stored.iter().map(|stored| stored.report.clone()).collect();
    let added: Vec<Report> = new.iter().map(|new| new.report.clone()).collect();
    let document = ledger::next_document(&facts, &body, &old, &added, &*settings.codes, now)?;
    let version = document.verdict.version;
    for new in new {
        insert_report(connection, new, now, version).await?;
        stored.push(StoredReport {
            report: new.report.clone(),
            raw: new.raw.clone(),
            received_at: now,
            version,
        });
    }
    insert_snapshot(connection, transaction, &document, now).await?;
    sqlx::query(
        "UPDATE transactions SET version = ?, state = ?, final = ?, reason = ?, clock_due_ms = ?, \
         feed = (SELECT MAX(feed) + 1 FROM transactions) WHERE id = ?",
    )
    .bind(signed(version)?)
    .bind(document.verdict.state.as_str())
    .bind(document.verdict.is_final)
    .bind(document.verdict.reason.as_str())
    .bind(clock_due(&facts, &stored, settings)?.map(Time::as_ms))
    .bind(transaction.as_str())
    .execute(connection)
    .await?;
    changed.woken.insert(transaction.clone());
    changed.clock_moved = true;
    Ok(version)
}

async fn insert_report(
    connection: &mut SqliteConnection,
    new: &NewReport,
    now: Time,
    version: u64,
) -> Result<(), StoreError> {
    let report = &new.report;
    let code = report.code.as_ref();
    sqlx::query(
        "INSERT INTO reports (source, id, transaction_id, attempt, return_id, leg, outcome, \
         code_scheme, code_family, code_value, amount_minor, at_ms, raw, received_ms, version) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(report.source.as_str())
    .bind(report.id.as_ref())
    .bind(new.transaction.as_str())
    .bind(report.attempt.as_ref())
    .bind(report.return_id.as_ref())
    .bind(report.leg.as_str())
    .bind(report.outcome.as_str())
    .bind(code.map(|code| code.scheme.as_ref()))
    .bind(code.and_then(|code| code.family.as_deref()))
    .bind(code.map(|code| code.value.as_ref()))
    .bind(report.amount.map(signed).transpose()?)
    .bind(report.at.map_or(now.as_ms(), Time::as_ms))
    .bind(&new.raw)
    .bind(now.as_ms())
    .bind(signed(version)?)
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_snapshot(
    connection: &mut SqliteConnection,
    transaction: &TransactionId,
    document: &Document,
    now: Time,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO snapshots (transaction_id, version, state, body, sha256, created_ms) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(transaction.as_str())
    .bind(signed(document.verdict.version)?)
    .bind(document.verdict.state.as_str())
    .bind(&document.body)
    .bind(document.sha256.as_slice())
    .bind(now.as_ms())
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn facts_and_body(
    connection: &mut SqliteConnection,
    id: &TransactionId,
) -> Result<(TransactionFacts, Vec<u8>), StoreError> {
    let row = sqlx::query(
        "SELECT t.id, t.order_reference, t.merchant_name, t.amount_minor, t.currency, \
         t.created_ms, t.expires_ms, s.body \
         FROM transactions t JOIN snapshots s ON s.transaction_id = t.id AND s.version = t.version \
         WHERE t.id = ?",
    )
    .bind(id.as_str())
    .fetch_one(connection)
    .await?;
    Ok((rows::facts(&row)?, row.try_get(7)?))
}

pub(super) async fn reports_of(
    connection: &mut SqliteConnection,
    id: &TransactionId,
) -> Result<Vec<StoredReport>, StoreError> {
    sqlx::query(concat!(
        "SELECT ",
        report_columns!(),
        " FROM reports WHERE transaction_id = ? ORDER BY seq"
    ))
    .bind(id.as_str())
    .fetch_all(connection)
    .await?
    .iter()
    .map(rows::report)
    .collect()
}

impl From<LedgerError> for StoreError {
    fn from(error: LedgerError) -> Self {
        Self::Corrupt(error.to_string())
    }
}
