//! Proves that an answer was written by the status server, about the transaction we asked for.
//!
//! `jws` reads the detached signature's header (pure); `keys` holds the public keys; `crypto` is
//! the browser's WebCrypto. Nothing is canonicalised here: the bytes that came are the bytes that are proven.

pub mod jws;

#[cfg(target_arch = "wasm32")]
mod crypto;
#[cfg(target_arch = "wasm32")]
mod keys;

#[cfg(target_arch = "wasm32")]
pub(crate) use crypto::sha256;
#[cfg(target_arch = "wasm32")]
pub(crate) use keys::KeySource;

#[cfg(target_arch = "wasm32")]
mod proof;
#[cfg(target_arch = "wasm32")]
pub(crate) use proof::prove;
