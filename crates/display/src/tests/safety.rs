//! What may appear beside which verdict, over all combinations of values, proven by the keys that were used.

use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::verdict::{Charged, MoneyAt, PayAgain, Release, State};

use super::setup::{
    FRESH, LIVE, LOCALES, PARTIES, Plain, keys_as_words, situation, snapshot, words,
};
use crate::display::{Display, Tone};
use crate::{Freshness, display};

/// Every combination of the verdict's answers, unknown ones among them; where the money is takes turns.
fn every_verdict(mut visit: impl FnMut(&Snapshot)) -> usize {
    let mut snapshot = snapshot();
    let states = [State::KNOWN, &[State::from("from_tomorrow")]].concat();
    let charges = [Charged::KNOWN, &[Charged::from("from_tomorrow")]].concat();
    let pay_agains = [PayAgain::KNOWN, &[PayAgain::from("from_tomorrow")]].concat();
    let releases = [Release::KNOWN, &[Release::from("from_tomorrow")]].concat();
    let places = [MoneyAt::KNOWN, &[MoneyAt::from("from_tomorrow")]].concat();
    let mut count = 0;
    for state in &states {
        for charged in &charges {
            for pay_again in &pay_agains {
                for release in &releases {
                    snapshot.state = state.clone();
                    snapshot.charged = charged.clone();
                    snapshot.pay_again = pay_again.clone();
                    snapshot.release = release.clone();
                    snapshot.money_at = places[count % places.len()].clone();
                    snapshot.is_final = count % 2 == 0;
                    visit(&snapshot);
                    count += 1;
                }
            }
        }
    }
    count
}

/// The keys of the sentences that a display used.
fn keys(display: &Display) -> Vec<String> {
    let said = format!("{display:?}");
    said.split('⟦')
        .skip(1)
        .filter_map(|rest| rest.split_once('⟧'))
        .map(|(key, _)| key.to_owned())
        .collect()
}

#[test]
fn permissions_stand_beside_safe_and_release_only() {
    let words = keys_as_words();
    let mut permitted = 0;
    let count = every_verdict(|snapshot| {
        for party in &PARTIES {
            for freshness in FRESH {
                let display = display(&situation(snapshot, freshness), party, &words, &Plain);
                let keys = keys(&display);
                let says = |prefix: &str| keys.iter().any(|key| key.starts_with(prefix));

                if says("advice.pay_again.safe") || says("pay_again.safe") {
                    permitted += 1;
                    assert_eq!(snapshot.pay_again, PayAgain::Safe);
                    assert!(matches!(
                        snapshot.charged,
                        Charged::NotCharged | Charged::Returned
                    ));
                    assert!(!matches!(snapshot.state, State::Other(_)));
                }
                if says("advice.release.release") || says("release.release") {
                    permitted += 1;
                    assert_eq!(snapshot.release, Release::Release);
                    assert!(!matches!(snapshot.state, State::Other(_)));
                }
            }
        }
    });
    println!("{count} verdicts, {permitted} displays with a permission");
    assert_eq!(count, 19 * 6 * 4 * 4);
    assert!(permitted > 0);
}

#[test]
fn a_charge_is_said_only_if_the_snapshot_says_so() {
    let words = keys_as_words();
    every_verdict(|snapshot| {
        for party in &PARTIES {
            let display = display(&situation(snapshot, LIVE), party, &words, &Plain);
            let keys = keys(&display);
            for charged in Charged::KNOWN {
                let key = format!("charged.{charged}");
                let said = keys
                    .iter()
                    .any(|k| *k == key || k.starts_with(&format!("{key}.")));
                let fits = snapshot.charged == *charged || *charged == Charged::Unknown;
                assert!(fits || !said, "{key} said of {snapshot:?}");
            }
        }
    });
}

#[test]
fn what_is_not_understood_is_still_checking() {
    let words = keys_as_words();
    every_verdict(|snapshot| {
        let unknown = matches!(snapshot.state, State::Other(_))
            || matches!(snapshot.charged, Charged::Other(_));
        if !unknown {
            return;
        }
        for party in &PARTIES {
            let display = display(&situation(snapshot, LIVE), party, &words, &Plain);
            assert!(
                display.headline.contains("⟦state.checking"),
                "{}",
                display.headline
            );
            assert_eq!(display.tone, Tone::Hold);
            assert!(display.answers.iter().all(|a| a.tone != Tone::Failed));
        }
    });
}

#[test]
fn red_and_green_stand_only_on_proof() {
    let words = keys_as_words();
    every_verdict(|snapshot| {
        for party in &PARTIES {
            let display = display(&situation(snapshot, LIVE), party, &words, &Plain);
            match display.tone {
                Tone::Failed => assert!(matches!(
                    snapshot.charged,
                    Charged::NotCharged | Charged::Returned
                )),
                Tone::Done => {
                    assert!(matches!(
                        snapshot.charged,
                        Charged::Charged | Charged::Returned
                    ));
                    let merchant = *party == payment_status_protocol::party::Party::Merchant;
                    assert!(!merchant || snapshot.release == Release::Release);
                }
                Tone::Progress | Tone::Hold => {}
            }
        }
    });
}

#[test]
fn permission_carries_its_age_while_the_server_is_not_heard() {
    let words = keys_as_words();
    every_verdict(|snapshot| {
        for party in &PARTIES {
            for freshness in FRESH {
                let display = display(&situation(snapshot, freshness), party, &words, &Plain);
                let live = matches!(freshness, Freshness::Live { .. });
                let texts = display
                    .answers
                    .iter()
                    .map(|a| &a.text)
                    .chain([&display.headline]);
                for text in texts.chain(&display.explanation) {
                    let permits = [
                        "⟦advice.pay_again.safe",
                        "⟦pay_again.safe",
                        "⟦pay_again.first",
                        "⟦advice.release.release",
                        "⟦release.release",
                    ]
                    .iter()
                    .any(|key| text.contains(key));
                    assert_eq!(permits && !live, text.contains("⟦aged⟧"), "{text}");
                }
                if !live {
                    let announced = &display.announcement;
                    assert!(!announced.contains(".safe") && !announced.contains("release.release"));
                    assert!(!announced.contains("s ago"), "{announced}");
                    assert!(display.tone == Tone::Hold || snapshot.is_final);
                }
            }
        }
    });
}

/// English reads every verdict, the others every 23rd: a prime that divides no number of values, so that each value of
/// each answer comes up in each locale. What differs between locales is the sentences, and those `locales` and `wording`
/// look at one by one.
#[test]
fn every_text_is_there_and_filled_in_every_combination() {
    for (locale, files) in LOCALES {
        let words = words(files);
        let stride = if locale == "en" { 1 } else { 23 };
        let mut index = 0;
        every_verdict(|snapshot| {
            index += 1;
            if index % stride != 0 {
                return;
            }
            for party in &PARTIES {
                for freshness in FRESH {
                    let display = display(&situation(snapshot, freshness), party, &words, &Plain);
                    // Debug writes a no-break space as an escape with a brace.
                    let said = format!("{display:?}").replace("\\u{", "");
                    assert!(!said.contains("…"), "{locale}: {said}");
                    assert!(!said.contains("\"\""), "{locale}: {said}");
                    // Debug prints braces with a space behind them, a placeholder has a letter there.
                    let open = said
                        .split('{')
                        .skip(1)
                        .any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
                    assert!(!open, "{locale}: {said}");
                    let may_be_silent = snapshot.state == State::AwaitingPayment
                        && !matches!(freshness, Freshness::Live { .. });
                    assert!(may_be_silent || !display.explanation.is_empty());
                    assert!(!display.answers.is_empty());
                }
            }
        });
    }
}
