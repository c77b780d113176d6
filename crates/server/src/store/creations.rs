//! Which transaction an idempotency key has made.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::time::Time;
use sqlx::{Row as _, SqliteConnection};

use super::{Store, StoreError, rows};
use crate::idempotency::Idempotency;

/// A transaction that was created with the same key before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub transaction: TransactionId,
    /// Until when its order is open.
    pub expires_at: Time,
    /// Whether it was created from the same order.
    pub is_same_order: bool,
}

impl Store {
    /// What `merchant` has created with this key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn created_with(
        &self,
        merchant: &str,
        idempotency: &Idempotency,
    ) -> Result<Option<Known>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        created_with(&mut connection, merchant, idempotency).await
    }
}

pub(super) async fn created_with(
    connection: &mut SqliteConnection,
    merchant: &str,
    idempotency: &Idempotency,
) -> Result<Option<Known>, StoreError> {
    let row = sqlx::query(
        "SELECT id, expires_ms, order_sha256 FROM transactions \
         WHERE merchant = ? AND idempotency_key = ?",
    )
    .bind(merchant)
    .bind(idempotency.key.as_slice())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let order: Vec<u8> = row.try_get(2)?;
        Ok(Known {
            transaction: rows::transaction_id(row.try_get(0)?)?,
            expires_at: Time::from_ms(row.try_get(1)?),
            is_same_order: *order == idempotency.order,
        })
    })
    .transpose()
}
