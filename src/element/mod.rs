//! The element as its host page sees it: attributes in, markup and events out.
//!
//! `events` writes the events' details, `locale` fetches words, `own` fetches the document that concerns
//! the reader alone, `mount` holds what is on the page.

mod events;
mod locale;
mod mount;
mod own;
