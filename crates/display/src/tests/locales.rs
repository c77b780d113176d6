//! Each locale file has every sentence, with its placeholders, and no sentence that nobody says.

use std::collections::BTreeSet;

use super::catalogue;
use super::setup::{EN, LOCALES, placeholders, texts, words};
use super::wording::COUNTED;
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

/// The steps of the reasons: their own tests look at them (`reasons`).
fn is_data(key: &str) -> bool {
    ["steps.", "ask.", "step.", "with_deadline"]
        .iter()
        .any(|data| key.starts_with(data))
}

fn has_plurals(key: &str) -> bool {
    COUNTED.iter().any(|counted| key.starts_with(counted))
}

#[test]
fn no_sentence_is_missing_and_none_is_idle() {
    for (locale, files) in LOCALES {
        let words = words(files);
        let mut used: BTreeSet<String> = ["locale", "direction"].map(str::to_owned).into();
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
            .filter(|key| !used.contains(*key) && !is_data(key) && !has_plurals(key))
            .collect();
        assert!(idle.is_empty(), "{locale}: nobody says {idle:#?}");
        assert_eq!(texts(files.core).get(&["locale"]), Some(locale));
        assert_eq!(texts(files.reasons).get(&["locale"]), Some(locale));
    }
}

#[test]
fn every_sentence_carries_exactly_its_placeholders() {
    for (locale, files) in LOCALES {
        let words = words(files);
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
    for (locale, files) in LOCALES {
        let words = words(files);
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
