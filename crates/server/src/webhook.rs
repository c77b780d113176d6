//! Who signed this body: Standard Webhooks `v1` with symmetric secrets.
//!
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::problem::{Problem, ProblemCode};

/// How far the sender's clock may be off, in seconds, either way.
pub const TOLERANCE_S: i64 = 300;

/// A symmetric secret, `whsec_<base64 of 24 to 64 bytes>`.
#[derive(Clone)]
pub struct WebhookSecret(Vec<u8>);

/// The headers of a signed message, not yet verified.
#[derive(Debug)]
pub struct SignedHeaders<'a> {
    /// `payment-status-source`: who claims to speak.
    pub source: &'a str,
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`, Unix seconds.
    pub timestamp_s: i64,
    /// `webhook-signature`.
    pub signatures: &'a str,
}

impl WebhookSecret {
    /// Reads `whsec_<base64>`; `None` if it is malformed or shorter than 24 bytes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix("whsec_")?).ok()?;
        (24..=64).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The `webhook-signature` of a message: what a sender does.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp_s: i64, body: &[u8]) -> String {
        format!(
            "v1,{}",
            STANDARD.encode(self.mac(id, timestamp_s, body).finalize().into_bytes())
        )
    }

    fn verifies(&self, headers: &SignedHeaders<'_>, body: &[u8]) -> bool {
        headers
            .signatures
            .split(' ')
            .filter_map(|signature| STANDARD.decode(signature.strip_prefix("v1,")?).ok())
            // `verify_slice` compares in constant time.
            .any(|tag| {
                self.mac(headers.id, headers.timestamp_s, body)
                    .verify_slice(&tag)
                    .is_ok()
            })
    }

    fn mac(&self, id: &str, timestamp_s: i64, body: &[u8]) -> Hmac<Sha256> {
        #[expect(
            clippy::expect_used,
            reason = "invariant of HMAC: a key of any length is taken"
        )]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any key length");
        mac.update(format!("{id}.{timestamp_s}.").as_bytes());
        mac.update(body);
        mac
    }
}

impl<'a> SignedHeaders<'a> {
    /// Takes the four headers.
    ///
    /// # Errors
    /// `credentials-missing` names each header that is absent or malformed.
    pub fn from_headers(headers: &'a HeaderMap) -> Result<Self, Problem> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let source = text("payment-status-source").filter(|s| !s.is_empty() && s.len() <= 64);
        let id = text("webhook-id").filter(|id| (1..=128).contains(&id.len()) && !id.contains('.'));
        let timestamp = text("webhook-timestamp").and_then(|seconds| seconds.parse().ok());
        let signatures = text("webhook-signature").filter(|list| list.contains("v1,"));
        let (Some(source), Some(id), Some(timestamp_s), Some(signatures)) =
            (source, id, timestamp, signatures)
        else {
            let missing: Vec<&str> = [
                ("payment-status-source (1-64 characters)", source.is_none()),
                ("webhook-id (1-128 characters, no '.')", id.is_none()),
                ("webhook-timestamp (Unix seconds)", timestamp.is_none()),
                ("webhook-signature ('v1,<base64>')", signatures.is_none()),
            ]
            .into_iter()
            .filter_map(|(name, absent)| absent.then_some(name))
            .collect();
            return Err(Problem::new(
                ProblemCode::CredentialsMissing,
                format!("Missing or malformed headers: {}.", missing.join(", ")),
            ));
        };
        Ok(Self {
            source,
            id,
            timestamp_s,
            signatures,
        })
    }

    /// Checks the body against every secret of the source, then the timestamp.
    ///
    /// # Errors
    /// `source-unknown`, `signature-invalid`, `signature-expired`.
    pub fn verify(
        &self,
        secrets: Option<&[WebhookSecret]>,
        body: &[u8],
        now_s: i64,
    ) -> Result<(), Problem> {
        let Some(secrets) = secrets else {
            return Err(Problem::new(
                ProblemCode::SourceUnknown,
                "No secret is configured for the source named in payment-status-source.",
            ));
        };
        if !secrets.iter().any(|secret| secret.verifies(self, body)) {
            return Err(Problem::new(
                ProblemCode::SignatureInvalid,
                "No v1 signature fits: HMAC-SHA256 of webhook-id + \".\" + webhook-timestamp + \".\" + body.",
            ));
        }
        let off_s = self.timestamp_s.saturating_sub(now_s);
        if off_s.saturating_abs() > TOLERANCE_S {
            return Err(Problem::new(
                ProblemCode::SignatureExpired,
                format!(
                    "webhook-timestamp is {} s {} this server's clock; at most {TOLERANCE_S} s are accepted.",
                    off_s.saturating_abs(),
                    if off_s < 0 { "behind" } else { "ahead of" }
                ),
            ));
        }
        Ok(())
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks reference libraries.
    #[test]
    fn signs_as_the_reference_libraries_do() {
        let secret = WebhookSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn short_or_malformed_secrets_are_refused() {
        for text in [
            "",
            "whsec_",
            "whsec_c2hvcnQ=",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_%%%",
        ] {
            assert!(WebhookSecret::parse(text).is_none(), "{text}");
        }
    }
}
