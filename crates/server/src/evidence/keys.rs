//! The keys that the checker trusts. They never come out of the file that is checked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use payment_status_protocol::time::Time;
use serde_json::Value;

use crate::signing::StoredKey;
use crate::strict_json;

/// A public key of the server.
#[derive(Debug, Clone)]
pub struct TrustedKey {
    /// Its id.
    pub kid: String,
    /// The key.
    pub public: VerifyingKey,
    /// When it was replaced, where that is known.
    pub retired_at: Option<Time>,
}

/// Every key that the server has signed with, retired ones included.
#[derive(Debug, Clone, Default)]
pub struct TrustedKeys(Vec<TrustedKey>);

/// Why a key set cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysError(String);

impl TrustedKeys {
    /// From a JWK set (RFC 7517), as the server lists it. Keys of other kinds are passed over.
    ///
    /// # Errors
    /// When it is no key set, has no Ed25519 key or one id twice.
    pub fn from_jwks(bytes: &[u8]) -> Result<Self, KeysError> {
        let document = strict_json::parse(bytes).map_err(|problem| KeysError(problem.detail))?;
        let listed = document.get("keys").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| KeysError("expected {\"keys\":[…]}".to_owned()))?;
        let mut keys: Vec<TrustedKey> = Vec::new();
        for jwk in listed.iter().filter(|jwk| jwk["crv"] == "Ed25519") {
            let (kid, public) =
                key_of(jwk).ok_or_else(|| KeysError(format!("not an Ed25519 key: {jwk}")))?;
            if keys.iter().any(|known| known.kid == kid) {
                return Err(KeysError(format!("two keys have the id {kid}")));
            }
            keys.push(TrustedKey {
                kid,
                public,
                retired_at: None,
            });
        }
        if keys.is_empty() {
            return Err(KeysError("there is no Ed25519 key in it".to_owned()));
        }
        Ok(Self(keys))
    }

    /// From the store.
    ///
    /// # Errors
    /// When one of them is no point of the curve.
    pub fn from_store(stored: &[StoredKey]) -> Result<Self, KeysError> {
        let key = |stored: &StoredKey| {
            let public = VerifyingKey::from_bytes(&stored.public)
                .map_err(|error| KeysError(format!("key {}: {error}", stored.kid)))?;
            Ok(TrustedKey {
                kid: stored.kid.clone(),
                public,
                retired_at: stored.retired_at,
            })
        };
        Ok(Self(stored.iter().map(key).collect::<Result<_, _>>()?))
    }

    /// The key with this id.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&TrustedKey> {
        self.0.iter().find(|key| key.kid == kid)
    }
}

/// Id and key of a JWK; `None` if it is no Ed25519 key.
pub(super) fn key_of(jwk: &Value) -> Option<(String, VerifyingKey)> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    if text("kty")? != "OKP" || text("crv")? != "Ed25519" {
        return None;
    }
    let public = URL_SAFE_NO_PAD.decode(text("x")?).ok()?;
    let public = VerifyingKey::from_bytes(&public.try_into().ok()?).ok()?;
    Some((text("kid")?.to_owned(), public))
}

impl std::fmt::Display for KeysError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for KeysError {}
