//! Asks the status server: one request, no retry, no opinion. What an answer means is decided elsewhere.

pub mod retry_after;

#[cfg(target_arch = "wasm32")]
mod ask;

#[cfg(target_arch = "wasm32")]
pub(crate) use ask::{Answer, Ask, BODY_LIMIT, Cache, ask, early};
