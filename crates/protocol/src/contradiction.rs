//! Two sources that exclude each other, by name, and who settles it.

use crate::attempt::Rule;
use crate::decide::DecidedAttempt;
use crate::join::Step;
use crate::report::{Leg, Outcome, Source};
use crate::verdict::{Disagreement, NextActor};

/// Names both sides of a contradiction. They own the facts, support owns the case.
pub(crate) fn disagreement(attempt: &DecidedAttempt<'_>) -> Option<Disagreement> {
    if attempt.rule() != Rule::Contradiction {
        return None;
    }
    let joined = &attempt.legs.joined;
    let sources = |leg: Leg, outcome: Outcome| {
        let reports = attempt
            .legs
            .deciding
            .get(&leg)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut sources: Vec<Source> = reports
            .iter()
            .filter(|r| r.outcome == outcome)
            .map(|r| r.source.clone())
            .collect();
        sources.dedup();
        sources
    };
    let (leg, succeeded, failed) = if joined.debit == Step::Conflict {
        (
            Leg::Debit,
            sources(Leg::Debit, Outcome::Succeeded),
            sources(Leg::Debit, Outcome::Failed),
        )
    } else if joined.credit == Step::Conflict {
        (
            Leg::Credit,
            sources(Leg::Credit, Outcome::Succeeded),
            sources(Leg::Credit, Outcome::Failed),
        )
    } else {
        // The credit is proven and the debit is said to have failed: only a debit makes a credit.
        (
            Leg::Debit,
            sources(Leg::Credit, Outcome::Succeeded),
            sources(Leg::Debit, Outcome::Failed),
        )
    };
    Some(Disagreement {
        leg,
        succeeded,
        failed,
        owner: NextActor::Support,
    })
}
