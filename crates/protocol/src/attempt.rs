//! One attempt's state: the first rule that fits (docs/protocol.md, 7.2).

use crate::join::{Joined, Step};
use crate::verdict::{Charged, MoneyAt, PayAgain, Release, State};

/// The offer to pay, which belongs to the transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// The payer may still pay.
    Open,
    /// Closed by the merchant or payer.
    Cancelled,
    /// Closed by time.
    Expired,
}

impl Order {
    /// True if nobody should pay any more.
    #[must_use]
    pub fn is_closed(self) -> bool {
        match self {
            Self::Open => false,
            Self::Cancelled | Self::Expired => true,
        }
    }
}

/// The rules of the table, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// 1: the payer contests it.
    Disputed,
    /// 2: the whole amount is back.
    Returned,
    /// 3: the whole amount is back or on its way.
    Returning,
    /// 4: authorities contradict each other.
    Contradiction,
    /// 5: held by a risk check.
    UnderReview,
    /// 6a: another amount arrived.
    AmountDiffers,
    /// 6b: paid, and a part went back.
    PartlyReturned,
    /// 6c: paid, and the till was not told.
    NotConfirmed,
    /// 6d: paid.
    Paid,
    /// 7a: debited, and something after it broke.
    Stuck,
    /// 7b: debited, under way.
    Debited,
    /// 8: not debited.
    NotDebited,
    /// 9a: somebody saw something, nothing is proven.
    Doubt,
    /// 9b: under way.
    UnderWay,
}

/// What follows for one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of `verdict`")]
pub struct AttemptVerdict {
    pub rule: Rule,
    pub state: State,
    pub charged: Charged,
    pub pay_again: PayAgain,
    pub release: Release,
    pub money_at: MoneyAt,
}

/// The first rule that fits. `whole` is the transaction's amount in minor units, at least 1.
#[must_use]
pub fn first_rule(joined: &Joined, order: Order, whole: u64) -> Rule {
    use Step::{Conflict, Failed, Pending, Succeeded, Unknown};
    let Joined {
        debit,
        network,
        credit,
        confirmation,
        review,
        settlement,
        dispute,
        ..
    } = *joined;
    let on_the_way_or_back = joined.returned.saturating_add(joined.returning);

    if matches!(dispute, Pending | Succeeded) {
        Rule::Disputed
    } else if joined.returned > 0 && joined.returned >= whole {
        Rule::Returned
    } else if joined.returning > 0 && on_the_way_or_back >= whole {
        Rule::Returning
    } else if debit == Conflict || credit == Conflict || (debit == Failed && credit == Succeeded) {
        Rule::Contradiction
    } else if (review == Pending && (debit == Succeeded || credit == Succeeded))
        || (review == Failed && credit == Succeeded)
    {
        Rule::UnderReview
    } else if credit == Succeeded && joined.credit_differs {
        Rule::AmountDiffers
    } else if credit == Succeeded && joined.returned > 0 {
        Rule::PartlyReturned
    } else if credit == Succeeded && matches!(confirmation, Failed | Unknown) {
        Rule::NotConfirmed
    } else if credit == Succeeded {
        Rule::Paid
    } else if debit == Succeeded {
        let broke = matches!(credit, Failed | Unknown)
            || matches!(confirmation, Failed | Unknown)
            || review == Failed
            || joined.clock_gave_up
            || order.is_closed();
        if broke { Rule::Stuck } else { Rule::Debited }
    } else if debit == Failed {
        Rule::NotDebited
    } else {
        let doubtful = [
            debit,
            network,
            credit,
            confirmation,
            review,
            settlement,
            dispute,
        ]
        .iter()
        .any(|leg| matches!(leg, Failed | Unknown | Conflict));
        let doubt = doubtful || joined.return_in_doubt || joined.sign || order.is_closed();
        if doubt { Rule::Doubt } else { Rule::UnderWay }
    }
}

/// The row of the table for the rule that fits.
#[must_use]
pub fn judge(joined: &Joined, order: Order, whole: u64) -> AttemptVerdict {
    let rule = first_rule(joined, order, whole);
    let credited = joined.credit == Step::Succeeded;
    let debited = joined.debit == Step::Succeeded;
    let held_at = if joined.settlement == Step::Succeeded {
        MoneyAt::Merchant
    } else {
        MoneyAt::Acquirer
    };

    let (state, charged, pay_again, release, money_at) = match rule {
        Rule::Disputed => (
            State::Disputed,
            Charged::Charged,
            PayAgain::DoNot,
            Release::Wait,
            MoneyAt::Unknown,
        ),
        Rule::Returned => (
            if credited {
                State::Refunded
            } else {
                State::Reversed
            },
            Charged::Returned,
            PayAgain::Safe,
            Release::DoNot,
            MoneyAt::Returned,
        ),
        Rule::Returning => (
            if credited {
                State::Refunding
            } else {
                State::Reversing
            },
            Charged::Returning,
            PayAgain::Wait,
            Release::DoNot,
            MoneyAt::Returning,
        ),
        Rule::Contradiction => (
            State::Checking,
            if debited {
                Charged::Charged
            } else {
                Charged::Unknown
            },
            if debited {
                PayAgain::DoNot
            } else {
                PayAgain::Wait
            },
            if credited {
                Release::Release
            } else {
                Release::Wait
            },
            MoneyAt::Unknown,
        ),
        Rule::UnderReview => (
            State::UnderReview,
            Charged::Charged,
            PayAgain::DoNot,
            Release::Wait,
            if credited {
                MoneyAt::Acquirer
            } else {
                MoneyAt::InFlight
            },
        ),
        Rule::AmountDiffers => (
            State::AmountMismatch,
            Charged::Charged,
            PayAgain::DoNot,
            Release::Wait,
            held_at,
        ),
        Rule::PartlyReturned => (
            State::PartiallyRefunded,
            Charged::Charged,
            PayAgain::DoNot,
            Release::Release,
            held_at,
        ),
        Rule::NotConfirmed => (
            State::PaidNotConfirmed,
            Charged::Charged,
            PayAgain::DoNot,
            Release::Release,
            held_at,
        ),
        Rule::Paid => (
            State::Paid,
            Charged::Charged,
            PayAgain::DoNot,
            Release::Release,
            held_at,
        ),
        Rule::Stuck => (
            State::DebitedNotCredited,
            Charged::Charged,
            PayAgain::DoNot,
            Release::Wait,
            MoneyAt::InFlight,
        ),
        Rule::Debited => (
            State::Processing,
            Charged::Charged,
            PayAgain::DoNot,
            Release::Wait,
            MoneyAt::InFlight,
        ),
        Rule::NotDebited => (
            match order {
                Order::Open => State::Declined,
                Order::Cancelled => State::Cancelled,
                Order::Expired => State::Expired,
            },
            Charged::NotCharged,
            PayAgain::Safe,
            Release::DoNot,
            MoneyAt::Payer,
        ),
        Rule::Doubt => (
            State::Checking,
            Charged::Unknown,
            PayAgain::Wait,
            Release::Wait,
            MoneyAt::Unknown,
        ),
        Rule::UnderWay => (
            State::Processing,
            Charged::Unknown,
            PayAgain::Wait,
            Release::Wait,
            MoneyAt::Unknown,
        ),
    };
    AttemptVerdict {
        rule,
        state,
        charged,
        pay_again,
        release,
        money_at,
    }
}
