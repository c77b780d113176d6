//! Answers that carry a signature and an entity tag.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use payment_status_protocol::id::TransactionId;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::problem::Problem;
use crate::store::{Current, StoreError};
use crate::time::now;

/// The header of the detached JWS.
pub(super) const SIGNATURE: HeaderName = HeaderName::from_static("payment-status-signature");

/// A body of one version, about to be signed.
pub(super) struct Signable<'a> {
    pub(super) transaction: &'a TransactionId,
    pub(super) version: u64,
    pub(super) body: Vec<u8>,
    pub(super) etag: String,
}

impl<'a> Signable<'a> {
    /// The snapshot: its stored bytes under its stored hash.
    pub(super) fn snapshot(current: &'a Current) -> Self {
        Self {
            transaction: &current.transaction,
            version: current.version,
            body: current.body.clone(),
            etag: etag(current.version, &current.sha256),
        }
    }

    /// A document that is written afresh from what is stored.
    pub(super) fn document(
        transaction: &'a TransactionId,
        version: u64,
        document: &impl Serialize,
    ) -> Result<Self, Problem> {
        let body = serde_json::to_vec(document)
            .map_err(|error| StoreError::Corrupt(format!("document: {error}")))?;
        let etag = etag(version, &Sha256::digest(&body).into());
        Ok(Self {
            transaction,
            version,
            body,
            etag,
        })
    }

    /// `200` with the body, or `304` without: signed over the body either way, now.
    pub(super) fn answer(self, app: &App, status: StatusCode) -> Response {
        let jws = app
            .keys
            .detached_jws(self.transaction, self.version, now(), &self.body);
        let mut response = if status == StatusCode::NOT_MODIFIED {
            status.into_response()
        } else {
            (
                status,
                [(header::CONTENT_TYPE, "application/json")],
                self.body,
            )
                .into_response()
        };
        let headers = response.headers_mut();
        // Both are ASCII without control characters, which is all a header value needs.
        if let Ok(value) = HeaderValue::try_from(self.etag) {
            headers.insert(header::ETAG, value);
        }
        if let Ok(value) = HeaderValue::try_from(jws) {
            headers.insert(SIGNATURE, value);
        }
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        );
        headers.insert(
            header::VARY,
            HeaderValue::from_static("authorization, prefer"),
        );
        response
    }
}

/// `"<version>-<first 16 hex digits of the hash>"`, with its quotes.
pub(super) fn etag(version: u64, sha256: &[u8; 32]) -> String {
    let hex: String = sha256
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("\"{version}-{hex}\"")
}
