//! The markup. Every text and permission comes ready from the display; the view only places it.
//!
//! Each file makes one part of the card from the display; `el` is what they are made of. A new display
//! is rendered whole and Leptos' renderer writes what differs: one change a second needs no signals
//! (docs/adr/0005-one-reaction.md).

mod actions;
mod answers;
mod card;
mod details;
mod el;
mod footer;
mod head;
mod icon;
mod notes;
mod trail;

pub(crate) use actions::{Actions, Code};
pub(crate) use card::Card;

use leptos::tachys::view::{Mountable, Render};
use payment_status_display::display::FreshnessKind;
use web_sys::ShadowRoot;

/// A card on the page. Dropping it takes the markup away.
pub(crate) struct Mounted {
    card: el::ElState,
    kind: FreshnessKind,
}

impl Mounted {
    /// Puts the card into the shadow root.
    pub(crate) fn new(root: &ShadowRoot, card: &Card) -> Self {
        let mut mounted = card::view(card).build();
        mounted.append_to(root);
        Self {
            card: mounted,
            kind: card.display.freshness.kind,
        }
    }

    /// Brings the page up to date; writes only what differs.
    pub(crate) fn show(&mut self, card: &Card) {
        card::view(card).rebuild(&mut self.card);
        self.kind = card.display.freshness.kind;
    }

    /// True if the card says that it is live: then only its age changes from one second to the next.
    pub(crate) fn is_live(&self) -> bool {
        self.kind == FreshnessKind::Live
    }

    /// Writes how fresh the answer is, and touches nothing else: the footer is the last part of the card, and this its
    /// first line.
    pub(crate) fn say_freshness(&mut self, line: String) {
        if let Some(place) = self.card.first_of_last() {
            place.say(line);
        }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.card.unmount();
    }
}

/// What is added to a card after its first picture. Dropping it takes the markup away.
pub(crate) struct Added(el::ElState);

impl Added {
    /// Puts the buttons behind everything else in the card.
    pub(crate) fn actions(card: &web_sys::Element, actions: &Actions) -> Self {
        Self::new(card, actions::view(actions))
    }

    /// Puts the time left under the one who acts next.
    pub(crate) fn countdown(next: &web_sys::Element) -> Self {
        Self::new(next, actions::countdown(""))
    }

    fn new(parent: &web_sys::Element, added: el::El) -> Self {
        let mut added = added.build();
        added.append_to(parent);
        Self(added)
    }

    pub(crate) fn show_actions(&mut self, actions: &Actions) {
        actions::view(actions).rebuild(&mut self.0);
    }

    pub(crate) fn show_countdown(&mut self, text: &str) {
        actions::countdown(text).rebuild(&mut self.0);
    }
}

impl Drop for Added {
    fn drop(&mut self) {
        self.0.unmount();
    }
}
