//! `keys rotate`: a new signing key, taken up by a running server within seconds.

use std::path::Path;
use std::sync::Arc;

use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use crate::clock::DEFAULT_ANSWER_LIMIT;
use crate::parking::Parking;
use crate::server::ServerError;
use crate::signing::StoredKey;
use crate::store::{Store, StoreError, WriterSettings};
use crate::time::now;

/// Makes the key and returns its id. The old one stays in the JWK set for 24 h, and its private
/// half is erased.
///
/// # Errors
/// When the database does not exist or cannot be written.
pub async fn rotate(database: &Path) -> Result<String, ServerError> {
    if !database.exists() {
        let missing = std::io::Error::new(
            std::io::ErrorKind::NotFound,
            format!("{} does not exist", database.display()),
        );
        return Err(StoreError::Database(sqlx::Error::Io(missing)).into());
    }
    // Nobody waits on this process and nothing is measured here.
    let (store, writer) = Store::open(
        database,
        Arc::new(Parking::new(Gauge::default())),
        Histogram::new(exponential_buckets(0.001, 2.0, 1)),
        WriterSettings {
            answer_limit: DEFAULT_ANSWER_LIMIT,
            codes: Arc::default(),
        },
    )
    .await?;
    let key = StoredKey::generate().map_err(ServerError::Random)?;
    let kid = key.kid.clone();
    store.rotate_key(key, now()).await?;
    drop(store);
    writer.await.ok();
    Ok(kid)
}
