//! The `<payment-status>` custom element, compiled to WebAssembly.
//!
//! ```text
//! www/payment-status.js ─► element ─► watch ─► client (ask), verify (prove)
//!   (class, loading)          │         └────► progress, schedule (pure)
//!                             └──► view ─► display (words)        browser: what is taken from the browser
//! ```
//!
//! The pure modules (`failure`, `watch::progress`, `watch::schedule`, `element::config`, `verify::jws`) are built and tested on every
//! target; the others exist only in the browser.

pub mod failure;
#[cfg(any(test, target_arch = "wasm32"))]
mod topic;
pub mod verify;
pub mod watch;

pub mod element;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod client;
#[cfg(target_arch = "wasm32")]
mod view;
