//! Why the transaction is as it is, who acts next and by when.
//!
//! The reason is the most specific one among the reports of the leg that decided the rule. A
//! reason must never say more than the verdict: under `charged` no reason may stand that means
//! "not charged", and under an unknown result none that proves anything.

use std::cmp::Reverse;

use crate::attempt::{Order, Rule};
use crate::began::began;
use crate::code::CodeBook;
use crate::contradiction::{self, disagreement};
use crate::deadline::{Deadline, deadline};
use crate::decide::{Combined, DecidedAttempt, is_settled, rank};
use crate::join::{Joined, Step};
use crate::reason::{Category, Reason};
use crate::report::{Leg, Outcome, Report, Source};
use crate::verdict::{Disagreement, NextActor, State};

/// What [`explain`] found.
#[derive(Debug)]
pub(crate) struct Why {
    pub(crate) reason: Reason,
    pub(crate) next_actor: NextActor,
    pub(crate) resolve_by: Option<Deadline>,
    pub(crate) disagreement: Option<Disagreement>,
    pub(crate) broken_leg: Option<Leg>,
}

pub(crate) fn explain(
    whole: &Combined,
    attempts: &[DecidedAttempt<'_>],
    order: Order,
    codes: &dyn CodeBook,
) -> Why {
    let Some(attempt) = whole.shown.and_then(|index| attempts.get(index)) else {
        // Of a closed order nobody may pay any more; whether somebody has is for the merchant's side to find out.
        let (reason, next_actor) = match order {
            Order::Open => (Reason::CREATED_AWAITING_PAYMENT, NextActor::Payer),
            Order::Cancelled => (Reason::CANCELLED_BY_MERCHANT, NextActor::Acquirer),
            Order::Expired => (Reason::PAYMENT_EXPIRED, NextActor::Acquirer),
        };
        return Why {
            reason,
            next_actor,
            resolve_by: None,
            disagreement: None,
            broken_leg: None,
        };
    };

    let disagreement = disagreement(attempt);
    let reason = if whole.state == State::Duplicate {
        Reason::DUPLICATE_DEBIT
    } else {
        reason(attempt, order, codes)
    };
    let mut actor = next_actor(&whole.state, attempt, &reason, disagreement.as_ref());
    // While another attempt is open, or its money on the way back, somebody still has to act.
    if actor == NextActor::Nobody
        && !whole.is_final
        && let Some(open) = open_attempt(attempts)
    {
        let reason = self::reason(open, order, codes);
        let disagreement = contradiction::disagreement(open);
        actor = next_actor(&open.verdict.state, open, &reason, disagreement.as_ref());
    }
    // A claim names no scheme: what a phone shows must not choose whose rule is promised.
    let deciding = attempt.legs.deciding.values().flatten();
    // Nor does the merchant's own payout.
    let schemes = deciding
        .filter(|report| report.leg.is_shared())
        .filter_map(|report| report.code.as_ref())
        .map(|code| code.scheme.as_ref());
    Why {
        reason,
        next_actor: actor,
        resolve_by: deadline(
            whole.state.as_str(),
            schemes,
            began(&whole.state, &attempt.legs),
        ),
        disagreement,
        broken_leg: broken_leg(attempt.rule(), &attempt.legs.joined),
    }
}

/// Of the attempts that can still change by themselves, the one that matters most.
fn open_attempt<'a, 'r>(attempts: &'a [DecidedAttempt<'r>]) -> Option<&'a DecidedAttempt<'r>> {
    let open = attempts.iter().filter(|a| !is_settled(&a.verdict.state));
    open.max_by_key(|a| (rank(&a.verdict.state), Reverse(a.id)))
}

/// The most specific reason of the rule's reports, or the one that follows from the rule itself.
fn reason(attempt: &DecidedAttempt<'_>, order: Order, codes: &dyn CodeBook) -> Reason {
    let joined = &attempt.legs.joined;
    let rule = attempt.rule();
    let stands_for = |leg: Leg| {
        attempt
            .legs
            .deciding
            .get(&leg)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    let best = |legs: &[Leg], fits: fn(&Candidate) -> bool| {
        let reports = legs
            .iter()
            .flat_map(|leg| stands_for(leg.clone()).iter().copied());
        most_specific(reports, fits, codes)
    };

    match rule {
        Rule::Disputed => best(&[Leg::Dispute], |c| c.category == Category::Dispute)
            .unwrap_or(Reason::DISPUTE_OPEN),
        Rule::Returned => {
            let credited = joined.credit == Step::Succeeded;
            best(&[Leg::Return], Candidate::says_returned).unwrap_or(if credited {
                Reason::REFUND_COMPLETED
            } else {
                Reason::REVERSAL_COMPLETED
            })
        }
        Rule::Returning => {
            if joined.credit == Step::Succeeded {
                Reason::REFUND_PROCESSING
            } else {
                Reason::REVERSAL_IN_PROGRESS
            }
        }
        Rule::Contradiction => Reason::STATUS_CONFLICT,
        Rule::UnderReview => Reason::UNDER_RISK_REVIEW,
        Rule::AmountDiffers => Reason::AMOUNT_MISMATCH,
        Rule::PartlyReturned => Reason::REFUND_COMPLETED,
        Rule::NotConfirmed => best(&[Leg::Confirmation], Candidate::says_unheard_of_charge)
            .unwrap_or(Reason::MERCHANT_NOTIFICATION_DELAYED),
        Rule::Paid if joined.settlement == Step::Succeeded => Reason::SETTLED_TO_MERCHANT,
        Rule::Paid => Reason::PAYMENT_SUCCEEDED,
        Rule::Stuck => {
            let broken = broken_leg(rule, joined);
            let said = broken.and_then(|leg| best(&[leg], Candidate::says_unheard_of_charge));
            said.unwrap_or_else(|| {
                if matches!(joined.credit, Step::Failed | Step::Unknown) {
                    Reason::DEBITED_CREDIT_UNCONFIRMED
                } else if matches!(joined.confirmation, Step::Failed | Step::Unknown) {
                    Reason::DEBITED_MERCHANT_NOT_NOTIFIED
                } else if joined.review == Step::Failed {
                    Reason::UNDER_RISK_REVIEW
                } else if order.is_closed() {
                    Reason::DEBITED_AFTER_EXPIRY
                } else {
                    Reason::DEBITED_CREDIT_UNCONFIRMED
                }
            })
        }
        Rule::Debited | Rule::UnderWay => {
            let legs = [Leg::Credit, Leg::Network, Leg::Debit, Leg::Review];
            let fits = if rule == Rule::Debited {
                Candidate::says_charge_under_way
            } else {
                Candidate::says_under_way
            };
            best(&legs, fits).unwrap_or(Reason::PROCESSING)
        }
        Rule::NotDebited => {
            let said = best(&[Leg::Debit], Candidate::says_not_debited);
            match order {
                // The order's end is why nobody may pay any more; how the attempt failed is detail.
                Order::Cancelled => best(&[Leg::Debit], |c| c.category == Category::Cancel)
                    .unwrap_or(Reason::CANCELLED_BY_MERCHANT),
                Order::Expired => Reason::PAYMENT_EXPIRED,
                Order::Open => said.unwrap_or(Reason::ISSUER_DECLINED),
            }
        }
        Rule::Doubt => {
            let legs = [
                Leg::Debit,
                Leg::Network,
                Leg::Credit,
                Leg::Confirmation,
                Leg::Settlement,
            ];
            let all = legs
                .iter()
                .flat_map(|leg| stands_for(leg.clone()).iter().copied())
                .chain(attempt.legs.signs.iter().copied());
            most_specific(all.clone(), Candidate::says_unknown, codes).unwrap_or_else(|| {
                let mut all = all;
                let claims_paid =
                    |r: &Report| r.source == Source::PayerDevice && r.outcome == Outcome::Succeeded;
                if attempt.legs.signs.iter().any(|r| claims_paid(r)) {
                    Reason::PAYER_CLAIM_UNVERIFIED
                } else if all.any(|r| r.source == Source::Clock) {
                    Reason::PROVIDER_TIMEOUT
                } else {
                    Reason::RESULT_UNKNOWN
                }
            })
        }
    }
}

/// Reasons of something that goes on or is not known which say that the payer has not been charged, or that nobody
/// confirms it.
const NO_CHARGE: [Reason; 5] = [
    Reason::CREATED_AWAITING_PAYMENT,
    Reason::AWAITING_PAYER_ACTION,
    Reason::APPROVED_OFFLINE_UNCONFIRMED,
    Reason::PAYER_CLAIM_UNVERIFIED,
    Reason::MERCHANT_SUCCESS_NOT_DEBITED,
];

/// A reason that a report's code stands for.
struct Candidate {
    reason: Reason,
    category: Category,
    proves_not_debited: bool,
}

impl Candidate {
    fn says_returned(&self) -> bool {
        matches!(self.category, Category::Refund | Category::Reversal)
            && matches!(
                self.reason.as_str(),
                "refund_completed" | "reversal_completed" | "returned_by_payee_bank"
            )
    }

    /// Somebody did not hear or could not answer; nothing about the payer being at fault.
    fn says_unheard(&self) -> bool {
        !self.proves_not_debited
            && match self.category {
                Category::Unknown
                | Category::Discrepancy
                | Category::Terminal
                | Category::Technical
                | Category::Infrastructure => true,
                Category::Cancel
                | Category::Compliance
                | Category::Dispute
                | Category::Fallback
                | Category::Merchant
                | Category::Payee
                | Category::PayerDecline
                | Category::Progress
                | Category::Refund
                | Category::Request
                | Category::Reversal
                | Category::Risk
                | Category::Settlement
                | Category::Success => false,
            }
    }

    /// The same of a payer who has been charged.
    fn says_unheard_of_charge(&self) -> bool {
        self.says_unheard() && !NO_CHARGE.contains(&self.reason)
    }

    fn says_under_way(&self) -> bool {
        self.category == Category::Progress
    }

    /// The same of a payer who has been charged.
    fn says_charge_under_way(&self) -> bool {
        self.says_under_way() && !NO_CHARGE.contains(&self.reason)
    }

    fn says_not_debited(&self) -> bool {
        self.proves_not_debited
    }

    fn says_unknown(&self) -> bool {
        self.says_unheard()
            || (self.category == Category::Fallback && self.reason == Reason::UNMAPPED_CODE)
    }

    /// How much the reason tells; equal ones are ordered by their code, so that the choice is a
    /// function of the set.
    fn specificity(&self) -> u8 {
        if self.reason == Reason::UNMAPPED_CODE {
            0
        } else if [
            Reason::RESULT_UNKNOWN,
            Reason::PROCESSING,
            Reason::ISSUER_DECLINED,
            Reason::INTERFACE_ERROR,
        ]
        .contains(&self.reason)
        {
            1
        } else {
            2
        }
    }
}

fn most_specific<'a>(
    reports: impl Iterator<Item = &'a Report>,
    fits: fn(&Candidate) -> bool,
    codes: &dyn CodeBook,
) -> Option<Reason> {
    reports
        .filter_map(|report| {
            let meaning = codes.look_up(report.code.as_ref()?);
            // A book may name a reason that the catalogue lacks: it explains nothing then.
            let facts = meaning.reason.facts()?;
            Some(Candidate {
                category: facts.category,
                proves_not_debited: meaning.evidence.proves_not_debited()
                    || facts.evidence.proves_not_debited(),
                reason: meaning.reason,
            })
        })
        .filter(fits)
        .max_by_key(|c| (c.specificity(), Reverse(c.reason.clone())))
        .map(|c| c.reason)
}

/// The step that broke, for the picture of where the money is.
fn broken_leg(rule: Rule, joined: &Joined) -> Option<Leg> {
    let broke = |step: Step| matches!(step, Step::Failed | Step::Unknown | Step::Conflict);
    match rule {
        Rule::NotConfirmed => Some(Leg::Confirmation),
        Rule::Stuck if broke(joined.credit) => Some(Leg::Credit),
        Rule::Stuck if broke(joined.confirmation) => Some(Leg::Confirmation),
        Rule::Stuck if joined.review == Step::Failed => Some(Leg::Review),
        Rule::Stuck if joined.clock_gave_up => Some(Leg::Network),
        Rule::Stuck => Some(Leg::Order),
        Rule::NotDebited => Some(Leg::Debit),
        Rule::Contradiction if joined.credit == Step::Conflict => Some(Leg::Credit),
        Rule::Contradiction => Some(Leg::Debit),
        Rule::UnderReview => Some(Leg::Review),
        Rule::Disputed => Some(Leg::Dispute),
        Rule::AmountDiffers => Some(Leg::Credit),
        Rule::Doubt => [
            (Leg::Debit, joined.debit),
            (Leg::Network, joined.network),
            (Leg::Credit, joined.credit),
            (Leg::Confirmation, joined.confirmation),
        ]
        .into_iter()
        .find(|(_, step)| broke(*step))
        .map(|(leg, _)| leg),
        Rule::Returned
        | Rule::Returning
        | Rule::PartlyReturned
        | Rule::Paid
        | Rule::Debited
        | Rule::UnderWay => None,
    }
}

fn next_actor(
    state: &State,
    attempt: &DecidedAttempt<'_>,
    reason: &Reason,
    disagreement: Option<&Disagreement>,
) -> NextActor {
    let unless = |excluded: &[NextActor]| {
        let usual = reason.facts().map(|facts| facts.next_actor.clone());
        usual
            .filter(|actor| !excluded.contains(actor))
            .unwrap_or(NextActor::Acquirer)
    };
    match state {
        State::AwaitingPayment => NextActor::Payer,
        // Something is still to happen, so somebody has to do it.
        State::Processing | State::Declined => unless(&[NextActor::Nobody]),
        State::Checking => disagreement.map_or_else(
            || unless(&[NextActor::Nobody, NextActor::Payer]),
            |d| d.owner.clone(),
        ),
        State::Paid | State::PartiallyRefunded | State::Reversed | State::Refunded => {
            NextActor::Nobody
        }
        State::PaidNotConfirmed | State::DebitedNotCredited | State::UnderReview => {
            NextActor::Acquirer
        }
        State::Cancelled | State::Expired => NextActor::Nobody,
        State::Reversing | State::Refunding => {
            // Once it was sent, the payer's side has to book it.
            let sent = attempt
                .legs
                .deciding
                .get(&Leg::Return)
                .is_some_and(|reports| reports.iter().any(|r| r.outcome == Outcome::Succeeded));
            if sent {
                NextActor::Issuer
            } else {
                NextActor::Acquirer
            }
        }
        State::AmountMismatch | State::Duplicate | State::Disputed => NextActor::Merchant,
        State::Other(_) => NextActor::Support,
    }
}
