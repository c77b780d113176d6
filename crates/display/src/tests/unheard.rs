//! Offline, stale, in trouble, with no answer yet, or with half a locale file.

use payment_status_protocol::party::Party;

use super::setup::{
    EN, FRESH, LIVE, LOCALES, NOTHING, PARTIES, Plain, answer, declined, keys_as_words, situation,
    snapshot, texts, words,
};
use crate::display::{FreshnessKind, Question, Tone};
use crate::situation::{Freshness, Situation, Trouble};
use crate::words::Words;
use crate::{display, live_line};

#[test]
fn while_live_a_second_changes_the_line_of_freshness_and_nothing_else() {
    for snapshot in [snapshot(), declined()] {
        for party in PARTIES {
            let at = |age_s| {
                let situation = situation(&snapshot, Freshness::Live { age_s });
                display(&situation, &party, &words(EN), &Plain)
            };
            for age_s in [1, 59, 75] {
                let mut ticked = at(0);
                ticked.freshness.text = live_line(age_s, &party, &words(EN), &Plain);
                assert_eq!(ticked, at(age_s));
            }
        }
    }
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
    for freshness in [offline, FRESH[1], FRESH[3]] {
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
fn a_paused_screen_says_so_without_alarm_and_offers_to_check() {
    let snapshot = snapshot();
    let shown = |freshness, words: &Words| {
        display(
            &situation(&snapshot, freshness),
            &Party::Merchant,
            words,
            &Plain,
        )
    };
    let paused = shown(Freshness::Paused { age_s: 4000 }, &words(EN));
    assert_eq!(paused.freshness.kind, FreshnessKind::Paused);
    assert_eq!(
        paused.freshness.text,
        "Not asking any more. Last verified answer: 4000 s ago"
    );
    assert_eq!(
        answer(&paused, Question::Release),
        "As of 4000 s ago: Yes, you can hand over the goods."
    );
    assert_eq!(paused.announcement, "The customer has paid.");
    assert_eq!(
        (paused.check.as_deref(), paused.notice),
        (Some("Check now"), None)
    );
    assert_eq!(shown(LIVE, &words(EN)).check, None);
    // The words of the buttons come after the first picture.
    let paused = shown(Freshness::Paused { age_s: 4000 }, &texts(EN.core));
    assert_eq!(paused.check, None);
}

#[test]
fn trouble_beside_a_standing_answer_is_a_notice_and_changes_nothing_else() {
    let snapshot = snapshot();
    let calm = situation(&snapshot, FRESH[1]);
    for (_, files) in LOCALES {
        let words = words(files);
        for trouble in Trouble::EVERY {
            let troubled = Situation {
                trouble: Some(trouble),
                ..calm
            };
            let mut display_now = display(&troubled, &Party::Payer, &words, &Plain);
            let notice = display_now.notice.take().expect("a notice");
            assert!(!notice.title.is_empty() && !notice.text.is_empty());
            let mut calm_display = display(&calm, &Party::Payer, &words, &Plain);
            // Where asking cannot help there is no button to ask with.
            let helps = !matches!(
                trouble,
                Trouble::UnsupportedBrowser | Trouble::Configuration { .. }
            );
            assert_eq!(display_now.check.take().is_some(), helps, "{trouble:?}");
            assert!(calm_display.check.take().is_some());
            assert_eq!(display_now, calm_display, "{trouble:?}");
        }
    }
}

#[test]
fn without_a_verified_answer_nothing_is_claimed() {
    let troubles = Trouble::EVERY.map(Some);
    let kinds = [Freshness::Connecting, LIVE, FRESH[1], FRESH[2], FRESH[3]];
    let locales = LOCALES.map(|(locale, files)| (locale, words(files)));
    let keys_as_words = keys_as_words();
    for party in PARTIES {
        for trouble in troubles.iter().copied().chain([None]) {
            for freshness in kinds {
                let blank = Situation {
                    trouble,
                    freshness,
                    ..NOTHING
                };
                let traced = display(&blank, &party, &keys_as_words, &Plain);
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
                        "action",
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
                for (locale, words) in &locales {
                    let display = display(&blank, &party, words, &Plain);
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
    for (_, files) in LOCALES {
        let display = display(
            &Situation { trouble, ..NOTHING },
            &Party::Payer,
            &words(files),
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
