//! Takes a request's body in: at most 64 KiB, within ten seconds, declared as JSON.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt as _;

use crate::problem::{Problem, ProblemCode};

/// The largest body that is read.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// How much more of an oversized body is read and thrown away: a client that is still writing
/// would otherwise see a reset connection instead of the answer.
const MAX_DRAINED_BYTES: usize = 2 * 1024 * 1024;

const MAX_READ_TIME: Duration = Duration::from_secs(10);

/// Reads the whole body.
///
/// # Errors
/// `body-too-large`, `body-too-slow`, `json-invalid` when the connection breaks midway.
pub async fn read(body: Body) -> Result<Vec<u8>, Problem> {
    tokio::time::timeout(MAX_READ_TIME, read_limited(body))
        .await
        .unwrap_or_else(|_| {
            Err(Problem::new(
                ProblemCode::BodyTooSlow,
                "The body did not arrive within 10 seconds.",
            ))
        })
}

async fn read_limited(mut body: Body) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut total = 0usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Problem::new(
                ProblemCode::JsonInvalid,
                "The body ended before its declared length.",
            )
        })?;
        let Some(data) = frame.data_ref() else {
            continue;
        };
        total = total.saturating_add(data.len());
        if total <= MAX_BODY_BYTES {
            bytes.extend_from_slice(data);
        } else if total > MAX_DRAINED_BYTES {
            break;
        }
    }
    if total > MAX_BODY_BYTES {
        return Err(Problem::new(
            ProblemCode::BodyTooLarge,
            format!("The body may have {MAX_BODY_BYTES} bytes at most."),
        ));
    }
    Ok(bytes)
}

/// Checks that the body is declared as `application/json`, with or without parameters.
///
/// # Errors
/// `media-type`.
pub fn require_json(headers: &HeaderMap) -> Result<(), Problem> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = declared
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    if essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        Ok(())
    } else {
        let got = declared.map_or("nothing".to_owned(), |value| {
            value.chars().take(60).collect()
        });
        Err(Problem::new(
            ProblemCode::MediaType,
            format!("Expected Content-Type: application/json, got {got}."),
        ))
    }
}
