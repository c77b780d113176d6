//! The card: one person's answer to "what happened to this payment?".

use std::sync::Arc;

use leptos::prelude::*;
use payment_status_display::Display;
use payment_status_protocol::snapshot::Snapshot;

use crate::view::{answers, details, footer, head, notes, trail};

/// What the card shows.
#[derive(Clone, PartialEq)]
pub(crate) struct Card {
    pub(crate) display: Display,
    /// The document's own words, for style sheets and tests of the host page.
    data: Data,
    /// The language of the texts.
    lang: Box<str>,
}

/// The verdict as attributes of the card. Empty while nothing is verified.
#[derive(Clone, PartialEq, Default)]
struct Data {
    state: String,
    charged: String,
    pay_again: String,
    release: String,
    money_at: String,
    version: String,
}

impl Card {
    pub(crate) fn new(display: Display, snapshot: Option<&Snapshot>, lang: &str) -> Self {
        let data = snapshot.map_or_else(Data::default, |s| Data {
            state: s.state.as_str().into(),
            charged: s.charged.as_str().into(),
            pay_again: s.pay_again.as_str().into(),
            release: s.release.as_str().into(),
            money_at: s.money_at.as_str().into(),
            version: s.version.to_string(),
        });
        Self {
            display,
            data,
            lang: lang.into(),
        }
    }
}

/// One reaction for the whole card. The renderer compares every text and attribute with what stands there and
/// writes only what differs; a reaction for each of the forty places costs 60 KB of code and saves nothing that a
/// person could notice at one change a second.
pub(crate) fn view(card: ArcRwSignal<Arc<Card>>) -> impl IntoView {
    move || whole(&card.get())
}

fn whole(card: &Card) -> impl IntoView + use<> {
    let Card {
        display,
        data,
        lang,
    } = card;
    let code = display.match_code.as_ref().map(|m| m.code.clone());
    view! {
        <section
            part="card"
            class="card"
            aria-label=display.headings.card.clone()
            lang=lang.to_string()
            data-tone=display.tone.id()
            data-party=display.party.to_string()
            data-state=data.state.clone()
            data-charged=data.charged.clone()
            data-pay-again=data.pay_again.clone()
            data-release=data.release.clone()
            data-money-at=data.money_at.clone()
            data-version=data.version.clone()
            data-match-code=code.unwrap_or_default()
            data-freshness=display.freshness.kind.id()
        >
            // Present before the first message and never emptied: a settled state is always announced.
            <p class="heard-only" role="status" aria-live="polite">{display.announcement.clone()}</p>
            {head::view(display)}
            {notes::view(display)}
            {answers::view(display)}
            {trail::view(display)}
            {details::view(display)}
            {footer::view(display)}
        </section>
    }
}
