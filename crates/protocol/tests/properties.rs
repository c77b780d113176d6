//! Properties over random sets of reports, words that no build knows among them.

#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]
mod common;

use common::snapshot_of;
use payment_status_protocol::check::check;
use payment_status_protocol::code::Codes;
use payment_status_protocol::decide::{Reports, decide};
use payment_status_protocol::read::{self, Node};
use payment_status_protocol::report::{Leg, Outcome, RawCode, Report, Source};
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::{Charged, PayAgain, Release};
use proptest::prelude::*;

fn word<T: Clone + std::fmt::Debug + for<'a> From<&'a str> + 'static>(
    known: &'static [T],
) -> impl Strategy<Value = T> {
    prop_oneof![
        12 => prop::sample::select(known),
        1 => Just(T::from("a_word_of_next_year")),
    ]
}

fn code() -> impl Strategy<Value = Option<RawCode>> {
    let rows = Codes::rows();
    prop_oneof![
        3 => Just(None),
        4 => (0..rows.len()).prop_map(move |i| Some(RawCode {
            scheme: rows[i].scheme.into(), family: Some(rows[i].family.into()), value: rows[i].value.into(),
        })),
        1 => (0..rows.len()).prop_map(move |i| Some(RawCode {
            scheme: rows[i].scheme.into(), family: None, value: rows[i].value.into(),
        })),
        1 => Just(Some(RawCode { scheme: "order".into(), family: None, value: "cancelled".into() })),
    ]
}

prop_compose! {
    fn any_report()(
        attempt in prop::sample::select(vec!["1", "2", "3"]),
        source in word(Source::KNOWN),
        leg in word(Leg::KNOWN),
        outcome in word(Outcome::KNOWN),
        code in code(),
        amount in prop::option::weighted(0.2, 0_u64..130),
        return_id in prop::sample::select(vec!["1", "2"]),
        at in 0_i64..100_000,
        id in any::<u64>(),
    ) -> Report {
        Report {
            id: id.to_string().into(), attempt: attempt.into(), source, leg, outcome, code, amount,
            return_id: return_id.into(), at: Some(Time::from_ms(at)),
        }
    }
}

/// A document as `serde_json` parsed it.
struct Tree(serde_json::Value);

impl Node for Tree {
    fn get(&self, name: &str) -> Option<Self> {
        self.0.get(name).filter(|v| !v.is_null()).cloned().map(Self)
    }
    fn text(&self) -> Option<Box<str>> {
        self.0.as_str().map(Into::into)
    }
    fn integer(&self) -> Option<u64> {
        self.0.as_u64()
    }
    fn boolean(&self) -> Option<bool> {
        self.0.as_bool()
    }
    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.as_array()?.iter().cloned().map(Self).collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    /// P5: order and duplicates cannot change the verdict.
    #[test]
    fn the_verdict_is_a_function_of_the_set(
        (sorted, shuffled) in prop::collection::vec(any_report(), 0..9)
            .prop_flat_map(|reports| {
                let mut doubled = reports.clone();
                doubled.extend(reports.iter().take(3).cloned());
                (Just(reports), Just(doubled).prop_shuffle())
            })
    ) {
        prop_assert_eq!(snapshot_of(sorted), snapshot_of(shuffled));
    }

    /// Every document that the rules make passes the reader's own check (P1–P3 seen from the widget).
    #[test]
    fn a_reader_accepts_every_document_that_the_rules_make(reports in prop::collection::vec(any_report(), 0..9)) {
        let snapshot = snapshot_of(reports);
        prop_assert_eq!(check(&snapshot), Ok(()), "{:#?}", snapshot);
    }

    /// P4: what says nothing that this build knows leads to neither success nor failure.
    #[test]
    fn words_that_nobody_knows_prove_nothing(reports in prop::collection::vec(any_report(), 1..6)) {
        let strange: Vec<Report> = reports.into_iter().map(|r| Report { source: Source::from("quantum_bank"), ..r }).collect();
        let set = Reports::try_from(strange).expect("random ids differ");
        let verdict = decide(&common::cny(100), &set, &Codes);
        prop_assert!(matches!(verdict.charged, Charged::Unknown));
        prop_assert!(matches!(verdict.pay_again, PayAgain::Wait));
        prop_assert!(matches!(verdict.release, Release::Wait));
        prop_assert!(!verdict.is_final);
    }

    /// A document survives writing and reading, words that this build does not know included.
    #[test]
    fn documents_read_back(reports in prop::collection::vec(any_report(), 0..9)) {
        let snapshot = snapshot_of(reports);
        let text = serde_json::to_string(&snapshot).expect("a snapshot is JSON");
        prop_assert_eq!(serde_json::from_str::<Snapshot>(&text).expect("reads back"), snapshot);
    }

    /// The reader of parsed trees and the derived one agree on every document, and on every damaged one.
    #[test]
    fn the_two_readers_agree(reports in prop::collection::vec(any_report(), 0..9), cut in 0_usize..40, wrong in 0_usize..5) {
        let mut document = serde_json::to_value(snapshot_of(reports)).expect("a snapshot is JSON");
        prop_assert_eq!(read::snapshot(&Tree(document.clone())), serde_json::from_value(document.clone()).ok());
        let members = document.as_object_mut().expect("an object");
        if let Some(name) = members.keys().nth(cut).cloned() {
            let damage = [serde_json::json!("?"), serde_json::json!(-1), serde_json::json!([1]), serde_json::json!({}), serde_json::json!(true)];
            members.insert(name, damage[wrong].clone());
            let derived = serde_json::from_value::<Snapshot>(document.clone()).ok();
            prop_assert_eq!(read::snapshot(&Tree(document)), derived);
        }
    }

    /// Under "charged" no reason says that nobody was charged, or that nobody confirms it.
    #[test]
    fn a_charged_payer_reads_no_reason_of_a_payment_that_was_not_made(reports in prop::collection::vec(any_report(), 0..9)) {
        let set = Reports::try_from(reports).expect("random ids differ");
        let verdict = decide(&common::cny(100), &set, &Codes);
        let denies = [
            "created_awaiting_payment", "awaiting_payer_action", "approved_offline_unconfirmed",
            "payer_claim_unverified", "merchant_success_not_debited",
        ];
        let facts = verdict.reason.facts().expect("the catalogue has it");
        if verdict.charged == Charged::Charged {
            prop_assert!(!facts.evidence.proves_not_debited(), "{:?}", verdict);
            prop_assert!(!denies.contains(&verdict.reason.as_str()), "{:?}", verdict);
        }
    }

    /// What payer and merchant read of a report says no more than it counts for.
    #[test]
    fn the_timeline_proves_no_more_than_the_rules(reports in prop::collection::vec(any_report(), 0..9)) {
        let snapshot = snapshot_of(reports);
        let of = |leg: Leg, outcome: Outcome, sources: &[Source]| {
            snapshot.timeline.iter().any(|e| e.leg == leg && e.outcome == outcome && sources.contains(&e.source))
        };
        let payers_side = [Source::Issuer, Source::Wallet];
        if !snapshot.legs.iter().any(|l| l.leg == Leg::Debit && matches!(l.status.as_str(), "failed" | "succeeded" | "conflict")) {
            prop_assert!(!of(Leg::Debit, Outcome::Failed, &payers_side), "{:#?}", snapshot);
        }
        let back = snapshot.timeline.iter().filter(|e| e.leg == Leg::Return && e.outcome == Outcome::Succeeded);
        for entry in back {
            // A source that this build does not know is kept verbatim, as a claim.
            let is_claim = matches!(entry.source, Source::Other(_)) && entry.standing.as_str() == "claim";
            prop_assert!(is_claim || payers_side.contains(&entry.source), "{:#?}", entry);
        }
    }

    /// The shared document never carries a reason that must stay with support.
    #[test]
    fn the_shared_reason_is_the_public_one(reports in prop::collection::vec(any_report(), 0..9)) {
        let snapshot = snapshot_of(reports);
        prop_assert_eq!(snapshot.reason.public(), snapshot.reason.clone());
    }
}
