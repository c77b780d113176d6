//! The element as its host page sees it: attributes in, markup and events out.
//!
//! `handle` is what the loader holds, `mount` keeps what is on the page, `situation` is what the display is asked
//! with, `follow` does what can wait for the first picture. `events` writes the events' details, `locale` fetches
//! words, `own` the document that concerns the reader alone.

mod events;
mod follow;
mod handle;
mod locale;
mod mount;
mod own;
mod situation;
