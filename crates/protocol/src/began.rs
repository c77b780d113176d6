//! When a state began: the moment from which a scheme's time limit for it counts.
//!
//! Only reports that decide their leg count. A report that changes nothing, or a claim, must not move a promise.

use std::collections::BTreeMap;

use crate::join::JoinedAttempt;
use crate::report::Leg;
use crate::time::Time;
use crate::verdict::State;

/// The beginning of `state`, or `None` where no source has named a time.
pub(crate) fn began(state: &State, legs: &JoinedAttempt<'_>) -> Option<Time> {
    let earliest = |leg: Leg| {
        let reports = legs.deciding.get(&leg)?;
        reports.iter().filter_map(|report| report.at).min()
    };
    let of_state = match state {
        State::DebitedNotCredited => earliest(Leg::Debit),
        State::UnderReview => earliest(Leg::Review),
        State::Disputed => earliest(Leg::Dispute),
        State::Reversing | State::Refunding | State::Reversed | State::Refunded => {
            last_return(legs)
        }
        State::AwaitingPayment
        | State::Processing
        | State::Checking
        | State::Paid
        | State::PaidNotConfirmed
        | State::Declined
        | State::Cancelled
        | State::Expired
        | State::PartiallyRefunded
        | State::AmountMismatch
        | State::Duplicate
        | State::Other(_) => None,
    };
    of_state.or_else(|| {
        let all = legs.deciding.values().flatten();
        let shared = all.filter(|report| report.leg.is_shared());
        shared.filter_map(|report| report.at).min()
    })
}

/// Several returns run side by side; the one that began last is promised last.
fn last_return(legs: &JoinedAttempt<'_>) -> Option<Time> {
    let mut began: BTreeMap<&str, Time> = BTreeMap::new();
    for report in legs.deciding.get(&Leg::Return)? {
        if let Some(at) = report.at {
            let known = began.entry(&report.return_id).or_insert(at);
            *known = at.min(*known);
        }
    }
    began.into_values().max()
}
