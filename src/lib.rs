//! The `<payment-status>` custom element, compiled to WebAssembly.
//!
//! ```text
//! www/payment-status.js ─► element ─► watch ─► client (ask), verify (prove)
//!   (class, loading)          │         └────► progress, plan, schedule (pure)
//!                             └──► view ─► display (words)        browser: what is taken from the browser
//! ```
//!
//! The pure modules (`config`, `failure`, `renewal`, `steady`, `topic`, `client::retry_after`, `verify::jws`,
//! `watch::{plan, progress, schedule}`) are built and tested on every target; the others exist only in the browser.
//! `tests/layers.rs` holds the direction of the imports.

pub mod client;
pub mod config;
pub mod failure;
pub mod renewal;
pub mod verify;
pub mod watch;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod element;
#[cfg(any(test, target_arch = "wasm32"))]
mod steady;
#[cfg(any(test, target_arch = "wasm32"))]
mod topic;
#[cfg(target_arch = "wasm32")]
mod view;

/// A small download matters more here than the last bit of speed.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
