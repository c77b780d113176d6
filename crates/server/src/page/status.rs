//! The status as a page: what the widget's card says, made by the server, coming anew by itself.

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use jiff::tz::TimeZone;
use maud::{Markup, html};
use payment_status_display::{Depth, Display, Formats as _, Freshness, Situation, display};
use payment_status_protocol::match_code::match_code;
use payment_status_protocol::party::Party;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::time::Time;

use super::formats::NativeFormats;
use super::frame::{self, said};
use super::locales::Choice;
use super::parts;

/// A document to be shown.
pub(crate) struct Shown<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) sha256: &'a [u8; 32],
    pub(crate) party: &'a Party,
    /// When it was read: it was the current one then.
    pub(crate) now: Time,
    pub(crate) zone: &'a TimeZone,
}

/// The page, and after how many seconds the browser asks again.
pub(crate) fn page(shown: &Shown<'_>, choice: &Choice, again: &str) -> (Markup, u64) {
    let formats = NativeFormats::new(&choice.format_tag, shown.zone.clone(), shown.now);
    let display = view_model(shown, choice, &formats);
    let words = &choice.locale.words;
    let say =
        |path: &[&str], values: &[(&str, &str)]| words.sentence(path, Some(shown.party), values);
    let refresh_s = refresh_s(shown.snapshot, shown.now);
    let as_of = say(&["page", "as_of"], &[("time", &formats.dated(shown.now))]);
    let refreshes = words.counted(&["page", "refreshes"], refresh_s, &formats);
    let body = html! {
        article.card data-tone=(display.tone.id()) data-party=(display.party.as_str())
            data-money-at=(shown.snapshot.money_at.as_str()) {
            (parts::head(&display, &as_of))
            (parts::notes(&display))
            (parts::answers(&display))
            @if let Some(trail) = &display.trail { (parts::trail(trail, &display.headings.trail)) }
            (parts::why(&display))
            (parts::match_code(&display))
            (parts::story(&display))
            footer.part {
                p.quiet.screen-only { (refreshes) }
                p.screen-only { a.button href=(again) { (say(&["action", "check"], &[])) } }
                p.quiet.paper-only { (said(words, &["print", "caveat"])) }
            }
        }
    };
    (frame::page(choice, &display.announcement, &body), refresh_s)
}

/// What the widget would show of the same document, just heard.
pub(crate) fn view_model(shown: &Shown<'_>, choice: &Choice, formats: &NativeFormats) -> Display {
    let match_code = match_code(shown.sha256);
    let situation = Situation {
        snapshot: Some(shown.snapshot),
        match_code: Some(&match_code),
        freshness: Freshness::Live { age_s: 0 },
        trouble: None,
        earlier: None,
        // Accounts and payouts stay with the party's own token.
        party_document: None,
        server_time: Some(shown.now),
        depth: Depth::Story,
    };
    display(&situation, shown.party, &choice.locale.words, formats)
}

/// Seconds until the page comes anew: quick while somebody stands and waits, slower the longer nothing happens.
fn refresh_s(snapshot: &Snapshot, now: Time) -> u64 {
    let quiet_s = (now.as_ms() - snapshot.updated_at.as_ms()) / 1000;
    match (snapshot.is_final, quiet_s) {
        (true, _) => 60,
        (false, ..180) => 3,
        (false, 180..900) => 10,
        (false, _) => 30,
    }
}
