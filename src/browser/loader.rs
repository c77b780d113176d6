//! What the loader (`www/payment-status.js`) lends to the program: the same for every element of a page.

use std::cell::RefCell;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::browser::abort::Abort;

struct Loader {
    more: Option<Function>,
    early: Option<Function>,
}

thread_local! {
    static LOADER: RefCell<Option<Loader>> = const { RefCell::new(None) };
}

/// Takes what is lent: `more` brings the half of the wasm that no first view needs, `early` hands out an answer that
/// was asked for while the program was on its way.
pub(crate) fn lend(more: Option<Function>, early: Option<Function>) {
    LOADER.replace(Some(Loader { more, early }));
}

/// Ends when the half of the wasm is there that no first view needs. Whatever runs behind it can rely on it. What runs
/// before, and is not in the first half, would hold up the page (docs/adr/0012-two-halves.md).
pub(crate) async fn rest() {
    let more = LOADER.with_borrow(|loader| loader.as_ref()?.more.clone());
    let coming = more.and_then(|more| more.call0(&JsValue::UNDEFINED).ok());
    if let Some(coming) = coming {
        // The loader asks until it comes.
        let _ = JsFuture::from(Promise::resolve(&coming)).await;
    }
}

/// The promise of a `Response` from `url` and of when it came (ms of `performance.now()` and of `Date.now()`), and what
/// gives it up; `None` if it was not asked for, or was handed out before.
pub(crate) fn early(url: &str, token: &str) -> Option<(Promise, Abort)> {
    let early = LOADER.with_borrow(|loader| loader.as_ref()?.early.clone())?;
    let given = early.call2(&JsValue::UNDEFINED, &url.into(), &token.into());
    let given: Array = given.ok()?.dyn_into().ok()?;
    let quit: AbortController = given.get(1).unchecked_into();
    Some((Promise::resolve(&given.get(0)), Abort::from(quit)))
}
