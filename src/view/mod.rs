//! The markup. Every text and permission comes ready from the display; the view only places it.
//!
//! Each file makes one part of the card from the display; `el` is what they are made of. A new display
//! is rendered whole and Leptos' renderer writes what differs: one change a second needs no signals
//! (docs/adr/0005-one-reaction.md).

mod answers;
mod card;
mod details;
mod el;
mod footer;
mod head;
mod icon;
mod notes;
mod trail;

pub(crate) use card::Card;

use leptos::tachys::view::{Mountable, Render};
use web_sys::ShadowRoot;

/// A card on the page. Dropping it takes the markup away.
pub(crate) struct Mounted(el::ElState);

impl Mounted {
    /// Puts the card into the shadow root.
    pub(crate) fn new(root: &ShadowRoot, card: &Card) -> Self {
        let mut mounted = card::view(card).build();
        mounted.append_to(root);
        Self(mounted)
    }

    /// Brings the page up to date; writes only what differs.
    pub(crate) fn show(&mut self, card: &Card) {
        card::view(card).rebuild(&mut self.0);
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.0.unmount();
    }
}
