//! Proof of who answered and when: a detached JWS (RFC 7515 appendix F, RFC 7797) over each body,
//! Ed25519 (RFC 8037), and the public keys as a JWK set (RFC 7517).

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::time::Time;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::secret::random_bytes;

/// How long a retired key stays in the JWK set: longer than any answer signed with it is looked at.
pub const RETIRED_KEY_LISTED_MS: i64 = 24 * 3600 * 1000;

/// A signing key as the store keeps it. A retired key has no private half any more.
#[derive(Clone)]
pub struct StoredKey {
    /// RFC 7638 thumbprint of the public key.
    pub kid: String,
    /// The 32 public bytes.
    pub public: [u8; 32],
    /// The 32 private bytes; `None` once retired.
    pub private: Option<[u8; 32]>,
    /// When it was replaced; `None` while it signs.
    pub retired_at: Option<Time>,
}

/// What the running server signs with and lists.
#[derive(Debug)]
pub struct KeyRing {
    keys: RwLock<Arc<Keys>>,
}

struct Keys {
    active: SigningKey,
    active_kid: String,
    listed: Vec<StoredKey>,
}

/// No key in the store can sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoActiveKey;

#[derive(Serialize)]
struct Protected<'a> {
    alg: &'static str,
    b64: bool,
    crit: [&'static str; 1],
    kid: &'a str,
    txn: &'a TransactionId,
    ver: u64,
    iat: i64,
}

#[derive(Serialize)]
struct Jwk<'a> {
    kty: &'static str,
    crv: &'static str,
    x: String,
    kid: &'a str,
    r#use: &'static str,
    alg: &'static str,
}

/// A JWK set, as it stands at `/.well-known/jwks.json`.
#[derive(Serialize)]
struct JwkSet<'a> {
    keys: Vec<Jwk<'a>>,
}

impl StoredKey {
    /// A fresh key that signs.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let private = random_bytes::<32>()?;
        let public = SigningKey::from_bytes(&private).verifying_key().to_bytes();
        Ok(Self {
            kid: thumbprint(&public),
            public,
            private: Some(private),
            retired_at: None,
        })
    }
}

impl KeyRing {
    /// From the store's keys.
    ///
    /// # Errors
    /// When none of them can sign.
    pub fn new(stored: Vec<StoredKey>) -> Result<Self, NoActiveKey> {
        Ok(Self {
            keys: RwLock::new(Arc::new(Keys::try_from(stored)?)),
        })
    }

    /// Takes up keys that another process has rotated. True if the active key changed.
    ///
    /// # Errors
    /// When none of them can sign; the old ones stay in use.
    pub fn replace(&self, stored: Vec<StoredKey>) -> Result<bool, NoActiveKey> {
        let keys = Arc::new(Keys::try_from(stored)?);
        let mut current = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let changed = current.active_kid != keys.active_kid;
        *current = keys;
        Ok(changed)
    }

    /// `<protected>..<signature>` over `body`.
    #[must_use]
    pub fn detached_jws(
        &self,
        transaction: &TransactionId,
        version: u64,
        now: Time,
        body: &[u8],
    ) -> String {
        let keys = self.current();
        let protected = Protected {
            alg: "EdDSA",
            b64: false,
            crit: ["b64"],
            kid: &keys.active_kid,
            txn: transaction,
            ver: version,
            iat: now.as_ms().div_euclid(1000),
        };
        // Strings, numbers and a boolean: writing them as JSON cannot fail.
        let header = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&protected).unwrap_or_default());
        let mut input = Vec::with_capacity(header.len() + 1 + body.len());
        input.extend_from_slice(header.as_bytes());
        input.push(b'.');
        input.extend_from_slice(body);
        let signature = keys.active.sign(&input);
        format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// The JWK set: the active key first, then those retired less than 24 h ago.
    #[must_use]
    pub fn jwks(&self, now: Time) -> Vec<u8> {
        let keys = self.current();
        let keys = keys
            .listed
            .iter()
            .filter(|key| {
                key.retired_at
                    .is_none_or(|retired| now.as_ms() - retired.as_ms() < RETIRED_KEY_LISTED_MS)
            })
            .map(|key| Jwk {
                kty: "OKP",
                crv: "Ed25519",
                x: URL_SAFE_NO_PAD.encode(key.public),
                kid: &key.kid,
                r#use: "sig",
                alg: "EdDSA",
            })
            .collect();
        serde_json::to_vec(&JwkSet { keys }).unwrap_or_default()
    }

    fn current(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl TryFrom<Vec<StoredKey>> for Keys {
    type Error = NoActiveKey;

    fn try_from(mut stored: Vec<StoredKey>) -> Result<Self, NoActiveKey> {
        stored.sort_by_key(|key| std::cmp::Reverse(key.retired_at.map_or(i64::MAX, Time::as_ms)));
        let (private, kid) = stored
            .iter()
            .find(|key| key.retired_at.is_none())
            .and_then(|key| Some((key.private?, key.kid.clone())))
            .ok_or(NoActiveKey)?;
        Ok(Self {
            active: SigningKey::from_bytes(&private),
            active_kid: kid,
            listed: stored,
        })
    }
}

/// RFC 7638: SHA-256 over the required members in lexicographic order.
fn thumbprint(public: &[u8; 32]) -> String {
    let canonical = format!(
        r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#,
        URL_SAFE_NO_PAD.encode(public)
    );
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes()))
}

impl std::fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys")
            .field("active_kid", &self.active_kid)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Display for NoActiveKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the store has no signing key that is in use")
    }
}

impl std::error::Error for NoActiveKey {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// RFC 8037, appendix A.3.
    #[test]
    fn the_key_id_is_the_rfc_7638_thumbprint() {
        let public: [u8; 32] = URL_SAFE_NO_PAD
            .decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(
            thumbprint(&public),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn a_retired_key_is_listed_for_a_day() {
        let mut retired = StoredKey::generate().unwrap();
        retired.private = None;
        retired.retired_at = Some(Time::from_ms(1_000));
        let ring = KeyRing::new(vec![retired.clone(), StoredKey::generate().unwrap()]).unwrap();
        let listed = |ms| String::from_utf8(ring.jwks(Time::from_ms(ms))).unwrap();
        assert!(listed(1_000 + RETIRED_KEY_LISTED_MS - 1).contains(&retired.kid));
        assert!(!listed(1_000 + RETIRED_KEY_LISTED_MS).contains(&retired.kid));
    }
}
