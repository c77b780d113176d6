//! What the widget knows at one moment: the input of [`crate::display()`], beside the party and the words.

use payment_status_protocol::money::Money;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::{Outcome, RawCode};
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::State;

/// The last verified answer, how fresh it is, and what went wrong in asking.
///
/// Everything here has passed verification: a document that did not is a [`Trouble`], never a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The last verified snapshot. Ignored while `freshness` is [`Freshness::Connecting`].
    pub snapshot: Option<&'a Snapshot>,
    /// The match code of that snapshot's bytes.
    pub match_code: Option<&'a str>,
    /// How fresh the snapshot is.
    pub freshness: Freshness,
    /// Why the last asking failed; `None` after one that worked.
    pub trouble: Option<Trouble<'a>>,
    /// The final verdict that this screen showed before the present one, if the present one replaced it.
    pub earlier: Option<&'a State>,
    /// The reader's own small document.
    pub party_document: Option<PartyDocument<'a>>,
    /// When the server signed its last answer: the only clock by which a deadline has passed.
    pub server_time: Option<Time>,
    /// How much of it is wanted now.
    pub depth: Depth,
}

/// How much of a verdict is worked out: the first frame of a slow phone must not wait for what is read later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// The sentence that answers the first question, and the questions with their answers. What needs the browser's
    /// formats for numbers and times, whose first use takes long, only where it is part of a sentence.
    Glance,
    /// And the amount, where the money is, why, who acts next, the code to compare.
    Picture,
    /// And what happened, which is read on demand.
    Story,
}

/// How fresh the last verified snapshot is. Ages are in whole seconds since the server's signed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing verified yet.
    Connecting,
    /// The server is being heard.
    Live {
        /// Seconds since the last verified answer.
        age_s: u64,
    },
    /// The server has not been heard for longer than it should be.
    Stale {
        /// Seconds since the last verified answer.
        age_s: u64,
    },
    /// This device says that it has no connection.
    Offline {
        /// Seconds since the last verified answer.
        age_s: u64,
    },
    /// Nothing is wrong, but the server is asked on demand only, or very seldom.
    Paused {
        /// Seconds since the last verified answer.
        age_s: u64,
    },
}

/// Why asking failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble<'a> {
    /// This device has no connection.
    Offline,
    /// The server does not answer, or answers that it cannot.
    Unreachable,
    /// No such transaction, or the token is refused: the server answers both alike.
    NotFound,
    /// The signature does not verify.
    BadSignature,
    /// A genuine document of another transaction.
    OtherTransaction,
    /// A genuine document of a lower version than one already shown.
    WentBack,
    /// A genuine document whose verdict contradicts itself.
    Contradiction,
    /// Not a document that this build can read.
    Unreadable,
    /// The keys to verify with could not be had.
    KeysUnavailable,
    /// The browser cannot verify.
    UnsupportedBrowser,
    /// The host page set the element up wrongly.
    Configuration {
        /// The attribute that is missing or wrong, e.g. `src`.
        attribute: &'a str,
    },
    /// A fault of our own.
    Internal,
}

/// What concerns the reader alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartyDocument<'a> {
    /// The version that it was made for; with another version than the snapshot's it is not shown.
    pub version: u64,
    /// What it says.
    pub facts: PartyFacts<'a>,
}

/// What a party's own document says. Facts of another party than the reader are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartyFacts<'a> {
    /// For the payer.
    Payer {
        /// The masked account that pays.
        account: Option<&'a str>,
    },
    /// For the merchant.
    Merchant {
        /// The payout as the wire names it: `not_due`, `pending`, `paid_out`, `failed`; anything else is not known.
        payout: &'a str,
        /// The masked account that is paid out to.
        account: Option<&'a str>,
        /// Why the payout is late or failed.
        reason: Option<&'a Reason>,
    },
    /// For support.
    Support {
        /// The exact reason, which the shared document may show as a neutral one.
        reason: Option<&'a Reason>,
        /// The raw code of the leg that broke.
        broken_code: Option<&'a RawCode>,
        /// How the settlement stands that needs attention most; the shared document does not say.
        settlement: Option<&'a Outcome>,
    },
}

/// Formats by the reader's locale and time zone: `Intl` in the widget, something plain in tests.
pub trait Formats {
    /// `CN¥128.00`.
    fn money(&self, money: &Money) -> String;
    /// A moment, short, e.g. `12:02:41` today and with its date otherwise.
    fn time(&self, time: Time) -> String;
    /// A moment with its day, also today: for what is read later, on paper. `20 Nov 2026, 12:02:41`.
    fn dated(&self, time: Time) -> String;
    /// A deadline, to the minute and never earlier than it is: `18:00` today, else with its day, `Tue, 24 Nov, 18:00`.
    fn deadline(&self, time: Time) -> String;
    /// How long ago, from one second on: `3 seconds ago`, `3秒前`. Used as a phrase: "Checked {…}", "As of {…}: …".
    fn duration_s(&self, age_s: u64) -> String;
    /// A count: `3`, `٣`.
    fn number(&self, number: u64) -> String;
    /// The plural category that a count takes in this language (Unicode CLDR): `one`, `few`, `other` and so on.
    fn plural(&self, number: u64) -> String;
}

impl Trouble<'_> {
    /// The name for events and locale files.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Unreachable => "unreachable",
            Self::NotFound => "not_found",
            Self::BadSignature => "bad_signature",
            Self::OtherTransaction => "other_transaction",
            Self::WentBack => "went_back",
            Self::Contradiction => "contradiction",
            Self::Unreadable => "unreadable",
            Self::KeysUnavailable => "keys_unavailable",
            Self::UnsupportedBrowser => "unsupported_browser",
            Self::Configuration { .. } => "configuration",
            Self::Internal => "internal",
        }
    }

    /// One of each, for tables.
    pub const EVERY: [Trouble<'static>; 12] = [
        Trouble::Offline,
        Trouble::Unreachable,
        Trouble::NotFound,
        Trouble::BadSignature,
        Trouble::OtherTransaction,
        Trouble::WentBack,
        Trouble::Contradiction,
        Trouble::Unreadable,
        Trouble::KeysUnavailable,
        Trouble::UnsupportedBrowser,
        Trouble::Configuration { attribute: "src" },
        Trouble::Internal,
    ];
}
