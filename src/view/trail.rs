//! Where the money is: five stations, the money drawn at one of them, the broken link drawn where it broke.

use leptos::prelude::*;
use payment_status_display::display::Station;

use crate::view::card::{Card, part};
use crate::view::list::rows;

pub(crate) fn view(card: &ArcRwSignal<Card>) -> impl IntoView + use<> {
    let heading = part(card, |c| c.display.trail.is_some().then(|| c.display.headings.trail.clone()));
    let caption = part(card, |c| c.display.trail.as_ref().map(|t| t.caption.clone()));
    let stations = part(card, |c| c.display.trail.as_ref().map(|t| t.stations.to_vec()).unwrap_or_default());
    view! {
        <figure part="trail" class="trail" hidden=move || heading.with(Option::is_none)>
            <h3>{move || heading.get()}</h3>
            <ol>{rows(stations, station)}</ol>
            <figcaption part="caption">{move || caption.get()}</figcaption>
        </figure>
    }
}

fn station(station: Station) -> AnyView {
    view! {
        <li
            part="station"
            data-place=station.place.id()
            data-standing=station.standing.id()
            data-broken=station.broken.then_some("")
        >
            <span class="place">{station.label}</span>
            <span class="heard-only">{station.text}</span>
        </li>
    }
    .into_any()
}
