//! What each person reads of a verdict, and of one that replaced or contradicts another.

use payment_status_protocol::party::Party;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::{Leg, Outcome, RawCode, Source};
use payment_status_protocol::snapshot::Superseded;
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::{
    Charged, Disagreement, NextActor, PayAgain, Release, State,
};

use super::setup::{
    EN, LIVE, PARTIES, Plain, ZH, answer, declined, shown, situation, snapshot, words,
};
use crate::display;
use crate::display::{Question, Tone};
use crate::situation::{PartyDocument, PartyFacts, Situation};

#[test]
fn the_dispute_that_this_exists_for_reads_as_it_should() {
    let snapshot = snapshot();
    let payer = shown(&snapshot, &Party::Payer);
    assert_eq!(payer.headline, "You have paid. Do not pay again.");
    assert_eq!(
        payer.explanation.join(" "),
        "The shop's terminal did not hear the result. The money is with the shop's payment provider. \
         Ask the cashier to compare the code 7K3-\u{2060}M9Q: the same code means the same payment."
    );
    let merchant = shown(&snapshot, &Party::Merchant);
    assert_eq!(
        merchant.headline,
        "The customer has paid. You can hand over the goods."
    );
    assert_eq!(
        merchant.explanation.join(" "),
        "Your terminal or checkout did not hear the result. Your payment provider has confirmed the money. \
         Do not ask the customer to pay again. Compare the code 7K3-\u{2060}M9Q with the customer's screen."
    );
    assert_eq!((payer.tone, merchant.tone), (Tone::Done, Tone::Done));
    let say = |party| display(&situation(&snapshot, LIVE), party, &words(ZH), &Plain).headline;
    assert_eq!(say(&Party::Payer), "已付款，请勿重复支付。");
    assert_eq!(say(&Party::Merchant), "顾客已付款，可以交货。");
}

#[test]
fn support_sees_the_broken_leg_with_its_raw_code_and_the_exact_reason() {
    let snapshot = snapshot();
    let code = RawCode {
        scheme: "unionpay".into(),
        family: Some("de39".into()),
        value: "98".into(),
    };
    let reason = Reason::CARD_LOST_OR_STOLEN;
    let facts = PartyFacts::Support {
        reason: Some(&reason),
        broken_code: Some(&code),
        settlement: None,
    };
    let document = PartyDocument { version: 3, facts };
    let situation = Situation {
        party_document: Some(document),
        ..situation(&snapshot, LIVE)
    };
    let support = display(&situation, &Party::Support, &words(EN), &Plain);
    assert_eq!(support.headline, "Paid; the confirmation failed.");
    assert!(
        support
            .explanation
            .contains(&"Broken leg: Confirmation (unionpay de39 98).".to_owned())
    );
    assert_eq!(
        support.reason.unwrap().text,
        "The issuer reports the card as lost, stolen or to be kept."
    );

    // The payer never sees it, whatever document comes along.
    let payer = display(&situation, &Party::Payer, &words(EN), &Plain);
    assert_eq!(payer.reason.unwrap().code, "issuer_timeout");
}

#[test]
fn a_stolen_card_is_a_neutral_decline_to_payer_and_merchant_even_if_a_backend_leaks_it() {
    let mut snapshot = declined();
    for code in [
        "card_lost_or_stolen",
        "suspected_fraud",
        "risk_declined",
        "regulatory_block",
    ] {
        snapshot.reason = Reason::from(code);
        for (party, text) in [
            (
                Party::Payer,
                "The answer was “not approved”; your bank or wallet can say why.",
            ),
            (Party::Merchant, "The answer was “not approved”."),
        ] {
            let shown = shown(&snapshot, &party);
            assert_eq!(shown.reason.unwrap().text, text, "{code}");
            snapshot.reason = Reason::ISSUER_DECLINED;
            let neutral = super::setup::shown(&snapshot, &party);
            assert_eq!(shown.steps, neutral.steps, "{code}");
            snapshot.reason = Reason::from(code);
        }
    }
}

#[test]
fn a_declined_payment_says_that_nothing_was_charged_and_allows_another() {
    let payer = shown(&declined(), &Party::Payer);
    assert_eq!(payer.headline, "You were not charged. You may pay again.");
    assert_eq!(payer.tone, Tone::Failed);
    assert_eq!(
        payer.reason.unwrap().text,
        "The balance or credit did not cover this amount."
    );
    let merchant = shown(&declined(), &Party::Merchant);
    assert_eq!(
        merchant.headline,
        "The payment was refused. Do not hand over the goods."
    );
    assert_eq!(
        answer(&merchant, Question::PayAgain),
        "Yes, they may pay again."
    );
}

#[test]
fn a_disagreement_names_both_sides_and_the_owner() {
    let mut snapshot = snapshot();
    snapshot.disagreement = Some(Disagreement {
        leg: Leg::Debit,
        succeeded: vec![Source::Wallet],
        failed: vec![Source::Issuer, Source::Network],
        owner: NextActor::Support,
    });
    assert_eq!(
        shown(&snapshot, &Party::Payer).disagreement.unwrap(),
        "The sources disagree. Money taken? Yes: Your wallet. No: Your bank, The payment network. \
         Settled by: Support."
    );
}

#[test]
fn a_replaced_answer_says_what_it_was_what_it_is_and_which_report_did_it() {
    let mut snapshot = snapshot();
    snapshot.superseded = Some(Superseded {
        version: 2,
        state: State::Declined,
        charged: Charged::NotCharged,
        source: Source::Acquirer,
        leg: Leg::Credit,
        outcome: Outcome::Succeeded,
        at: Time::try_from("2026-11-20T04:00:41Z").ok(),
    });
    let before = "Earlier answer: “Declined”. Now: “Paid, shop not informed”. \
                  What changed it: Your payment provider";
    let text = "Money for the shop: yes.";
    let merchant = shown(&snapshot, &Party::Merchant);
    assert_eq!(
        merchant.superseded.unwrap(),
        format!("{before}, 2026-11-20T04:00:41.000Z. {text}")
    );
    assert!(
        merchant
            .announcement
            .contains("Earlier answer: “Declined”.")
    );
    snapshot.superseded.as_mut().unwrap().at = None;
    assert_eq!(
        shown(&snapshot, &Party::Merchant).superseded.unwrap(),
        format!("{before}. {text}")
    );
}

#[test]
fn a_final_answer_of_this_screen_that_changed_is_said_even_if_the_server_does_not() {
    let snapshot = snapshot();
    let earlier = State::Declined;
    let now = Situation {
        earlier: Some(&earlier),
        ..situation(&snapshot, LIVE)
    };
    assert_eq!(
        display(&now, &Party::Payer, &words(EN), &Plain)
            .superseded
            .unwrap(),
        "Earlier answer on this screen: “Declined”. Now: “Paid, shop not informed”."
    );
    let same = State::PaidNotConfirmed;
    let now = Situation {
        earlier: Some(&same),
        ..now
    };
    assert_eq!(
        display(&now, &Party::Payer, &words(EN), &Plain).superseded,
        None
    );
}

#[test]
fn a_partial_refund_says_how_much_is_back() {
    let mut snapshot = snapshot();
    snapshot.state = State::PartiallyRefunded;
    snapshot.returned_minor = 2800;
    let payer = shown(&snapshot, &Party::Payer);
    assert_eq!(
        payer.explanation[0],
        "28.00 CNY of 128.00 CNY is back with you."
    );
}

#[test]
fn a_party_of_tomorrow_reads_what_the_payer_reads() {
    let party = Party::Other("auditor".into());
    assert_eq!(
        shown(&snapshot(), &party).headline,
        shown(&snapshot(), &Party::Payer).headline
    );
}

#[test]
fn colour_follows_what_the_reader_may_do() {
    use Tone::{Done, Failed, Hold, Progress};
    // State, charged, pay again, release: as the rules make them; then payer, merchant, support.
    for (verdict, tones) in [
        (
            "awaiting_payment unknown wait wait",
            [Progress, Progress, Progress],
        ),
        (
            "processing unknown wait wait",
            [Progress, Progress, Progress],
        ),
        (
            "processing charged do_not wait",
            [Progress, Progress, Progress],
        ),
        ("checking unknown wait wait", [Hold, Hold, Hold]),
        ("checking unknown wait release", [Hold, Hold, Hold]),
        ("checking charged do_not wait", [Hold, Hold, Hold]),
        ("paid charged do_not release", [Done, Done, Done]),
        (
            "paid_not_confirmed charged do_not release",
            [Done, Done, Hold],
        ),
        (
            "partially_refunded charged do_not release",
            [Done, Done, Done],
        ),
        (
            "debited_not_credited charged do_not wait",
            [Hold, Hold, Hold],
        ),
        ("declined not_charged safe do_not", [Failed, Failed, Failed]),
        (
            "cancelled not_charged safe do_not",
            [Failed, Failed, Failed],
        ),
        ("cancelled unknown wait do_not", [Hold, Hold, Hold]),
        ("expired not_charged safe do_not", [Failed, Failed, Failed]),
        ("expired unknown wait do_not", [Hold, Hold, Hold]),
        (
            "reversing returning wait do_not",
            [Progress, Hold, Progress],
        ),
        ("reversed returned safe do_not", [Failed, Failed, Failed]),
        (
            "refunding returning wait do_not",
            [Progress, Progress, Progress],
        ),
        ("refunded returned safe do_not", [Done, Hold, Done]),
        ("amount_mismatch charged do_not wait", [Hold, Hold, Hold]),
        ("duplicate charged do_not release", [Hold, Hold, Hold]),
        ("under_review charged do_not wait", [Hold, Hold, Hold]),
        ("disputed charged do_not wait", [Hold, Hold, Hold]),
        ("from_tomorrow charged do_not release", [Hold, Hold, Hold]),
        // Signed nonsense: green and red need what they stand for.
        ("paid not_charged safe release", [Hold, Hold, Hold]),
        ("paid charged do_not wait", [Done, Hold, Done]),
        ("declined charged do_not do_not", [Hold, Hold, Hold]),
    ] {
        let mut words = verdict.split(' ');
        let mut next = || words.next().unwrap();
        let mut snapshot = snapshot();
        snapshot.state = State::from(next());
        snapshot.charged = Charged::from(next());
        snapshot.pay_again = PayAgain::from(next());
        snapshot.release = Release::from(next());
        assert_eq!(
            PARTIES.map(|party| shown(&snapshot, &party).tone),
            tones,
            "{verdict}"
        );
    }
}
