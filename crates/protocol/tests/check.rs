//! What a reader refuses, whoever signed it: each contradiction, made from a document that the rules made.

#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]
mod common;

use common::document;
use payment_status_protocol::check::{Contradiction, check};
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::verdict::{Charged, PayAgain, Release, State};

const PAID: &[&str] = &["1 wallet debit succeeded", "1 acquirer credit succeeded"];
const DECLINED: &[&str] = &["1 issuer debit failed"];
const REFUNDED: &[&str] = &[
    "1 wallet debit succeeded",
    "1 acquirer credit succeeded",
    "1 wallet return succeeded",
];
const PROCESSING: &[&str] = &["1 wallet debit succeeded"];

fn refuses(reports: &[&str], change: fn(&mut Snapshot), expected: Contradiction) {
    let mut changed = document(reports);
    assert_eq!(check(&changed), Ok(()), "{changed:#?}");
    change(&mut changed);
    assert_eq!(check(&changed), Err(expected), "{changed:#?}");
}

#[test]
fn paying_again_needs_a_proof_that_no_money_is_elsewhere() {
    let safe = |s: &mut Snapshot| s.pay_again = PayAgain::Safe;
    refuses(PAID, safe, Contradiction::PayAgainWithoutProof);
    refuses(PROCESSING, safe, Contradiction::PayAgainWithoutProof);
}

#[test]
fn handing_over_needs_a_credit_and_a_headline_that_goes_with_it() {
    let release = |s: &mut Snapshot| s.release = Release::Release;
    refuses(PROCESSING, release, Contradiction::ReleaseWithoutCredit);
    refuses(DECLINED, release, Contradiction::ReleaseWithoutCredit);
    refuses(REFUNDED, release, Contradiction::StateExcludesAnswer);
    let beside_processing = |s: &mut Snapshot| s.state = State::Processing;
    refuses(PAID, beside_processing, Contradiction::StateExcludesAnswer);
}

#[test]
fn what_is_said_of_the_charge_needs_its_legs() {
    let charged = |s: &mut Snapshot| s.charged = Charged::Charged;
    let under_way = &["1 acquirer network pending"];
    refuses(under_way, charged, Contradiction::ChargedWithoutProof);
    let not_charged = |s: &mut Snapshot| s.charged = Charged::NotCharged;
    refuses(
        PROCESSING,
        not_charged,
        Contradiction::NotChargedWithoutProof,
    );
    let less_is_back = |s: &mut Snapshot| s.returned_minor = 99;
    refuses(REFUNDED, less_is_back, Contradiction::ReturnedWithoutProof);
    let some_is_back = |s: &mut Snapshot| s.returned_minor = 1;
    refuses(PAID, some_is_back, Contradiction::ReturnedWithoutProof);
}

#[test]
fn the_end_is_not_told_too_early() {
    let is_final = |s: &mut Snapshot| s.is_final = true;
    refuses(PROCESSING, is_final, Contradiction::FinalTooEarly);
}

#[test]
fn what_this_build_cannot_write_is_not_shown() {
    refuses(PAID, |s| s.format = 2, Contradiction::Format);
    refuses(PAID, |s| s.amount.exponent = 5, Contradiction::Exponent);
}
