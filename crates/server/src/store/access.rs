//! Writing tokens, signing keys and the health probe.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use sqlx::SqliteConnection;

use super::{NewToken, StoreError};
use crate::signing::StoredKey;

pub(super) async fn add_tokens(
    connection: &mut SqliteConnection,
    transaction: &TransactionId,
    tokens: &[NewToken],
) -> Result<(), StoreError> {
    for token in tokens {
        sqlx::query(
            "INSERT INTO tokens (sha256, transaction_id, party, expires_ms) VALUES (?, ?, ?, ?)",
        )
        .bind(token.hash.as_bytes())
        .bind(transaction.as_str())
        .bind(token.party.as_str())
        .bind(token.expires_at.as_ms())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

pub(super) async fn revoke_tokens(
    connection: &mut SqliteConnection,
    transaction: &TransactionId,
    party: &Party,
    now: Time,
) -> Result<u64, StoreError> {
    // What a revoked token has handed over goes with it: whoever held the token may hold that too.
    sqlx::query(
        "DELETE FROM handovers WHERE transaction_id = ?1 AND (party = ?2 OR handed_by = ?2)",
    )
    .bind(transaction.as_str())
    .bind(party.as_str())
    .execute(&mut *connection)
    .await?;
    let done = sqlx::query(
        "UPDATE tokens SET revoked_ms = ?1 \
         WHERE transaction_id = ?2 AND (party = ?3 OR handed_by = ?3) AND revoked_ms IS NULL",
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
