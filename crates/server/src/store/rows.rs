//! Columns to types and back. The only place that knows how a value is stored.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::money::{Amount, Currency};
use payment_status_protocol::report::{RawCode, Report};
use payment_status_protocol::snapshot::TransactionFacts;
use payment_status_protocol::time::Time;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::{Current, StoreError, StoredReport};
use crate::signing::StoredKey;

/// The columns that [`report`] reads, in its order. A macro, so that SQL stays one literal.
macro_rules! report_columns {
    () => {
        "source, id, attempt, return_id, leg, outcome, code_scheme, code_family, code_value, \
         amount_minor, at_ms, raw, received_ms, version"
    };
}

/// The columns that [`current`] reads, in its order, from `transactions t` and `snapshots s`.
macro_rules! current_columns {
    () => {
        "t.id, t.version, s.body, s.sha256, t.final, t.reason, t.feed"
    };
}

pub(super) use {current_columns, report_columns};

pub(super) fn report(row: &SqliteRow) -> Result<StoredReport, StoreError> {
    let text = |index: usize| row.try_get::<String, _>(index);
    let optional = |index: usize| row.try_get::<Option<String>, _>(index);
    let code = match (optional(6)?, optional(8)?) {
        (Some(scheme), Some(value)) => Some(RawCode {
            scheme: scheme.into(),
            family: optional(7)?.map(Into::into),
            value: value.into(),
        }),
        _ => None,
    };
    Ok(StoredReport {
        report: Report {
            source: text(0)?.as_str().into(),
            id: text(1)?.into(),
            attempt: text(2)?.into(),
            return_id: text(3)?.into(),
            leg: text(4)?.as_str().into(),
            outcome: text(5)?.as_str().into(),
            code,
            amount: row
                .try_get::<Option<i64>, _>(9)?
                .map(unsigned)
                .transpose()?,
            at: Some(Time::from_ms(row.try_get(10)?)),
        },
        raw: text(11)?,
        received_at: Time::from_ms(row.try_get(12)?),
        version: unsigned(row.try_get(13)?)?,
    })
}

pub(super) fn current(row: &SqliteRow) -> Result<Current, StoreError> {
    Ok(Current {
        transaction: transaction_id(row.try_get(0)?)?,
        version: unsigned(row.try_get(1)?)?,
        body: row.try_get(2)?,
        sha256: bytes32(row.try_get(3)?)?,
        is_final: row.try_get::<i64, _>(4)? != 0,
        reason: row.try_get(5)?,
        feed: unsigned(row.try_get(6)?)?,
    })
}

/// Reads `id, order_reference, merchant_name, amount_minor, currency, created_ms, expires_ms`.
pub(super) fn facts(row: &SqliteRow) -> Result<TransactionFacts, StoreError> {
    let currency: String = row.try_get(4)?;
    Ok(TransactionFacts {
        transaction: transaction_id(row.try_get(0)?)?,
        order_reference: row.try_get::<String, _>(1)?.into(),
        merchant_name: row.try_get::<Option<String>, _>(2)?.map(Into::into),
        amount: Amount {
            minor: unsigned(row.try_get(3)?)?,
            currency: Currency::try_from(currency.as_str())
                .map_err(|error| StoreError::Corrupt(error.to_string()))?,
        },
        created_at: Time::from_ms(row.try_get(5)?),
        expires_at: Time::from_ms(row.try_get(6)?),
    })
}

/// Reads `kid, public, private, retired_ms`.
pub(super) fn signing_key(row: &SqliteRow) -> Result<StoredKey, StoreError> {
    Ok(StoredKey {
        kid: row.try_get(0)?,
        public: bytes32(row.try_get(1)?)?,
        private: row
            .try_get::<Option<Vec<u8>>, _>(2)?
            .map(bytes32)
            .transpose()?,
        retired_at: row.try_get::<Option<i64>, _>(3)?.map(Time::from_ms),
    })
}

pub(super) fn transaction_id(text: String) -> Result<TransactionId, StoreError> {
    TransactionId::try_from(text.as_str()).map_err(|error| StoreError::Corrupt(error.to_string()))
}

pub(super) fn bytes32(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|bytes: Vec<u8>| {
        StoreError::Corrupt(format!("expected 32 bytes, got {}", bytes.len()))
    })
}

pub(super) fn unsigned(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number)
        .map_err(|_| StoreError::Corrupt(format!("expected a number ≥ 0, got {number}")))
}

/// Every number that is stored was checked at the edge to fit; a larger one stops the write.
pub(super) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Corrupt(format!("{number} does not fit")))
}
