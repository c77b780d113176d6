//! From the set of reports to the verdict of the transaction (docs/protocol.md, 7.3).

use std::collections::BTreeMap;

use crate::attempt::{AttemptVerdict, Order, Rule, judge};
use crate::code::CodeBook;
use crate::join::{JoinedAttempt, Step, join};
use crate::money::Amount;
use crate::report::{Leg, Outcome, Report, Source};
use crate::verdict::{Charged, MoneyAt, PayAgain, Release, State, Verdict};
use crate::why;

/// The set of reports of one transaction: no two share source and id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reports(Vec<Report>);

/// Two reports of one source share an id and differ otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDiffers {
    /// The source that said two things.
    pub source: Source,
    /// The id that it used for both.
    pub id: Box<str>,
}

impl TryFrom<Vec<Report>> for Reports {
    type Error = ReportDiffers;

    /// Drops duplicates; the order in which reports came is forgotten here.
    fn try_from(mut reports: Vec<Report>) -> Result<Self, Self::Error> {
        reports.sort_by(|a, b| (&a.source, &a.id).cmp(&(&b.source, &b.id)));
        reports.dedup();
        for pair in reports.windows(2) {
            if let [a, b] = pair
                && (&a.source, &a.id) == (&b.source, &b.id)
            {
                return Err(ReportDiffers {
                    source: a.source.clone(),
                    id: a.id.clone(),
                });
            }
        }
        Ok(Self(reports))
    }
}

impl Reports {
    /// Sorted by source and id.
    #[must_use]
    pub fn as_slice(&self) -> &[Report] {
        &self.0
    }
}

impl std::fmt::Display for ReportDiffers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "source {} used the id {:?} for two different reports",
            self.source, self.id
        )
    }
}

impl std::error::Error for ReportDiffers {}

/// One attempt with everything that was concluded from it.
#[derive(Debug)]
pub struct DecidedAttempt<'a> {
    /// The attempt's id.
    pub id: &'a str,
    /// Its legs.
    pub legs: JoinedAttempt<'a>,
    /// What follows for it alone.
    pub verdict: AttemptVerdict,
}

/// The verdict of a transaction over `amount` (at least 1 minor unit).
#[must_use]
pub fn decide(amount: &Amount, reports: &Reports, codes: &dyn CodeBook) -> Verdict {
    decide_attempts(amount, reports, codes).0
}

/// As [`decide`], with the attempts it was concluded from: what a snapshot shows of the legs.
#[must_use]
pub fn decide_attempts<'a>(
    amount: &Amount,
    reports: &'a Reports,
    codes: &dyn CodeBook,
) -> (Verdict, Vec<DecidedAttempt<'a>>) {
    let order = order(reports.as_slice());
    let mut by_attempt: BTreeMap<&str, Vec<&Report>> = BTreeMap::new();
    for report in reports
        .as_slice()
        .iter()
        .filter(|report| report.leg != Leg::Order)
    {
        by_attempt.entry(&report.attempt).or_default().push(report);
    }
    let attempts: Vec<DecidedAttempt<'a>> = by_attempt
        .into_iter()
        .map(|(id, reports)| {
            let legs = join(&reports, amount.minor, codes);
            let verdict = judge(&legs.joined, order, amount.minor);
            DecidedAttempt { id, legs, verdict }
        })
        .collect();

    let views: Vec<AttemptView<'_>> = attempts
        .iter()
        .map(|a| AttemptView::new(&a.verdict, a.legs.joined.debit, a.legs.joined.credit))
        .collect();
    let whole = combine(&views, order);
    let shown = whole.shown.and_then(|index| attempts.get(index));
    let why = why::explain(&whole, &attempts, order, codes);
    let (returned_minor, returning_minor) = shown.map_or((0, 0), |a| {
        (a.legs.joined.returned, a.legs.joined.returning)
    });

    let verdict = Verdict {
        state: whole.state,
        charged: whole.charged,
        pay_again: whole.pay_again,
        release: whole.release,
        money_at: whole.money_at,
        is_final: whole.is_final,
        reason: why.reason,
        next_actor: why.next_actor,
        resolve_by: why.resolve_by,
        disagreement: why.disagreement,
        broken_leg: why.broken_leg,
        returned_minor,
        returning_minor,
        version: u64::try_from(reports.as_slice().len()).unwrap_or(u64::MAX),
    };
    (verdict, attempts)
}

/// Closed if the joined word of the order's two authorities is `failed`. Cancelled wins over expired.
fn order(reports: &[Report]) -> Order {
    let about_order = |source: Source| {
        reports
            .iter()
            .filter(move |r| r.leg == Leg::Order && r.source == source)
    };
    let merchant =
        |outcome: &Outcome| about_order(Source::MerchantSystem).any(|r| r.outcome == *outcome);
    if merchant(&Outcome::Succeeded) {
        // Fulfilled: beside a clock that ran out this is a conflict, and either way not closed.
        return Order::Open;
    }
    let mut closing = about_order(Source::MerchantSystem)
        .chain(about_order(Source::Clock))
        .filter(|r| r.outcome == Outcome::Failed)
        .peekable();
    if closing.peek().is_none() {
        return Order::Open;
    }
    let cancelled = closing.any(|r| {
        r.code.as_ref().is_some_and(|code| {
            code.scheme.trim().eq_ignore_ascii_case("order")
                && code.value.trim().eq_ignore_ascii_case("cancelled")
        })
    });
    if cancelled {
        Order::Cancelled
    } else {
        Order::Expired
    }
}

/// What the combination of attempts needs to know of each: nothing else may enter it.
#[derive(Debug, Clone, Copy)]
pub struct AttemptView<'a> {
    verdict: &'a AttemptVerdict,
    /// Debit or credit succeeded.
    moved: bool,
    credited: bool,
}

impl<'a> AttemptView<'a> {
    /// From the attempt's verdict and its two money legs.
    #[must_use]
    pub fn new(verdict: &'a AttemptVerdict, debit: Step, credit: Step) -> Self {
        let credited = credit == Step::Succeeded;
        Self {
            verdict,
            moved: credited || debit == Step::Succeeded,
            credited,
        }
    }

    /// Money of this attempt is on the merchant's side of the story, not on its way back.
    fn is_live(&self) -> bool {
        self.moved
            && match self.verdict.state {
                State::Refunded | State::Reversed | State::Refunding | State::Reversing => false,
                State::AwaitingPayment
                | State::Processing
                | State::Checking
                | State::Paid
                | State::PaidNotConfirmed
                | State::DebitedNotCredited
                | State::Declined
                | State::Cancelled
                | State::Expired
                | State::PartiallyRefunded
                | State::AmountMismatch
                | State::Duplicate
                | State::UnderReview
                | State::Disputed
                | State::Other(_) => true,
            }
    }
}

/// The transaction without its reason.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of `verdict`")]
pub struct Combined {
    pub state: State,
    pub charged: Charged,
    pub pay_again: PayAgain,
    pub release: Release,
    pub money_at: MoneyAt,
    pub is_final: bool,
    /// The attempt that the headline is about; `None` without attempts.
    pub shown: Option<usize>,
}

/// Combines the attempts, given in the order of their ids.
#[must_use]
pub fn combine(attempts: &[AttemptView<'_>], order: Order) -> Combined {
    let live: Vec<usize> = attempts
        .iter()
        .enumerate()
        .filter(|(_, a)| a.is_live())
        .map(|(index, _)| index)
        .collect();
    if live.len() >= 2 {
        let of_live = |wanted: fn(&AttemptView<'_>) -> bool| {
            live.iter()
                .filter_map(|index| attempts.get(*index))
                .any(wanted)
        };
        return Combined {
            state: State::Duplicate,
            charged: Charged::Charged,
            pay_again: PayAgain::DoNot,
            release: if of_live(|a| a.verdict.release == Release::Release) {
                Release::Release
            } else {
                Release::Wait
            },
            money_at: if of_live(|a| a.credited) {
                MoneyAt::Acquirer
            } else {
                MoneyAt::InFlight
            },
            is_final: false,
            // The later attempt is the one too many: its reports explain the duplicate.
            shown: live.last().copied(),
        };
    }

    let highest = attempts.iter().enumerate().max_by_key(|(index, a)| {
        let charged = a.verdict.charged == Charged::Charged;
        // Among equals the first attempt speaks, whatever the order of arrival.
        (rank(&a.verdict.state), charged, std::cmp::Reverse(*index))
    });
    let Some((shown, highest)) = highest else {
        let (state, release) = match order {
            Order::Open => (State::AwaitingPayment, Release::Wait),
            Order::Cancelled => (State::Cancelled, Release::DoNot),
            Order::Expired => (State::Expired, Release::DoNot),
        };
        // Closing an order proves nothing about money: somebody may have paid unheard.
        return Combined {
            state,
            charged: Charged::Unknown,
            pay_again: PayAgain::Wait,
            release,
            money_at: MoneyAt::Unknown,
            is_final: false,
            shown: None,
        };
    };

    let any_pay_again = |wanted: PayAgain| attempts.iter().any(|a| a.verdict.pay_again == wanted);
    let any_release = |wanted: Release| attempts.iter().any(|a| a.verdict.release == wanted);
    Combined {
        state: highest.verdict.state.clone(),
        charged: highest.verdict.charged.clone(),
        pay_again: if any_pay_again(PayAgain::DoNot) {
            PayAgain::DoNot
        } else if any_pay_again(PayAgain::Wait) {
            PayAgain::Wait
        } else {
            PayAgain::Safe
        },
        release: if any_release(Release::Release) {
            Release::Release
        } else if any_release(Release::Wait) {
            Release::Wait
        } else {
            Release::DoNot
        },
        money_at: highest.verdict.money_at.clone(),
        is_final: attempts.iter().all(|a| is_settled(&a.verdict.state)),
        shown: Some(shown),
    }
}

/// How much a state matters among attempts; the highest is the headline.
pub(crate) fn rank(state: &State) -> u8 {
    match state {
        State::Disputed => 18,
        State::AmountMismatch => 17,
        State::PaidNotConfirmed => 16,
        State::Paid => 15,
        State::PartiallyRefunded => 14,
        State::UnderReview => 13,
        State::DebitedNotCredited => 12,
        State::Refunding => 11,
        State::Reversing => 10,
        // Not a state of an attempt; a word from elsewhere is in doubt like `checking`.
        State::Checking | State::Duplicate | State::Other(_) => 9,
        State::Processing | State::AwaitingPayment => 8,
        State::Refunded => 7,
        State::Reversed => 6,
        State::Declined => 5,
        State::Cancelled => 4,
        State::Expired => 3,
    }
}

/// True if an attempt in this state will not change by itself.
#[must_use]
pub fn is_settled(state: &State) -> bool {
    match state {
        State::Paid
        | State::PaidNotConfirmed
        | State::PartiallyRefunded
        | State::Declined
        | State::Cancelled
        | State::Expired
        | State::Reversed
        | State::Refunded => true,
        State::AwaitingPayment
        | State::Processing
        | State::Checking
        | State::DebitedNotCredited
        | State::Reversing
        | State::Refunding
        | State::AmountMismatch
        | State::Duplicate
        | State::UnderReview
        | State::Disputed
        | State::Other(_) => false,
    }
}

impl DecidedAttempt<'_> {
    /// The rule that decided (docs/protocol.md, 7.2), for callers that explain.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.verdict.rule
    }
}
