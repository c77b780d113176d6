//! Puts the parts of a display together.

use payment_status_protocol::party::Party;
use payment_status_protocol::snapshot::Snapshot;

use crate::answers::answers;
use crate::blank::{blank, notice};
use crate::display::{Direction, Display, FreshnessKind, FreshnessLine, Headings, Line, Tone};
use crate::facts;
use crate::headline::headline;
use crate::next::next;
use crate::situation::{Depth, Formats, Freshness, Situation, Trouble};
use crate::teller::{Reader, Teller};
use crate::timeline::timeline;
use crate::told::{cautious, reading_of};
use crate::tone::tone_and_icon;
use crate::trail::trail;
use crate::why;
use crate::words::Words;

/// What `party` should see in `situation`, in the words of one locale.
#[must_use]
pub fn display(
    situation: &Situation<'_>,
    party: &Party,
    words: &Words,
    formats: &dyn Formats,
) -> Display {
    let teller = Teller {
        words,
        formats,
        reader: Reader::from(party),
    };
    let heard = match situation.freshness {
        Freshness::Connecting => None,
        Freshness::Live { age_s } => Some((FreshnessKind::Live, age_s)),
        Freshness::Stale { age_s } => Some((FreshnessKind::Stale, age_s)),
        Freshness::Offline { age_s } => Some((FreshnessKind::Offline, age_s)),
        Freshness::Paused { age_s } => Some((FreshnessKind::Paused, age_s)),
    };
    match (situation.snapshot, heard) {
        (Some(snapshot), Some((kind, age_s))) => verified(
            &teller,
            party,
            situation,
            snapshot,
            kind,
            &teller.age(age_s),
        ),
        (None, _) | (_, None) => blank(&teller, party, situation.freshness, situation.trouble),
    }
}

/// What stands beside the dot of a live screen when its answer is `age_s` seconds old: all that changes there from one
/// second to the next. The same text as [`FreshnessLine::text`] of [`FreshnessKind::Live`].
#[must_use]
pub fn live_line(age_s: u64, party: &Party, words: &Words, formats: &dyn Formats) -> String {
    let teller = Teller {
        words,
        formats,
        reader: Reader::from(party),
    };
    freshness_text(&teller, FreshnessKind::Live, &teller.age(age_s))
}

fn freshness_text(teller: &Teller<'_>, kind: FreshnessKind, age: &str) -> String {
    teller.say(&["freshness", kind.id()], &[("age", age)])
}

/// The display of a verified snapshot, `age` old.
fn verified(
    teller: &Teller<'_>,
    party: &Party,
    situation: &Situation<'_>,
    snapshot: &Snapshot,
    kind: FreshnessKind,
    age: &str,
) -> Display {
    let mut reading = reading_of(snapshot);
    if teller.told(reading.told, "0", &[]).is_none() {
        // A locale file that lacks this state must not leave its colour and permissions beside the general sentence.
        reading = cautious(snapshot);
    }
    let heard = match kind {
        FreshnessKind::Live => true,
        FreshnessKind::Connecting
        | FreshnessKind::Stale
        | FreshnessKind::Offline
        | FreshnessKind::Paused => false,
    };
    let advice_age = if heard { None } else { Some(age) };

    let (mut tone, icon) = tone_and_icon(&reading, teller.reader);
    // What can still change may have changed since we last heard of it.
    if !heard && !reading.is_final {
        tone = Tone::Hold;
    }
    let headline = headline(teller, &reading, snapshot, situation, advice_age);
    let superseded = facts::superseded(teller, snapshot, situation);
    let announcement = if heard {
        let first = headline.explanation.first().map_or("", String::as_str);
        spoken(&[
            &headline.text,
            first,
            superseded.as_deref().unwrap_or_default(),
        ])
    } else {
        // A pause is no trouble, and has no sentence of its own.
        let trouble = teller.may_say(&["announce", kind.id()], &[]);
        spoken(&[
            trouble.as_deref().unwrap_or_default(),
            &headline.without_permission,
        ])
    };

    let code = why::code(teller, snapshot, situation);
    let pictured = situation.depth >= Depth::Picture;
    let next = pictured.then(|| next(teller, snapshot, situation));
    let steps = next.as_ref().map(|next| {
        let awaits_deadline = snapshot.resolve_by.is_some() && !next.is_overdue;
        why::steps(teller, code, &reading, heard, awaits_deadline)
    });
    Display {
        party: party.clone(),
        tone,
        icon,
        headline: headline.text,
        explanation: headline.explanation,
        answers: answers(teller, &reading, snapshot, situation, advice_age),
        trail: pictured.then(|| trail(teller, &reading, snapshot.broken_leg.as_ref())),
        reason: why::reason(teller, code).filter(|_| pictured),
        steps: steps.unwrap_or_default(),
        next,
        disagreement: facts::disagreement(teller, snapshot),
        superseded,
        timeline: if situation.depth == Depth::Story {
            timeline(teller, &reading, snapshot)
        } else {
            None
        },
        match_code: if pictured {
            facts::match_code(teller, situation)
        } else {
            None
        },
        version: Some(teller.say(
            &["line", "version"],
            &[("version", &snapshot.version.to_string())],
        )),
        freshness: FreshnessLine {
            kind,
            text: freshness_text(teller, kind, age),
        },
        check: check(teller, kind, situation.trouble),
        notice: situation.trouble.map(|trouble| notice(teller, trouble)),
        amount: pictured.then(|| teller.formats.money(&snapshot.amount)),
        merchant_name: snapshot.merchant_name.as_deref().map(str::to_owned),
        order_reference: Some(Line {
            label: teller.say(&["line", "order"], &[]),
            text: snapshot.order_reference.as_ref().to_owned(),
        }),
        own: facts::own(teller, snapshot, situation),
        headings: headings(teller),
        direction: direction(teller),
        announcement,
    }
}

/// Sentences for the live region. Ages stay out of it, or it would speak every second.
fn spoken(sentences: &[&str]) -> String {
    let said: Vec<&str> = sentences
        .iter()
        .copied()
        .filter(|text| !text.is_empty())
        .collect();
    said.join(" ")
}

/// The words of the button that asks at once, where it can help.
pub(crate) fn check(
    teller: &Teller<'_>,
    kind: FreshnessKind,
    trouble: Option<Trouble<'_>>,
) -> Option<String> {
    let helps = match trouble {
        Some(Trouble::UnsupportedBrowser | Trouble::Configuration { .. }) => false,
        Some(_) => true,
        None => match kind {
            FreshnessKind::Stale | FreshnessKind::Offline | FreshnessKind::Paused => true,
            FreshnessKind::Connecting | FreshnessKind::Live => false,
        },
    };
    let words = helps.then(|| teller.may_say(&["action", "check"], &[]));
    words.flatten()
}

/// Which way the words are written.
pub(crate) fn direction(teller: &Teller<'_>) -> Direction {
    if teller.words.is_right_to_left() {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    }
}

/// The headings of the card's parts.
pub(crate) fn headings(teller: &Teller<'_>) -> Headings {
    let say = |key| teller.say(&["heading", key], &[]);
    Headings {
        card: say("card"),
        trail: say("trail"),
        reason: say("reason"),
        next: say("next"),
        steps: say("steps"),
        details: say("details"),
    }
}
