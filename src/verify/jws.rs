//! Reads `Payment-Status-Signature`: a detached JWS (RFC 7515 appendix F) with an unencoded
//! payload (RFC 7797), signed with Ed25519 (RFC 8037).

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::read::{self, Node};

/// The parts of the header's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature<'a> {
    /// The protected header as it came; the first part of the signed bytes.
    pub protected: &'a str,
    /// The protected header decoded: JSON, for [`Claims::read`].
    pub header: Vec<u8>,
    /// The 64 bytes of the signature.
    pub bytes: [u8; 64],
}

/// What the server signed beside the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Which key signed.
    pub kid: Box<str>,
    /// The transaction that the body is about.
    pub txn: TransactionId,
    /// The version of the body.
    pub ver: u64,
    /// When it was signed, Unix seconds.
    pub iat: i64,
}

/// Takes the header's value apart; `None` where it is not `<protected>..<signature>`.
#[must_use]
pub fn parse(header: &str) -> Option<Signature<'_>> {
    let (protected, signature) = detached(header.trim())?;
    let bytes = decode_base64url(signature)?.try_into().ok()?;
    Some(Signature {
        protected,
        header: decode_base64url(protected)?,
        bytes,
    })
}

/// `<protected>..<signature>`: the payload between the dots is left out.
fn detached(value: &str) -> Option<(&str, &str)> {
    let (protected, rest) = value.split_once('.')?;
    Some((protected, rest.strip_prefix('.')?))
}

impl Claims {
    /// Reads the protected header; `None` where anything is not exactly as the protocol says.
    pub fn read<N: Node>(header: &N) -> Option<Self> {
        // An algorithm that the sender may choose is a way in; `crit` may name nothing that we do not implement.
        let crit = header.get("crit")?.items()?;
        let as_agreed = *read::text(header, "alg")? == *"EdDSA"
            && !header.get("b64")?.boolean()?
            && !crit.is_empty()
            && crit
                .iter()
                .all(|name| name.text().as_deref() == Some("b64"));
        as_agreed.then_some(())?;
        Some(Self {
            kid: read::text(header, "kid")?,
            txn: read::transaction(header, "txn")?,
            ver: read::integer(header, "ver")?,
            iat: i64::try_from(read::integer(header, "iat")?).ok()?,
        })
    }
}

/// The bytes that the signature is over: `protected || '.' || body`.
#[must_use]
pub fn signing_input(protected: &str, body: &[u8]) -> Vec<u8> {
    [protected.as_bytes(), b".", body].concat()
}

/// Base64url without padding (RFC 4648, section 5); `None` for any other character or length.
fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    if text.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for letter in text.bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A header as `serde_json` parsed it.
    struct Tree(serde_json::Value);

    impl Node for Tree {
        fn get(&self, name: &str) -> Option<Self> {
            self.0.get(name).cloned().map(Self)
        }
        fn text(&self) -> Option<Box<str>> {
            self.0.as_str().map(Into::into)
        }
        fn integer(&self) -> Option<u64> {
            self.0.as_u64()
        }
        fn boolean(&self) -> Option<bool> {
            self.0.as_bool()
        }
        fn items(&self) -> Option<Vec<Self>> {
            Some(self.0.as_array()?.iter().cloned().map(Self).collect())
        }
    }

    fn claims(header: &[u8]) -> Option<Claims> {
        Claims::read(&Tree(serde_json::from_slice(header).ok()?))
    }

    const PROTECTED: &str = "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il0sImtpZCI6ImsxIiwidHhuIjoidHhfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDEiLCJ2ZXIiOjMsImlhdCI6NX0";

    #[test]
    fn reads_a_detached_signature() {
        let header = format!("{PROTECTED}..{}", "A".repeat(86));
        let signature = parse(&header).unwrap();
        let claims = claims(&signature.header).unwrap();
        assert_eq!((claims.ver, claims.iat, &*claims.kid), (3, 5, "k1"));
        assert_eq!(signing_input("ab", b"{}"), b"ab.{}");
    }

    #[test]
    fn refuses_what_was_not_agreed() {
        let rest = r#""kid":"k","txn":"tx_00000000000000000000000001","ver":1,"iat":1"#;
        assert!(
            claims(format!(r#"{{"alg":"EdDSA","b64":false,"crit":["b64"],{rest}}}"#).as_bytes())
                .is_some()
        );
        for header in [
            format!(r#"{{"alg":"none","b64":false,"crit":["b64"],{rest}}}"#),
            format!(r#"{{"alg":"HS256","b64":false,"crit":["b64"],{rest}}}"#),
            format!(r#"{{"alg":"EdDSA","b64":true,"crit":["b64"],{rest}}}"#),
            format!(r#"{{"alg":"EdDSA","b64":false,"crit":[],{rest}}}"#),
            format!(r#"{{"alg":"EdDSA","b64":false,"crit":["b64","exp"],{rest}}}"#),
            r#"{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"k","txn":"tx_1","ver":1,"iat":1}"#
                .to_owned(),
        ] {
            assert_eq!(claims(header.as_bytes()), None, "{header}");
        }
    }

    #[test]
    fn refuses_what_is_not_base64url() {
        for header in [
            "",
            "..",
            "a..b",
            &format!("{PROTECTED}.body.{}", "A".repeat(86)),
            &format!("{PROTECTED}..{}", "A".repeat(85)),
            &format!("{PROTECTED}..{}=", "A".repeat(85)),
        ] {
            assert_eq!(parse(header), None, "{header}");
        }
    }
}
