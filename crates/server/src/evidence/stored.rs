//! What the store says of a proven pack: the same bytes, signed while they were current, and whether they still are.

use payment_status_protocol::time::Time;

use super::keys::TrustedKeys;
use super::proof::{Proven, ProvenAnswer};
use super::refusal::{Refusal, RefusalCode as Code};
use crate::store::{Current, EvidenceStore, StoreError};

/// Whether the last answer is still the current one.
#[derive(Debug, Clone)]
pub enum Standing {
    /// It is.
    Current,
    /// This one is.
    Superseded(Box<Current>),
}

/// Milliseconds between reading an answer and signing it, and of two clocks that were set.
const SLACK_MS: i64 = 5_000;

/// Compares every answer with what is stored.
///
/// # Errors
/// The store's failure, or a [`Refusal`].
pub async fn compare(
    proven: &Proven,
    keys: &TrustedKeys,
    store: &EvidenceStore,
) -> Result<Result<Standing, Refusal>, StoreError> {
    let Some(current) = store.current(&proven.transaction).await? else {
        let detail = format!("there is no transaction {}", proven.transaction);
        return Ok(Err(Refusal::new(Code::NotStored, detail)));
    };
    for answer in &proven.answers {
        let version = answer.snapshot.version;
        let Some(body) = store.body(&proven.transaction, version).await? else {
            let detail = format!("there is no version {version} of {}", proven.transaction);
            return Ok(Err(Refusal::new(Code::NotStored, detail)));
        };
        if body != answer.body {
            let detail = format!("the store has other bytes under version {version}");
            return Ok(Err(Refusal::new(Code::StoredDiffers, detail)));
        }
        let next = store.next_created(&proven.transaction, version).await?;
        if let Err(refusal) = signed_in_time(answer, keys, next) {
            return Ok(Err(refusal));
        }
    }
    let last = proven.answers.last().map(|answer| answer.snapshot.version);
    Ok(Ok(if last == Some(current.version) {
        Standing::Current
    } else {
        Standing::Superseded(Box::new(current))
    }))
}

fn signed_in_time(
    answer: &ProvenAnswer,
    keys: &TrustedKeys,
    next: Option<Time>,
) -> Result<(), Refusal> {
    let version = answer.snapshot.version;
    let is_after = |at_s: i64, limit: Option<Time>| {
        limit.is_some_and(|limit| at_s * 1000 > limit.as_ms().saturating_add(SLACK_MS))
    };
    for signed in &answer.signed {
        let retired_at = keys.get(&signed.kid).and_then(|key| key.retired_at);
        if is_after(signed.at_s, retired_at) {
            let detail = format!("key {} was retired before it signed", signed.kid);
            return Err(Refusal::new(Code::KeyRetired, detail));
        }
        if is_after(signed.at_s, next) {
            let detail = format!("version {version} was signed when a newer one existed");
            return Err(Refusal::new(Code::Replayed, detail));
        }
    }
    Ok(())
}
