//! Reading alone, from a database that a server may be using: for checking evidence.

use std::path::Path;

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::time::Time;
use sqlx::{Row as _, SqlitePool};

use super::open::DatabaseFile;
use super::read::current_of;
use super::rows::{self, signed};
use super::{Current, StoreError};
use crate::signing::StoredKey;

/// A database that is only read.
#[derive(Debug)]
pub struct EvidenceStore(SqlitePool);

impl EvidenceStore {
    /// Opens an existing file; nothing in it is changed, not even an older schema.
    ///
    /// # Errors
    /// When it does not exist or is not ours.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Ok(Self(DatabaseFile::existing(path)?.read_pool().await?))
    }

    /// Every signing key, retired ones included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn signing_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        sqlx::query("SELECT kid, public, private, retired_ms FROM signing_keys")
            .fetch_all(&self.0)
            .await?
            .iter()
            .map(rows::signing_key)
            .collect()
    }

    /// What is current.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn current(&self, id: &TransactionId) -> Result<Option<Current>, StoreError> {
        let mut connection = self.0.acquire().await?;
        current_of(&mut connection, id).await
    }

    /// The bytes of one version.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn body(
        &self,
        id: &TransactionId,
        version: u64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        // A version that no store can hold is not there.
        let Ok(version) = signed(version) else {
            return Ok(None);
        };
        let row =
            sqlx::query("SELECT body FROM snapshots WHERE transaction_id = ? AND version = ?")
                .bind(id.as_str())
                .bind(version)
                .fetch_optional(&self.0)
                .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    /// When the version after this one came to be.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_created(
        &self,
        id: &TransactionId,
        version: u64,
    ) -> Result<Option<Time>, StoreError> {
        let row = sqlx::query(
            "SELECT created_ms FROM snapshots WHERE transaction_id = ? AND version > ? \
             ORDER BY version LIMIT 1",
        )
        .bind(id.as_str())
        .bind(signed(version)?)
        .fetch_optional(&self.0)
        .await?;
        let created_ms: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
        Ok(created_ms.map(Time::from_ms))
    }
}
