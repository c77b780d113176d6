//! What is shown while no verified answer exists: that we are asking, or why we cannot. Nothing is claimed.

use payment_status_protocol::party::Party;

use crate::compose::{check, direction, headings};
use crate::display::{Display, FreshnessKind, FreshnessLine, Icon, Notice, Tone};
use crate::situation::{Freshness, Trouble};
use crate::teller::Teller;

/// The display without a snapshot.
pub(crate) fn blank(
    teller: &Teller<'_>,
    party: &Party,
    freshness: Freshness,
    trouble: Option<Trouble<'_>>,
) -> Display {
    let (what, why, tone, icon) = match trouble {
        None => (
            teller.say(&["connecting"], &[]),
            None,
            Tone::Progress,
            Icon::Connecting,
        ),
        Some(trouble) => {
            let notice = notice(teller, trouble);
            (notice.title, Some(notice.text), Tone::Hold, icon(trouble))
        }
    };
    let headline = teller.say(&["plain"], &[("what", &what)]);
    let mut explanation: Vec<String> = why.into_iter().collect();
    explanation.push(teller.say(&["blank"], &[]));

    // Without an answer there is no age of an answer: only "offline" says more than "connecting".
    let kind = match freshness {
        Freshness::Offline { .. } => FreshnessKind::Offline,
        Freshness::Connecting
        | Freshness::Live { .. }
        | Freshness::Stale { .. }
        | Freshness::Paused { .. } => FreshnessKind::Connecting,
    };
    let text = match kind {
        FreshnessKind::Offline => teller.say(&["trouble", Trouble::Offline.id(), "0"], &[]),
        FreshnessKind::Connecting
        | FreshnessKind::Live
        | FreshnessKind::Stale
        | FreshnessKind::Paused => teller.say(&["freshness", "connecting"], &[]),
    };
    let announcement = [&headline, " ", &explanation.join(" ")].concat();
    Display {
        party: party.clone(),
        tone,
        icon,
        headline,
        explanation,
        answers: Vec::new(),
        trail: None,
        reason: None,
        steps: Vec::new(),
        next: None,
        disagreement: None,
        superseded: None,
        timeline: None,
        match_code: None,
        version: None,
        freshness: FreshnessLine { kind, text },
        check: check(teller, kind, trouble),
        notice: None,
        amount: None,
        merchant_name: None,
        order_reference: None,
        own: None,
        headings: headings(teller),
        direction: direction(teller),
        announcement,
    }
}

/// What went wrong in asking, in words.
pub(crate) fn notice(teller: &Teller<'_>, trouble: Trouble<'_>) -> Notice {
    let attribute = match trouble {
        Trouble::Configuration { attribute } => attribute,
        Trouble::Offline
        | Trouble::Unreachable
        | Trouble::NotFound
        | Trouble::BadSignature
        | Trouble::OtherTransaction
        | Trouble::WentBack
        | Trouble::Contradiction
        | Trouble::Unreadable
        | Trouble::KeysUnavailable
        | Trouble::UnsupportedBrowser
        | Trouble::Internal => "",
    };
    let say = |part| {
        teller.say(
            &["trouble", trouble.id(), part],
            &[("attribute", attribute)],
        )
    };
    Notice {
        title: say("0"),
        text: say("1"),
    }
}

fn icon(trouble: Trouble<'_>) -> Icon {
    match trouble {
        Trouble::Offline | Trouble::Unreachable => Icon::Unreachable,
        Trouble::NotFound
        | Trouble::BadSignature
        | Trouble::OtherTransaction
        | Trouble::WentBack
        | Trouble::Contradiction
        | Trouble::Unreadable
        | Trouble::KeysUnavailable
        | Trouble::UnsupportedBrowser
        | Trouble::Configuration { .. }
        | Trouble::Internal => Icon::Warning,
    }
}
