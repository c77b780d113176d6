//! Where people reach this server: what a hand-over's address begins with.

use std::net::{IpAddr, SocketAddr};

use axum::http::Uri;

/// `https://pay.example` or `https://pay.example/status-server`: no slash at the end. Plain `http` only on loopback,
/// where browsers keep secrets too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    base: String,
    origin_length: usize,
    is_https: bool,
}

impl PublicUrl {
    /// Of a server that listens on loopback: people reach it on this machine.
    #[must_use]
    pub fn of_loopback(address: SocketAddr) -> Option<Self> {
        let base = format!("http://{address}");
        address.ip().is_loopback().then_some(Self {
            origin_length: base.len(),
            base,
            is_https: false,
        })
    }

    /// From what an operator typed.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || {
            format!(
                "expected https://host, with a port and a path if need be, got {text:?} \
                 (http:// only for this machine)"
            )
        };
        let uri: Uri = text.parse().map_err(|_| expected())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(expected());
        };
        let is_https = scheme.eq_ignore_ascii_case("https");
        let is_http_here = scheme.eq_ignore_ascii_case("http") && is_this_machine(authority.host());
        // A path that a cookie or a relative address could read otherwise than we do.
        let path = uri.path().trim_end_matches('/');
        let path_is_plain = path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/-_.~".contains(&b))
            && !path.split('/').any(|part| matches!(part, "." | ".."));
        let is_bare =
            uri.query().is_none() && !text.contains('#') && !authority.as_str().contains('@');
        if !(is_https || is_http_here) || !path_is_plain || !is_bare {
            return Err(expected());
        }
        let origin = format!("{scheme}://{authority}").to_ascii_lowercase();
        Ok(Self {
            origin_length: origin.len(),
            base: origin + path,
            is_https,
        })
    }

    /// The whole, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Scheme, host and port, as browsers send it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.base.get(..self.origin_length).unwrap_or(&self.base)
    }

    /// What stands before our paths: empty, or `/status-server`.
    #[must_use]
    pub fn path(&self) -> &str {
        self.base.get(self.origin_length..).unwrap_or("")
    }

    /// True if browsers reach it by TLS alone.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.is_https
    }
}

fn is_this_machine(host: &str) -> bool {
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host.eq_ignore_ascii_case("localhost") || address.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let url = PublicUrl::parse("https://Pay.example:8443/status/").unwrap();
        assert_eq!(url.base(), "https://pay.example:8443/status");
        assert_eq!(
            (url.origin(), url.path()),
            ("https://pay.example:8443", "/status")
        );
        assert!(url.is_https());
        let url = PublicUrl::parse("https://pay.example").unwrap();
        assert_eq!((url.origin(), url.path()), ("https://pay.example", ""));
        for here in [
            "http://localhost:1",
            "http://127.0.0.1",
            "http://[::1]:8790/",
        ] {
            assert!(!PublicUrl::parse(here).unwrap().is_https(), "{here}");
        }
    }

    #[test]
    fn others_are_refused() {
        for text in [
            "",
            "pay.example",
            "http://pay.example",
            "http://192.168.0.2",
            "ftp://pay.example",
            "https://user@pay.example",
            "https://pay.example/?a=b",
            "https://pay.example/#a",
            "https://pay.example/a;b",
            "https://pay.example/../x",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_a_loopback_address_needs_no_option() {
        let of = |text: &str| PublicUrl::of_loopback(text.parse().unwrap());
        assert_eq!(
            of("127.0.0.1:8790").unwrap().base(),
            "http://127.0.0.1:8790"
        );
        assert_eq!(of("[::1]:8790").unwrap().origin(), "http://[::1]:8790");
        assert_eq!(of("0.0.0.0:8790"), None);
        assert_eq!(of("192.168.0.2:8790"), None);
    }
}
