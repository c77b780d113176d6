//! The element as its host page sees it: attributes in, markup and events out.
//!
//! `handle` is what the loader holds, `mount` keeps what is on the page, `situation` is what the display is asked
//! with, `follow` does what can wait for the first picture. `events` writes the events' details, `locale` fetches
//! words, `own` the document that concerns the reader alone, `shared` a card's content for all that show the same.
//! `late` adds the buttons to a card that stands, `deeds` does what they say, `handover`, `evidence` and `alert` with it.

mod alert;
mod deeds;
mod events;
mod evidence;
mod follow;
mod handle;
mod handover;
mod late;
mod locale;
mod mount;
mod own;
mod shared;
mod situation;
