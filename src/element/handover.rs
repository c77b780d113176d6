//! A code for the other party's device: it opens the same payment there.

use payment_status_protocol::read::{self, Node};
use payment_status_protocol::time::Time;
use wasm_bindgen::JsValue;

use crate::browser::json::Json;
use crate::browser::reach::{asked, call, get, object, window};
use crate::config::{Config, Token};

/// For how long we wait for an answer (ms).
const ANSWER_LIMIT_MS: f64 = 15_000.0;
/// A QR code has 21 to 177 modules on a side, and a quiet zone around it.
const MODULES: std::ops::RangeInclusive<u64> = 21..=200;
/// More than the path of the largest code (bytes).
const PATH_LIMIT: usize = 512 * 1024;

/// A code to scan.
pub(super) struct Made {
    pub(super) until: Time,
    pub(super) size: u64,
    pub(super) path: String,
}

/// Why there is none.
pub(super) enum Refused {
    /// This backend makes none.
    NotOffered,
    /// It may work another time.
    Failed,
}

/// Asks the backend for a code.
pub(super) async fn ask(config: &Config) -> Result<Made, Refused> {
    let url = config.sibling("handover").ok_or(Refused::NotOffered)?;
    let answer = asked(&window(), "fetch", &[url.into(), request(&config.token)]).await;
    let answer = answer.ok_or(Refused::Failed)?;
    match get(&answer, "status").as_f64().unwrap_or_default() as u16 {
        201 => {}
        404 | 405 | 501 => return Err(Refused::NotOffered),
        _ => return Err(Refused::Failed),
    }
    let text = asked(&answer, "text", &[]).await;
    let text = text.and_then(|text| text.as_string());
    text.and_then(|text| read(&text)).ok_or(Refused::Failed)
}

fn request(Token(token): &Token) -> JsValue {
    let limit = call(
        &get(&window(), "AbortSignal"),
        "timeout",
        &[ANSWER_LIMIT_MS.into()],
    );
    let headers = [
        ("authorization", ["Bearer ", token].concat().into()),
        ("content-type", "application/json".into()),
    ];
    object(&[
        ("method", "POST".into()),
        ("body", "{}".into()),
        ("headers", object(&headers)),
        ("cache", "no-store".into()),
        ("credentials", "omit".into()),
        ("redirect", "error".into()),
        ("referrerPolicy", "no-referrer".into()),
        ("signal", limit.unwrap_or(JsValue::UNDEFINED)),
    ])
}

/// Nothing but a picture of squares goes from here to the page.
fn read(text: &str) -> Option<Made> {
    let answer = Json::parse(text.as_bytes())?;
    let code = answer.get("qr")?;
    let (size, path) = (read::integer(&code, "size")?, read::text(&code, "path")?);
    let is_path = path.starts_with('M')
        && path.len() <= PATH_LIMIT
        && path.chars().all(|c| "MmLlHhVvZz0123456789 ,.-".contains(c));
    (MODULES.contains(&size) && is_path).then_some(())?;
    Some(Made {
        until: Time::try_from(&*read::text(&answer, "expires_at")?).ok()?,
        size,
        path: path.into(),
    })
}
