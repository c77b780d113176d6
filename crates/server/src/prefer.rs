//! What a reader asks for beside the document: `Prefer: wait=N` (RFC 7240) and `If-None-Match` (RFC 9110).

use std::time::Duration;

use axum::http::{HeaderMap, header};

/// The longest time a request is parked: below the 60 s after which many proxies give up.
pub const MAX_WAIT_S: u64 = 55;

/// How long the reader is willing to wait for a change, cut to [`MAX_WAIT_S`]. `None` if it did
/// not ask or asked unreadably: a preference is never an error.
#[must_use]
pub fn wait_s(headers: &HeaderMap) -> Option<u64> {
    headers
        .get_all("prefer")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|preference| {
            let (name, value) = preference.split(';').next()?.split_once('=')?;
            let value = value.trim().trim_matches('"');
            name.trim()
                .eq_ignore_ascii_case("wait")
                .then(|| value.parse::<u64>().ok())?
        })
        .map(|seconds| seconds.min(MAX_WAIT_S))
}

/// The same as a duration; zero if the reader does not wait.
#[must_use]
pub fn wait(headers: &HeaderMap) -> Duration {
    Duration::from_secs(wait_s(headers).unwrap_or(0))
}

/// True if the reader says that it holds the document with this entity tag.
#[must_use]
pub fn already_has(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == etag || tag == "*")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        values
            .iter()
            .map(|value| (name.parse().unwrap(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn reads_wait_among_other_preferences() {
        for (values, seconds) in [
            (&["wait=25"][..], Some(25)),
            (&["respond-async, Wait = \"5\"; x=1"], Some(5)),
            (&["handling=lenient", "wait=300"], Some(55)),
            (&["wait=-1"], None),
            (&["wait"], None),
            (&[], None),
        ] {
            assert_eq!(wait_s(&headers("prefer", values)), seconds, "{values:?}");
        }
    }

    #[test]
    fn compares_entity_tags_weakly() {
        for tag in ["\"3-ab\"", "W/\"3-ab\"", "\"x\", \"3-ab\"", "*"] {
            assert!(
                already_has(&headers("if-none-match", &[tag]), "\"3-ab\""),
                "{tag}"
            );
        }
        assert!(!already_has(
            &headers("if-none-match", &["\"2-ab\", 3-ab"]),
            "\"3-ab\""
        ));
    }
}
