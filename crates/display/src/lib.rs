//! What one person reads.
//!
//! ```text
//! (Situation, Party, Words, Formats) ── display ──► Display
//!
//! situation   what the widget knows: the last verified snapshot, how fresh, what went wrong in asking
//! told        the verdict made safe to put into words: what is not understood is "still checking"
//! words       the sentences of one locale (`locales/`), teller fills them
//! tone        colour and sign: one exhaustive match on what is told and who reads it
//! headline, answers, trail, why, next, facts, timeline, blank   one part of the display each
//! tools, countdown   what comes after the first picture: buttons, paper, hand-over, time left
//! display     the view model that comes out
//! ```
//!
//! Pure: no browser, no clock, no I/O, and no word in code. The same situation always makes the same display.
#![warn(missing_docs)]
#![warn(clippy::wildcard_enum_match_arm)]

mod answers;
mod blank;
mod compose;
mod countdown;
mod facts;
mod headline;
mod next;
mod teller;
#[cfg(test)]
mod tests;
mod timeline;
mod told;
mod tone;
mod tools;
mod trail;
mod why;
mod words;

pub mod display;
pub mod situation;

pub use compose::{display, live_line};
pub use countdown::{Countdown, countdown};
pub use display::Display;
pub use situation::{Depth, Formats, Freshness, PartyDocument, PartyFacts, Situation, Trouble};
pub use tools::{Handover, Tools};
pub use words::Words;
