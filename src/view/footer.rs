//! How fresh the answer is: the live dot and "checked 3 s ago" show that the screen is alive.

use leptos::prelude::*;
use payment_status_display::Display;

pub(crate) fn view(display: &Display) -> AnyView {
    let text = display.freshness.text.clone();
    view! { <footer part="freshness" class="freshness">{text}</footer> }.into_any()
}
