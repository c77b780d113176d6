//! A snapshot to change, plain formats, every locale, and one more in which every sentence is its own key.

use payment_status_protocol::money::Money;
use payment_status_protocol::party::Party;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::{Charged, MoneyAt, PayAgain, Release, State};

use crate::display;
use crate::display::{Display, Question};
use crate::situation::{Depth, Formats, Freshness, Situation};
use crate::words::Words;

/// The files of one locale.
#[derive(Clone, Copy)]
pub(super) struct Files {
    /// What a first picture needs.
    pub(super) core: &'static str,
    /// The reasons, their steps and the rules.
    pub(super) reasons: &'static str,
}

pub(super) const EN: Files = Files {
    core: include_str!("../../locales/en.json"),
    reasons: include_str!("../../locales/reasons/en.json"),
};
pub(super) const ZH: Files = Files {
    core: include_str!("../../locales/zh-CN.json"),
    reasons: include_str!("../../locales/reasons/zh-CN.json"),
};
// Every file of `locales/` (`build.rs`): `LOCALES`, by tag.
include!(concat!(env!("OUT_DIR"), "/locales.rs"));
/// Which steps belong to a reason, and whom to ask: the same in every language.
pub(super) const STEPS: &str = include_str!("../../locales/reasons/steps.json");
pub(super) const PARTIES: [Party; 3] = [Party::Payer, Party::Merchant, Party::Support];
pub(super) const FRESH: [Freshness; 4] = [
    Freshness::Live { age_s: 3 },
    Freshness::Stale { age_s: 90 },
    Freshness::Offline { age_s: 240 },
    Freshness::Paused { age_s: 4000 },
];
pub(super) const LIVE: Freshness = FRESH[0];

/// All that a screen of one locale can say.
pub(super) fn words(files: Files) -> Words {
    let reasons = texts(files.reasons).with(texts(STEPS));
    texts(files.core).with(reasons)
}

/// The texts of a flat file, as the widget takes them from the browser's parser.
pub(super) fn texts(json: &str) -> Words {
    let texts: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(json).expect("a locale file");
    let text = |(key, text): (&String, &serde_json::Value)| {
        let text = text.as_str().map(str::to_owned);
        (
            key.clone(),
            text.unwrap_or_else(|| panic!("{key} is no text")),
        )
    };
    texts.iter().map(text).collect()
}

/// Every sentence is `⟦its.key⟧` and its placeholders: what a display says can be traced to the keys it used.
pub(super) fn keys_as_words() -> Words {
    let english = words(EN);
    let text = |(key, text): (&str, &str)| {
        if ["steps.", "ask."].iter().any(|data| key.starts_with(data)) {
            return (key.to_owned(), text.to_owned());
        }
        let placeholders: String = placeholders(text)
            .iter()
            .map(|p| format!("{{{p}}}"))
            .collect();
        (key.to_owned(), format!("⟦{key}⟧{placeholders}"))
    };
    english.iter().map(text).collect()
}

/// The names in braces, in order.
pub(super) fn placeholders(text: &str) -> Vec<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

pub(super) struct Plain;

impl Formats for Plain {
    fn money(&self, money: &Money) -> String {
        format!(
            "{}.{:02} {}",
            money.minor / 100,
            money.minor % 100,
            money.currency
        )
    }

    fn time(&self, time: Time) -> String {
        time.to_string()
    }

    fn dated(&self, time: Time) -> String {
        time.to_string()
    }

    fn deadline(&self, time: Time) -> String {
        time.to_string()
    }

    fn duration_s(&self, age_s: u64) -> String {
        format!("{age_s} s ago")
    }

    fn number(&self, number: u64) -> String {
        number.to_string()
    }

    fn plural(&self, number: u64) -> String {
        if number == 1 { "one" } else { "other" }.to_owned()
    }
}

/// The dispute that all this is for: paid, and the terminal did not hear it.
pub(super) fn snapshot() -> Snapshot {
    serde_json::from_value(serde_json::json!({
        "format": 1, "transaction": "tx_0123456789abcdefghjkmnpqrs", "version": 3,
        "order_reference": "A-1042", "merchant_name": "Corner Bakery",
        "amount": { "minor": 12800, "currency": "CNY", "exponent": 2 },
        "state": "paid_not_confirmed", "charged": "charged", "pay_again": "do_not", "release": "release",
        "money_at": "acquirer", "final": true, "reason": "issuer_timeout", "next_actor": "acquirer",
        "resolve_by": { "at": "2026-11-20T04:02:41Z", "rule": "confirmation_resend" },
        "broken_leg": "confirmation", "returned_minor": 0, "returning_minor": 0,
        "legs": [],
        "timeline": [
            { "at": "2026-11-20T04:00:03Z", "attempt": "1", "source": "wallet", "leg": "debit",
              "outcome": "succeeded", "standing": "authority" },
            { "at": "2026-11-20T04:00:33Z", "attempt": "1", "source": "terminal", "leg": "confirmation",
              "outcome": "failed", "standing": "authority" },
            { "at": "2026-11-20T04:00:41Z", "attempt": "1", "source": "acquirer", "leg": "credit",
              "outcome": "succeeded", "standing": "authority" } ],
        "created_at": "2026-11-20T04:00:00Z", "expires_at": "2026-11-20T04:15:00Z",
        "updated_at": "2026-11-20T04:00:41Z"
    }))
    .expect("a snapshot")
}

pub(super) fn situation(snapshot: &Snapshot, freshness: Freshness) -> Situation<'_> {
    Situation {
        snapshot: Some(snapshot),
        match_code: Some("7K3-M9Q"),
        freshness,
        trouble: None,
        earlier: None,
        party_document: None,
        server_time: None,
        depth: Depth::Story,
    }
}

/// Nothing verified yet.
pub(super) const NOTHING: Situation<'static> = Situation {
    snapshot: None,
    match_code: None,
    freshness: Freshness::Connecting,
    trouble: None,
    earlier: None,
    party_document: None,
    server_time: None,
    depth: Depth::Story,
};

pub(super) fn shown(snapshot: &Snapshot, party: &Party) -> Display {
    display(&situation(snapshot, LIVE), party, &words(EN), &Plain)
}

pub(super) fn answer(display: &Display, question: Question) -> &str {
    display
        .answers
        .iter()
        .find(|a| a.question == question)
        .map(|a| &*a.text)
        .unwrap_or("none")
}

/// A verdict of the rules: declined, not charged.
pub(super) fn declined() -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.state = State::Declined;
    snapshot.charged = Charged::NotCharged;
    snapshot.pay_again = PayAgain::Safe;
    snapshot.release = Release::DoNot;
    snapshot.money_at = MoneyAt::Payer;
    snapshot.reason = Reason::INSUFFICIENT_FUNDS;
    snapshot
}
