//! `GET /v1/transactions/{id}/status`: the snapshot, the same bytes for every party.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use payment_status_protocol::id::TransactionId;

use super::signed::Signable;
use crate::app::App;
use crate::auth;
use crate::parking::{Place, Woken};
use crate::prefer;
use crate::problem::Problem;

/// Seconds until the next ask of a reader that does not wait, while something may happen by itself.
const RETRY_OPEN_S: u32 = 2;

/// The same, once the verdict is final.
const RETRY_FINAL_S: u32 = 30;

/// Answers at once if the reader's version is not the current one; else, if it prefers to wait,
/// when another one exists or the time is over.
pub(crate) async fn status(
    State(app): State<Arc<App>>,
    path: Result<Path<TransactionId>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let credential = auth::bearer(&headers)?;
    let id = auth::id_of(path)?;
    let wait_s = prefer::wait_s(&headers);
    let deadline = Place::deadline(prefer::wait(&headers));
    // Taken before the first read: a commit in between wakes it.
    let mut place = app.parking.place(&id);
    loop {
        // Read and authorise again after each wake: a token may have been revoked meanwhile.
        let (_, current) = auth::open_transaction(&app, &id, &credential).await?;
        let signable = Signable::snapshot(&current);
        let (status, woken) = if prefer::already_has(&headers, &signable.etag) {
            match place.wait_until(deadline).await {
                Woken::Changed => continue,
                woken @ (Woken::TimeOver | Woken::Closing) => (StatusCode::NOT_MODIFIED, woken),
            }
        } else {
            (StatusCode::OK, Woken::Changed)
        };
        let mut response = signable.answer(&app, status);
        let headers = response.headers_mut();
        let retry_after_s = match (woken, wait_s) {
            // Another process takes over: give it a moment.
            (Woken::Closing, _) => 1,
            (_, Some(_)) => 0,
            (_, None) if current.is_final => RETRY_FINAL_S,
            (_, None) => RETRY_OPEN_S,
        };
        headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        if let Some(value) = wait_s.and_then(|n| HeaderValue::try_from(format!("wait={n}")).ok()) {
            headers.insert(HeaderName::from_static("preference-applied"), value);
        }
        return Ok(response);
    }
}
