//! The card: one person's answer to "what happened to this payment?".

use leptos::prelude::*;
use payment_status_display::Display;
use payment_status_protocol::snapshot::Snapshot;

use crate::view::{answers, details, footer, head, notes, trail};

/// What the card shows.
#[derive(Clone, PartialEq)]
pub(crate) struct Card {
    pub(crate) display: Display,
    /// The document's own words, for style sheets and tests of the host page.
    pub(crate) data: Data,
    /// The language of the texts.
    pub(crate) lang: Box<str>,
}

/// The verdict as attributes of the card. Empty while nothing is verified.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Data {
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
        Self { display, data, lang: lang.into() }
    }
}

/// A part of the card that changes only when it really differs.
pub(crate) fn part<T>(card: &ArcRwSignal<Card>, pick: fn(&Card) -> T) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    let card = card.clone();
    Memo::new(move |_| card.with(pick))
}

pub(crate) fn view(card: ArcRwSignal<Card>) -> impl IntoView {
    let data = part(&card, |c| c.data.clone());
    let lang = part(&card, |c| c.lang.to_string());
    let tone = part(&card, |c| c.display.tone);
    let match_code = part(&card, |c| c.display.match_code.as_ref().map(|m| m.code.clone()));
    let freshness = part(&card, |c| c.display.freshness.kind);
    let party = part(&card, |c| c.display.party.to_string());
    let label = part(&card, |c| c.display.headings.card.clone());
    let announcement = part(&card, |c| c.display.announcement.clone());
    view! {
        <section
            part="card"
            class="card"
            aria-label=move || label.get()
            lang=move || lang.get()
            data-tone=move || tone.get().id()
            data-party=move || party.get()
            data-state=move || data.with(|d| d.state.clone())
            data-charged=move || data.with(|d| d.charged.clone())
            data-pay-again=move || data.with(|d| d.pay_again.clone())
            data-release=move || data.with(|d| d.release.clone())
            data-money-at=move || data.with(|d| d.money_at.clone())
            data-version=move || data.with(|d| d.version.clone())
            data-match-code=move || match_code.get().unwrap_or_default()
            data-freshness=move || freshness.get().id()
        >
            // Present before the first message and never emptied: a settled state is always announced.
            <p class="heard-only" role="status" aria-live="polite">{move || announcement.get()}</p>
            {head::view(&card)}
            {notes::view(&card)}
            {answers::view(&card)}
            {trail::view(&card)}
            {details::view(&card)}
            {footer::view(&card)}
        </section>
    }
}
