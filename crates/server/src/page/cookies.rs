//! The two cookies of the pages: the form's proof that it came from our page, and the device's right to look.
//!
//! Both are `HttpOnly`, `SameSite=Strict` and bound to one path. By TLS they are `Secure` with the prefix that makes
//! browsers insist on it; plain `http` is only ever this machine.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::public_url::PublicUrl;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Proves that the form which opens a code came from our page.
    Form,
    /// The token of a device that a transaction was handed over to.
    Viewer,
}

impl Cookie {
    fn name(self, url: &PublicUrl) -> &'static str {
        match (self, url.is_https()) {
            (Self::Form, true) => "__Secure-payment-status-form",
            (Self::Form, false) => "payment-status-form",
            (Self::Viewer, true) => "__Secure-payment-status-viewer",
            (Self::Viewer, false) => "payment-status-viewer",
        }
    }

    /// `Set-Cookie` for the page at `path` (ours, with its slash).
    pub(crate) fn set(
        self,
        url: &PublicUrl,
        value: &str,
        path: &str,
        max_age_s: i64,
    ) -> Option<HeaderValue> {
        let name = self.name(url);
        let secure = if url.is_https() { "; Secure" } else { "" };
        let prefix = url.path();
        HeaderValue::try_from(format!(
            "{name}={value}; Path={prefix}{path}; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}"
        ))
        .ok()
    }

    /// Its values, most specific path first (RFC 6265, section 5.4).
    pub(crate) fn values<'h>(
        self,
        url: &PublicUrl,
        headers: &'h HeaderMap,
    ) -> impl Iterator<Item = &'h str> {
        let wanted = self.name(url);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(move |(name, _)| *name == wanted)
            .map(|(_, value)| value)
    }
}
