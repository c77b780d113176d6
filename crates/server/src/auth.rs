//! Who asks, and what it opens.
//!
//! A missing transaction and a credential that is not for it get one answer, after the same work.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, header};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;

use crate::app::App;
use crate::problem::{Problem, ProblemCode};
use crate::secret::SecretHash;
use crate::store::{ByToken, Current};
use crate::time::now;

/// The hash of the bearer credential.
///
/// # Errors
/// `credentials-missing`.
pub fn bearer(headers: &HeaderMap) -> Result<SecretHash, Problem> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, credential)| {
            scheme.eq_ignore_ascii_case("bearer") && !credential.trim().is_empty()
        })
        .map(|(_, credential)| SecretHash::of(credential.trim()))
        .ok_or_else(|| {
            Problem::new(
                ProblemCode::CredentialsMissing,
                "Expected Authorization: Bearer and a token or key.",
            )
        })
}

/// The id in the path. One that is malformed is a transaction that does not exist.
///
/// # Errors
/// `not-found`.
pub fn id_of(path: Result<Path<TransactionId>, PathRejection>) -> Result<TransactionId, Problem> {
    path.map(|Path(id)| id).map_err(|_| Problem::not_found())
}

/// The current document, for a token of this transaction or the support key.
///
/// # Errors
/// `not-found`, `store-unavailable`; `wrong-party` for the token of a device that it was handed over to.
pub async fn open_transaction(
    app: &App,
    id: &TransactionId,
    credential: &SecretHash,
) -> Result<(Party, Current), Problem> {
    let opened = view_transaction(app, id, credential).await?;
    if opened.only_views {
        return Err(Problem::new(
            ProblemCode::WrongParty,
            format!("What was handed over reads /v1/transactions/{id}/status alone."),
        ));
    }
    Ok((opened.party, opened.current))
}

/// The current document, also for the token of a device that it was handed over to: for the status
/// and nothing else.
///
/// # Errors
/// `not-found`, `store-unavailable`.
pub async fn view_transaction(
    app: &App,
    id: &TransactionId,
    credential: &SecretHash,
) -> Result<ByToken, Problem> {
    let is_support = app.credentials.is_support(credential);
    let by_token = app.store.current_by_token(credential, now()).await?;
    match by_token {
        Some(opened) if opened.current.transaction == *id => Ok(opened),
        _ if is_support => match app.store.current(id).await? {
            Some(current) => Ok(ByToken {
                party: Party::Support,
                only_views: false,
                current,
            }),
            None => Err(Problem::not_found()),
        },
        _ => Err(Problem::not_found()),
    }
}

/// The merchant whose key this is.
///
/// # Errors
/// `credentials-missing`: what was shown is no merchant's key. It depends on nothing that exists.
pub fn merchant<'a>(app: &'a App, credential: &SecretHash) -> Result<&'a str, Problem> {
    app.credentials
        .merchant(credential)
        .ok_or_else(|| missing_key("a merchant key (psm_…)"))
}

/// Checks that this is a support key.
///
/// # Errors
/// `credentials-missing`, as for [`merchant`].
pub fn support(app: &App, credential: &SecretHash) -> Result<(), Problem> {
    if app.credentials.is_support(credential) {
        Ok(())
    } else {
        Err(missing_key("a support key (pss_…)"))
    }
}

fn missing_key(expected: &str) -> Problem {
    Problem::new(
        ProblemCode::CredentialsMissing,
        format!("Expected Authorization: Bearer and {expected}; another credential came."),
    )
}
