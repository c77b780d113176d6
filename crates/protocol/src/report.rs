//! What one source said about one leg: an immutable fact with its own id.

use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::time::Time;

/// One statement of one source. The verdict is a function of the set of these.
///
/// Fields that this build does not know are ignored here; whoever stores reports keeps the received text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Unique per source. The same id with the same body is the same report.
    pub id: Box<str>,
    /// Which try to pay this is about. Default `"1"`.
    #[serde(default = "first")]
    pub attempt: Box<str>,
    /// Who speaks.
    pub source: Source,
    /// Which step it is about.
    pub leg: Leg,
    /// What is said of that step.
    pub outcome: Outcome,
    /// The scheme's own code, kept verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<RawCode>,
    /// Minor units of the transaction's currency; on `credit` and `return`. Default: the whole amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<u64>,
    /// On `return`: which return. Default `"1"`.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub return_id: Box<str>,
    /// When the source says that it happened. Used for the timeline and for deadlines, never for the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
}

/// A scheme's own code. Looked up by all three parts: the same value means different things in two families.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RawCode {
    /// The scheme or provider, e.g. `unionpay`.
    pub scheme: Box<str>,
    /// The field or message that carries the code, e.g. `de39`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Box<str>>,
    /// The code itself, e.g. `98`.
    pub value: Box<str>,
}

open_enum! {
    /// Who speaks.
    pub enum Source {
        /// The payer's wallet provider.
        Wallet = "wallet",
        /// The payer's bank or card issuer.
        Issuer = "issuer",
        /// The card network, switch or clearing house.
        Network = "network",
        /// The merchant's payment provider.
        Acquirer = "acquirer",
        /// The point-of-sale terminal.
        Terminal = "terminal",
        /// The merchant's checkout or order system.
        MerchantSystem = "merchant_system",
        /// The bank that pays out to the merchant.
        SettlementBank = "settlement_bank",
        /// A fraud or risk system.
        Risk = "risk",
        /// A support agent. Has no authority: people resolve a case by getting the source to report.
        Support = "support",
        /// The status server's clock: "the limit passed with no answer".
        Clock = "clock",
        /// What the payer's phone shows: a claim, never proof.
        PayerDevice = "payer_device",
    }
}

open_enum! {
    /// One step that must be true for all to agree.
    pub enum Leg {
        /// The offer to pay is open or closed. Belongs to the transaction, not to an attempt.
        Order = "order",
        /// Money left the payer.
        Debit = "debit",
        /// The scheme passed it on.
        Network = "network",
        /// The merchant's side holds or guarantees the money.
        Credit = "credit",
        /// The terminal or checkout was told.
        Confirmation = "confirmation",
        /// A risk hold.
        Review = "review",
        /// Paid out to the merchant's bank account.
        Settlement = "settlement",
        /// Reversal or refund to the payer.
        Return = "return",
        /// The payer contests the payment.
        Dispute = "dispute",
    }
}

open_enum! {
    /// What a source says of a leg.
    pub enum Outcome {
        /// It began and has not ended.
        Pending = "pending",
        /// It is done.
        Succeeded = "succeeded",
        /// It will not happen.
        Failed = "failed",
        /// The source does not know.
        Unknown = "unknown",
    }
}

impl Leg {
    /// True for a leg that is a step of an attempt and known to this build.
    #[must_use]
    pub fn belongs_to_attempt(&self) -> bool {
        match self {
            Self::Order | Self::Other(_) => false,
            Self::Debit
            | Self::Network
            | Self::Credit
            | Self::Confirmation
            | Self::Review
            | Self::Settlement
            | Self::Return
            | Self::Dispute => true,
        }
    }

    /// True for what both parties may know of each other: all but the merchant's payout.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        *self != Self::Settlement
    }
}

fn first() -> Box<str> {
    "1".into()
}

fn is_first(id: &str) -> bool {
    id == "1"
}
