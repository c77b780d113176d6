//! One request and its answer.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::browser::abort::Abort;
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
    let request = request(what);
    set(&request, "signal", &abort.signal());
    let response = JsFuture::from(fetch(what.url, &request)).await;
    let response: Response = response.map_err(|_| Failure::Unreachable)?.unchecked_into();
    let headers = response.headers();
    let header = |name| headers.get(name);
    // Seven digits: nothing is read of what is too much by its own word. The rest is counted.
    if header("content-length").is_some_and(|length| length.len() > 6) {
        return Err(Failure::Unreadable);
    }
    let body = read(response.body()).await?;
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
    })
}

/// Reads to the end, or until it is too much: what was not read is not downloaded.
async fn read(stream: Option<Stream>) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    let Some(stream) = stream else {
        return Ok(body);
    };
    let reader = stream.reader();
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

fn http_date_ms(text: &str) -> Option<f64> {
    let ms = js_sys::Date::parse(text);
    (!ms.is_nan()).then_some(ms)
}

/// The second argument of `fetch`.
fn request(what: &Ask<'_>) -> Object {
    let headers = Object::new();
    let header = |name, value: &[&str]| set(&headers, name, &value.concat().into());
    if let Some(Token(token)) = what.token {
        header("authorization", &["Bearer ", token]);
    }
    if let Some(etag) = what.etag {
        header("if-none-match", &[etag]);
    }
    if let Some(seconds) = what.park_s {
        header("prefer", &["wait=", &seconds.to_string()]);
    }
    let cache = match what.cache {
        Cache::Nothing => "no-store",
        Cache::Revalidated => "no-cache",
    };
    let request = Object::new();
    for (name, value) in [
        ("cache", cache),
        ("credentials", "omit"),
        ("redirect", "error"),
        ("referrerPolicy", "no-referrer"),
    ] {
        set(&request, name, &value.into());
    }
    set(&request, "headers", &headers);
    request
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Fails only on a frozen object.
    let _ = Reflect::set(object, &name.into(), value);
}

// Only what is needed: the typed bindings cost more bytes than the whole of this file.
#[wasm_bindgen]
extern "C" {
    fn fetch(url: &str, request: &Object) -> Promise;

    type Response;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &Response) -> Headers;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Response) -> Option<Stream>;

    type Headers;
    #[wasm_bindgen(method)]
    fn get(this: &Headers, name: &str) -> Option<String>;

    /// `ReadableStream`.
    type Stream;
    #[wasm_bindgen(method, js_name = getReader)]
    fn reader(this: &Stream) -> Reader;

    /// `ReadableStreamDefaultReader`.
    type Reader;
    #[wasm_bindgen(method)]
    fn read(this: &Reader) -> Promise;
}
