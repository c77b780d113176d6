//! What this screen showed, with the signatures under it, as one small file that anybody can check later.

use std::rc::Rc;

use js_sys::JSON;
use payment_status_protocol::read::{self, Node};
use payment_status_protocol::time::Time;
use wasm_bindgen::JsValue;

use crate::browser::json::Json;
use crate::browser::reach::{asked, get, list, object, window};
use crate::config::{Config, Keys};
use crate::verify::jws;
use crate::watch::progress::Verified;

/// What a file should have at most (bytes). Larger only where the newest answer alone is.
const LIMIT: usize = 10 * 1024;

/// One version that stood on the screen.
#[derive(Clone)]
pub(super) struct Shown {
    /// As it came first.
    first: Verified,
    /// The last signature over it.
    last: Rc<str>,
}

/// Notes what stands on the screen now.
pub(super) fn remember(shown: &mut Vec<Shown>, held: &Verified) {
    if let Some(newest) = shown.last_mut()
        && newest.first.snapshot.version == held.snapshot.version
    {
        newest.last = Rc::clone(&held.signature);
        return;
    }
    shown.push(Shown {
        first: held.clone(),
        last: Rc::clone(&held.signature),
    });
    if shown.len() > 2 {
        shorten(shown);
    }
}

/// Never more than could be saved. The first and the newest stay.
fn shorten(shown: &mut Vec<Shown>) {
    let bytes = |shown: &[Shown]| shown.iter().map(|s| s.first.body.len()).sum::<usize>();
    while shown.len() > 2 && bytes(shown) > LIMIT {
        shown.remove(1);
    }
}

/// The file's text. What does not fit is left out: of the versions in between first, then the first, never the newest.
pub(super) async fn pack(
    config: &Config,
    locale: &str,
    mut shown: Vec<Shown>,
    saved_at: Time,
) -> Option<String> {
    let keys = keys_of(config, &shown).await;
    loop {
        let text = text_of(config, locale, &shown, saved_at, &keys)?;
        if text.len() <= LIMIT || shown.len() < 2 {
            return Some(text);
        }
        shown.remove(usize::from(shown.len() > 2));
    }
}

fn text_of(
    config: &Config,
    locale: &str,
    shown: &[Shown],
    saved_at: Time,
    keys: &[JsValue],
) -> Option<String> {
    let answers: Option<Vec<JsValue>> = shown.iter().map(answer).collect();
    let pack = object(&[
        ("format", "payment-status-evidence/1".into()),
        ("transaction", config.transaction.as_str().into()),
        ("src", (&*config.src).into()),
        ("party", config.party.as_str().into()),
        ("locale", locale.into()),
        ("saved_at", saved_at.to_string().into()),
        ("keys", object(&[("keys", list(keys).into())])),
        ("shown", list(&answers?).into()),
    ]);
    JSON::stringify(&pack).ok().map(String::from)
}

fn answer(shown: &Shown) -> Option<JsValue> {
    let Shown { first, last } = shown;
    let mut signatures = vec![JsValue::from_str(&first.signature)];
    if *last != first.signature {
        signatures.push(JsValue::from_str(last));
    }
    Some(object(&[
        ("version", (first.snapshot.version as f64).into()),
        ("match_code", (&*first.match_code).into()),
        ("signatures", list(&signatures).into()),
        ("body", std::str::from_utf8(&first.body).ok()?.into()),
    ]))
}

/// The public keys under whose names the answers were signed. None where they cannot be had again: whoever checks the
/// file compares with the server's own keys anyway.
async fn keys_of(config: &Config, shown: &[Shown]) -> Vec<JsValue> {
    let text = match &config.keys {
        Keys::Inline(text) => Some(text.to_string()),
        Keys::Fetched(url) => stored(url).await,
    };
    let set = text.and_then(|text| Json::parse(text.as_bytes()));
    let listed = set.and_then(|set| set.get("keys")?.items());
    let named = |signature: &str| {
        let header = jws::parse(signature)?.header;
        read::text(&Json::parse(&header)?, "kid")
    };
    let names: Vec<_> = shown
        .iter()
        .flat_map(|s| [named(&s.first.signature), named(&s.last)])
        .flatten()
        .collect();
    let used = listed.into_iter().flatten().filter(|key| {
        let kid = read::text(key, "kid");
        kid.is_some_and(|kid| names.contains(&kid))
    });
    used.map(JsValue::from).collect()
}

/// As the browser still has it, so that the proof can be saved without a connection too.
async fn stored(url: &str) -> Option<String> {
    let request = object(&[
        ("cache", "force-cache".into()),
        ("credentials", "omit".into()),
        ("redirect", "error".into()),
        ("referrerPolicy", "no-referrer".into()),
    ]);
    let answer = asked(&window(), "fetch", &[url.into(), request]).await?;
    get(&answer, "ok").is_truthy().then_some(())?;
    asked(&answer, "text", &[]).await?.as_string()
}
