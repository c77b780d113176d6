//! What one write does, inside the writer's transaction.
//!
//! Storing reports, deciding over all reports of the transaction and storing the document's bytes
//! are one commit: there is never a report without its version, nor a version without its reports.

use std::collections::HashMap;
use std::time::Duration;

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::TransactionFacts;
use payment_status_protocol::time::Time;
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection};

use super::rows::{self, report_columns, signed};
use super::writer::Woken;
use super::{Accepted, AppendError, NewReport, NewToken, NewTransaction, StoreError, StoredReport};
use crate::clock::pending_reports;
use crate::ledger::{self, Document, LedgerError};
use crate::signing::StoredKey;

/// The most transactions that the clock reports on in one commit.
const MAX_OVERDUE: i64 = 100;

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
    answer_limit: Duration,
    changed: &mut Changed,
) -> Result<(), StoreError> {
    let facts = &new.facts;
    let document = ledger::first_document(facts)?;
    let due = clock_due(facts, &[], answer_limit)?;
    sqlx::query(
        "INSERT INTO transactions (id, merchant, order_reference, merchant_name, payer_account, \
         payout_account, amount_minor, currency, created_ms, expires_ms, version, state, final, \
         reason, clock_due_ms, feed) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, \
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
    .execute(&mut *connection)
    .await?;
    insert_snapshot(connection, &facts.transaction, &document, facts.created_at).await?;
    for token in &new.tokens {
        add_token(connection, &facts.transaction, token).await?;
    }
    changed.woken.insert(facts.transaction.clone());
    changed.clock_moved = true;
    Ok(())
}

/// Stores the reports that are new and answers for all of them. On error nothing may be committed.
pub(super) async fn append(
    connection: &mut SqliteConnection,
    batch: Vec<NewReport>,
    now: Time,
    answer_limit: Duration,
    changed: &mut Changed,
) -> Result<Vec<Accepted>, AppendError> {
    let known = known_reports(connection, &batch).await?;
    let unknown: Vec<usize> = {
        let mut unknown = Vec::new();
        let mut exists: HashMap<&TransactionId, bool> = HashMap::new();
        for (index, new) in batch.iter().enumerate() {
            let found = match exists.get(&new.transaction) {
                Some(found) => *found,
                None => {
                    let found = transaction_exists(connection, &new.transaction).await?;
                    exists.insert(&new.transaction, found);
                    found
                }
            };
            if !found {
                unknown.push(index);
            }
        }
        unknown
    };
    if !unknown.is_empty() {
        return Err(AppendError::UnknownTransaction(unknown));
    }

    // Within the batch and against the store: the first body of an id is the one that holds.
    let mut first_of: HashMap<(&str, &str), usize> = HashMap::new();
    let mut differs = Vec::new();
    let mut is_new = vec![false; batch.len()];
    for (index, new) in batch.iter().enumerate() {
        let key = (new.report.source.as_str(), new.report.id.as_ref());
        let (transaction, raw) = if let Some(stored) = known.get(&index) {
            (stored.transaction.as_str(), stored.raw.as_str())
        } else if let Some(first) = first_of.get(&key).and_then(|first| batch.get(*first)) {
            (first.transaction.as_str(), first.raw.as_str())
        } else {
            first_of.insert(key, index);
            if let Some(flag) = is_new.get_mut(index) {
                *flag = true;
            }
            continue;
        };
        if transaction != new.transaction.as_str()
            || !same_body(raw, &new.raw, new.report.source.as_str())
        {
            differs.push(index);
        }
    }
    if !differs.is_empty() {
        return Err(AppendError::Differs(differs));
    }

    let mut to_store: Vec<(TransactionId, Vec<&NewReport>)> = Vec::new();
    for new in batch
        .iter()
        .zip(&is_new)
        .filter_map(|(new, is_new)| is_new.then_some(new))
    {
        match to_store
            .iter_mut()
            .find(|(transaction, _)| *transaction == new.transaction)
        {
            Some((_, reports)) => reports.push(new),
            None => to_store.push((new.transaction.clone(), vec![new])),
        }
    }
    let mut versions: HashMap<TransactionId, u64> = HashMap::new();
    for (transaction, reports) in to_store {
        let version = add_to_transaction(
            connection,
            &transaction,
            &reports,
            now,
            answer_limit,
            changed,
        )
        .await?;
        versions.insert(transaction, version);
    }

    let mut accepted = Vec::with_capacity(batch.len());
    for (index, new) in batch.iter().enumerate() {
        let version = match known.get(&index) {
            Some(stored) => stored.version,
            None => *versions.get(&new.transaction).ok_or_else(|| {
                StoreError::Corrupt("a new report without a new version".to_owned())
            })?,
        };
        accepted.push(Accepted {
            id: new.report.id.clone(),
            transaction: new.transaction.clone(),
            version,
            is_new: is_new.get(index).copied().unwrap_or(false),
        });
    }
    Ok(accepted)
}

pub(super) async fn report_overdue(
    connection: &mut SqliteConnection,
    now: Time,
    answer_limit: Duration,
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
        let (facts, _) = facts_and_body(connection, &id).await?;
        let stored = reports_of(connection, &id).await?;
        let pending = pending_of(&facts, &stored, answer_limit)?;
        let due: Vec<NewReport> = pending
            .into_iter()
            .filter(|report| report.at <= Some(now))
            .map(|report| clock_report(&id, report))
            .collect::<Result<_, StoreError>>()?;
        let due_refs: Vec<&NewReport> = due.iter().collect();
        count += u64::try_from(due.len()).unwrap_or(0);
        if due.is_empty() {
            // What was due has been overtaken; only the next moment is written.
            set_clock_due(connection, &id, clock_due(&facts, &stored, answer_limit)?).await?;
        } else {
            add_to_transaction(connection, &id, &due_refs, now, answer_limit, changed).await?;
        }
    }
    changed.clock_moved = true;
    Ok(count)
}

pub(super) async fn add_token(
    connection: &mut SqliteConnection,
    transaction: &TransactionId,
    token: &NewToken,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO tokens (sha256, transaction_id, party, expires_ms) VALUES (?, ?, ?, ?)",
    )
    .bind(token.hash.as_bytes())
    .bind(transaction.as_str())
    .bind(token.party.as_str())
    .bind(token.expires_at.as_ms())
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn revoke_tokens(
    connection: &mut SqliteConnection,
    transaction: &TransactionId,
    party: &Party,
    now: Time,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE tokens SET revoked_ms = ? \
         WHERE transaction_id = ? AND party = ? AND revoked_ms IS NULL",
    )
    .bind(now.as_ms())
    .bind(transaction.as_str())
    .bind(party.as_str())
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn rotate_key(
    connection: &mut SqliteConnection,
    key: &StoredKey,
    now: Time,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE signing_keys SET retired_ms = ?, private = NULL WHERE retired_ms IS NULL")
        .bind(now.as_ms())
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO signing_keys (kid, public, private, created_ms) VALUES (?, ?, ?, ?)")
        .bind(&key.kid)
        .bind(key.public.as_slice())
        .bind(key.private.as_ref().map(<[u8; 32]>::as_slice))
        .bind(now.as_ms())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn probe(connection: &mut SqliteConnection, now: Time) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO probe (id, at_ms) VALUES (1, ?) \
         ON CONFLICT (id) DO UPDATE SET at_ms = excluded.at_ms",
    )
    .bind(now.as_ms())
    .execute(connection)
    .await?;
    Ok(())
}

/// Stores new reports of one transaction and the document that follows. Returns its version.
async fn add_to_transaction(
    connection: &mut SqliteConnection,
    transaction: &TransactionId,
    new: &[&NewReport],
    now: Time,
    answer_limit: Duration,
    changed: &mut Changed,
) -> Result<u64, StoreError> {
    let (facts, body) = facts_and_body(connection, transaction).await?;
    let mut stored = reports_of(connection, transaction).await?;
    let old: Vec<Report> = stored.iter().map(|stored| stored.report.clone()).collect();
    let added: Vec<Report> = new.iter().map(|new| new.report.clone()).collect();
    let document = ledger::next_document(&facts, &body, &old, &added, now)?;
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
    .bind(clock_due(&facts, &stored, answer_limit)?.map(Time::as_ms))
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

struct Known {
    transaction: String,
    raw: String,
    version: u64,
}

/// Which reports of the batch are stored already, by place.
async fn known_reports(
    connection: &mut SqliteConnection,
    batch: &[NewReport],
) -> Result<HashMap<usize, Known>, StoreError> {
    let mut known = HashMap::new();
    for (index, new) in batch.iter().enumerate() {
        let row = sqlx::query(
            "SELECT transaction_id, raw, version FROM reports WHERE source = ? AND id = ?",
        )
        .bind(new.report.source.as_str())
        .bind(new.report.id.as_ref())
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(row) = row {
            let version = rows::unsigned(row.try_get(2)?)?;
            known.insert(
                index,
                Known {
                    transaction: row.try_get(0)?,
                    raw: row.try_get(1)?,
                    version,
                },
            );
        }
    }
    Ok(known)
}

async fn transaction_exists(
    connection: &mut SqliteConnection,
    id: &TransactionId,
) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT 1 FROM transactions WHERE id = ?")
        .bind(id.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

async fn facts_and_body(
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

async fn reports_of(
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

fn pending_of(
    facts: &TransactionFacts,
    stored: &[StoredReport],
    answer_limit: Duration,
) -> Result<Vec<Report>, StoreError> {
    let reports = ledger::set_of(stored.iter().map(|stored| stored.report.clone()).collect())?;
    let newest = stored.iter().map(|stored| stored.received_at).max();
    Ok(pending_reports(facts, &reports, newest, answer_limit))
}

fn clock_due(
    facts: &TransactionFacts,
    stored: &[StoredReport],
    answer_limit: Duration,
) -> Result<Option<Time>, StoreError> {
    Ok(pending_of(facts, stored, answer_limit)?
        .into_iter()
        .filter_map(|report| report.at)
        .min())
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

/// Compares two bodies as JSON values, after the default of `source`.
fn same_body(stored: &str, new: &str, source: &str) -> bool {
    let read = |text: &str| {
        let mut value: Value = serde_json::from_str(text).ok()?;
        let fields = value.as_object_mut()?;
        if fields.get("source").is_none_or(Value::is_null) {
            fields.insert("source".to_owned(), Value::from(source));
        }
        Some(value)
    };
    // Byte equality first: the usual repetition is exact.
    stored == new || (read(stored).is_some() && read(stored) == read(new))
}

impl From<LedgerError> for StoreError {
    fn from(error: LedgerError) -> Self {
        Self::Corrupt(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::same_body;

    #[test]
    fn bodies_are_compared_as_values_after_the_default_of_source() {
        let stored = r#"{"id":"w1","leg":"debit"}"#;
        assert!(same_body(
            stored,
            r#"{ "leg": "debit", "id": "w1", "source": "wallet" }"#,
            "wallet"
        ));
        assert!(!same_body(
            stored,
            r#"{"id":"w1","leg":"debit","note":1}"#,
            "wallet"
        ));
    }
}
