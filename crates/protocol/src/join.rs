//! Joins what the sources said of one attempt, leg by leg (docs/protocol.md, 7.1).
//!
//! Three steps, in this order, so that the order of arrival cannot matter: what one source says of
//! one leg is joined; then sources with authority over the leg are joined; what is left are claims.

use std::collections::BTreeMap;

use crate::code::CodeBook;
use crate::reason::Evidence;
use crate::report::{Leg, Outcome, Report, Source};

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

/// How much one report counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// The source has authority over the leg.
    Authority,
    /// Proven hearsay: counts while no authority has spoken.
    Relay,
    /// Proves nothing.
    Claim,
}

impl Standing {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Relay => "relay",
            Self::Claim => "claim",
        }
    }
}

/// How much this report counts, taken alone.
#[must_use]
pub fn standing(report: &Report, codes: &dyn CodeBook) -> Standing {
    let Some(said) = Said::from_outcome(&report.outcome) else {
        return Standing::Claim;
    };
    if has_authority(&report.source, &report.leg, said) {
        Standing::Authority
    } else if said == Said::Failed && relays_no_debit(report, codes) {
        Standing::Relay
    } else {
        Standing::Claim
    }
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

/// An outcome that this build knows, in the order in which one source's words join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Unknown,
    Pending,
    Failed,
    Succeeded,
}

impl Said {
    fn from_outcome(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Unknown => Some(Self::Unknown),
            Outcome::Pending => Some(Self::Pending),
            Outcome::Failed => Some(Self::Failed),
            Outcome::Succeeded => Some(Self::Succeeded),
            Outcome::Other(_) => None,
        }
    }

    fn step(self) -> Step {
        match self {
            Self::Unknown => Step::Unknown,
            Self::Pending => Step::Pending,
            Self::Failed => Step::Failed,
            Self::Succeeded => Step::Succeeded,
        }
    }

    /// A hold that was refused after it was cleared is refused: the one leg where bad news is the later step.
    fn rank_on(self, leg: &Leg) -> u8 {
        let refused_beats_cleared = *leg == Leg::Review;
        match self {
            Self::Unknown => 0,
            Self::Pending => 1,
            Self::Failed if refused_beats_cleared => 3,
            Self::Failed => 2,
            Self::Succeeded if refused_beats_cleared => 2,
            Self::Succeeded => 3,
        }
    }
}

/// `None` where source, leg or outcome is a word that this build does not know.
fn said_by_known_words(report: &Report, codes: &dyn CodeBook) -> Option<Said> {
    if matches!(report.source, Source::Other(_)) || matches!(report.leg, Leg::Other(_)) {
        return None;
    }
    let said = Said::from_outcome(&report.outcome)?;
    // An authority whose code proves nothing (a time-out, a system error) does not know.
    let refused_without_proof = said == Said::Failed
        && report.leg == Leg::Debit
        && has_authority(&report.source, &report.leg, said)
        && report
            .code
            .as_ref()
            .is_some_and(|code| !codes.look_up(code).evidence.proves_not_debited());
    Some(if refused_without_proof {
        Said::Unknown
    } else {
        said
    })
}

fn strongest(leg: &Leg, said: &[(Said, &Report)]) -> Said {
    said.iter()
        .map(|(s, _)| *s)
        .max_by_key(|s| s.rank_on(leg))
        .unwrap_or(Said::Unknown)
}

fn has_authority(source: &Source, leg: &Leg, said: Said) -> bool {
    use Source::{
        Acquirer, Clock, Issuer, MerchantSystem, Network, Risk, SettlementBank, Terminal, Wallet,
    };
    if *source == Clock {
        // "The limit passed with no answer" is all that a clock can know of an attempt.
        return match leg {
            Leg::Order => said == Said::Failed,
            Leg::Other(_) => false,
            Leg::Debit
            | Leg::Network
            | Leg::Credit
            | Leg::Confirmation
            | Leg::Review
            | Leg::Settlement
            | Leg::Return
            | Leg::Dispute => said == Said::Unknown,
        };
    }
    match leg {
        Leg::Debit => matches!(source, Issuer | Wallet),
        Leg::Credit => matches!(source, Acquirer | Wallet | Network),
        Leg::Confirmation => matches!(source, Terminal | MerchantSystem),
        Leg::Network => matches!(source, Network | Acquirer),
        Leg::Review => matches!(source, Risk),
        Leg::Settlement => matches!(source, SettlementBank | Acquirer),
        Leg::Return => matches!(
            source,
            Issuer | Wallet | Acquirer | Network | MerchantSystem
        ),
        Leg::Dispute => matches!(source, Issuer | Network),
        Leg::Order => matches!(source, MerchantSystem),
        Leg::Other(_) => false,
    }
}

/// A relay that passes on a code which proves that the payer was not charged, or a terminal that
/// never sent the request.
fn relays_no_debit(report: &Report, codes: &dyn CodeBook) -> bool {
    let Some(code) = &report.code else {
        return false;
    };
    let evidence = || codes.look_up(code).evidence;
    match (&report.leg, &report.source) {
        (Leg::Debit, Source::Network | Source::Acquirer | Source::Terminal) => {
            evidence().proves_not_debited()
        }
        (Leg::Network, Source::Terminal) => evidence() == Evidence::NeverSent,
        _ => false,
    }
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

struct OneReturn<'a> {
    step: Step,
    amount: u64,
    deciding: Vec<&'a Report>,
}

/// Joins one return. Only the payer's side proves that money is back; the others prove that it was sent.
fn join_return<'a>(
    said: &[(Said, &'a Report)],
    whole: u64,
    signs: &mut Vec<&'a Report>,
) -> OneReturn<'a> {
    let mut by_source: BTreeMap<&Source, Vec<(Said, &'a Report)>> = BTreeMap::new();
    for (s, report) in said {
        by_source
            .entry(&report.source)
            .or_default()
            .push((*s, report));
    }

    // Each source's joined word as what it counts for; the reports behind it ride along.
    let mut counted: Vec<(Step, Vec<&'a Report>)> = Vec::new();
    for (source, said) in by_source {
        let counts_for = |s: Said| return_counts_for(source, s);
        let joined = strongest(&Leg::Return, &said);
        let Some(step) = counts_for(joined) else {
            if joined != Said::Pending {
                signs.extend(said.iter().filter(|(s, _)| *s == joined).map(|(_, r)| *r));
            }
            continue;
        };
        counted.push((
            step,
            said.iter()
                .filter(|(s, _)| counts_for(*s) == Some(step))
                .map(|(_, r)| *r)
                .collect(),
        ));
    }

    let strength = |step: Step| match step {
        Step::Absent | Step::Conflict => 0,
        Step::Unknown => 1,
        Step::Pending => 2,
        Step::Failed => 3,
        Step::Succeeded => 4,
    };
    let step = counted
        .iter()
        .map(|(step, _)| *step)
        .max_by_key(|s| strength(*s))
        .unwrap_or(Step::Absent);
    let deciding: Vec<&Report> = counted
        .into_iter()
        .filter(|(s, _)| *s == step)
        .flat_map(|(_, reports)| reports)
        .collect();
    let amount = deciding
        .iter()
        .map(|report| report.amount.unwrap_or(whole))
        .min()
        .unwrap_or(0);
    OneReturn {
        step,
        amount,
        deciding,
    }
}

/// What a source's word on a return counts for; `None` for a claim.
fn return_counts_for(source: &Source, said: Said) -> Option<Step> {
    match source {
        Source::Issuer | Source::Wallet => Some(said.step()),
        Source::Acquirer => Some(match said {
            Said::Succeeded | Said::Pending => Step::Pending,
            Said::Failed => Step::Failed,
            Said::Unknown => Step::Unknown,
        }),
        Source::Network | Source::MerchantSystem => Some(match said {
            Said::Succeeded | Said::Pending => Step::Pending,
            // They only passed it on: their refusal is a doubt, not the end of the return.
            Said::Failed | Said::Unknown => Step::Unknown,
        }),
        Source::Clock if said == Said::Unknown => Some(Step::Unknown),
        Source::Clock
        | Source::Terminal
        | Source::SettlementBank
        | Source::Risk
        | Source::Support
        | Source::PayerDevice
        | Source::Other(_) => None,
    }
}
