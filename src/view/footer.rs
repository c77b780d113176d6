//! How fresh the answer is: the live dot and "checked 3 s ago" show that the screen is alive.

use leptos::prelude::*;

use crate::view::card::{Card, part};

pub(crate) fn view(card: &ArcRwSignal<Card>) -> impl IntoView + use<> {
    let text = part(card, |c| c.display.freshness.text.clone());
    view! { <footer part="freshness" class="freshness">{move || text.get()}</footer> }
}
