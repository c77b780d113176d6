//! The clock's reports: stored like any other, when their moment has come.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::TransactionFacts;
use payment_status_protocol::time::Time;
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection};

use super::ledger_rows::{Changed, add_to_transaction, facts_and_body, reports_of};
use super::writer::execute;
use super::{NewReport, StoreError, StoredReport, WriterSettings, rows};
use crate::clock::pending_reports;
use crate::ledger;

/// The most transactions that the clock reports on in one commit.
const MAX_OVERDUE: i64 = 100;

pub(super) async fn report_overdue(
    connection: &mut SqliteConnection,
    now: Time,
    settings: &WriterSettings,
    changed: &mut Changed,
) -> Result<u64, StoreError> {
    let rows = sqlx::query(
        "SELECT id FROM transactions WHERE clock_due_ms <= ? ORDER BY clock_due_ms LIMIT ?",
    )
    .bind(now.as_ms())
    .bind(MAX_OVERDUE)
    .fetch_all(&mut *connection)
    .await?;
    let mut count = 0;
    for row in rows {
        let id = rows::transaction_id(row.try_get(0)?)?;
        execute(connection, "SAVEPOINT overdue").await?;
        match report_on(connection, &id, now, settings, changed).await {
            Ok(made) => {
                execute(connection, "RELEASE overdue").await?;
                count += made;
            }
            // One transaction that cannot be read must not stop the clock of all others.
            Err(StoreError::Corrupt(what)) => {
                execute(connection, "ROLLBACK TO overdue; RELEASE overdue").await?;
                tracing::error!(transaction = %id, what, "the clock cannot read this transaction and leaves it");
                set_clock_due(connection, &id, None).await?;
            }
            Err(error) => return Err(error),
        }
    }
    changed.clock_moved = true;
    Ok(count)
}

/// Answers how many reports it made.
async fn report_on(
    connection: &mut SqliteConnection,
    id: &TransactionId,
    now: Time,
    settings: &WriterSettings,
    changed: &mut Changed,
) -> Result<u64, StoreError> {
    let (facts, _) = facts_and_body(connection, id).await?;
    let stored = reports_of(connection, id).await?;
    let pending = pending_of(&facts, &stored, settings)?;
    let due: Vec<NewReport> = pending
        .into_iter()
        .filter(|report| report.at <= Some(now))
        .map(|report| clock_report(id, report))
        .collect::<Result<_, StoreError>>()?;
    if due.is_empty() {
        // What was due has been overtaken; only the next moment is written.
        set_clock_due(connection, id, clock_due(&facts, &stored, settings)?).await?;
    } else {
        let due: Vec<&NewReport> = due.iter().collect();
        add_to_transaction(connection, id, &due, now, settings, changed).await?;
    }
    Ok(u64::try_from(due.len()).unwrap_or(u64::MAX))
}

/// When the clock has something to report on this transaction next.
pub(super) fn clock_due(
    facts: &TransactionFacts,
    stored: &[StoredReport],
    settings: &WriterSettings,
) -> Result<Option<Time>, StoreError> {
    Ok(pending_of(facts, stored, settings)?
        .into_iter()
        .filter_map(|report| report.at)
        .min())
}

fn pending_of(
    facts: &TransactionFacts,
    stored: &[StoredReport],
    settings: &WriterSettings,
) -> Result<Vec<Report>, StoreError> {
    let reports = ledger::set_of(stored.iter().map(|stored| stored.report.clone()).collect())?;
    let newest = stored.iter().map(|stored| stored.received_at).max();
    Ok(pending_reports(
        facts,
        &reports,
        &*settings.codes,
        newest,
        settings.answer_limit,
    ))
}

async fn set_clock_due(
    connection: &mut SqliteConnection,
    id: &TransactionId,
    due: Option<Time>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE transactions SET clock_due_ms = ? WHERE id = ?")
        .bind(due.map(Time::as_ms))
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// The clock's report as if it had come over the wire.
fn clock_report(transaction: &TransactionId, report: Report) -> Result<NewReport, StoreError> {
    let mut body = serde_json::to_value(&report)
        .map_err(|error| StoreError::Corrupt(format!("clock report: {error}")))?;
    if let Value::Object(fields) = &mut body {
        fields.insert("transaction".to_owned(), Value::from(transaction.as_str()));
    }
    Ok(NewReport {
        transaction: transaction.clone(),
        report,
        raw: body.to_string(),
    })
}
