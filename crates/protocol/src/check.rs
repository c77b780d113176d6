//! What a reader refuses to show: a document whose verdict contradicts itself.
//!
//! The signature says who wrote it, not that it is right. Every combination that would send
//! somebody to pay again or to hand over goods without proof is refused, whoever signed it.

use crate::decide::is_settled;
use crate::report::Leg;
use crate::snapshot::{FORMAT, LegStatus, Snapshot};
use crate::verdict::{Charged, PayAgain, Release, State};

/// Why a document is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// Another format number than this build reads.
    Format,
    /// An amount with more decimal digits than any currency has (ISO 4217: at most 4).
    Exponent,
    /// "Pay again" although it is not proven that no money is with somebody else.
    PayAgainWithoutProof,
    /// "Hand over" although no credit is proven.
    ReleaseWithoutCredit,
    /// "Charged" although neither debit nor credit nor dispute says so.
    ChargedWithoutProof,
    /// "Not charged" although no debit failed, or one succeeded.
    NotChargedWithoutProof,
    /// "Money is back" although less than the whole amount is proven to be back, or an amount that nobody has proven.
    ReturnedWithoutProof,
    /// The headline and the answers exclude each other.
    StateExcludesAnswer,
    /// `final` on a state that can still change by itself.
    FinalTooEarly,
}

impl Contradiction {
    /// A stable code for events and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Exponent => "exponent",
            Self::PayAgainWithoutProof => "pay_again_without_proof",
            Self::ReleaseWithoutCredit => "release_without_credit",
            Self::ChargedWithoutProof => "charged_without_proof",
            Self::NotChargedWithoutProof => "not_charged_without_proof",
            Self::ReturnedWithoutProof => "returned_without_proof",
            Self::StateExcludesAnswer => "state_excludes_answer",
            Self::FinalTooEarly => "final_too_early",
        }
    }
}

/// Of the minor unit of a currency: the Unidad de Fomento (CLF) has them.
const MOST_DIGITS: u8 = 4;

/// Checks that a document can be shown.
///
/// # Errors
/// The first [`Contradiction`] found.
pub fn check(snapshot: &Snapshot) -> Result<(), Contradiction> {
    let refuse_unless =
        |holds: bool, contradiction| if holds { Ok(()) } else { Err(contradiction) };
    let leg_is = |leg: Leg, statuses: &[LegStatus]| {
        snapshot
            .legs
            .iter()
            .any(|line| line.leg == leg && statuses.contains(&line.status))
    };
    let debited = leg_is(Leg::Debit, &[LegStatus::Succeeded]);
    let credited = leg_is(Leg::Credit, &[LegStatus::Succeeded]);
    let disputed = leg_is(Leg::Dispute, &[LegStatus::Pending, LegStatus::Succeeded]);
    let refused = leg_is(Leg::Debit, &[LegStatus::Failed]);
    let moved = debited || credited;
    let is_back = leg_is(Leg::Return, &[LegStatus::Succeeded]);

    refuse_unless(snapshot.format == FORMAT, Contradiction::Format)?;
    refuse_unless(
        snapshot.amount.exponent <= MOST_DIGITS,
        Contradiction::Exponent,
    )?;
    if snapshot.pay_again == PayAgain::Safe {
        let proven = matches!(snapshot.charged, Charged::NotCharged | Charged::Returned);
        refuse_unless(proven, Contradiction::PayAgainWithoutProof)?;
    }
    if snapshot.release == Release::Release {
        let kept = !matches!(snapshot.charged, Charged::NotCharged);
        refuse_unless(credited && kept, Contradiction::ReleaseWithoutCredit)?;
    }
    match snapshot.charged {
        Charged::Charged => refuse_unless(moved || disputed, Contradiction::ChargedWithoutProof)?,
        Charged::NotCharged => {
            refuse_unless(refused && !moved, Contradiction::NotChargedWithoutProof)?
        }
        Charged::Returned => refuse_unless(
            is_back && snapshot.returned_minor >= snapshot.amount.minor,
            Contradiction::ReturnedWithoutProof,
        )?,
        Charged::Returning | Charged::Unknown | Charged::Other(_) => {}
    }
    refuse_unless(
        is_back || snapshot.returned_minor == 0,
        Contradiction::ReturnedWithoutProof,
    )?;
    let fits = answers_fit(snapshot)
        && (snapshot.release != Release::Release || may_release(&snapshot.state));
    refuse_unless(fits, Contradiction::StateExcludesAnswer)?;
    refuse_unless(
        !snapshot.is_final || may_be_final(&snapshot.state),
        Contradiction::FinalTooEarly,
    )
}

/// The answers that a headline allows, whatever the other attempts are.
fn answers_fit(snapshot: &Snapshot) -> bool {
    let (charged, pay_again) = (&snapshot.charged, &snapshot.pay_again);
    let not_safe = *pay_again != PayAgain::Safe;
    match snapshot.state {
        State::Paid | State::PaidNotConfirmed | State::PartiallyRefunded => {
            *charged == Charged::Charged
                && *pay_again == PayAgain::DoNot
                && snapshot.release == Release::Release
        }
        State::AmountMismatch
        | State::Duplicate
        | State::UnderReview
        | State::Disputed
        | State::DebitedNotCredited => {
            *charged == Charged::Charged && *pay_again == PayAgain::DoNot
        }
        State::AwaitingPayment => *charged == Charged::Unknown && not_safe,
        State::Processing | State::Checking => {
            matches!(charged, Charged::Charged | Charged::Unknown) && not_safe
        }
        State::Reversing | State::Refunding => *charged == Charged::Returning && not_safe,
        State::Reversed | State::Refunded => *charged == Charged::Returned,
        State::Declined => *charged == Charged::NotCharged,
        State::Cancelled | State::Expired => match charged {
            Charged::NotCharged => true,
            Charged::Unknown => not_safe,
            Charged::Charged | Charged::Returning | Charged::Returned | Charged::Other(_) => false,
        },
        // Shown as "still checking", so nothing is claimed that could be wrong.
        State::Other(_) => true,
    }
}

/// "Hand over" goes with these headlines only. Under those of a refund or a dispute it is about another attempt.
fn may_release(state: &State) -> bool {
    match state {
        State::Paid
        | State::PaidNotConfirmed
        | State::PartiallyRefunded
        | State::Checking
        | State::Duplicate
        | State::Disputed
        | State::Refunding
        | State::Reversing
        | State::Other(_) => true,
        State::AwaitingPayment
        | State::Processing
        | State::DebitedNotCredited
        | State::AmountMismatch
        | State::UnderReview
        | State::Declined
        | State::Cancelled
        | State::Expired
        | State::Reversed
        | State::Refunded => false,
    }
}

fn may_be_final(state: &State) -> bool {
    matches!(state, State::Other(_)) || is_settled(state)
}
