//! One request and its answer.

use futures::future::{Either, select};
use futures::pin_mut;
use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use crate::browser::abort::Abort;
use crate::browser::clock::{mono_ms, sleep_ms};
use crate::browser::loader;
use crate::client::retry_after::retry_after_ms;
use crate::config::Token;
use crate::failure::Failure;

/// No document of the protocol is larger (bytes); whatever is, is not one.
pub(crate) const BODY_LIMIT: usize = 512 * 1024;

/// A server's answer, not yet believed.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Empty for a `304`.
    pub(crate) body: Vec<u8>,
    pub(crate) etag: Option<String>,
    pub(crate) signature: Option<String>,
    /// It says that it is JSON.
    pub(crate) is_json: bool,
    pub(crate) retry_after_ms: Option<f64>,
    /// The server honoured `Prefer: wait`.
    pub(crate) parks: bool,
    /// How long it lay here before it was read.
    pub(crate) age_ms: f64,
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

/// Sends one request and reads its answer, within `limit_ms`. Dropping the future aborts the request.
///
/// # Errors
/// [`Failure::Unreachable`] if no answer came, [`Failure::Unreadable`] if it is too large to be one of ours.
pub(crate) async fn ask(what: &Ask<'_>, limit_ms: f64) -> Result<Answer, Failure> {
    loader::rest().await;
    let (sending, too_late) = (send(what), sleep_ms(limit_ms));
    pin_mut!(sending, too_late);
    match select(sending, too_late).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(Failure::Unreachable),
    }
}

async fn send(what: &Ask<'_>) -> Result<Answer, Failure> {
    let abort = Abort::new().ok_or(Failure::UnsupportedBrowser)?;
    let response = request(what)
        .abort_signal(Some(&abort.signal()))
        .send()
        .await
        .map_err(|_| Failure::Unreachable)?;
    let answer = read(&response).await?;
    abort.done();
    Ok(answer)
}

/// The answer to what the loader has asked while this program was on its way; `None` if it has not.
/// Each is given once. `token` is empty where none was sent. Dropping the future aborts the request.
pub(crate) async fn early(url: &str, token: &str) -> Option<Result<Answer, Failure>> {
    let (coming, abort) = loader::early(url, token)?;
    let given = JsFuture::from(coming).await;
    let Ok(Ok(given)) = given.map(JsCast::dyn_into::<Array>) else {
        return Some(Err(Failure::Unreachable));
    };
    // The response, and when it came by two clocks: the one that nobody sets may stand still while the device sleeps.
    let response: web_sys::Response = given.get(0).unchecked_into();
    let mut answer = read(&response.into()).await;
    if let Ok(answer) = &mut answer {
        let since = |now: f64, clock| given.get(clock).as_f64().map_or(0.0, |came| now - came);
        let (steady, wall) = (since(mono_ms(), 1), since(js_sys::Date::now(), 2));
        answer.age_ms = steady.max(wall);
        abort.done();
    }
    Some(answer)
}

async fn read(response: &Response) -> Result<Answer, Failure> {
    let headers = response.headers();
    let header = |name| headers.get(name);
    // Seven digits: nothing is read of what is too much by its own word. The rest is counted.
    if header("content-length").is_some_and(|length| length.len() > 6) {
        return Err(Failure::Unreadable);
    }
    let body = body(response.body()).await?;
    let date = header("date");
    Ok(Answer {
        status: response.status(),
        body,
        etag: header("etag"),
        signature: header("payment-status-signature"),
        is_json: header("content-type")
            .is_some_and(|kind| kind.as_bytes().windows(4).any(|w| w == b"json")),
        retry_after_ms: header("retry-after")
            .and_then(|value| retry_after_ms(&value, date.as_deref(), http_date_ms)),
        parks: header("preference-applied").is_some_and(|value| value.starts_with("wait")),
        age_ms: 0.0,
    })
}

/// Reads to the end, or until it is too much: what was not read is not downloaded.
async fn body(stream: Option<ReadableStream>) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let Some(stream) = stream else {
        return Ok(body);
    };
    let reader: Reader = stream.get_reader().unchecked_into();
    loop {
        let part = JsFuture::from(reader.read()).await;
        let part = part.map_err(|_| Failure::Unreachable)?;
        let bytes = Reflect::get(&part, &"value".into());
        let Some(bytes) = bytes.ok().and_then(|b| b.dyn_into::<Uint8Array>().ok()) else {
            return Ok(body);
        };
        if body.len() + bytes.length() as usize > BODY_LIMIT {
            return Err(Failure::Unreadable);
        }
        body.extend(bytes.to_vec());
    }
}

#[wasm_bindgen]
extern "C" {
    /// `ReadableStreamDefaultReader`; web-sys would want a feature of its own for it.
    type Reader;
    #[wasm_bindgen(method)]
    fn read(this: &Reader) -> Promise;
}

fn http_date_ms(text: &str) -> Option<f64> {
    let ms = js_sys::Date::parse(text);
    (!ms.is_nan()).then_some(ms)
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
