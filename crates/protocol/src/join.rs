//! Joins what the sources said of one attempt, leg by leg (docs/protocol.md, 7.1).
//!
//! Three steps, in this order, so that the order of arrival cannot matter: what one source says of
//! one leg is joined; then sources with authority over the leg are joined; what is left are claims.

use std::collections::BTreeMap;

use crate::authority::{
    Said, has_authority, relays_no_debit, said_by_known_words, says_never_sent, strongest,
};
use crate::code::CodeBook;
use crate::report::{Leg, Outcome, Report, Source};
use crate::returns::join_return;

/// What the authorities together say of a leg, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Nobody with authority has spoken.
    Absent,
    /// An authority does not know.
    Unknown,
    /// Begun, not ended.
    Pending,
    /// It will not happen.
    Failed,
    /// It is done.
    Succeeded,
    /// One authority says done, another says it will not happen.
    Conflict,
}

/// One attempt, joined: all that its state depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the fields are the legs")]
pub struct Joined {
    pub debit: Step,
    pub network: Step,
    pub credit: Step,
    pub confirmation: Step,
    pub review: Step,
    pub settlement: Step,
    pub dispute: Step,
    /// Minor units proven to be back with the payer.
    pub returned: u64,
    /// Minor units sent back, not arrived.
    pub returning: u64,
    /// Some return failed or is unknown.
    pub return_in_doubt: bool,
    /// A succeeded credit names another amount than the transaction's.
    pub credit_differs: bool,
    /// The clock said "no answer" of `debit` or `network`.
    pub clock_gave_up: bool,
    /// Somebody without authority saw something.
    pub sign: bool,
}

/// The joined legs with the reports that decided them.
#[derive(Debug)]
pub struct JoinedAttempt<'a> {
    /// What the rules read.
    pub joined: Joined,
    /// Per leg, the reports that made it what it is. A relay's report stands under `debit`.
    pub deciding: BTreeMap<Leg, Vec<&'a Report>>,
    /// What the returns together say, if there is one: the strongest of them.
    pub returns: Step,
    /// Reports without authority that are a sign.
    pub signs: Vec<&'a Report>,
    /// Every report of the attempt.
    pub all: Vec<&'a Report>,
}

/// Joins the reports of one attempt. `whole` is the transaction's amount in minor units.
#[must_use]
pub fn join<'a>(reports: &[&'a Report], whole: u64, codes: &dyn CodeBook) -> JoinedAttempt<'a> {
    let mut by_source: BTreeMap<(&Leg, &Source), Vec<(Said, &'a Report)>> = BTreeMap::new();
    let mut returns: BTreeMap<&str, Vec<(Said, &'a Report)>> = BTreeMap::new();
    let mut signs = Vec::new();
    for report in reports
        .iter()
        .copied()
        .filter(|report| report.leg != Leg::Order)
    {
        let Some(said) = said_by_known_words(report, codes) else {
            // Words that this build does not know count as `unknown` without authority.
            signs.push(report);
            continue;
        };
        if report.leg == Leg::Return {
            returns
                .entry(&report.return_id)
                .or_default()
                .push((said, report));
        } else {
            by_source
                .entry((&report.leg, &report.source))
                .or_default()
                .push((said, report));
        }
    }

    let mut legs: BTreeMap<&Leg, Authorities<'a>> = BTreeMap::new();
    let mut relays = Vec::new();
    let mut clock_gave_up = false;
    for ((leg, source), said) in by_source {
        let joined = strongest(leg, &said);
        let those = said
            .iter()
            .filter(|(s, _)| *s == joined)
            .map(|(_, report)| *report);
        if has_authority(source, leg, joined) {
            clock_gave_up |= *source == Source::Clock && matches!(leg, Leg::Debit | Leg::Network);
            legs.entry(leg).or_default().add(joined, those.collect());
            continue;
        }
        let proofs: Vec<&Report> = those
            .clone()
            .filter(|r| joined == Said::Failed && relays_no_debit(r, codes))
            .collect();
        if proofs.is_empty() {
            if joined != Said::Pending {
                signs.extend(those);
            }
        } else {
            relays.extend(proofs);
        }
    }

    if was_sent(&legs, &signs) {
        let (never_sent, rest) = relays
            .into_iter()
            .partition(|report| says_never_sent(report, codes));
        relays = rest;
        signs.extend::<Vec<_>>(never_sent);
    }
    if !relays.is_empty() {
        let debit = legs.entry(&Leg::Debit).or_default();
        if !debit.has(Said::Failed) && !debit.has(Said::Succeeded) {
            debit.add(Said::Failed, relays);
        }
    }

    let mut returned = 0u64;
    let mut returning = 0u64;
    let mut return_in_doubt = false;
    let mut all_returns = Step::Absent;
    let mut return_reports = Vec::new();
    for said in returns.into_values() {
        let one = join_return(&said, whole, &mut signs);
        match one.step {
            Step::Succeeded => returned = returned.saturating_add(one.amount),
            Step::Pending => returning = returning.saturating_add(one.amount),
            Step::Failed | Step::Unknown | Step::Conflict => return_in_doubt = true,
            Step::Absent => {}
        }
        all_returns = all_returns.max(one.step);
        return_reports.extend(one.deciding);
    }

    let credit_differs = legs.get(&Leg::Credit).is_some_and(|credit| {
        let succeeded = credit.0.iter().filter(|(said, _)| *said == Said::Succeeded);
        succeeded
            .flat_map(|(_, reports)| reports)
            .any(|r| r.amount.is_some_and(|a| a != whole))
    });
    let step = |leg: Leg| {
        legs.get(&leg)
            .map_or(Step::Absent, |authorities| authorities.step(&leg))
    };
    let joined = Joined {
        debit: step(Leg::Debit),
        network: step(Leg::Network),
        credit: step(Leg::Credit),
        confirmation: step(Leg::Confirmation),
        review: step(Leg::Review),
        settlement: step(Leg::Settlement),
        dispute: step(Leg::Dispute),
        returned,
        returning,
        return_in_doubt,
        credit_differs,
        clock_gave_up,
        sign: !signs.is_empty(),
    };

    let mut deciding: BTreeMap<Leg, Vec<&Report>> = legs
        .into_iter()
        .map(|(leg, authorities)| (leg.clone(), authorities.deciding(leg)))
        .collect();
    if all_returns != Step::Absent {
        deciding.insert(Leg::Return, return_reports);
    }
    let all = reports
        .iter()
        .copied()
        .filter(|report| report.leg != Leg::Order)
        .collect();
    JoinedAttempt {
        joined,
        deciding,
        returns: all_returns,
        signs,
        all,
    }
}

/// Somebody who can know it has the payment, or the terminal itself says that it was paid: then "never sent" proves
/// nothing (docs/adr/0015-never-sent.md). A credit that succeeded is not asked: beside "not debited" it is a
/// contradiction, and shown as one.
fn was_sent(legs: &BTreeMap<&Leg, Authorities<'_>>, signs: &[&Report]) -> bool {
    let says = |leg: Leg, said: Said| legs.get(&leg).is_some_and(|known| known.has(said));
    let terminal_says_paid =
        |sign: &&Report| sign.source == Source::Terminal && sign.outcome == Outcome::Succeeded;
    [Leg::Debit, Leg::Network, Leg::Credit]
        .into_iter()
        .any(|leg| says(leg, Said::Pending))
        || says(Leg::Network, Said::Succeeded)
        || says(Leg::Confirmation, Said::Succeeded)
        || signs.iter().any(terminal_says_paid)
}

/// What each authority says of one leg, each already joined, with its reports.
#[derive(Default)]
struct Authorities<'a>(Vec<(Said, Vec<&'a Report>)>);

impl<'a> Authorities<'a> {
    fn add(&mut self, said: Said, reports: Vec<&'a Report>) {
        self.0.push((said, reports));
    }

    fn has(&self, wanted: Said) -> bool {
        self.0.iter().any(|(said, _)| *said == wanted)
    }

    fn step(&self, leg: &Leg) -> Step {
        if self.has(Said::Succeeded) && self.has(Said::Failed) && *leg != Leg::Review {
            return Step::Conflict;
        }
        let strongest = self
            .0
            .iter()
            .map(|(said, _)| *said)
            .max_by_key(|said| said.rank_on(leg));
        strongest.map_or(Step::Absent, Said::step)
    }

    fn deciding(self, leg: &Leg) -> Vec<&'a Report> {
        let step = self.step(leg);
        let decides = |said: Said| match step {
            Step::Conflict => matches!(said, Said::Succeeded | Said::Failed),
            Step::Absent | Step::Unknown | Step::Pending | Step::Failed | Step::Succeeded => {
                said.step() == step
            }
        };
        self.0
            .into_iter()
            .filter(|(said, _)| decides(*said))
            .flat_map(|(_, reports)| reports)
            .collect()
    }
}
