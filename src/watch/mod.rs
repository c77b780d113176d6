//! Keeps one transaction's state current: asks, proves, applies. Shared by every element on the
//! page that shows the same transaction with the same token.
//!
//! `progress` (what we know) and `schedule` (when to ask) are pure; `ask` is the loop; `registry` shares.

pub mod progress;
pub mod schedule;

#[cfg(target_arch = "wasm32")]
mod ask;
#[cfg(target_arch = "wasm32")]
mod registry;

#[cfg(target_arch = "wasm32")]
pub(crate) use ask::{Target, Watch};
#[cfg(target_arch = "wasm32")]
pub(crate) use registry::watch;
