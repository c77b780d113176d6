//! How fresh the answer is: the live dot and "checked 3 s ago" show that the screen is alive; a button where it is not.

use payment_status_display::Display;

use crate::view::el::{El, Fixed, el, text};

pub(crate) fn view(display: &Display) -> El {
    let fresh: Fixed = &[("part", "freshness"), ("class", "freshness")];
    let check: Fixed = &[("part", "check"), ("class", "check"), ("type", "button")];
    let words = display.check.as_deref().unwrap_or_default();
    el(
        "div",
        &[],
        vec![
            text("p", fresh, &display.freshness.text),
            text("button", check, words).hidden_while(words.is_empty()),
        ],
    )
}
