//! `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): an order that is sent twice is one transaction.

use axum::http::HeaderMap;
use sha2::{Digest as _, Sha256};

use crate::problem::{Problem, ProblemCode};
use crate::strict_json;

/// The longest key, in characters. A UUID has 36.
const MAX_KEY: usize = 255;

/// By which a repeated order is known. Hashes alone: what a merchant's keys look like is not ours to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idempotency {
    /// SHA-256 of the key.
    pub key: [u8; 32],
    /// SHA-256 of the order, whatever the sequence of its fields.
    pub order: [u8; 32],
}

/// What the request says; `None` where it has no key.
///
/// # Errors
/// `idempotency-key-invalid`; `json-invalid` for the body.
pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Option<Idempotency>, Problem> {
    let mut values = headers.get_all("idempotency-key").iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    // The draft has a quoted string (RFC 9651); many clients send the bare text, and mean the same.
    let quoted = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
    let key = quoted.unwrap_or(text);
    let is_fine = (1..=MAX_KEY).contains(&key.len())
        && key
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
    if !is_fine || values.next().is_some() {
        return Err(Problem::new(
            ProblemCode::IdempotencyKeyInvalid,
            format!(
                "Expected one Idempotency-Key of 1 to {MAX_KEY} visible ASCII characters without quotes and backslashes \
                 in it. Nothing was created."
            ),
        ));
    }
    let mut order = strict_json::parse(body)?;
    // As everywhere in this protocol, `null` is a field left out.
    if let Some(fields) = order.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    Ok(Some(Idempotency {
        key: Sha256::digest(key).into(),
        order: Sha256::digest(order.to_string()).into(),
    }))
}
