//! What one person reads.
//!
//! ```text
//! (Situation, Party, Words, Formats) ── display ──► Display
//! ```
//!
//! Pure: no browser, no clock, no I/O. All words live in `locales/*.json`.
#![warn(missing_docs)]
#![warn(clippy::wildcard_enum_match_arm)]

pub mod display;
