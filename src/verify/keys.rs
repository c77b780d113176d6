//! The server's public keys: pinned by the host page, or fetched once per page and again when a key
//! is asked for that the set does not have (a rotation).

use std::cell::RefCell;

use js_sys::{Map, Promise};
use payment_status_protocol::read::{self, Node};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::CryptoKey;

use crate::browser::clock::now_ms;
use crate::browser::json::Json;
use crate::browser::task::spawn;
use crate::client::{self, Answer, Ask, Cache};
use crate::config::Keys;
use crate::failure::Failure;
use crate::verify::crypto;

/// A forged key id must not make every screen fetch the key set at every answer.
const REFETCH_AFTER_MS: f64 = 10_000.0;

/// An answer that cannot be proven for so long is no answer.
const LIMIT_MS: f64 = 10_000.0;

/// A key set on its way: the promise of a `Map` from key id to `CryptoKey`, awaited by many.
#[derive(Clone)]
struct Loading {
    since_ms: f64,
    set: Promise,
}

thread_local! {
    /// One set per source on the page.
    static SETS: RefCell<Vec<(Keys, Loading)>> = const { RefCell::new(Vec::new()) };
}

/// Where one watch's keys come from.
#[derive(Clone)]
pub(crate) struct KeySource(pub(crate) Keys);

impl KeySource {
    /// Begins to load, so that the keys are there when the first answer comes.
    pub(crate) fn prefetch(&self) {
        let set = self.loading(false).set;
        spawn(async move {
            // Whoever needs the keys handles the failure; here it only must not stay unheard.
            let _ = JsFuture::from(set).await;
        });
    }

    /// The key named `kid`; `None` if the source does not have it, asked afresh.
    pub(crate) async fn key(&self, kid: &str) -> Result<Option<CryptoKey>, Failure> {
        for afresh in [false, true] {
            let Ok(set) = JsFuture::from(self.loading(afresh).set).await else {
                return Err(match self.0 {
                    Keys::Inline(_) => Failure::Configuration("keys"),
                    Keys::Fetched(_) => Failure::KeysUnavailable,
                });
            };
            let key = set.dyn_ref::<Map>().map(|set| set.get(&kid.into()));
            if let Some(key) = key.filter(|key| !key.is_undefined()) {
                // What the browser cannot import stands in the set as `null`.
                return key
                    .dyn_into()
                    .map(Some)
                    .map_err(|_| Failure::UnsupportedBrowser);
            }
        }
        Ok(None)
    }

    fn loading(&self, afresh: bool) -> Loading {
        SETS.with_borrow_mut(|sets| {
            let known = sets.iter().position(|(source, _)| *source == self.0);
            if let Some((_, loading)) = known.and_then(|index| sets.get(index)) {
                let pinned = matches!(self.0, Keys::Inline(_));
                if !afresh || pinned || now_ms() - loading.since_ms < REFETCH_AFTER_MS {
                    return loading.clone();
                }
            }
            if let Some(index) = known {
                sets.swap_remove(index);
            }
            let set = future_to_promise(load_or_forget(self.0.clone()));
            let loading = Loading {
                since_ms: now_ms(),
                set,
            };
            sets.push((self.0.clone(), loading.clone()));
            loading
        })
    }
}

/// A failed load is not remembered, also where nobody waited for it: the next answer tries again.
async fn load_or_forget(source: Keys) -> Result<JsValue, JsValue> {
    let set = load(source.clone()).await;
    if set.is_err() {
        SETS.with_borrow_mut(|sets| sets.retain(|(known, _)| *known != source));
    }
    set
}

async fn ask(url: &str) -> Result<Answer, Failure> {
    let ask = Ask {
        url,
        token: None,
        etag: None,
        park_s: None,
        cache: Cache::Revalidated,
    };
    client::ask(&ask, LIMIT_MS).await
}

/// Ends with the `Map`, or with `undefined` as its error: every cause is "no keys" to the reader.
async fn load(source: Keys) -> Result<JsValue, JsValue> {
    let text = match source {
        Keys::Inline(text) => text.as_bytes().to_vec(),
        Keys::Fetched(url) => {
            let answer = match client::early(&url, "").await {
                Some(answer) => answer,
                None => ask(&url).await,
            };
            answer
                .ok()
                .filter(|answer| answer.status == 200)
                .ok_or(JsValue::UNDEFINED)?
                .body
        }
    };
    let listed = Json::parse(&text)
        .and_then(|json| json.get("keys")?.items())
        .ok_or(JsValue::UNDEFINED)?;
    let keys = Map::new();
    for jwk in listed {
        // Keys of other kinds are none of ours.
        let is_ed25519 = read::text(&jwk, "crv").as_deref() == Some("Ed25519");
        if let (true, Some(kid), Some(x)) =
            (is_ed25519, read::text(&jwk, "kid"), read::text(&jwk, "x"))
        {
            let key = crypto::import(&x)
                .await
                .map_or(JsValue::NULL, JsValue::from);
            keys.set(&JsValue::from_str(&kid), &key);
        }
    }
    Ok(keys.into())
}
