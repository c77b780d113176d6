//! Joins what was said of one return: money on its way back, or back with the payer (docs/protocol.md, 7.1).

use std::collections::BTreeMap;

use crate::authority::{Said, strongest};
use crate::join::Step;
use crate::report::{Leg, Report, Source};

pub(crate) struct OneReturn<'a> {
    pub(crate) step: Step,
    pub(crate) amount: u64,
    pub(crate) deciding: Vec<&'a Report>,
}

/// Joins one return. Only the payer's side proves that money is back; the others prove that it was sent.
pub(crate) fn join_return<'a>(
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
