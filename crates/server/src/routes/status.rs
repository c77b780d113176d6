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
use crate::store::Current;

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
    let mut wait_s = prefer::wait_s(&headers);
    let deadline = Place::deadline(prefer::wait(&headers));
    // Taken before the first read: a commit in between wakes it.
    let mut place = app.parking.place(&id);
    let mut has_waited = false;
    loop {
        // Read and authorise again after each wake: a token may have been revoked meanwhile.
        let current = auth::view_transaction(&app, &id, &credential)
            .await?
            .current;
        let signable = Signable::snapshot(&current);
        let mut retry_after_s = match wait_s {
            Some(_) => 0,
            None => pace_s(&current),
        };
        let mut status = StatusCode::OK;
        if prefer::already_has(&headers, &signable.etag) {
            status = StatusCode::NOT_MODIFIED;
            let woken = place.wait_until(deadline).await;
            has_waited |= wait_s > Some(0) && woken != Woken::Full;
            match woken {
                Woken::Changed => continue,
                Woken::TimeOver => {}
                // Another process takes over: give it a moment.
                Woken::Closing => retry_after_s = 1,
                Woken::Full => {
                    wait_s = None;
                    retry_after_s = pace_s(&current);
                }
            }
        }
        if !has_waited {
            app.pace.admit(&credential)?;
        }
        let mut response = signable.answer(&app, status);
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        if let Some(value) = wait_s.and_then(|n| HeaderValue::try_from(format!("wait={n}")).ok()) {
            headers.insert(HeaderName::from_static("preference-applied"), value);
        }
        return Ok(response);
    }
}

/// When a reader that is not parked should come again.
fn pace_s(current: &Current) -> u32 {
    if current.is_final {
        RETRY_FINAL_S
    } else {
        RETRY_OPEN_S
    }
}
