//! Where the money is: five stations, the money drawn at one of them, the broken link drawn where it broke.

use payment_status_display::Display;
use payment_status_display::display::Station;

use crate::view::el::{El, el, text};

pub(crate) fn view(display: &Display) -> El {
    let trail = display.trail.as_ref();
    let stations = trail
        .map(|t| t.stations.iter().map(station).collect())
        .unwrap_or_default();
    el(
        "figure",
        &[("part", "trail"), ("class", "trail")],
        vec![
            text("h3", &[], &display.headings.trail),
            el("ol", &[], stations),
            text(
                "figcaption",
                &[("part", "caption")],
                trail.map_or("", |t| &t.caption),
            ),
        ],
    )
    .hidden_while(trail.is_none())
}

fn station(station: &Station) -> El {
    let said = vec![
        // The sentence behind it begins with the same name.
        text("span", &[("aria-hidden", "true")], &station.label),
        text("span", &[("class", "heard-only")], &station.text),
    ];
    el("li", &[("part", "station")], said)
        .with("data-place", station.place.id())
        .with("data-standing", station.standing.id())
        .with("data-broken", if station.broken { "true" } else { "false" })
}
