//! What follows from a set of reports: the words that every screen shows.

use serde::{Deserialize, Serialize};

use crate::deadline::Deadline;
use crate::open_enum::open_enum;
use crate::reason::Reason;
use crate::report::{Leg, Source};

/// The answer to "what happened to this payment?", derived by [`crate::decide::decide`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The headline.
    pub state: State,
    /// Was the payer charged?
    pub charged: Charged,
    /// May the payer pay again?
    pub pay_again: PayAgain,
    /// May the merchant hand over the goods?
    pub release: Release,
    /// Where the money is.
    pub money_at: MoneyAt,
    /// True if this will not change by itself.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Why, exactly. What payer and merchant may see is [`Reason::public`].
    pub reason: Reason,
    /// Who must act next.
    pub next_actor: NextActor,
    /// By when, and by which rule. `None` where no rule sets a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_by: Option<Deadline>,
    /// Two authorities that contradict each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disagreement: Option<Disagreement>,
    /// The step that broke, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broken_leg: Option<Leg>,
    /// Minor units proven to be back with the payer.
    #[serde(default)]
    pub returned_minor: u64,
    /// Minor units on their way back to the payer.
    #[serde(default)]
    pub returning_minor: u64,
    /// The number of distinct reports that this follows from.
    pub version: u64,
}

/// Sources with authority that exclude each other, and who must clear it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// The leg they disagree about. A debit that failed beside a proven credit is about `debit`.
    pub leg: Leg,
    /// Who says that it happened.
    pub succeeded: Vec<Source>,
    /// Who says that it did not.
    pub failed: Vec<Source>,
    /// Who must clear it up.
    pub owner: NextActor,
}

open_enum! {
    /// The headline state of an attempt or a transaction.
    pub enum State {
        /// Nobody has tried to pay.
        AwaitingPayment = "awaiting_payment",
        /// Under way, nothing wrong seen.
        Processing = "processing",
        /// The result is not known; somebody is being asked.
        Checking = "checking",
        /// The merchant's side holds the money.
        Paid = "paid",
        /// The merchant's side holds the money, and the terminal or checkout failed to hear it.
        PaidNotConfirmed = "paid_not_confirmed",
        /// The money left the payer and has not reached the merchant's side.
        DebitedNotCredited = "debited_not_credited",
        /// Refused; the payer was not charged.
        Declined = "declined",
        /// The order was cancelled.
        Cancelled = "cancelled",
        /// The order ran out of time.
        Expired = "expired",
        /// The money is on its way back; the merchant never had it.
        Reversing = "reversing",
        /// The money is back; the merchant never had it.
        Reversed = "reversed",
        /// The merchant's side had the money; it is on its way back.
        Refunding = "refunding",
        /// The merchant's side had the money; it is back with the payer.
        Refunded = "refunded",
        /// A part is back with the payer.
        PartiallyRefunded = "partially_refunded",
        /// The merchant's side holds another amount than the order's.
        AmountMismatch = "amount_mismatch",
        /// Paid more than once.
        Duplicate = "duplicate",
        /// Held by a risk check.
        UnderReview = "under_review",
        /// The payer contests it.
        Disputed = "disputed",
    }
}

open_enum! {
    /// Was the payer charged?
    pub enum Charged {
        /// Proven: no money left the payer.
        NotCharged = "not_charged",
        /// Proven: money left the payer and is not on its way back.
        Charged = "charged",
        /// The money is on its way back.
        Returning = "returning",
        /// The money is back with the payer.
        Returned = "returned",
        /// Nobody has proven either.
        Unknown = "unknown",
    }
}

open_enum! {
    /// May the payer pay again?
    pub enum PayAgain {
        /// No: it would be a second payment.
        DoNot = "do_not",
        /// Not until the next answer.
        Wait = "wait",
        /// Yes: proven that the payer was not charged or has the money back.
        Safe = "safe",
    }
}

open_enum! {
    /// May the merchant hand over the goods?
    pub enum Release {
        /// Yes: the credit is proven.
        Release = "release",
        /// Not until the next answer.
        Wait = "wait",
        /// No: it is proven that there is no money for them.
        DoNot = "do_not",
    }
}

open_enum! {
    /// Where the money is.
    pub enum MoneyAt {
        /// Still with the payer.
        Payer = "payer",
        /// Left the payer, not arrived.
        InFlight = "in_flight",
        /// With the merchant's payment provider.
        Acquirer = "acquirer",
        /// On the merchant's bank account.
        Merchant = "merchant",
        /// On its way back to the payer.
        Returning = "returning",
        /// Back with the payer.
        Returned = "returned",
        /// Nobody has proven where.
        Unknown = "unknown",
    }
}

open_enum! {
    /// Who must act next.
    pub enum NextActor {
        /// Nothing is left to do.
        Nobody = "nobody",
        /// The person who pays.
        Payer = "payer",
        /// The shop.
        Merchant = "merchant",
        /// The payer's wallet provider.
        Wallet = "wallet",
        /// The payer's bank.
        Issuer = "issuer",
        /// The scheme.
        Network = "network",
        /// The merchant's payment provider.
        Acquirer = "acquirer",
        /// The bank that pays out to the merchant.
        SettlementBank = "settlement_bank",
        /// The operator's support desk.
        Support = "support",
    }
}
