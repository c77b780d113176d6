//! How fresh the answer is: the live dot and "checked 3 s ago" show that the screen is alive.

use payment_status_display::Display;

use crate::view::el::{El, text};

pub(crate) fn view(display: &Display) -> El {
    text(
        "p",
        &[("part", "freshness"), ("class", "freshness")],
        &display.freshness.text,
    )
}
