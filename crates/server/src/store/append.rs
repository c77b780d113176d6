//! What storing a batch of reports does, inside the writer's transaction.
//!
//! First everything that could refuse the batch, then the writing: see [`super::ledger_rows`].

use std::collections::HashMap;

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::time::Time;
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection};

use crate::new_report::same_body;

use super::ledger_rows::{Changed, add_to_transaction};
use super::{Accepted, AppendError, NewReport, StoreError, WriterSettings, rows};

/// Stores the reports that are new and answers for all of them. On error nothing may be committed.
pub(super) async fn append(
    connection: &mut SqliteConnection,
    batch: Vec<NewReport>,
    now: Time,
    settings: &WriterSettings,
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
            || !is_repeated(raw, &new.raw, new.report.source.as_str())
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
        let version =
            add_to_transaction(connection, &transaction, &reports, now, settings, changed).await?;
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

/// Byte equality first: the usual repetition is exact.
fn is_repeated(stored: &str, new: &str, source: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Value>(text);
    stored == new
        || matches!((read(stored), read(new)), (Ok(stored), Ok(new)) if same_body(&stored, &new, source))
}
