//! The element as its host page sees it: attributes in, markup and events out.
//!
//! `config` parses the attributes (pure), `events` writes the events' details, `locale` fetches words, `own` fetches the
//! document that concerns the reader alone, `mount` holds what is on the page.

pub mod config;

#[cfg(target_arch = "wasm32")]
mod events;
#[cfg(target_arch = "wasm32")]
mod locale;
#[cfg(target_arch = "wasm32")]
mod mount;
#[cfg(target_arch = "wasm32")]
mod own;
