//! Reads `Payment-Status-Signature`: a detached JWS (RFC 7515 appendix F) with an unencoded
//! payload (RFC 7797), signed with Ed25519 (RFC 8037).

use payment_status_protocol::id::TransactionId;
use serde::Deserialize;

/// What the server signed beside the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature<'a> {
    /// The protected header as it came; the first part of the signed bytes.
    pub protected: &'a str,
    /// Its claims.
    pub claims: Claims,
    /// The 64 bytes of the signature.
    pub bytes: [u8; 64],
}

/// The claims of the protected header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    alg: Box<str>,
    b64: bool,
    crit: Vec<Box<str>>,
    /// Which key signed.
    pub kid: Box<str>,
    /// The transaction that the body is about.
    pub txn: TransactionId,
    /// The version of the body.
    pub ver: u64,
    /// When it was signed, Unix seconds.
    pub iat: i64,
}

/// Parses the header's value; `None` where anything is not exactly as the protocol says.
#[must_use]
pub fn parse(header: &str) -> Option<Signature<'_>> {
    let (protected, signature) = header.trim().split_once("..")?;
    let claims: Claims = serde_json::from_slice(&decode_base64url(protected)?).ok()?;
    // An algorithm that the sender may choose is a way in; `crit` may name nothing that we do not implement.
    let as_agreed = &*claims.alg == "EdDSA" && !claims.b64 && claims.crit.iter().all(|name| &**name == "b64");
    let bytes = decode_base64url(signature)?.try_into().ok()?;
    (as_agreed && !claims.crit.is_empty()).then_some(Signature { protected, claims, bytes })
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

    /// `{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"k1","txn":"tx_00000000000000000000000001","ver":3,"iat":5}`
    const PROTECTED: &str = "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il0sImtpZCI6ImsxIiwidHhuIjoidHhfMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDEiLCJ2ZXIiOjMsImlhdCI6NX0";

    fn with_signature(protected: &str) -> String {
        format!("{protected}..{}", "A".repeat(86))
    }

    fn encode(text: &str) -> String {
        const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut out = String::new();
        for chunk in text.as_bytes().chunks(3) {
            let n = chunk.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
            for i in 0..=chunk.len() {
                out.push(char::from(DIGITS[usize::try_from(n >> (18 - 6 * i) & 63).unwrap()]));
            }
        }
        out
    }

    #[test]
    fn reads_a_detached_signature() {
        let header = with_signature(PROTECTED);
        let signature = parse(&header).unwrap();
        assert_eq!((signature.claims.ver, signature.claims.iat, &*signature.claims.kid), (3, 5, "k1"));
        assert_eq!(signing_input("ab", b"{}"), b"ab.{}");
    }

    #[test]
    fn refuses_what_was_not_agreed() {
        let txn = r#""kid":"k","txn":"tx_00000000000000000000000001","ver":1,"iat":1"#;
        for header in [
            format!(r#"{{"alg":"none","b64":false,"crit":["b64"],{txn}}}"#),
            format!(r#"{{"alg":"HS256","b64":false,"crit":["b64"],{txn}}}"#),
            format!(r#"{{"alg":"EdDSA","b64":true,"crit":["b64"],{txn}}}"#),
            format!(r#"{{"alg":"EdDSA","b64":false,"crit":[],{txn}}}"#),
            format!(r#"{{"alg":"EdDSA","b64":false,"crit":["b64","exp"],{txn}}}"#),
            r#"{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"k","txn":"tx_1","ver":1,"iat":1}"#.to_owned(),
        ] {
            assert_eq!(parse(&with_signature(&encode(&header))), None, "{header}");
        }
        assert!(parse(&with_signature(&encode(&format!(r#"{{"alg":"EdDSA","b64":false,"crit":["b64"],{txn}}}"#)))).is_some());
    }

    #[test]
    fn refuses_what_is_not_base64url() {
        for header in ["", "..", "a..b", &format!("{PROTECTED}.body.{}", "A".repeat(86)), &format!("{PROTECTED}..{}", "A".repeat(85)), &format!("{PROTECTED}..{}=", "A".repeat(85))] {
            assert_eq!(parse(header), None, "{header}");
        }
    }
}
