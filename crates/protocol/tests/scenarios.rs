//! The golden scenarios: after each prefix that a scenario names, the verdict is the expected one;
//! the whole set gives the same verdict in any order, with duplicates.

#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]
mod common;

use common::{Scenario, scenarios, verdict};
use payment_status_protocol::report::Report;

fn assert_matches(scenario: &Scenario, reports: Vec<Report>, expected: &serde_json::Value) {
    let verdict = verdict(&scenario.transaction.amount, reports);
    let verdict = serde_json::to_value(&verdict).expect("a verdict is JSON");
    for (field, want) in expected.as_object().expect("an object") {
        if field != "after" {
            assert_eq!(
                &verdict[field], want,
                "{}: {field} after {}",
                scenario.id, expected["after"]
            );
        }
    }
}

fn after(expected: &serde_json::Value) -> usize {
    usize::try_from(expected["after"].as_u64().expect("after")).expect("small")
}

#[test]
fn every_named_prefix_gives_the_expected_verdict() {
    let mut checked = 0;
    for scenario in scenarios() {
        for expected in &scenario.expect {
            assert_matches(
                &scenario,
                scenario.reports[..after(expected)].to_vec(),
                expected,
            );
            checked += 1;
        }
    }
    println!("{checked} prefixes");
    assert!(checked >= 43, "{checked}");
}

#[test]
fn neither_order_nor_duplicates_change_the_verdict() {
    // A fixed linear congruential sequence: every run shuffles alike.
    let mut seed = 20_261_120_u64;
    let mut below = |n: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits") % n
    };
    for scenario in scenarios() {
        for expected in &scenario.expect {
            for _ in 0..50 {
                let mut reports = scenario.reports[..after(expected)].to_vec();
                for _ in 0..below(4) {
                    reports.push(reports[below(reports.len())].clone());
                }
                for i in (1..reports.len()).rev() {
                    reports.swap(i, below(i + 1));
                }
                assert_matches(&scenario, reports, expected);
            }
        }
    }
}

#[test]
fn the_reason_tells_which_leg_broke_and_why() {
    for (id, reason, broken) in [
        (
            "phone-paid-terminal-failed",
            "issuer_timeout",
            Some("confirmation"),
        ),
        (
            "phone-paid-nobody-heard",
            "payer_claim_unverified",
            Some("confirmation"),
        ),
        ("phone-paid-but-not-paid", "payment_expired", Some("debit")),
        ("debited-then-auto-reversed", "reversal_completed", None),
        ("insufficient-funds", "insufficient_funds", Some("debit")),
        ("reader-broken", "terminal_unavailable", Some("debit")),
        ("system-busy-then-success", "payment_succeeded", None),
        ("settlement-frozen", "settled_to_merchant", None),
        ("two-sources-contradict", "status_conflict", Some("debit")),
        ("refund-in-two-parts", "refund_completed", None),
        ("short-paid", "amount_mismatch", Some("credit")),
    ] {
        let scenario = scenarios().into_iter().find(|s| s.id == id).expect(id);
        let verdict = verdict(&scenario.transaction.amount, scenario.reports);
        assert_eq!(verdict.reason.as_str(), reason, "{id}");
        assert_eq!(
            verdict.broken_leg.as_ref().map(|leg| leg.as_str()),
            broken,
            "{id}"
        );
    }
}

#[test]
fn a_contradiction_names_both_sources_and_its_owner() {
    let scenario = scenarios()
        .into_iter()
        .find(|s| s.id == "two-sources-contradict")
        .expect("given");
    let verdict = verdict(&scenario.transaction.amount, scenario.reports);
    let disagreement = serde_json::to_value(verdict.disagreement).expect("JSON");
    assert_eq!(
        disagreement,
        serde_json::json!({"leg": "debit", "succeeded": ["wallet"], "failed": ["issuer"], "owner": "support"})
    );
}
