//! Who may say what of which leg, and what one report counts for (docs/protocol.md, 7.1).

use crate::code::CodeBook;
use crate::join::Step;
use crate::reason::Evidence;
use crate::report::{Leg, Outcome, Report, Source};

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

/// An outcome that this build knows, in the order in which one source's words join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Said {
    Unknown,
    Pending,
    Failed,
    Succeeded,
}

impl Said {
    pub(crate) fn from_outcome(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Unknown => Some(Self::Unknown),
            Outcome::Pending => Some(Self::Pending),
            Outcome::Failed => Some(Self::Failed),
            Outcome::Succeeded => Some(Self::Succeeded),
            Outcome::Other(_) => None,
        }
    }

    pub(crate) fn step(self) -> Step {
        match self {
            Self::Unknown => Step::Unknown,
            Self::Pending => Step::Pending,
            Self::Failed => Step::Failed,
            Self::Succeeded => Step::Succeeded,
        }
    }

    /// A hold that was refused after it was cleared is refused: the one leg where bad news is the later step.
    pub(crate) fn rank_on(self, leg: &Leg) -> u8 {
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
pub(crate) fn said_by_known_words(report: &Report, codes: &dyn CodeBook) -> Option<Said> {
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

/// The outcome as the rules read it, for the eyes of payer and merchant: a refusal that proves nothing is unknown, and
/// money that somebody else has sent back is under way.
pub(crate) fn as_read(report: &Report, codes: &dyn CodeBook) -> Outcome {
    let is_payers_side = matches!(report.source, Source::Issuer | Source::Wallet);
    match said_by_known_words(report, codes) {
        Some(Said::Unknown) => Outcome::Unknown,
        Some(Said::Succeeded) if report.leg == Leg::Return && !is_payers_side => Outcome::Pending,
        Some(Said::Pending | Said::Failed | Said::Succeeded) | None => report.outcome.clone(),
    }
}

/// What one source says of one leg, all its words together: the strongest of them.
pub(crate) fn strongest(leg: &Leg, said: &[(Said, &Report)]) -> Said {
    said.iter()
        .map(|(s, _)| *s)
        .max_by_key(|s| s.rank_on(leg))
        .unwrap_or(Said::Unknown)
}

/// May this source say this of this leg? (docs/protocol.md, 7.1)
pub(crate) fn has_authority(source: &Source, leg: &Leg, said: Said) -> bool {
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
pub(crate) fn relays_no_debit(report: &Report, codes: &dyn CodeBook) -> bool {
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

/// Is "the request never left the terminal" all that this report proves?
pub(crate) fn says_never_sent(report: &Report, codes: &dyn CodeBook) -> bool {
    let meaning = report.code.as_ref().map(|code| codes.look_up(code));
    meaning.is_some_and(|meaning| meaning.evidence == Evidence::NeverSent)
}
