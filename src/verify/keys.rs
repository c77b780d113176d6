//! The server's public keys: pinned by the host page, or fetched once per page and again when a key
//! is asked for that the set does not have (a rotation).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::{LocalBoxFuture, Shared};
use serde::Deserialize;
use web_sys::CryptoKey;

use crate::browser::clock::now_ms;
use crate::client::{self, Ask};
use crate::element::config::Keys;
use crate::failure::Failure;
use crate::verify::crypto;

/// A forged key id must not make every screen fetch the key set at every answer.
const REFETCH_AFTER_MS: f64 = 10_000.0;

type KeySet = Rc<BTreeMap<Box<str>, CryptoKey>>;
type Loading = Shared<LocalBoxFuture<'static, Result<KeySet, Failure>>>;

thread_local! {
    /// One set per source on the page, with the time of its loading.
    static SETS: RefCell<BTreeMap<Keys, (f64, Loading)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Where one watch's keys come from.
#[derive(Clone)]
pub(crate) struct KeySource(pub(crate) Keys);

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Jwk>,
}

/// An Ed25519 key; keys of other kinds are skipped.
#[derive(Deserialize)]
struct Jwk {
    kty: Option<Box<str>>,
    crv: Option<Box<str>>,
    kid: Option<Box<str>>,
    x: Option<Box<str>>,
}

impl KeySource {
    /// Begins to load, so that the keys are there when the first answer comes.
    pub(crate) fn prefetch(&self) {
        let loading = self.loading(false);
        wasm_bindgen_futures::spawn_local(async move {
            // Whoever needs the keys handles the failure.
            let _ = loading.await;
        });
    }

    /// The key named `kid`; `None` if the source does not have it, asked afresh.
    pub(crate) async fn key(&self, kid: &str) -> Result<Option<CryptoKey>, Failure> {
        for afresh in [false, true] {
            let set = match self.loading(afresh).await {
                Ok(set) => set,
                Err(failure) => {
                    // Not remembered: the next answer tries again.
                    SETS.with_borrow_mut(|sets| sets.remove(&self.0));
                    return Err(failure);
                }
            };
            if let Some(key) = set.get(kid) {
                return Ok(Some(key.clone()));
            }
        }
        Ok(None)
    }

    fn loading(&self, afresh: bool) -> Loading {
        SETS.with_borrow_mut(|sets| {
            if let Some((since_ms, loading)) = sets.get(&self.0) {
                let pinned = matches!(self.0, Keys::Inline(_));
                if !afresh || pinned || now_ms() - since_ms < REFETCH_AFTER_MS {
                    return loading.clone();
                }
            }
            let loading = load(self.0.clone()).boxed_local().shared();
            sets.insert(self.0.clone(), (now_ms(), loading.clone()));
            loading
        })
    }
}

async fn load(source: Keys) -> Result<KeySet, Failure> {
    let text = match source {
        Keys::Inline(text) => text.as_bytes().to_vec(),
        Keys::Fetched(url) => {
            let answer = client::ask(&Ask { url: &url, token: None, etag: None, park_s: None }).await;
            let answer = answer.map_err(|_| Failure::KeysUnavailable)?;
            if answer.status != 200 {
                return Err(Failure::KeysUnavailable);
            }
            answer.body
        }
    };
    let set: JwkSet = serde_json::from_slice(&text).map_err(|_| Failure::KeysUnavailable)?;
    let mut keys = BTreeMap::new();
    for jwk in set.keys {
        if let Jwk { kty: Some(kty), crv: Some(crv), kid: Some(kid), x: Some(x) } = jwk
            && (&*kty, &*crv) == ("OKP", "Ed25519")
        {
            keys.insert(kid, crypto::import(&x).await?);
        }
    }
    Ok(Rc::new(keys))
}
