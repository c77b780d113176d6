//! The page we are on: is it seen, is it connected, where is it.

use js_sys::Reflect;
use web_sys::VisibilityState;

pub(crate) fn is_hidden() -> bool {
    web_sys::window()
        .and_then(|w| w.document())
        .is_some_and(|d| d.visibility_state() == VisibilityState::Hidden)
}

/// `false` is certain, `true` is a hint.
pub(crate) fn is_online() -> bool {
    web_sys::window().is_none_or(|w| w.navigator().on_line())
}

/// Makes an address absolute against the page; only `https:` and `http:` can be asked.
pub(crate) fn absolute(address: &str) -> Option<String> {
    let base = web_sys::window()?.document()?.base_uri().ok()??;
    absolute_from(address, &base)
}

/// Makes an address absolute against `base`.
pub(crate) fn absolute_from(address: &str, base: &str) -> Option<String> {
    let url = web_sys::Url::new_with_base(address, base).ok()?;
    matches!(url.protocol().as_str(), "https:" | "http:").then(|| url.href())
}

/// True if requests to `url` share one connection (HTTP/2 or 3), as far as the browser tells of the last one. It tells
/// nothing of another origin that sends no `Timing-Allow-Origin`.
pub(crate) fn shares_connection(url: &str) -> bool {
    let performance = web_sys::window().and_then(|w| w.performance());
    let last = performance.map(|p| p.get_entries_by_name(url).pop());
    let told = last.and_then(|entry| Reflect::get(&entry, &"nextHopProtocol".into()).ok());
    let told = told.and_then(|protocol| protocol.as_string());
    told.is_some_and(|protocol| protocol.starts_with("h2") || protocol.starts_with("h3"))
}
