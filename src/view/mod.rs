//! The markup. Every text and permission comes ready from the display; the view only places it.
//!
//! Each file makes one part of the card from the display; `el` is what they are made of.

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

use std::sync::Arc;

use leptos::prelude::{ArcRwSignal, Owner};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ShadowRoot};

/// A view on the page. Dropping it takes the markup away and ends its reactions.
pub(crate) struct Mounted {
    _unmount: Box<dyn std::any::Any>,
    place: HtmlElement,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.place.remove();
    }
}

/// Puts the card into the shadow root; `None` where the browser refuses to make an element.
pub(crate) fn mount(root: &ShadowRoot, card: ArcRwSignal<Arc<Card>>) -> Option<Mounted> {
    let document = root.owner_document()?;
    let place: HtmlElement = document.create_element("div").ok()?.dyn_into().ok()?;
    root.append_child(&place).ok()?;
    // Reactions belong to this element alone, whatever else on the page uses Leptos.
    let owner = Owner::new_root(None);
    let unmount = owner.with(|| leptos::mount::mount_to_renderer(&place, move || card::view(card)));
    Some(Mounted {
        _unmount: Box::new((unmount, owner)),
        place,
    })
}
