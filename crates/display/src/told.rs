//! What is told of a snapshot: the one place where a verdict becomes something that words exist for.
//!
//! A snapshot may come from a backend newer than this build. Whatever is not known here, and whatever does not fit
//! together, is told as "still checking" with the more cautious advice of "wait" and what the snapshot says.

use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::verdict::{Charged, MoneyAt, PayAgain, Release, State};

/// A state together with what it says of the payer's money: each has its own sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    AwaitingPayment,
    Processing,
    ProcessingCharged,
    Checking,
    CheckingCharged,
    Paid,
    PaidNotConfirmed,
    DebitedNotCredited,
    Declined,
    Cancelled,
    CancelledUnknown,
    Expired,
    ExpiredUnknown,
    Reversing,
    Reversed,
    Refunding,
    Refunded,
    PartiallyRefunded,
    AmountMismatch,
    Duplicate,
    UnderReview,
    Disputed,
}

/// The verdict as it may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) told: Told,
    pub(crate) charged: Charged,
    pub(crate) pay_again: PayAgain,
    pub(crate) release: Release,
    pub(crate) money_at: MoneyAt,
    /// Will not change by itself; never true of what this build does not understand.
    pub(crate) is_final: bool,
}

/// The snapshot's verdict, made safe to put into words.
pub(crate) fn reading_of(snapshot: &Snapshot) -> Reading {
    match told(&snapshot.state, &snapshot.charged) {
        Some(told) => understood(snapshot, told),
        None => cautious(snapshot),
    }
}

/// Which sentences fit, or `None` if the state is unknown or says something else of the payer's money than `charged`.
fn told(state: &State, charged: &Charged) -> Option<Told> {
    let told = match (state, charged) {
        (State::AwaitingPayment, Charged::Unknown) => Told::AwaitingPayment,
        (State::Processing, Charged::Unknown) => Told::Processing,
        (State::Processing, Charged::Charged) => Told::ProcessingCharged,
        (State::Checking, Charged::Unknown) => Told::Checking,
        (State::Checking, Charged::Charged) => Told::CheckingCharged,
        (State::Paid, Charged::Charged) => Told::Paid,
        (State::PaidNotConfirmed, Charged::Charged) => Told::PaidNotConfirmed,
        (State::DebitedNotCredited, Charged::Charged) => Told::DebitedNotCredited,
        (State::Declined, Charged::NotCharged) => Told::Declined,
        (State::Cancelled, Charged::NotCharged) => Told::Cancelled,
        (State::Cancelled, Charged::Unknown) => Told::CancelledUnknown,
        (State::Expired, Charged::NotCharged) => Told::Expired,
        (State::Expired, Charged::Unknown) => Told::ExpiredUnknown,
        (State::Reversing, Charged::Returning) => Told::Reversing,
        (State::Reversed, Charged::Returned) => Told::Reversed,
        (State::Refunding, Charged::Returning) => Told::Refunding,
        (State::Refunded, Charged::Returned) => Told::Refunded,
        (State::PartiallyRefunded, Charged::Charged) => Told::PartiallyRefunded,
        (State::AmountMismatch, Charged::Charged) => Told::AmountMismatch,
        (State::Duplicate, Charged::Charged) => Told::Duplicate,
        (State::UnderReview, Charged::Charged) => Told::UnderReview,
        (State::Disputed, Charged::Charged) => Told::Disputed,
        (
            State::AwaitingPayment
            | State::Processing
            | State::Checking
            | State::Paid
            | State::PaidNotConfirmed
            | State::DebitedNotCredited
            | State::Declined
            | State::Cancelled
            | State::Expired
            | State::Reversing
            | State::Reversed
            | State::Refunding
            | State::Refunded
            | State::PartiallyRefunded
            | State::AmountMismatch
            | State::Duplicate
            | State::UnderReview
            | State::Disputed
            | State::Other(_),
            Charged::NotCharged
            | Charged::Charged
            | Charged::Returning
            | Charged::Returned
            | Charged::Unknown
            | Charged::Other(_),
        ) => return None,
    };
    Some(told)
}

/// The verdict as it stands, but for single values that are unknown or promise more than `charged` proves.
fn understood(snapshot: &Snapshot, told: Told) -> Reading {
    let pay_again = match (&snapshot.pay_again, &snapshot.charged) {
        (PayAgain::Safe, Charged::NotCharged | Charged::Returned) => PayAgain::Safe,
        // Safe without proof that no money is with the shop's side is not safe.
        (
            PayAgain::Safe,
            Charged::Charged | Charged::Returning | Charged::Unknown | Charged::Other(_),
        )
        | (PayAgain::Wait | PayAgain::Other(_), _) => PayAgain::Wait,
        (PayAgain::DoNot, _) => PayAgain::DoNot,
    };
    let release = match &snapshot.release {
        Release::Release => Release::Release,
        Release::DoNot => Release::DoNot,
        Release::Wait | Release::Other(_) => Release::Wait,
    };
    let money_at = match &snapshot.money_at {
        MoneyAt::Other(_) => MoneyAt::Unknown,
        known @ (MoneyAt::Payer
        | MoneyAt::InFlight
        | MoneyAt::Acquirer
        | MoneyAt::Merchant
        | MoneyAt::Returning
        | MoneyAt::Returned
        | MoneyAt::Unknown) => known.clone(),
    };
    let charged = snapshot.charged.clone();
    Reading {
        told,
        charged,
        pay_again,
        release,
        money_at,
        is_final: snapshot.is_final,
    }
}

/// The verdict of a snapshot that this build does not understand or has no words for: checking. Of what it says, only the parts that ask
/// for caution are kept.
pub(crate) fn cautious(snapshot: &Snapshot) -> Reading {
    let (told, charged) = match &snapshot.charged {
        Charged::Charged => (Told::CheckingCharged, Charged::Charged),
        Charged::NotCharged
        | Charged::Returning
        | Charged::Returned
        | Charged::Unknown
        | Charged::Other(_) => (Told::Checking, Charged::Unknown),
    };
    let pay_again = match &snapshot.pay_again {
        PayAgain::DoNot => PayAgain::DoNot,
        PayAgain::Safe | PayAgain::Wait | PayAgain::Other(_) => PayAgain::Wait,
    };
    let release = match &snapshot.release {
        Release::DoNot => Release::DoNot,
        Release::Release | Release::Wait | Release::Other(_) => Release::Wait,
    };
    Reading {
        told,
        charged,
        pay_again,
        release,
        money_at: MoneyAt::Unknown,
        is_final: false,
    }
}

impl Told {
    /// Everything that has sentences, for the tests of the locale files.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 22] = [
        Self::AwaitingPayment,
        Self::Processing,
        Self::ProcessingCharged,
        Self::Checking,
        Self::CheckingCharged,
        Self::Paid,
        Self::PaidNotConfirmed,
        Self::DebitedNotCredited,
        Self::Declined,
        Self::Cancelled,
        Self::CancelledUnknown,
        Self::Expired,
        Self::ExpiredUnknown,
        Self::Reversing,
        Self::Reversed,
        Self::Refunding,
        Self::Refunded,
        Self::PartiallyRefunded,
        Self::AmountMismatch,
        Self::Duplicate,
        Self::UnderReview,
        Self::Disputed,
    ];

    /// The name in the locale files.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::AwaitingPayment => "awaiting_payment",
            Self::Processing => "processing",
            Self::ProcessingCharged => "processing_charged",
            Self::Checking => "checking",
            Self::CheckingCharged => "checking_charged",
            Self::Paid => "paid",
            Self::PaidNotConfirmed => "paid_not_confirmed",
            Self::DebitedNotCredited => "debited_not_credited",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::CancelledUnknown => "cancelled_unknown",
            Self::Expired => "expired",
            Self::ExpiredUnknown => "expired_unknown",
            Self::Reversing => "reversing",
            Self::Reversed => "reversed",
            Self::Refunding => "refunding",
            Self::Refunded => "refunded",
            Self::PartiallyRefunded => "partially_refunded",
            Self::AmountMismatch => "amount_mismatch",
            Self::Duplicate => "duplicate",
            Self::UnderReview => "under_review",
            Self::Disputed => "disputed",
        }
    }
}
