//! Why it is so, and what the reader can do about it.
//!
//! The words of the reasons come in a file of their own (`locales/reasons`): a first picture does without them. Which
//! steps belong to a reason is data too, the same for every language.

use payment_status_protocol::reason::Reason as Code;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::verdict::{PayAgain, Release};

use crate::display::Reason;
use crate::situation::{PartyFacts, Situation};
use crate::teller::{Reader, Teller};
use crate::told::{Reading, Told};

/// The code of the reason: support sees the exact one, the others the public one.
pub(crate) fn code<'a>(
    teller: &Teller<'_>,
    snapshot: &'a Snapshot,
    situation: &Situation<'a>,
) -> &'a str {
    let exact = match situation.document_for(snapshot, teller.reader) {
        Some(PartyFacts::Support { reason, .. }) => reason,
        Some(PartyFacts::Payer { .. } | PartyFacts::Merchant { .. }) | None => None,
    };
    exact.unwrap_or(&snapshot.reason).as_str()
}

/// Why it is so. A code without words is said to have no explanation; with no words at all nothing is said.
pub(crate) fn reason(teller: &Teller<'_>, code: &str) -> Option<Reason> {
    let said = |code| teller.may_say(&["reason", code], &[]);
    Some(Reason {
        text: said(code).or_else(|| said(Code::UNMAPPED_CODE.as_str()))?,
        code: code.to_owned(),
    })
}

/// What is proven, as far as it decides what anybody may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing is safe yet.
    Open,
    /// It may be paid again.
    Safe,
    /// The goods may be handed over.
    Done,
}

impl Phase {
    /// From the verdict and never from the reason.
    fn of(reading: &Reading) -> Self {
        match (&reading.pay_again, &reading.release) {
            (PayAgain::Safe, _) => Self::Safe,
            (PayAgain::DoNot | PayAgain::Wait | PayAgain::Other(_), Release::Release) => Self::Done,
            (
                PayAgain::DoNot | PayAgain::Wait | PayAgain::Other(_),
                Release::Wait | Release::DoNot | Release::Other(_),
            ) => Self::Open,
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Safe => "safe",
            Self::Done => "done",
        }
    }
}

/// What the reader can do now. The reason's own steps for the phase, or else those that fit every reason. A permission
/// of a server that is not heard is said with its age, which a step cannot carry: then there are none.
pub(crate) fn steps(
    teller: &Teller<'_>,
    code: &str,
    reading: &Reading,
    heard: bool,
    awaits_deadline: bool,
) -> Vec<String> {
    let phase = match teller.reader {
        // Support finds out; it neither pays nor hands over.
        Reader::Support => Phase::Open,
        Reader::Payer | Reader::Merchant => Phase::of(reading),
    };
    // To pay is a permission too, before anybody has paid.
    if !heard && (phase != Phase::Open || reading.told == Told::AwaitingPayment) {
        return Vec::new();
    }
    let listed = |code| {
        let path = ["steps", code, teller.reader.id(), phase.id()];
        teller.words.get(&path)
    };
    let ids = listed(code).or_else(|| listed("_")).unwrap_or_default();
    // "If nothing has come by the time given below": once that time has passed, the line below itself says whom to ask.
    let with_deadline = teller.words.get(&["with_deadline"]).unwrap_or_default();
    ids.split(' ')
        .filter(|id| awaits_deadline || !with_deadline.split(' ').any(|of| of == *id))
        .filter_map(|id| teller.may_say(&["step", id], &[]))
        .collect()
}
