//! Codes by which a transaction is handed over: made, looked at, opened once.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use sqlx::{Row as _, SqliteConnection};

use super::{NewHandover, Opened, Store, StoreError, Viewer};
use crate::secret::SecretHash;

/// How many codes of one transaction may wait at one time.
pub const MAX_OPEN: i64 = 8;

impl Store {
    /// True if the code can be opened. Looking does not use it up.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn handover_is_open(&self, code: &SecretHash, now: Time) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM handovers WHERE sha256 = ? AND expires_ms > ?")
            .bind(code.as_bytes())
            .bind(now.as_ms())
            .fetch_optional(&self.reads)
            .await?;
        Ok(row.is_some())
    }
}

/// Stores a code. `Some` if too many of this transaction wait already: when the first of them expires.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    new: &NewHandover,
    now: Time,
) -> Result<Option<Time>, StoreError> {
    // Whoever makes a new one clears away what nobody can open any more.
    for sql in [
        "DELETE FROM handovers WHERE expires_ms <= ?",
        "DELETE FROM tokens WHERE handed_by IS NOT NULL AND expires_ms <= ?",
    ] {
        sqlx::query(sql)
            .bind(now.as_ms())
            .execute(&mut *connection)
            .await?;
    }
    let open = sqlx::query(
        "SELECT COUNT(*), COALESCE(MIN(expires_ms), 0) FROM handovers WHERE transaction_id = ?",
    )
    .bind(new.transaction.as_str())
    .fetch_one(&mut *connection)
    .await?;
    if open.try_get::<i64, _>(0)? >= MAX_OPEN {
        return Ok(Some(Time::from_ms(open.try_get(1)?)));
    }
    sqlx::query(
        "INSERT INTO handovers (sha256, transaction_id, party, handed_by, expires_ms) \
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(new.code.as_bytes())
    .bind(new.transaction.as_str())
    .bind(new.party.as_str())
    .bind(new.handed_by.as_str())
    .bind(new.expires_at.as_ms())
    .execute(connection)
    .await?;
    Ok(None)
}

/// Uses the code up and stores the viewer's token in its place; `None` if there is no such code.
pub(super) async fn open(
    connection: &mut SqliteConnection,
    code: &SecretHash,
    viewer: &Viewer,
    now: Time,
) -> Result<Option<Opened>, StoreError> {
    // Deleting is the check: of two that come at one time only one gets the row.
    let Some(row) = sqlx::query(
        "DELETE FROM handovers WHERE sha256 = ? AND expires_ms > ? \
         RETURNING transaction_id, party, handed_by",
    )
    .bind(code.as_bytes())
    .bind(now.as_ms())
    .fetch_optional(&mut *connection)
    .await?
    else {
        return Ok(None);
    };
    let (id, party): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    sqlx::query(
        "INSERT INTO tokens (sha256, transaction_id, party, expires_ms, handed_by) \
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(viewer.hash.as_bytes())
    .bind(&id)
    .bind(&party)
    .bind(viewer.expires_at.as_ms())
    .bind(row.try_get::<String, _>(2)?)
    .execute(connection)
    .await?;
    Ok(Some(Opened {
        transaction: TransactionId::try_from(id.as_str())
            .map_err(|error| StoreError::Corrupt(error.to_string()))?,
        party: Party::from(party.as_str()),
    }))
}
