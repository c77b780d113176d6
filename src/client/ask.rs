//! One request and its answer.

use gloo_net::http::{Request, RequestBuilder};
use web_sys::{ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use crate::browser::abort::Abort;
use crate::client::retry_after::retry_after_ms;
use crate::config::Token;
use crate::failure::Failure;

/// No document of the protocol is larger (bytes); whatever is, is not one.
const BODY_LIMIT: usize = 512 * 1024;

/// A server's answer, not yet believed.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Empty for a `304`.
    pub(crate) body: Vec<u8>,
    pub(crate) etag: Option<String>,
    pub(crate) signature: Option<String>,
    pub(crate) retry_after_ms: Option<f64>,
    /// The server honoured `Prefer: wait`.
    pub(crate) parks: bool,
}

/// What to ask for.
pub(crate) struct Ask<'a> {
    pub(crate) url: &'a str,
    pub(crate) token: Option<&'a Token>,
    /// The `ETag` of the answer we hold.
    pub(crate) etag: Option<&'a str>,
    /// Seconds for which the request may be parked.
    pub(crate) park_s: Option<u32>,
    pub(crate) cache: Cache,
}

/// What the browser may remember of an answer.
#[derive(Clone, Copy)]
pub(crate) enum Cache {
    /// Nothing: the widget compares ETags itself, and a cache in between would hide the fresh signature.
    Nothing,
    /// All, but it asks whether it is still true: keys rotate.
    Revalidated,
}

/// Sends one request and reads its answer. Dropping the future aborts the request.
///
/// # Errors
/// [`Failure::Unreachable`] if no answer came, [`Failure::Unreadable`] if it is too large to be one of ours.
pub(crate) async fn ask(what: &Ask<'_>) -> Result<Answer, Failure> {
    let abort = Abort::new().ok_or(Failure::UnsupportedBrowser)?;
    let response = request(what)
        .abort_signal(Some(&abort.signal()))
        .send()
        .await
        .map_err(|_| Failure::Unreachable)?;
    let headers = response.headers();
    let body = response.binary().await.map_err(|_| Failure::Unreachable)?;
    if body.len() > BODY_LIMIT {
        return Err(Failure::Unreadable);
    }
    Ok(Answer {
        status: response.status(),
        body,
        etag: headers.get("etag"),
        signature: headers.get("payment-status-signature"),
        retry_after_ms: headers
            .get("retry-after")
            .and_then(|value| retry_after_ms(&value)),
        parks: headers
            .get("preference-applied")
            .is_some_and(|value| value.starts_with("wait")),
    })
}

fn request(what: &Ask<'_>) -> RequestBuilder {
    let mut request = Request::get(what.url)
        .cache(match what.cache {
            Cache::Nothing => RequestCache::NoStore,
            Cache::Revalidated => RequestCache::NoCache,
        })
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .referrer_policy(ReferrerPolicy::NoReferrer);
    if let Some(Token(token)) = what.token {
        request = request.header("authorization", &["Bearer ", token].concat());
    }
    if let Some(etag) = what.etag {
        request = request.header("if-none-match", etag);
    }
    if let Some(seconds) = what.park_s {
        request = request.header("prefer", &["wait=", &seconds.to_string()].concat());
    }
    request
}
