//! Where the money is: five stations, the money drawn at one of them, the broken link drawn where it broke.

use leptos::prelude::*;
use payment_status_display::Display;
use payment_status_display::display::Station;

pub(crate) fn view(display: &Display) -> AnyView {
    let heading = display.headings.trail.clone();
    let trail = display.trail.as_ref();
    let stations: Vec<AnyView> = trail
        .map(|t| t.stations.iter().map(station).collect())
        .unwrap_or_default();
    let caption = trail.map(|t| t.caption.clone()).unwrap_or_default();
    view! {
        <figure part="trail" class="trail" hidden=trail.is_none()>
            <h3>{heading}</h3>
            <ol>{stations}</ol>
            <figcaption part="caption">{caption}</figcaption>
        </figure>
    }
    .into_any()
}

fn station(station: &Station) -> AnyView {
    let broken = if station.broken { "true" } else { "false" };
    view! {
        <li
            part="station"
            data-place=station.place.id()
            data-standing=station.standing.id()
            data-broken=broken
        >
            <span class="place">{station.label.clone()}</span>
            <span class="heard-only">{station.text.clone()}</span>
        </li>
    }
    .into_any()
}
