//! One version of a transaction's verdict and legs: the document that is signed, and that payer
//! and merchant get byte for byte (docs/protocol.md, section 3).

use serde::{Deserialize, Serialize};

use crate::authority::{as_read, standing};
use crate::code::CodeBook;
use crate::deadline::Deadline;
use crate::decide::{DecidedAttempt, Reports, decide_attempts};
use crate::id::TransactionId;
use crate::join::Step;
use crate::money::{Amount, Money};
use crate::open_enum::open_enum;
use crate::reason::Reason;
use crate::report::{Leg, Outcome, Report, Source};
use crate::time::Time;
use crate::verdict::{
    Charged, Disagreement, MoneyAt, NextActor, PayAgain, Release, State, Verdict,
};

/// The format number of this document. A reader refuses another one.
pub const FORMAT: u32 = 1;

/// At most this many timeline entries, the newest: a screen shows a story, not an archive.
pub const TIMELINE_LENGTH: usize = 50;

/// What both parties see. Shared facts only: no raw codes, no personal data, no settlement leg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the fields are described in docs/protocol.md, section 3"
)]
pub struct Snapshot {
    pub format: u32,
    pub transaction: TransactionId,
    pub version: u64,
    pub order_reference: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant_name: Option<Box<str>>,
    pub amount: Money,
    pub state: State,
    pub charged: Charged,
    pub pay_again: PayAgain,
    pub release: Release,
    pub money_at: MoneyAt,
    #[serde(rename = "final")]
    pub is_final: bool,
    pub reason: Reason,
    pub next_actor: NextActor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_by: Option<Deadline>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disagreement: Option<Disagreement>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_leg: Option<Leg>,
    pub returned_minor: u64,
    pub returning_minor: u64,
    pub legs: Vec<LegLine>,
    pub timeline: Vec<TimelineEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded: Option<Superseded>,
    pub created_at: Time,
    pub expires_at: Time,
    pub updated_at: Time,
}

/// What the authorities say of one leg of one attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegLine {
    /// The attempt's id.
    pub attempt: Box<str>,
    /// The leg.
    pub leg: Leg,
    /// What is said.
    pub status: LegStatus,
    /// Who decided it.
    pub source: Source,
    /// When the deciding source says that it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
}

open_enum! {
    /// The joined word on a leg.
    pub enum LegStatus {
        /// An authority does not know.
        Unknown = "unknown",
        /// Begun, not ended.
        Pending = "pending",
        /// It will not happen.
        Failed = "failed",
        /// It is done.
        Succeeded = "succeeded",
        /// Authorities contradict each other.
        Conflict = "conflict",
    }
}

/// One report without its raw code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Report`")]
pub struct TimelineEntry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    pub attempt: Box<str>,
    pub source: Source,
    pub leg: Leg,
    pub outcome: Outcome,
    pub standing: StandingWord,
}

open_enum! {
    /// How much a report counts, on the wire.
    pub enum StandingWord {
        /// The source has authority over the leg.
        Authority = "authority",
        /// Proven hearsay.
        Relay = "relay",
        /// Proves nothing.
        Claim = "claim",
    }
}

/// The last final verdict that another one replaced, and the report that did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the fields are described in docs/protocol.md, section 3"
)]
pub struct Superseded {
    pub version: u64,
    pub state: State,
    pub charged: Charged,
    pub source: Source,
    pub leg: Leg,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
}

/// What a transaction is, apart from its reports.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of `Snapshot`")]
pub struct TransactionFacts {
    pub transaction: TransactionId,
    pub order_reference: Box<str>,
    pub merchant_name: Option<Box<str>>,
    pub amount: Amount,
    pub created_at: Time,
    pub expires_at: Time,
}

/// Decides and writes the document. `superseded` and `updated_at` are history, which the caller keeps:
/// see [`superseded`].
#[must_use]
pub fn snapshot(
    facts: &TransactionFacts,
    reports: &Reports,
    codes: &dyn CodeBook,
    superseded: Option<Superseded>,
    updated_at: Time,
) -> (Snapshot, Verdict) {
    let (verdict, attempts) = decide_attempts(&facts.amount, reports, codes);
    let resolve_by = if verdict.state == State::AwaitingPayment {
        Some(Deadline {
            at: facts.expires_at,
            rule: "order_expiry".into(),
        })
    } else {
        verdict.resolve_by.clone()
    };
    let snapshot = Snapshot {
        format: FORMAT,
        transaction: facts.transaction.clone(),
        version: verdict.version,
        order_reference: facts.order_reference.clone(),
        merchant_name: facts.merchant_name.clone(),
        amount: Money::from(&facts.amount),
        state: verdict.state.clone(),
        charged: verdict.charged.clone(),
        pay_again: verdict.pay_again.clone(),
        release: verdict.release.clone(),
        money_at: verdict.money_at.clone(),
        is_final: verdict.is_final,
        reason: verdict.reason.public(),
        next_actor: verdict.next_actor.clone(),
        resolve_by,
        disagreement: verdict.disagreement.clone(),
        broken_leg: verdict.broken_leg.clone(),
        returned_minor: verdict.returned_minor,
        returning_minor: verdict.returning_minor,
        legs: legs(&attempts)
            .filter(|line| line.leg.is_shared())
            .collect(),
        timeline: timeline(reports.as_slice(), &attempts, codes),
        superseded,
        created_at: facts.created_at,
        expires_at: facts.expires_at,
        updated_at,
    };
    (snapshot, verdict)
}

/// What the next document says was superseded: the previous verdict if it was final and its state
/// or `charged` changed, else what the previous document said. `by` is the newest of the reports
/// that came in between.
#[must_use]
pub fn superseded(
    previous: &Snapshot,
    next: &Verdict,
    by: &Report,
    codes: &dyn CodeBook,
) -> Option<Superseded> {
    let changed = previous.state != next.state || previous.charged != next.charged;
    // A report about the merchant's own payout is not for both to see, not even as what changed the verdict.
    if previous.is_final && changed && by.leg.is_shared() {
        Some(Superseded {
            version: previous.version,
            state: previous.state.clone(),
            charged: previous.charged.clone(),
            source: by.source.clone(),
            leg: by.leg.clone(),
            outcome: as_read(by, codes),
            at: by.at,
        })
    } else {
        previous.superseded.clone()
    }
}

/// Every leg about which an authority has spoken, also those that a snapshot leaves out.
pub fn legs(attempts: &[DecidedAttempt<'_>]) -> impl Iterator<Item = LegLine> {
    attempts.iter().flat_map(leg_lines)
}

fn leg_lines(attempt: &DecidedAttempt<'_>) -> Vec<LegLine> {
    let joined = &attempt.legs.joined;
    let legs = [
        (Leg::Debit, joined.debit),
        (Leg::Network, joined.network),
        (Leg::Credit, joined.credit),
        (Leg::Confirmation, joined.confirmation),
        (Leg::Review, joined.review),
        (Leg::Settlement, joined.settlement),
        (Leg::Return, attempt.legs.returns),
        (Leg::Dispute, joined.dispute),
    ];
    legs.into_iter()
        .filter_map(|(leg, step)| {
            let status = match step {
                Step::Absent => return None,
                Step::Unknown => LegStatus::Unknown,
                Step::Pending => LegStatus::Pending,
                Step::Failed => LegStatus::Failed,
                Step::Succeeded => LegStatus::Succeeded,
                Step::Conflict => LegStatus::Conflict,
            };
            let decided_by = attempt
                .legs
                .deciding
                .get(&leg)?
                .iter()
                .min_by_key(|r| (r.at, &r.source, &r.id))?;
            Some(LegLine {
                attempt: attempt.id.into(),
                leg,
                status,
                source: decided_by.source.clone(),
                at: decided_by.at,
            })
        })
        .collect()
}

fn timeline(
    reports: &[Report],
    attempts: &[DecidedAttempt<'_>],
    codes: &dyn CodeBook,
) -> Vec<TimelineEntry> {
    // A proof that others have refuted is a claim, though taken alone it would be one.
    let is_claim = |report: &Report| {
        let mut signs = attempts.iter().flat_map(|attempt| &attempt.legs.signs);
        signs.any(|sign| std::ptr::eq(*sign, report))
    };
    let mut sorted: Vec<&Report> = reports.iter().filter(|r| r.leg.is_shared()).collect();
    sorted.sort_by_key(|r| (r.at, &r.source, &r.id));
    let skip = sorted.len().saturating_sub(TIMELINE_LENGTH);
    sorted
        .into_iter()
        .skip(skip)
        .map(|r| TimelineEntry {
            at: r.at,
            attempt: r.attempt.clone(),
            source: r.source.clone(),
            leg: r.leg.clone(),
            outcome: as_read(r, codes),
            standing: match is_claim(r) {
                true => StandingWord::Claim,
                false => StandingWord::from(standing(r, codes).as_str()),
            },
        })
        .collect()
}
