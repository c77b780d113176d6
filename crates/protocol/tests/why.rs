//! What the verdict says beside the state: the reason, who acts next and by when, and what the story may say.

#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]
mod common;

use common::{document, verdict_of};
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::StandingWord;

#[test]
fn a_reason_never_says_more_than_the_verdict() {
    // The till was told "insufficient funds", the acquirer holds the money: no word of a decline.
    let v = verdict_of(&[
        "1 acquirer credit succeeded",
        "1 terminal confirmation failed unionpay/de39/51",
    ]);
    assert_eq!(v.reason.as_str(), "merchant_notification_delayed");
    // The acquirer still waits for the payer's phone; the wallet has the money already.
    let v = verdict_of(&[
        "1 wallet debit succeeded",
        "1 acquirer credit pending wechatpay/trade_state/NOTPAY",
    ]);
    assert_eq!(v.reason.as_str(), "processing");
    assert_eq!(v.next_actor.as_str(), "acquirer");
    // The shop's system has seen no more than the phone; the acquirer has the money.
    let v = verdict_of(&[
        "1 acquirer credit succeeded",
        "1 merchant_system confirmation unknown alipay/client_result/9000",
    ]);
    assert_eq!(v.reason.as_str(), "merchant_notification_delayed");
    // A relay's "insufficient funds" that an authority's doubt left standing alone as a claim.
    let v = verdict_of(&["1 payer_device debit failed unionpay/de39/51"]);
    assert_eq!(v.reason.as_str(), "result_unknown");
}

#[test]
fn somebody_acts_next_while_another_attempt_is_open() {
    let actor = |lines: &[&str]| verdict_of(lines).next_actor.as_str().to_owned();
    let paid = ["1 wallet debit succeeded", "1 acquirer credit succeeded"];
    assert_eq!(actor(&paid), "nobody");
    let with = |more: &[&'static str]| [&paid[..], more].concat();
    assert_eq!(actor(&with(&["2 wallet debit unknown"])), "acquirer");
    let coming_back = with(&["2 wallet debit succeeded", "2 acquirer return pending"]);
    assert_eq!(actor(&coming_back), "acquirer");
    let back = with(&["2 wallet debit succeeded", "2 wallet return succeeded"]);
    assert_eq!(actor(&back), "nobody");
    // An order that nobody can pay any more is not the payer's to act on.
    assert_eq!(actor(&[]), "payer");
    assert_eq!(actor(&["1 clock order failed"]), "acquirer");
}

/// A report with a time, and a code of UPI where `coded`.
fn timed(id: usize, said: &str, at: &str, coded: bool) -> Report {
    let mut report = common::report(id, said);
    report.at = Some(at.try_into().expect("valid"));
    if coded {
        let code = serde_json::json!({"scheme": "upi", "value": "RB"});
        report.code = Some(serde_json::from_value(code).expect("valid"));
    }
    report
}

fn promised(reports: Vec<Report>) -> Option<(String, String)> {
    let by = common::verdict(&common::cny(100), reports).resolve_by?;
    Some((by.at.to_string(), by.rule.into()))
}

#[test]
fn a_deadline_counts_from_the_beginning_of_the_state_by_the_schemes_rule() {
    let debited = timed(0, "1 issuer debit succeeded", "2026-11-20T10:00:00Z", true);
    let silent = timed(
        1,
        "1 acquirer credit unknown",
        "2026-11-20T10:01:00Z",
        false,
    );
    let rule = |at: &str| Some((at.to_owned(), "upi_t_plus_5".to_owned()));
    let from_the_debit = rule("2026-11-26T10:00:00.000Z");
    assert_eq!(
        promised(vec![debited.clone(), silent.clone()]),
        from_the_debit
    );
    // Neither a repetition nor a claim moves a promise.
    let again = timed(
        2,
        "1 acquirer credit unknown",
        "2026-11-23T09:00:00Z",
        false,
    );
    let phone = timed(
        3,
        "1 payer_device debit succeeded",
        "2026-11-24T09:00:00Z",
        true,
    );
    assert_eq!(
        promised(vec![debited, silent, again, phone]),
        from_the_debit
    );
}

#[test]
fn a_claim_chooses_no_scheme() {
    let phone = timed(
        0,
        "1 payer_device debit succeeded",
        "2026-11-20T10:00:00Z",
        true,
    );
    let wallet = timed(
        1,
        "1 acquirer network unknown",
        "2026-11-20T10:00:10Z",
        false,
    );
    assert_eq!(promised(vec![phone, wallet]), None);
}

#[test]
fn the_return_that_began_last_is_promised_last() {
    let debited = timed(0, "1 issuer debit succeeded", "2026-11-20T10:00:00Z", true);
    let returned = |id: usize, name: &str, at: &str| {
        let mut report = timed(id, "1 acquirer return pending", at, false);
        report.return_id = name.into();
        report.amount = Some(50);
        report
    };
    let first = returned(1, "a", "2026-11-21T10:00:00Z");
    let second = returned(2, "b", "2026-11-22T10:00:00Z");
    let again = returned(3, "a", "2026-11-23T10:00:00Z");
    assert_eq!(
        promised(vec![debited, first, second, again]),
        Some(("2026-11-28T10:00:00.000Z".into(), "upi_t_plus_5".into()))
    );
}

#[test]
fn a_proof_that_others_have_refuted_is_told_as_a_claim() {
    let never_sent = "1 terminal debit failed terminal/local/not_sent";
    let standing = |lines: &[&str]| {
        let story = document(lines).timeline;
        let terminals = story
            .into_iter()
            .find(|entry| entry.source.as_str() == "terminal");
        terminals.expect("it is told").standing
    };
    assert_eq!(standing(&[never_sent]), StandingWord::Relay);
    assert_eq!(
        standing(&[never_sent, "1 network network succeeded"]),
        StandingWord::Claim
    );
}
