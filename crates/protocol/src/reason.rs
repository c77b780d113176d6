//! Why a transaction is as it is: the canonical reasons and what each of them states.
//!
//! The table is `data/reasons.csv`. A reason that this build does not know keeps its code and has
//! no facts, so nothing can be concluded from it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::verdict::NextActor;

/// A canonical reason code, e.g. `issuer_timeout`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(Cow<'static, str>);

/// What a reason states by itself. The verdict comes from the rules, not from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// The reason's code.
    pub code: &'static str,
    /// The reason that payer and merchant may see instead: stolen-card, fraud, risk and
    /// regulatory codes are a neutral decline on the shared document.
    pub public: &'static str,
    /// What kind of cause it is.
    pub category: Category,
    /// What a `failed` report with this reason proves about the debit, unless its raw code says otherwise.
    pub evidence: Evidence,
    /// Who usually acts next.
    pub next_actor: NextActor,
    /// Is it useful to try the same card or wallet again? Not a statement about safety.
    pub retry_same_means: Retry,
    /// How long it usually takes, in words.
    pub typical_time: &'static str,
    /// Where that time is published.
    pub source: &'static str,
    /// A note on what the code means; not the words of any screen.
    pub meaning: &'static str,
}

/// What a `failed` report proves about the debit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Nothing.
    None,
    /// The payer was not charged.
    NotDebited,
    /// The request never left the terminal, so the payer was not charged.
    NeverSent,
}

impl Evidence {
    /// True if the payer cannot have been charged.
    #[must_use]
    pub fn proves_not_debited(self) -> bool {
        match self {
            Self::None => false,
            Self::NotDebited | Self::NeverSent => true,
        }
    }
}

/// May the same card or wallet be tried again, once paying again is safe?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Yes.
    Yes,
    /// Later.
    Wait,
    /// No, use another.
    No,
}

/// The kind of cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the column `category`")]
pub enum Category {
    Cancel,
    Compliance,
    Discrepancy,
    Dispute,
    Fallback,
    Infrastructure,
    Merchant,
    Payee,
    PayerDecline,
    Progress,
    Refund,
    Request,
    Reversal,
    Risk,
    Settlement,
    Success,
    Technical,
    Terminal,
    Unknown,
}

impl Reason {
    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The catalogue's row, or `None` for a code that this build does not know.
    #[must_use]
    pub fn facts(&self) -> Option<&'static Facts> {
        let index = FACTS
            .binary_search_by(|facts| facts.code.cmp(self.as_str()))
            .ok()?;
        FACTS.get(index)
    }

    /// What payer and merchant may see.
    #[must_use]
    pub fn public(&self) -> Self {
        self.facts().map_or(Self::UNMAPPED_CODE, |facts| {
            Self(Cow::Borrowed(facts.public))
        })
    }

    /// Every canonical reason, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTS.iter().map(|facts| Self(Cow::Borrowed(facts.code)))
    }
}

impl From<&str> for Reason {
    fn from(code: &str) -> Self {
        Self(Cow::Owned(code.to_owned()))
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "codes")]
pub(crate) fn reason_from_table(code: &'static str) -> Reason {
    Reason(Cow::Borrowed(code))
}

// `FACTS`, sorted by code, and one constant per reason.
include!(concat!(env!("OUT_DIR"), "/reasons.rs"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_facts_and_a_public_face_that_is_its_own() {
        let mut count = 0;
        for reason in Reason::all() {
            count += 1;
            assert!(reason.facts().is_some(), "{reason}");
            assert_eq!(reason.public().public(), reason.public(), "{reason}");
        }
        assert_eq!(count, 101);
    }

    #[test]
    fn what_endangers_somebody_stays_with_support() {
        for reason in [
            Reason::CARD_LOST_OR_STOLEN,
            Reason::SUSPECTED_FRAUD,
            Reason::RISK_DECLINED,
            Reason::REGULATORY_BLOCK,
        ] {
            assert_eq!(reason.public(), Reason::ISSUER_DECLINED);
        }
    }

    #[test]
    fn an_unknown_reason_proves_nothing() {
        let unknown = Reason::from("solar_flare");
        assert!(unknown.facts().is_none());
        assert_eq!(unknown.public(), Reason::UNMAPPED_CODE);
    }
}
