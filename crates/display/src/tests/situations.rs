//! Single situations, each told as a sentence.

use payment_status_protocol::party::Party;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::{Leg, Outcome, RawCode, Source};
use payment_status_protocol::snapshot::{Snapshot, StandingWord, Superseded};
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::{
    Charged, Disagreement, MoneyAt, NextActor, PayAgain, Release, State,
};

use super::setup::{
    EN, FRESH, LIVE, LOCALES, NOTHING, PARTIES, Plain, ZH, keys_as_words, situation, snapshot,
    words,
};
use crate::display;
use crate::display::{Display, FreshnessKind, Place, Question, Standing, Tone};
use crate::situation::{Freshness, PartyDocument, PartyFacts, Situation, Trouble};
use crate::words::Words;

fn shown(snapshot: &Snapshot, party: &Party) -> Display {
    display(&situation(snapshot, LIVE), party, &words(EN), &Plain)
}

fn answer(display: &Display, question: Question) -> &str {
    display
        .answers
        .iter()
        .find(|a| a.question == question)
        .map(|a| &*a.text)
        .unwrap_or("none")
}

/// A verdict of the rules: declined, not charged.
fn declined() -> Snapshot {
    let mut snapshot = snapshot();
    snapshot.state = State::Declined;
    snapshot.charged = Charged::NotCharged;
    snapshot.pay_again = PayAgain::Safe;
    snapshot.release = Release::DoNot;
    snapshot.money_at = MoneyAt::Payer;
    snapshot.reason = Reason::INSUFFICIENT_FUNDS;
    snapshot
}

#[test]
fn the_dispute_that_this_exists_for_reads_as_it_should() {
    let snapshot = snapshot();
    let payer = shown(&snapshot, &Party::Payer);
    assert_eq!(payer.headline, "You have paid. Do not pay again.");
    assert_eq!(
        payer.explanation.join(" "),
        "The shop's terminal did not hear the result. The money is with the shop's payment provider. \
         Ask the cashier to compare the code 7K3-M9Q: the same code means the same payment."
    );
    let merchant = shown(&snapshot, &Party::Merchant);
    assert_eq!(
        merchant.headline,
        "The customer has paid. You can hand over the goods."
    );
    assert_eq!(
        merchant.explanation.join(" "),
        "Your terminal or checkout did not hear the result. Your payment provider has confirmed the money. \
         Do not ask the customer to pay again. Compare the code 7K3-M9Q with the customer's screen."
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
        "The card is reported lost or stolen."
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
        for party in [Party::Payer, Party::Merchant] {
            let reason = shown(&snapshot, &party).reason.unwrap();
            assert_eq!(reason.text, "The bank refused; it can say why.", "{code}");
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
        "The balance or credit was not enough."
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
fn offline_keeps_the_answer_with_its_age() {
    let snapshot = snapshot();
    let offline = Freshness::Offline { age_s: 240 };
    let merchant = display(
        &situation(&snapshot, offline),
        &Party::Merchant,
        &words(EN),
        &Plain,
    );
    assert_eq!(
        merchant.headline,
        "The customer has paid. As of 240 s ago: You can hand over the goods."
    );
    assert_eq!(
        answer(&merchant, Question::Release),
        "As of 240 s ago: Yes, you can hand over the goods."
    );
    assert_eq!(merchant.freshness.kind, FreshnessKind::Offline);
    assert_eq!(
        merchant.freshness.text,
        "Offline. Last verified answer: 240 s ago"
    );
    assert_eq!(
        merchant.announcement,
        "You are offline. This is the last verified answer. The customer has paid."
    );
    assert_eq!(merchant.tone, Tone::Done, "a final answer keeps its colour");

    let mut open = snapshot;
    open.is_final = false;
    for freshness in [offline, Freshness::Stale { age_s: 90 }] {
        let display = display(
            &situation(&open, freshness),
            &Party::Payer,
            &words(EN),
            &Plain,
        );
        assert_eq!(display.tone, Tone::Hold);
    }
}

#[test]
fn trouble_beside_a_standing_answer_is_a_notice_and_changes_nothing_else() {
    let snapshot = snapshot();
    let calm = situation(&snapshot, FRESH[1]);
    for (_, json) in LOCALES {
        let words = words(json);
        for trouble in Trouble::EVERY {
            let troubled = Situation {
                trouble: Some(trouble),
                ..calm
            };
            let mut display_now = display(&troubled, &Party::Payer, &words, &Plain);
            let notice = display_now.notice.take().expect("a notice");
            assert!(!notice.title.is_empty() && !notice.text.is_empty());
            assert_eq!(
                display_now,
                display(&calm, &Party::Payer, &words, &Plain),
                "{trouble:?}"
            );
        }
    }
}

#[test]
fn without_a_verified_answer_nothing_is_claimed() {
    let troubles = Trouble::EVERY.map(Some);
    let kinds = [Freshness::Connecting, LIVE, FRESH[1], FRESH[2]];
    for party in PARTIES {
        for trouble in troubles.iter().copied().chain([None]) {
            for freshness in kinds {
                let blank = Situation {
                    trouble,
                    freshness,
                    ..NOTHING
                };
                let traced = display(&blank, &party, &keys_as_words(), &Plain);
                let said = format!("{traced:?}");
                for key in said
                    .split('⟦')
                    .skip(1)
                    .filter_map(|rest| rest.split_once('⟧'))
                    .map(|(key, _)| key)
                {
                    let group = key.split('.').next().unwrap_or_default();
                    let harmless = [
                        "plain",
                        "connecting",
                        "blank",
                        "trouble",
                        "freshness",
                        "heading",
                    ];
                    assert!(harmless.contains(&group), "{key}");
                }
                assert!(matches!(traced.tone, Tone::Progress | Tone::Hold));
                assert!(
                    traced.answers.is_empty()
                        && traced.trail.is_none()
                        && traced.match_code.is_none()
                );
                assert!(
                    traced.announcement.contains("⟦blank."),
                    "it says what to do"
                );
                for (locale, json) in LOCALES {
                    let display = display(&blank, &party, &words(json), &Plain);
                    assert!(!display.headline.is_empty(), "{locale}");
                    assert!(!format!("{display:?}").contains("{s"), "{locale}");
                }
            }
        }
    }
    // A snapshot that nobody has verified is not shown either.
    let snapshot = snapshot();
    let connecting = situation(&snapshot, Freshness::Connecting);
    assert!(
        display(&connecting, &Party::Payer, &words(EN), &Plain)
            .answers
            .is_empty()
    );
}

#[test]
fn a_configuration_error_names_the_attribute() {
    let trouble = Some(Trouble::Configuration { attribute: "party" });
    for (_, json) in LOCALES {
        let display = display(
            &Situation { trouble, ..NOTHING },
            &Party::Payer,
            &words(json),
            &Plain,
        );
        assert!(
            display
                .explanation
                .iter()
                .any(|text| text.contains("party"))
        );
    }
}

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
        "The sources disagree. Money taken: yes, says Your wallet; no, says Your bank, The payment network. \
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
    let said = "This answer was replaced. Was: Declined. Now: Paid, shop not informed. \
                Changed by: Your payment provider, Money for the shop: yes";
    let merchant = shown(&snapshot, &Party::Merchant);
    assert_eq!(
        merchant.superseded.unwrap(),
        format!("{said}, 2026-11-20T04:00:41.000Z.")
    );
    assert!(merchant.announcement.contains("This answer was replaced."));
    snapshot.superseded.as_mut().unwrap().at = None;
    assert_eq!(
        shown(&snapshot, &Party::Merchant).superseded.unwrap(),
        format!("{said}.")
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
        "This screen said before: Declined. Now: Paid, shop not informed."
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
fn the_next_actor_comes_with_a_time_and_its_rule() {
    let mut snapshot = snapshot();
    let next = shown(&snapshot, &Party::Payer).next.unwrap();
    assert_eq!(next.text, "The shop's payment provider acts next.");
    assert_eq!(
        next.by.unwrap(),
        "Expected by 2026-11-20T04:02:41.000Z: until then the result is sent to the shop again."
    );
    for (actor, text) in [
        ("nobody", "Nobody has anything left to do."),
        ("payer", "You act next."),
        ("merchant", "The shop acts next."),
        ("from_tomorrow", "It is not known yet who acts next."),
    ] {
        snapshot.next_actor = NextActor::from(actor);
        assert_eq!(shown(&snapshot, &Party::Payer).next.unwrap().text, text);
    }
    snapshot.resolve_by.as_mut().unwrap().rule = "from_tomorrow".into();
    let by = shown(&snapshot, &Party::Payer).next.unwrap().by.unwrap();
    assert!(by.ends_with("a time limit of the payment scheme."), "{by}");
}

#[test]
fn an_unknown_reason_keeps_its_code_and_says_that_it_has_no_explanation() {
    let mut snapshot = snapshot();
    snapshot.reason = Reason::from("solar_flare");
    let reason = shown(&snapshot, &Party::Payer).reason.unwrap();
    assert_eq!(reason.code, "solar_flare");
    assert_eq!(
        reason.text,
        "A code was reported that has no explanation yet."
    );
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
            "It is not on your bank account: the payout failed. The receiving account cannot be used now.",
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
        assert_eq!(merchant.account.unwrap().text, "Bank •••• 9023");
        // Nobody else sees the merchant's account.
        assert_eq!(
            display(&now, &Party::Payer, &words(EN), &Plain).account,
            None
        );
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
        assert_eq!(merchant.account, None);
        assert!(answer(&merchant, Question::Payout).contains("not on your bank account yet"));
    }
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
fn an_empty_or_partial_locale_claims_nothing_and_never_panics() {
    let full = words(EN);
    let without_state: Words = full
        .iter()
        .filter(|(k, _)| !k.starts_with("state.declined"))
        .collect();
    let payer = display(
        &situation(&declined(), LIVE),
        &Party::Payer,
        &without_state,
        &Plain,
    );
    assert_eq!(
        payer.headline,
        "We are still checking this payment. Do not pay again yet."
    );
    assert_eq!(payer.tone, Tone::Hold);
    assert_eq!(answer(&payer, Question::Charged), "Not known yet.");

    let without_answer: Words = full
        .iter()
        .filter(|(k, _)| !k.starts_with("charged."))
        .collect();
    let payer = display(
        &situation(&declined(), LIVE),
        &Party::Payer,
        &without_answer,
        &Plain,
    );
    assert_eq!(answer(&payer, Question::Charged), "Still checking");

    for party in PARTIES {
        let display = display(
            &situation(&declined(), LIVE),
            &party,
            &Words::default(),
            &Plain,
        );
        assert_eq!(display.headline, "…");
    }
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
