//! Tests of the whole: what is said in every situation, what is never said, and that no word is missing.
//!
//! `catalogue` lists every key that the code can ask for; `locales` holds every file to it, `wording` to what
//! `languages` knows of its language; `safety` proves by key
//! what may appear beside which verdict; `verdicts`, `parts` and `unheard` tell single cases as sentences; `scenarios`
//! runs the golden scenarios through the rules and reads what comes out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at what it did not expect"
)]

mod catalogue;
mod languages;
mod locales;
mod parts;
mod reasons;
mod safety;
mod scenarios;
mod setup;
mod unheard;
mod verdicts;
mod wording;
