//! Each locale file has every sentence, with its placeholders, and no sentence that nobody says.

use std::collections::BTreeSet;

use super::catalogue;
use super::setup::{EN, LOCALES, placeholders, words};
use crate::words::Words;

const READERS: [&str; 3] = ["payer", "merchant", "support"];

/// The key that answers for a path and a reader, as [`Words::for_reader`] finds it.
fn answering_key(words: &Words, path: &str, reader: &str) -> Option<String> {
    let keys = [
        format!("{path}.{reader}"),
        format!("{path}.any"),
        path.to_owned(),
    ];
    keys.into_iter().find(|key| words.get(&[key]).is_some())
}

/// The key of one part of a state's sentences, as the teller finds it.
fn state_key(words: &Words, state: &str, reader: &str) -> Option<String> {
    let (id, part) = state.rsplit_once('.').unwrap();
    let keys = [format!("{id}.{reader}.{part}"), format!("{id}.any.{part}")];
    keys.into_iter().find(|key| words.get(&[key]).is_some())
}

#[test]
fn no_sentence_is_missing_and_none_is_idle() {
    for (locale, json) in LOCALES {
        let words = words(json);
        let mut used: BTreeSet<String> = BTreeSet::from(["locale".to_owned()]);
        let mut missing = Vec::new();
        for needed in catalogue::sentences() {
            let path = needed.path.join(".");
            for reader in needed.readers {
                match answering_key(&words, &path, reader) {
                    Some(key) => used.extend([key]),
                    None => missing.push(format!("{path} for {reader}")),
                }
            }
        }
        for state in catalogue::states() {
            for reader in READERS {
                match state_key(&words, &state, reader) {
                    Some(key) => used.extend([key]),
                    None => missing.push(format!("{state} for {reader}")),
                }
            }
        }
        assert!(missing.is_empty(), "{locale} lacks {missing:#?}");
        let idle: Vec<_> = words
            .iter()
            .map(|(key, _)| key)
            .filter(|key| !used.contains(*key))
            .collect();
        assert!(idle.is_empty(), "{locale}: nobody says {idle:#?}");
        assert_eq!(words.get(&["locale"]), Some(locale));
    }
}

#[test]
fn every_sentence_carries_exactly_its_placeholders() {
    for (locale, json) in LOCALES {
        let words = words(json);
        for needed in catalogue::sentences() {
            let path = needed.path.join(".");
            for reader in needed.readers {
                let key = answering_key(&words, &path, reader).unwrap();
                let mut found = placeholders(words.get(&[&key]).unwrap());
                let mut wanted = needed.placeholders.to_vec();
                found.sort_unstable();
                wanted.sort_unstable();
                assert_eq!(found, wanted, "{locale} {key}");
            }
        }
    }
}

#[test]
fn the_sentences_of_a_state_carry_the_same_values_in_every_locale() {
    let english = words(EN);
    for (locale, json) in LOCALES {
        let words = words(json);
        for state in catalogue::states() {
            for reader in READERS {
                let of = |words: &Words| -> Vec<String> {
                    let key = state_key(words, &state, reader).unwrap();
                    let mut names: Vec<_> = placeholders(words.get(&[&key]).unwrap())
                        .iter()
                        .map(|n| (*n).to_owned())
                        .collect();
                    names.sort_unstable();
                    names
                };
                let names = of(&words);
                assert_eq!(names, of(&english), "{locale} {state} for {reader}");
                let known =
                    |name: &String| ["amount", "returned", "money"].contains(&name.as_str());
                assert!(names.iter().all(known), "{locale} {state}: {names:?}");
                // A headline is joined with advice: it has neither values nor an end of its own.
                assert!(
                    state.ends_with(".1") || names.is_empty(),
                    "{locale} {state}"
                );
            }
        }
    }
}

#[test]
fn sentences_are_trimmed_plain_and_short() {
    for (locale, json) in LOCALES {
        for (key, text) in words(json).iter() {
            assert_eq!(text.trim(), text, "{locale} {key}");
            // The widget takes the file over as lines of `key,text`.
            assert!(!key.contains([',', '\n']), "{locale} {key}");
            assert!(
                !text.is_empty() && text.chars().count() <= 120,
                "{locale} {key}: {text}"
            );
            assert!(
                !text.contains(['<', '>', '&', '\n']),
                "{locale} {key}: markup in {text}"
            );
            if locale == "zh-CN" && key != "locale" {
                assert!(
                    !text.contains([',', ':', ';', '?', '!', '(']),
                    "half-width in {key}: {text}"
                );
            }
            let is_reason = key.starts_with("reason.");
            assert!(
                !is_reason || text.ends_with(['.', '。']),
                "{locale} {key} is a sentence: {text}"
            );
        }
    }
}

#[test]
fn a_locale_file_fits_into_the_first_view() {
    for (locale, json) in LOCALES {
        assert!(json.len() <= 24 * 1024, "{locale}: {} bytes", json.len());
    }
}

#[test]
fn permission_is_worded_only_where_permission_is_given() {
    // By key: the only places that may speak of paying again or of handing over at all.
    let places = ["advice.", "ask.", "pay_again.", "release.", "blank."];
    for (locale, json) in LOCALES {
        for (key, text) in words(json).iter() {
            let lower = text.to_lowercase();
            let speaks = [
                "pay again",
                "hand over",
                "pay once",
                "再付",
                "重新付",
                "重复支付",
                "交货。",
                "可以交货",
            ]
            .iter()
            .any(|phrase| lower.contains(phrase));
            assert!(
                !speaks
                    || places.iter().any(|p| key.starts_with(p))
                    || key == "state.awaiting_payment.payer.1",
                "{locale} {key}: {text}"
            );
        }
    }
}
