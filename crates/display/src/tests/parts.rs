//! The smaller parts of a display: timeline, trail, next actor, reason, payout.

use payment_status_protocol::party::Party;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::{Leg, Outcome, Source};
use payment_status_protocol::snapshot::{Snapshot, StandingWord};
use payment_status_protocol::verdict::{Charged, MoneyAt, NextActor, PayAgain, Release, State};

use super::setup::{EN, LIVE, Plain, answer, shown, situation, snapshot, words};
use crate::Freshness;
use crate::display;
use crate::display::{Place, Question, Standing, Tone};
use crate::situation::{PartyDocument, PartyFacts, Situation};

#[test]
fn what_a_phone_shows_is_marked_as_a_claim() {
    let mut snapshot = snapshot();
    snapshot.timeline[0].source = Source::PayerDevice;
    for standing in ["claim", "from_tomorrow"] {
        snapshot.timeline[0].standing = StandingWord::from(standing);
        let entries = shown(&snapshot, &Party::Merchant).timeline.unwrap().entries;
        assert_eq!(entries[0].source, "The customer's phone");
        assert_eq!(
            entries[0].claim.as_deref(),
            Some("says, not proven"),
            "{standing}"
        );
        assert_eq!(entries[0].tone, Tone::Hold);
        assert_eq!(entries[1].claim, None);
        assert_eq!(entries[2].tone, Tone::Done);
    }
}

#[test]
fn several_attempts_are_told_apart() {
    let mut snapshot = snapshot();
    assert!(
        !shown(&snapshot, &Party::Payer).timeline.unwrap().entries[0]
            .text
            .contains("Attempt")
    );
    snapshot.timeline[2].attempt = "2".into();
    let entries = shown(&snapshot, &Party::Payer).timeline.unwrap().entries;
    assert_eq!(entries[2].text, "Attempt 2, Money for the shop: yes");
}

#[test]
fn unknown_words_in_the_timeline_are_not_known_and_support_sees_them_verbatim() {
    let mut snapshot = snapshot();
    let entry = &mut snapshot.timeline[0];
    entry.source = Source::from("oracle");
    entry.leg = Leg::from("blessing");
    entry.outcome = Outcome::from("glorious");
    let payer = &shown(&snapshot, &Party::Payer).timeline.unwrap().entries[0];
    assert_eq!(
        (&*payer.source, &*payer.text),
        ("Another system", "Another step: not known")
    );
    assert_eq!(payer.tone, Tone::Hold);
    let support = &shown(&snapshot, &Party::Support).timeline.unwrap().entries[0];
    assert_eq!(support.source, "Another system (oracle)");
    assert_eq!(
        support.text,
        "Another step (blessing): not known (glorious)"
    );
}

#[test]
fn an_unknown_reason_keeps_its_code_and_says_that_it_has_no_explanation() {
    let mut snapshot = snapshot();
    snapshot.reason = Reason::from("solar_flare");
    let reason = shown(&snapshot, &Party::Payer).reason.unwrap();
    assert_eq!(reason.code, "solar_flare");
    assert_eq!(
        reason.text,
        "A reply came that nobody can read yet; we keep asking."
    );
}

#[test]
fn the_next_actor_comes_with_a_time_and_its_rule() {
    let mut snapshot = snapshot();
    let next = shown(&snapshot, &Party::Payer).next.unwrap();
    assert_eq!(next.text, "The shop's payment provider.");
    assert_eq!(
        next.by.unwrap(),
        "Expected by 2026-11-20T04:02:41.000Z (the time for sending the result to the shop again)."
    );
    for (actor, text) in [
        ("nobody", "Nobody has anything left to do."),
        ("payer", "You."),
        ("merchant", "The shop."),
        ("from_tomorrow", "It is not known yet who acts next."),
    ] {
        snapshot.next_actor = NextActor::from(actor);
        assert_eq!(shown(&snapshot, &Party::Payer).next.unwrap().text, text);
    }
    snapshot.resolve_by.as_mut().unwrap().rule = "from_tomorrow".into();
    let by = shown(&snapshot, &Party::Payer).next.unwrap().by.unwrap();
    assert!(
        by.ends_with("(a time limit of the payment scheme)."),
        "{by}"
    );
}

#[test]
fn the_money_is_drawn_where_it_is_and_the_link_where_it_broke() {
    use Standing::{Ahead, MoneyHere, Passed, Returned, Unknown};
    let mut snapshot = snapshot();
    let trail = shown(&snapshot, &Party::Payer).trail.unwrap();
    assert_eq!(
        trail.caption,
        "The money is with the shop's payment provider."
    );
    let broken: Vec<Place> = trail
        .stations
        .iter()
        .filter(|s| s.broken)
        .map(|s| s.place)
        .collect();
    assert_eq!(broken, [Place::Merchant]);
    assert_eq!(trail.stations[3].text, "Shop's provider: the money is here");
    assert_eq!(
        trail.stations[4].text,
        "Shop: not reached yet; the link to here broke"
    );

    for (money_at, standings) in [
        (MoneyAt::Payer, [MoneyHere, Ahead, Ahead, Ahead, Ahead]),
        (MoneyAt::InFlight, [Passed, Passed, MoneyHere, Ahead, Ahead]),
        (
            MoneyAt::Acquirer,
            [Passed, Passed, Passed, MoneyHere, Ahead],
        ),
        (
            MoneyAt::Merchant,
            [Passed, Passed, Passed, Passed, MoneyHere],
        ),
        (
            MoneyAt::Returning,
            [Ahead, Ahead, MoneyHere, Returned, Returned],
        ),
        (
            MoneyAt::Returned,
            [MoneyHere, Returned, Returned, Returned, Returned],
        ),
        (
            MoneyAt::Unknown,
            [Passed, Unknown, Unknown, Unknown, Unknown],
        ),
        (
            MoneyAt::Other("moon".into()),
            [Passed, Unknown, Unknown, Unknown, Unknown],
        ),
    ] {
        snapshot.money_at = money_at;
        let trail = shown(&snapshot, &Party::Payer).trail.unwrap();
        assert_eq!(
            trail.stations.map(|s| s.standing),
            standings,
            "{:?}",
            snapshot.money_at
        );
    }
}

#[test]
fn the_payout_is_the_merchants_own_line() {
    let snapshot = snapshot();
    let reason = Reason::PAYEE_ACCOUNT_BLOCKED;
    for (payout, reason, text) in [
        (
            "pending",
            None,
            "Your payment provider has it; it is not on your bank account yet.",
        ),
        (
            "paid_out",
            None,
            "Yes, it was paid out to your bank account.",
        ),
        (
            "failed",
            Some(&reason),
            "It is not on your bank account: the payout failed. Your receiving account cannot be used now.",
        ),
        (
            "not_due",
            None,
            "Not yet: no money has been confirmed for you.",
        ),
        ("from_tomorrow", None, "Not known yet."),
    ] {
        let facts = PartyFacts::Merchant {
            payout,
            account: Some("Bank •••• 9023"),
            reason,
        };
        let document = PartyDocument { version: 3, facts };
        let now = Situation {
            party_document: Some(document),
            ..situation(&snapshot, LIVE)
        };
        let merchant = display(&now, &Party::Merchant, &words(EN), &Plain);
        assert_eq!(answer(&merchant, Question::Payout), text);
        assert_eq!(merchant.own.unwrap().text, "Bank •••• 9023");
        // Nobody else sees the merchant's account.
        assert_eq!(display(&now, &Party::Payer, &words(EN), &Plain).own, None);
        // A document of another version says nothing about this one.
        let old = PartyDocument {
            version: 2,
            ..document
        };
        let now = Situation {
            party_document: Some(old),
            ..now
        };
        let merchant = display(&now, &Party::Merchant, &words(EN), &Plain);
        assert_eq!(merchant.own, None);
        assert!(answer(&merchant, Question::Payout).contains("not on your bank account yet"));
    }
}

#[test]
fn support_reads_how_the_settlement_stands() {
    let snapshot = snapshot();
    let reason = Reason::ISSUER_TIMEOUT;
    for (outcome, text) in [
        (Outcome::Failed, "Settlement: no"),
        (
            Outcome::Other("conflict".into()),
            "Settlement: not known (conflict)",
        ),
    ] {
        let facts = PartyFacts::Support {
            reason: Some(&reason),
            broken_code: None,
            settlement: Some(&outcome),
        };
        let now = Situation {
            party_document: Some(PartyDocument { version: 3, facts }),
            ..situation(&snapshot, LIVE)
        };
        let line = display(&now, &Party::Support, &words(EN), &Plain)
            .own
            .unwrap();
        assert_eq!((&*line.label, &*line.text), ("", text));
        for party in [Party::Payer, Party::Merchant] {
            assert_eq!(display(&now, &party, &words(EN), &Plain).own, None);
        }
    }
}

#[test]
fn of_a_refund_in_parts_the_part_that_is_back_is_told() {
    let mut snapshot = snapshot();
    snapshot.state = State::Refunding;
    snapshot.charged = Charged::Returning;
    snapshot.pay_again = PayAgain::Wait;
    snapshot.release = Release::DoNot;
    snapshot.money_at = MoneyAt::Returning;
    let sentence = |snapshot: &Snapshot| shown(snapshot, &Party::Payer).explanation[0].clone();
    snapshot.returning_minor = 12_800;
    assert_eq!(
        sentence(&snapshot),
        "The money is not back in your account yet."
    );
    (snapshot.returned_minor, snapshot.returning_minor) = (2_800, 10_000);
    assert_eq!(
        sentence(&snapshot),
        "28.00 CNY of 128.00 CNY is back with you."
    );
}

#[test]
fn nobody_waits_for_the_money_of_a_payment_that_was_not_made() {
    let display = shown(&super::setup::declined(), &Party::Merchant);
    let text = answer(&display, Question::Payout);
    assert_eq!(text, "No. It is proven that no money left their account.");
}

#[test]
fn a_payout_that_failed_has_somebody_who_acts_next() {
    let mut snapshot = snapshot();
    snapshot.next_actor = NextActor::Nobody;
    let with = |payout: &'static str| {
        let facts = PartyFacts::Merchant {
            payout,
            account: None,
            reason: None,
        };
        let situation = Situation {
            party_document: Some(PartyDocument {
                version: snapshot.version,
                facts,
            }),
            ..situation(&snapshot, LIVE)
        };
        let display = display(&situation, &Party::Merchant, &words(EN), &Plain);
        display.next.unwrap().text
    };
    assert_eq!(with("paid_out"), "Nobody has anything left to do.");
    assert_eq!(with("failed"), "Your payment provider.");
}

#[test]
fn nobody_is_told_to_pay_by_an_old_answer() {
    let mut snapshot = snapshot();
    snapshot.state = State::AwaitingPayment;
    snapshot.charged = Charged::Unknown;
    snapshot.pay_again = PayAgain::Wait;
    snapshot.release = Release::Wait;
    snapshot.money_at = MoneyAt::Unknown;
    snapshot.reason = Reason::CREATED_AWAITING_PAYMENT;
    for (freshness, is_heard) in [(LIVE, true), (Freshness::Offline { age_s: 7200 }, false)] {
        for party in [Party::Payer, Party::Merchant] {
            let situation = situation(&snapshot, freshness);
            let display = display(&situation, &party, &words(EN), &Plain);
            let text = answer(&display, Question::PayAgain);
            assert_eq!(!text.starts_with("As of "), is_heard, "{text}");
            assert_eq!(
                !display.explanation.is_empty(),
                is_heard,
                "{:?}",
                display.explanation
            );
            assert_eq!(!display.steps.is_empty(), is_heard, "{:?}", display.steps);
        }
    }
}
