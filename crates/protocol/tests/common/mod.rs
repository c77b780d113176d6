//! What the tests of the rules share: golden scenarios and a short way to write reports.
#![allow(dead_code, reason = "each test binary uses its part")]

use payment_status_protocol::code::Codes;
use payment_status_protocol::decide::{Reports, decide};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::money::Amount;
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::{Snapshot, TransactionFacts, snapshot};
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::Verdict;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Scenarios {
    pub(crate) scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    pub(crate) transaction: Transaction,
    pub(crate) reports: Vec<Report>,
    pub(crate) expect: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
pub(crate) struct Transaction {
    pub(crate) amount: Amount,
}

pub(crate) fn scenarios() -> Vec<Scenario> {
    let golden = [
        include_str!("../../fixtures/scenarios.json"),
        include_str!("../../fixtures/more-scenarios.json"),
    ];
    golden
        .iter()
        .flat_map(|text| {
            serde_json::from_str::<Scenarios>(text)
                .expect("a golden file is valid")
                .scenarios
        })
        .collect()
}

pub(crate) fn verdict(amount: &Amount, reports: Vec<Report>) -> Verdict {
    let reports = Reports::try_from(reports).expect("the ids of a test are unique");
    decide(amount, &reports, &Codes)
}

/// `"1 wallet debit succeeded unionpay/de39/98 @5"`: attempt, source, leg, outcome, then an optional
/// code and an optional amount.
pub(crate) fn report(id: usize, line: &str) -> Report {
    let mut words = line.split_whitespace();
    let mut next = || words.next().expect("attempt source leg outcome");
    let mut report = serde_json::json!({
        "id": format!("r{id}"), "attempt": next(), "source": next(), "leg": next(), "outcome": next(),
    });
    for word in words {
        if let Some(amount) = word.strip_prefix('@') {
            report["amount"] = amount.parse::<u64>().expect("an amount").into();
        } else if let Some(return_id) = word.strip_prefix('#') {
            report["return_id"] = return_id.into();
        } else {
            let code: Vec<&str> = word.split('/').collect();
            report["code"] =
                serde_json::json!({"scheme": code[0], "family": code[1], "value": code[2]});
        }
    }
    serde_json::from_value(report).expect("a test's report is valid")
}

pub(crate) fn cny(minor: u64) -> Amount {
    serde_json::from_value(serde_json::json!({"minor": minor, "currency": "CNY"})).expect("valid")
}

/// The verdict over 100.00 CNY.
pub(crate) fn verdict_of(lines: &[&str]) -> Verdict {
    verdict(
        &cny(10_000),
        lines
            .iter()
            .enumerate()
            .map(|(i, line)| report(i, line))
            .collect(),
    )
}

/// The document that the rules make of these reports, no two of which share source and id.
pub(crate) fn snapshot_of(reports: Vec<Report>) -> Snapshot {
    let zero = Time::from_ms(0);
    let facts = TransactionFacts {
        transaction: TransactionId::from_bits(7),
        order_reference: "A-1".into(),
        merchant_name: None,
        amount: cny(100),
        created_at: zero,
        expires_at: zero,
    };
    let reports = Reports::try_from(reports).expect("no two share an id");
    snapshot(&facts, &reports, &Codes, None, zero).0
}

/// The same of reports in the short form.
pub(crate) fn document(lines: &[&str]) -> Snapshot {
    let reports = lines.iter().enumerate();
    snapshot_of(reports.map(|(id, line)| report(id, line)).collect())
}
