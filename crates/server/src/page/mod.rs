//! Plain HTML for people without the widget: no script, the same words as on the card.
//!
//! `locales` (whose words), `formats` (numbers and times in them), `cookies` (who may see it), `frame` (what every page
//! has), `status` (the card), `parts` (its pieces), `handover` (the page behind a QR code).

pub(crate) mod cookies;
pub(crate) mod formats;
pub(crate) mod frame;
pub(crate) mod handover;
pub(crate) mod locales;
mod parts;
pub(crate) mod status;
