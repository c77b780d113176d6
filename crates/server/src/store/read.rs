//! Reading. Each function is one consistent moment: several queries share one read transaction.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::match_code::hash_bounds;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use sqlx::{Row as _, SqliteConnection};

use super::rows::{self, current_columns, report_columns, signed, unsigned};
use super::{ByToken, Current, PartyFacts, PastVersion, Store, StoreError, WholeTransaction};
use crate::secret::SecretHash;
use crate::signing::StoredKey;

/// What support asks for.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Only these states; empty for all.
    pub states: Vec<String>,
    /// Only order references that contain this, the transaction with this id, and those of which some version has
    /// this match code.
    pub search: Option<String>,
    /// Only what is not final.
    pub open_only: bool,
    /// Only what changed after this feed number.
    pub since: Option<u64>,
    /// At most this many.
    pub limit: u32,
}

/// Which end of the feed comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeOrder {
    /// For a list.
    NewestFirst,
    /// For following the feed.
    OldestFirst,
}

macro_rules! list_query {
    ($order:literal) => {
        concat!(
            "SELECT ",
            current_columns!(),
            " FROM transactions t \
             JOIN snapshots s ON s.transaction_id = t.id AND s.version = t.version \
             WHERE t.feed > COALESCE(?1, -1) \
             AND (?2 = 0 OR t.final = 0) \
             AND (?3 IS NULL OR instr(?3, ',' || t.state || ',') > 0) \
             AND (?4 IS NULL OR instr(lower(t.order_reference), lower(?4)) > 0 OR t.id = ?4 \
             OR (?6 IS NOT NULL AND EXISTS (SELECT 1 FROM snapshots shown \
             WHERE shown.transaction_id = t.id AND substr(shown.sha256, 1, 4) BETWEEN ?6 AND ?7))) \
             ORDER BY t.feed ",
            $order,
            " LIMIT ?5"
        )
    };
}

impl Store {
    /// The current document that this token opens, and whose token it is.
    ///
    /// One query by the token's hash, whatever transaction the client names: a foreign and a
    /// missing transaction cost the same time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn current_by_token(
        &self,
        token: &SecretHash,
        now: Time,
    ) -> Result<Option<ByToken>, StoreError> {
        let row = sqlx::query(concat!(
            "SELECT ",
            current_columns!(),
            ", k.party, k.handed_by IS NOT NULL FROM tokens k \
             JOIN transactions t ON t.id = k.transaction_id \
             JOIN snapshots s ON s.transaction_id = t.id AND s.version = t.version \
             WHERE k.sha256 = ? AND k.revoked_ms IS NULL AND k.expires_ms > ?"
        ))
        .bind(token.as_bytes())
        .bind(now.as_ms())
        .fetch_optional(&self.reads)
        .await?;
        row.map(|row| {
            let party: String = row.try_get(7)?;
            Ok(ByToken {
                party: Party::from(party.as_str()),
                only_views: row.try_get(8)?,
                current: rows::current(&row)?,
            })
        })
        .transpose()
    }

    /// The current document, for the support key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn current(&self, id: &TransactionId) -> Result<Option<Current>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        current_of(&mut connection, id).await
    }

    /// The document, the reports and the history at one moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn whole(&self, id: &TransactionId) -> Result<Option<WholeTransaction>, StoreError> {
        let mut reading = self.reads.begin().await?;
        let Some(current) = current_of(&mut reading, id).await? else {
            return Ok(None);
        };
        let party = sqlx::query(
            "SELECT payer_account, payout_account, expires_ms FROM transactions WHERE id = ?",
        )
        .bind(id.as_str())
        .fetch_one(&mut *reading)
        .await?;
        let reports = sqlx::query(concat!(
            "SELECT ",
            report_columns!(),
            " FROM reports WHERE transaction_id = ? ORDER BY seq"
        ))
        .bind(id.as_str())
        .fetch_all(&mut *reading)
        .await?;
        let history = sqlx::query(
            "SELECT version, state, created_ms, sha256 FROM snapshots \
             WHERE transaction_id = ? ORDER BY version",
        )
        .bind(id.as_str())
        .fetch_all(&mut *reading)
        .await?;
        Ok(Some(WholeTransaction {
            current,
            party: PartyFacts {
                payer_account: party.try_get(0)?,
                payout_account: party.try_get(1)?,
                expires_at: Time::from_ms(party.try_get(2)?),
            },
            reports: reports.iter().map(rows::report).collect::<Result<_, _>>()?,
            history: history
                .iter()
                .map(|row| {
                    Ok(PastVersion {
                        version: unsigned(row.try_get(0)?)?,
                        state: row.try_get(1)?,
                        at: Time::from_ms(row.try_get(2)?),
                        sha256: rows::bytes32(row.try_get(3)?)?,
                    })
                })
                .collect::<Result<_, StoreError>>()?,
        }))
    }

    /// The owner of a transaction and its order's expiry.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owner(&self, id: &TransactionId) -> Result<Option<(String, Time)>, StoreError> {
        sqlx::query("SELECT merchant, expires_ms FROM transactions WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.reads)
            .await?
            .map(|row| Ok((row.try_get(0)?, Time::from_ms(row.try_get(1)?))))
            .transpose()
    }

    /// The newest feed number and the transactions that fit, at one moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn list(
        &self,
        filter: &ListFilter,
        order: ChangeOrder,
    ) -> Result<(u64, Vec<Current>), StoreError> {
        let mut reading = self.reads.begin().await?;
        let newest = sqlx::query("SELECT COALESCE(MAX(feed), 0) FROM transactions")
            .fetch_one(&mut *reading)
            .await?;
        let states = (!filter.states.is_empty()).then(|| format!(",{},", filter.states.join(",")));
        let code = filter.search.as_deref().and_then(hash_bounds);
        let rows = sqlx::query(match order {
            ChangeOrder::NewestFirst => list_query!("DESC"),
            ChangeOrder::OldestFirst => list_query!("ASC"),
        })
        .bind(filter.since.map(signed).transpose()?)
        .bind(filter.open_only)
        .bind(states)
        .bind(&filter.search)
        .bind(filter.limit)
        .bind(code.map(|[first, _]| first.to_vec()))
        .bind(code.map(|[_, last]| last.to_vec()))
        .fetch_all(&mut *reading)
        .await?;
        let found = rows.iter().map(rows::current).collect::<Result<_, _>>()?;
        Ok((unsigned(newest.try_get(0)?)?, found))
    }

    /// Every signing key.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn signing_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        sqlx::query("SELECT kid, public, private, retired_ms FROM signing_keys")
            .fetch_all(&self.reads)
            .await?
            .iter()
            .map(rows::signing_key)
            .collect()
    }
}

pub(super) async fn current_of(
    connection: &mut SqliteConnection,
    id: &TransactionId,
) -> Result<Option<Current>, StoreError> {
    sqlx::query(concat!(
        "SELECT ",
        current_columns!(),
        " FROM transactions t \
         JOIN snapshots s ON s.transaction_id = t.id AND s.version = t.version WHERE t.id = ?"
    ))
    .bind(id.as_str())
    .fetch_optional(connection)
    .await?
    .map(|row| rows::current(&row))
    .transpose()
}
