//! The bold sentence that answers the reader's first question, and the sentences under it.
//!
//! A sentence about the state never contains advice, and advice comes from `pay_again` and `release` alone: that is
//! why "you may pay again" and "hand over the goods" cannot stand beside any other value than `safe` and `release`.

use payment_status_protocol::money::Money;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::verdict::{PayAgain, Release};

use crate::situation::{PartyFacts, Situation};
use crate::teller::{Reader, Teller};
use crate::told::{Reading, Told};

/// A headline, the same without advice that may have aged, and the sentences under it.
pub(crate) struct Headline {
    pub(crate) text: String,
    /// For the live region of a screen that cannot hear the server: permissions are left out.
    pub(crate) without_permission: String,
    pub(crate) explanation: Vec<String>,
}

/// The headline of a reading. `age` is how old the answer is, if the server cannot be heard.
pub(crate) fn headline(
    teller: &Teller<'_>,
    reading: &Reading,
    snapshot: &Snapshot,
    situation: &Situation<'_>,
    age: Option<&str>,
) -> Headline {
    let what = teller
        .told(reading.told, "0", &[])
        .unwrap_or_else(|| teller.words.general().to_owned());
    let plain = teller.say(&["plain"], &[("what", &what)]);
    let joined = |advice: &str| teller.say(&["joined"], &[("what", &what), ("advice", advice)]);

    let advice = match teller.reader {
        Reader::Payer if reading.told.advises_payer() => {
            Some(advise_payer(teller, &reading.pay_again))
        }
        Reader::Merchant => Some(advise_merchant(teller, &reading.release)),
        Reader::Payer | Reader::Support => None,
    };
    let (text, without_permission) = match advice {
        None => (plain.clone(), plain),
        Some(Advice { text, permits }) => {
            let careful = if permits { plain } else { joined(&text) };
            let shown = if permits {
                aged(teller, age, text)
            } else {
                text
            };
            (joined(&shown), careful)
        }
    };
    // An open order may have been paid since: nobody is told to pay by an old answer.
    let explanation = if age.is_some() && reading.told == Told::AwaitingPayment {
        Vec::new()
    } else {
        explanation(teller, reading, snapshot, situation)
    };
    Headline {
        text,
        without_permission,
        explanation,
    }
}

/// A permission by its age ("As of 4 minutes ago: …"), as it stands while the server is heard.
pub(crate) fn aged(teller: &Teller<'_>, age: Option<&str>, advice: String) -> String {
    match age {
        Some(age) => teller.say(&["aged"], &[("age", age), ("advice", &advice)]),
        None => advice,
    }
}

/// One half sentence of advice; `permits` if it lets somebody pay again or hand over goods.
struct Advice {
    text: String,
    permits: bool,
}

fn advise_payer(teller: &Teller<'_>, pay_again: &PayAgain) -> Advice {
    let (key, permits) = match pay_again {
        PayAgain::Safe => ("safe", true),
        PayAgain::DoNot => ("do_not", false),
        PayAgain::Wait | PayAgain::Other(_) => ("wait", false),
    };
    Advice {
        text: teller.say(&["advice", "pay_again", key], &[]),
        permits,
    }
}

fn advise_merchant(teller: &Teller<'_>, release: &Release) -> Advice {
    let (key, permits) = match release {
        Release::Release => ("release", true),
        Release::DoNot => ("do_not", false),
        Release::Wait | Release::Other(_) => ("wait", false),
    };
    Advice {
        text: teller.say(&["advice", "release", key], &[]),
        permits,
    }
}

fn explanation(
    teller: &Teller<'_>,
    reading: &Reading,
    snapshot: &Snapshot,
    situation: &Situation<'_>,
) -> Vec<String> {
    // Of money that comes back in parts, the part that is back is told.
    let comes_back = matches!(reading.told, Told::Refunding | Told::Reversing);
    let told = if comes_back && snapshot.returned_minor > 0 {
        Told::PartiallyRefunded
    } else {
        reading.told
    };
    // Only where it is said: the browser's first formatting takes long, and may be the first.
    let written = |minor| {
        if !told.names_amounts() {
            return String::new();
        }
        let amount = snapshot.amount.clone();
        teller.formats.money(&Money { minor, ..amount })
    };
    let amount = written(snapshot.amount.minor);
    let returned = written(snapshot.returned_minor);
    let money = teller.say(&["money", reading.money_at.as_str()], &[]);
    let values = [
        ("amount", &*amount),
        ("returned", &*returned),
        ("money", &*money),
    ];
    let mut sentences = Vec::from_iter(teller.told(told, "1", &values));
    let two_screens = reading.told.screens_may_differ();
    match teller.reader {
        Reader::Merchant if two_screens => {
            let advice = advise_payer(teller, &reading.pay_again);
            if !advice.permits {
                sentences.push(teller.say(&["plain"], &[("what", &advice.text)]));
            }
        }
        Reader::Support => sentences.extend(broken_leg(teller, snapshot, situation)),
        Reader::Payer | Reader::Merchant => {}
    }
    if let (true, Some(code)) = (two_screens, situation.match_code) {
        let halves = code.split_once('-');
        let joined = halves.map(|(first, last)| [first, UNBROKEN, last].concat());
        let code = joined.as_deref().unwrap_or(code);
        sentences.extend(teller.may_say(&["code", "say"], &[("code", code)]));
    }
    sentences
}

/// "Broken leg: confirmation (unionpay de39 98)."
fn broken_leg(
    teller: &Teller<'_>,
    snapshot: &Snapshot,
    situation: &Situation<'_>,
) -> Option<String> {
    let leg = teller.leg(snapshot.broken_leg.as_ref()?);
    let code = match situation.document_for(snapshot, teller.reader) {
        Some(PartyFacts::Support { broken_code, .. }) => broken_code,
        Some(PartyFacts::Payer { .. } | PartyFacts::Merchant { .. }) | None => None,
    };
    Some(match code {
        None => teller.say(&["broken", "leg"], &[("leg", &leg)]),
        Some(code) => {
            let mut parts = vec![&*code.scheme];
            parts.extend(code.family.as_deref());
            parts.push(&code.value);
            teller.say(
                &["broken", "code"],
                &[("leg", &leg), ("code", &parts.join(" "))],
            )
        }
    })
}

impl Told {
    /// Does the payer's first question include "shall I pay (again)?".
    const fn advises_payer(self) -> bool {
        match self {
            Self::Processing
            | Self::ProcessingCharged
            | Self::Checking
            | Self::CheckingCharged
            | Self::PaidNotConfirmed
            | Self::DebitedNotCredited
            | Self::Declined
            | Self::Cancelled
            | Self::CancelledUnknown
            | Self::Expired
            | Self::ExpiredUnknown
            | Self::Reversing
            | Self::Reversed
            | Self::AmountMismatch
            | Self::Duplicate
            | Self::UnderReview
            | Self::Disputed => true,
            Self::AwaitingPayment
            | Self::Paid
            | Self::Refunding
            | Self::Refunded
            | Self::PartiallyRefunded => false,
        }
    }

    /// Do the sentences under the headline name amounts?
    const fn names_amounts(self) -> bool {
        matches!(self, Self::AmountMismatch | Self::PartiallyRefunded)
    }

    /// May the phone and the till show different things now, so that comparing the code settles it?
    const fn screens_may_differ(self) -> bool {
        match self {
            Self::Checking
            | Self::CheckingCharged
            | Self::PaidNotConfirmed
            | Self::DebitedNotCredited
            | Self::CancelledUnknown
            | Self::ExpiredUnknown => true,
            Self::AwaitingPayment
            | Self::Processing
            | Self::ProcessingCharged
            | Self::Paid
            | Self::Declined
            | Self::Cancelled
            | Self::Expired
            | Self::Reversing
            | Self::Reversed
            | Self::Refunding
            | Self::Refunded
            | Self::PartiallyRefunded
            | Self::AmountMismatch
            | Self::Duplicate
            | Self::UnderReview
            | Self::Disputed => false,
        }
    }
}

/// A hyphen at which no line ends (with a word joiner): a code in two pieces is compared by its half.
const UNBROKEN: &str = "-\u{2060}";
