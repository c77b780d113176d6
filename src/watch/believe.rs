//! From bytes to something that may be shown, whoever delivered them: the server, or another tab.

use std::rc::Rc;

use futures::future::join;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::match_code::match_code;
use payment_status_protocol::read;

use crate::browser::json::Json;
use crate::client::Answer;
use crate::config::Token;
use crate::failure::Failure;
use crate::verify::{KeySource, prove, sha256};
use crate::watch::progress::{Event, Verified};

/// What is watched.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) src: Box<str>,
    pub(crate) transaction: TransactionId,
    pub(crate) token: Token,
    pub(crate) keys: KeySource,
}

/// What an answer says, proven; `held` is what we have.
///
/// # Errors
/// Why it must not be shown.
pub(crate) async fn believe(
    target: &Target,
    answer: Answer,
    held: Option<Verified>,
) -> Result<Event, Failure> {
    match answer.status {
        // A page of somebody else, such as the log-in page of a café's network, and no attempt at an answer.
        200 if answer.signature.is_none() && !answer.is_json => return Err(Failure::Unreadable),
        200 => {}
        304 => {
            let held = held.ok_or(Failure::Unreadable)?;
            let claims = prove(
                answer.signature.as_deref(),
                &held.body,
                &target.transaction,
                &target.keys,
            )
            .await?;
            if claims.ver != held.snapshot.version {
                return Err(Failure::BadSignature);
            }
            return Ok(Event::Unchanged {
                signed_at_s: claims.iat,
                signature: kept(answer.signature),
            });
        }
        401 | 403 | 404 | 410 => return Err(Failure::NotFound),
        300..=399 => return Err(Failure::Unreadable),
        _ => return Err(Failure::Unreachable),
    }

    // Side by side: each is a journey to another thread of the browser and back.
    let (claims, body_sha256) = join(
        prove(
            answer.signature.as_deref(),
            &answer.body,
            &target.transaction,
            &target.keys,
        ),
        sha256(&answer.body),
    )
    .await;
    let (claims, body_sha256) = (claims?, body_sha256?);
    let snapshot = Json::parse(&answer.body)
        .and_then(|json| read::snapshot(&json))
        .ok_or(Failure::Unreadable)?;
    if snapshot.transaction != target.transaction {
        return Err(Failure::OtherTransaction);
    }
    if snapshot.version != claims.ver {
        return Err(Failure::BadSignature);
    }
    // Sent back in a header, so it may hold nothing that a header may not.
    let etag = answer
        .etag
        .filter(|tag| tag.bytes().all(|b| b.is_ascii_graphic()))
        .map(Rc::from);
    Ok(Event::Answer(Verified {
        snapshot: Rc::new(snapshot),
        body_sha256,
        match_code: match_code(&body_sha256).into(),
        etag,
        body: answer.body.into(),
        signed_at_s: claims.iat,
        signature: kept(answer.signature),
    }))
}

/// What was proven stands in the evidence as it came.
fn kept(signature: Option<String>) -> Rc<str> {
    signature.unwrap_or_default().trim().into()
}
