//! What every page has: its head, its language, its headers, its style sheet.

use std::sync::LazyLock;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};
use payment_status_display::Words;
use sha2::{Digest as _, Sha256};

use super::locales::Choice;

/// No script, no picture, nothing from elsewhere; forms go to ourselves.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The style sheet of the pages.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Its own hash in its address: a new server's page never meets an old one's sheet.
static STYLE_VERSION: LazyLock<String> = LazyLock::new(|| {
    let hash = Sha256::digest(STYLE.as_bytes());
    hash.iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
});

/// A whole page. It stands one folder below the root of our paths.
pub(crate) fn page(choice: &Choice, title: &str, body: &Markup) -> Markup {
    let words = &choice.locale.words;
    let direction = match words.get(&["direction"]) {
        Some("rtl") => "rtl",
        Some(_) | None => "ltr",
    };
    html! {
        (DOCTYPE)
        html lang=(choice.locale.tag) dir=(direction) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href={ "../status/style.css?v=" (STYLE_VERSION.as_str()) };
            }
            body { main { (body) } }
        }
    }
}

/// A page that says one thing: a heading and sentences.
pub(crate) fn notice(choice: &Choice, heading: &str, sentences: &[String]) -> Markup {
    let title = said(&choice.locale.words, &["page", "title"]);
    let body = html! {
        section.card data-tone="hold" {
            header.head { h1 { (heading) } }
            div.part { @for sentence in sentences { p { (sentence) } } }
        }
    };
    page(choice, &title, &body)
}

/// A sentence without anything to fill in.
pub(crate) fn said(words: &Words, path: &[&str]) -> String {
    words.sentence(path, None, &[])
}

/// The answer with this page, under headers that keep it to this reader and this moment.
pub(crate) fn answer(status: StatusCode, page: Markup) -> Response {
    let mut response = (status, page.into_string()).into_response();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "accept-language, cookie"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
