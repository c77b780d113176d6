//! The card: one person's answer to "what happened to this payment?".

use payment_status_display::{Depth, Display};
use payment_status_protocol::snapshot::Snapshot;

use crate::view::el::{El, Fixed, el, text};
use crate::view::{answers, details, footer, head, notes, trail};

/// What the card shows.
pub(crate) struct Card {
    pub(crate) display: Display,
    /// The document's own words, for style sheets and tests of the host page.
    data: Data,
    /// The language of the texts.
    lang: Box<str>,
    /// How much of it the display has.
    pub(crate) depth: Depth,
}

/// The verdict as attributes of the card. Empty while nothing is verified.
#[derive(Default)]
struct Data {
    state: String,
    charged: String,
    pay_again: String,
    release: String,
    money_at: String,
    version: String,
    match_code: String,
}

impl Card {
    pub(crate) fn new(
        display: Display,
        verified: Option<(&Snapshot, &str)>,
        lang: &str,
        depth: Depth,
    ) -> Self {
        let data = verified.map_or_else(Data::default, |(s, match_code)| Data {
            state: s.state.as_str().into(),
            charged: s.charged.as_str().into(),
            pay_again: s.pay_again.as_str().into(),
            release: s.release.as_str().into(),
            money_at: s.money_at.as_str().into(),
            version: s.version.to_string(),
            match_code: match_code.into(),
        });
        Self {
            display,
            data,
            lang: lang.into(),
            depth,
        }
    }
}

pub(crate) fn view(card: &Card) -> El {
    let Card {
        display,
        data,
        lang,
        depth,
    } = card;
    // Present before the first message and never emptied: a settled state is always announced.
    let heard: Fixed = &[
        ("class", "heard-only"),
        ("role", "status"),
        ("aria-live", "polite"),
    ];
    let mut parts = vec![
        text("p", heard, &display.announcement),
        head::view(display),
        notes::view(display),
        answers::view(display),
        trail::view(display),
    ];
    parts.extend(details::view(display, *depth == Depth::Story));
    parts.push(footer::view(display));
    el(
        "section",
        &[("part", "card"), ("class", "card"), ("role", "group")],
        parts,
    )
    .with("aria-label", &display.headings.card)
    .with("lang", lang)
    .with("dir", display.direction.id())
    .with("data-tone", display.tone.id())
    .with("data-party", display.party.as_str())
    .with("data-state", &data.state)
    .with("data-charged", &data.charged)
    .with("data-pay-again", &data.pay_again)
    .with("data-release", &data.release)
    .with("data-money-at", &data.money_at)
    .with("data-version", &data.version)
    .with("data-match-code", &data.match_code)
    .with("data-freshness", display.freshness.kind.id())
}
