//! The finer points of the rules, one sentence each.

#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]
mod common;

use common::verdict_of;

fn assert_verdict(lines: &[&str], expected: &str) {
    let v = verdict_of(lines);
    let got = format!(
        "{} {} {} {} {}",
        v.state, v.charged, v.pay_again, v.release, v.money_at
    );
    assert_eq!(got, expected, "{lines:#?}");
}

#[test]
fn a_late_failure_of_one_source_cannot_undo_its_success() {
    assert_verdict(
        &["1 wallet debit succeeded", "1 wallet debit failed"],
        "processing charged do_not wait in_flight",
    );
}

#[test]
fn an_authority_without_proof_does_not_know() {
    assert_verdict(
        &["1 wallet debit failed wechatpay/micropay_err/SYSTEMERROR"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 wallet debit failed no/such/code"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 wallet debit failed"],
        "declined not_charged safe do_not payer",
    );
}

#[test]
fn a_relay_counts_only_with_proof_and_only_while_no_authority_has_spoken() {
    assert_verdict(
        &["1 acquirer debit failed"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 acquirer debit failed unionpay/de39/98"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 acquirer debit failed unionpay/de39/51"],
        "declined not_charged safe do_not payer",
    );
    assert_verdict(
        &[
            "1 acquirer debit failed unionpay/de39/51",
            "1 issuer debit pending",
        ],
        "declined not_charged safe do_not payer",
    );
    assert_verdict(
        &[
            "1 acquirer debit failed unionpay/de39/51",
            "1 issuer debit succeeded",
        ],
        "processing charged do_not wait in_flight",
    );
}

#[test]
fn a_relay_that_also_says_succeeded_proves_nothing() {
    assert_verdict(
        &[
            "1 acquirer debit failed unionpay/de39/51",
            "1 acquirer debit succeeded",
        ],
        "checking unknown wait wait unknown",
    );
}

#[test]
fn a_terminal_that_never_sent_proves_it_on_the_network_leg_only_with_the_code() {
    assert_verdict(
        &["1 terminal network failed terminal/local/not_sent"],
        "declined not_charged safe do_not payer",
    );
    assert_verdict(
        &["1 terminal network failed terminal/local/no_answer"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 terminal network failed unionpay/de39/51"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &[
            "1 terminal network failed terminal/local/not_sent",
            "1 acquirer credit succeeded",
        ],
        "checking unknown wait release unknown",
    );
}

#[test]
fn never_sent_proves_nothing_once_somebody_has_the_payment() {
    for code in ["1 terminal network failed", "1 terminal debit failed"] {
        let never_sent = format!("{code} terminal/local/not_sent");
        for (word, verdict) in [
            (
                "1 network network succeeded",
                "checking unknown wait wait unknown",
            ),
            (
                "1 acquirer network pending",
                "checking unknown wait wait unknown",
            ),
            (
                "1 issuer debit pending",
                "checking unknown wait wait unknown",
            ),
            (
                "1 acquirer credit pending",
                "checking unknown wait wait unknown",
            ),
            (
                "1 terminal confirmation succeeded",
                "checking unknown wait wait unknown",
            ),
            (
                "1 terminal credit succeeded",
                "checking unknown wait wait unknown",
            ),
            // Nobody has it.
            (
                "1 clock debit unknown",
                "declined not_charged safe do_not payer",
            ),
            (
                "1 terminal confirmation failed",
                "declined not_charged safe do_not payer",
            ),
            (
                "1 payer_device debit succeeded",
                "declined not_charged safe do_not payer",
            ),
            // Whoever has the payer's account proves it as before.
            (
                "1 issuer debit failed unionpay/de39/51",
                "declined not_charged safe do_not payer",
            ),
        ] {
            assert_verdict(&[&never_sent, word], verdict);
        }
    }
}

#[test]
fn the_phone_and_support_prove_nothing() {
    for source in [
        "payer_device",
        "support",
        "merchant_system",
        "terminal",
        "quantum_bank",
    ] {
        for leg in ["debit", "credit"] {
            for outcome in ["succeeded", "failed"] {
                assert_verdict(
                    &[&format!("1 {source} {leg} {outcome}")],
                    "checking unknown wait wait unknown",
                );
            }
        }
    }
}

#[test]
fn the_clock_knows_only_that_nobody_answered() {
    assert_verdict(
        &["1 clock debit unknown"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 clock debit failed"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 clock credit succeeded"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 wallet debit succeeded", "1 clock network unknown"],
        "debited_not_credited charged do_not wait in_flight",
    );
    assert_verdict(
        &["1 wallet debit succeeded", "1 clock debit unknown"],
        "debited_not_credited charged do_not wait in_flight",
    );
}

#[test]
fn closing_the_order_proves_nothing_about_money() {
    assert_verdict(
        &["1 clock order failed"],
        "expired unknown wait do_not unknown",
    );
    assert_verdict(
        &["1 merchant_system order failed order/order/cancelled"],
        "cancelled unknown wait do_not unknown",
    );
    assert_verdict(
        &[
            "1 clock order failed",
            "1 merchant_system order failed order/order/cancelled",
        ],
        "cancelled unknown wait do_not unknown",
    );
    assert_verdict(
        &["1 wallet order failed"],
        "awaiting_payment unknown wait wait unknown",
    );
    assert_verdict(
        &["1 clock order failed", "1 wallet debit pending"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 clock order failed", "1 wallet debit succeeded"],
        "debited_not_credited charged do_not wait in_flight",
    );
    assert_verdict(
        &["1 clock order failed", "1 merchant_system order succeeded"],
        "awaiting_payment unknown wait wait unknown",
    );
}

#[test]
fn a_refused_review_after_a_cleared_one_holds_the_money() {
    assert_verdict(
        &[
            "1 risk review succeeded",
            "1 risk review failed",
            "1 acquirer credit succeeded",
        ],
        "under_review charged do_not wait acquirer",
    );
    assert_verdict(
        &["1 wallet debit succeeded", "1 risk review failed"],
        "debited_not_credited charged do_not wait in_flight",
    );
}

#[test]
fn money_back_is_proven_by_the_payers_side_alone() {
    let paid = ["1 acquirer credit succeeded", "1 issuer debit succeeded"];
    let with = |line| [paid[0], paid[1], line];
    assert_verdict(
        &with("1 acquirer return succeeded"),
        "refunding returning wait do_not returning",
    );
    assert_verdict(
        &with("1 merchant_system return succeeded"),
        "refunding returning wait do_not returning",
    );
    assert_verdict(
        &with("1 wallet return succeeded"),
        "refunded returned safe do_not returned",
    );
    assert_verdict(
        &with("1 wallet return succeeded @10"),
        "partially_refunded charged do_not release acquirer",
    );
    assert_verdict(
        &with("1 terminal return succeeded"),
        "paid charged do_not release acquirer",
    );
}

#[test]
fn a_returns_amount_is_the_smallest_that_is_named() {
    assert_verdict(
        &[
            "1 issuer debit succeeded",
            "1 acquirer credit succeeded",
            "1 issuer return succeeded",
            "1 wallet return succeeded @4000",
        ],
        "partially_refunded charged do_not release acquirer",
    );
}

#[test]
fn a_failed_return_is_a_doubt() {
    assert_verdict(
        &["1 acquirer return failed"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 network return failed"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 clock return unknown"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 issuer return pending @1"],
        "processing unknown wait wait unknown",
    );
}

#[test]
fn a_disputed_payment_is_disputed_until_the_dispute_fails() {
    assert_verdict(
        &["1 acquirer credit succeeded", "1 issuer dispute pending"],
        "disputed charged do_not wait unknown",
    );
    assert_verdict(
        &["1 acquirer credit succeeded", "1 issuer dispute failed"],
        "paid charged do_not release acquirer",
    );
}

#[test]
fn paying_twice_is_a_duplicate_until_one_goes_back() {
    let twice = ["1 issuer debit succeeded", "2 wallet credit succeeded"];
    assert_verdict(&twice, "duplicate charged do_not release acquirer");
    assert_verdict(
        &["1 issuer debit succeeded", "2 wallet debit succeeded"],
        "duplicate charged do_not wait in_flight",
    );
    assert_verdict(
        &[twice[0], twice[1], "1 issuer return pending"],
        "paid charged do_not release acquirer",
    );
}

#[test]
fn a_declined_attempt_beside_a_doubtful_one_is_not_safe_to_repeat() {
    assert_verdict(
        &["1 wallet debit failed", "2 wallet debit unknown"],
        "checking unknown wait wait unknown",
    );
    assert_verdict(
        &["1 wallet debit failed", "2 wallet debit failed"],
        "declined not_charged safe do_not payer",
    );
}
