//! The browser's WebCrypto: SHA-256 and Ed25519 (RFC 8032). Both need a page served securely.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use crate::failure::Failure;

fn subtle() -> Result<SubtleCrypto, Failure> {
    let crypto = web_sys::window()
        .and_then(|w| w.crypto().ok())
        .ok_or(Failure::UnsupportedBrowser)?;
    let subtle = crypto.subtle();
    // Undefined on a page that was not served securely.
    if subtle.is_undefined() {
        Err(Failure::UnsupportedBrowser)
    } else {
        Ok(subtle)
    }
}

/// SHA-256 of `bytes`.
pub(crate) async fn sha256(bytes: &[u8]) -> Result<[u8; 32], Failure> {
    let digest = subtle()?
        .digest_with_str_and_js_u8_array("SHA-256", &Uint8Array::from(bytes))
        .map_err(|_| Failure::UnsupportedBrowser)?;
    let digest = JsFuture::from(digest)
        .await
        .map_err(|_| Failure::Internal)?;
    Uint8Array::new(&digest)
        .to_vec()
        .try_into()
        .map_err(|_| Failure::Internal)
}

/// Imports an Ed25519 public key from the `x` of its JWK (RFC 8037).
pub(crate) async fn import(x: &str) -> Result<CryptoKey, Failure> {
    let jwk = Object::new();
    for (name, value) in [("kty", "OKP"), ("crv", "Ed25519"), ("x", x)] {
        let _ = Reflect::set(&jwk, &name.into(), &value.into());
    }
    let usages = Array::of1(&"verify".into());
    let promise = subtle()?
        .import_key_with_str("jwk", &jwk, "Ed25519", false, &usages)
        .map_err(|_| Failure::UnsupportedBrowser)?;
    let key = JsFuture::from(promise)
        .await
        .map_err(|_| Failure::UnsupportedBrowser)?;
    key.dyn_into().map_err(|_| Failure::UnsupportedBrowser)
}

/// True if `signature` is `key`'s over `message`.
pub(crate) async fn verify(
    key: &CryptoKey,
    signature: &[u8; 64],
    message: &[u8],
) -> Result<bool, Failure> {
    let promise = subtle()?
        .verify_with_str_and_js_u8_array_and_js_u8_array(
            "Ed25519",
            key,
            &Uint8Array::from(signature.as_slice()),
            &Uint8Array::from(message),
        )
        .map_err(|_| Failure::UnsupportedBrowser)?;
    let verified = JsFuture::from(promise)
        .await
        .map_err(|_| Failure::Internal)?;
    Ok(verified.is_truthy())
}
