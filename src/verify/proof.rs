//! An answer is believed only after this.

use payment_status_protocol::id::TransactionId;

use crate::browser::json::Json;
use crate::failure::Failure;
use crate::verify::crypto;
use crate::verify::jws::{Claims, parse, signing_input};
use crate::verify::keys::KeySource;

/// Proves that `header` signs `body` about `transaction` with one of the server's keys.
///
/// # Errors
/// [`Failure::BadSignature`], [`Failure::OtherTransaction`], [`Failure::KeysUnavailable`] or
/// [`Failure::UnsupportedBrowser`].
pub(crate) async fn prove(
    header: Option<&str>,
    body: &[u8],
    transaction: &TransactionId,
    keys: &KeySource,
) -> Result<Claims, Failure> {
    let signature = header.and_then(parse).ok_or(Failure::BadSignature)?;
    let claims = Json::parse(&signature.header)
        .and_then(|json| Claims::read(&json))
        .ok_or(Failure::BadSignature)?;
    let key = keys.key(&claims.kid).await?.ok_or(Failure::BadSignature)?;
    let message = signing_input(signature.protected, body);
    if !crypto::verify(&key, &signature.bytes, &message).await? {
        return Err(Failure::BadSignature);
    }
    if claims.txn != *transaction {
        return Err(Failure::OtherTransaction);
    }
    Ok(claims)
}
