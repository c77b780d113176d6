//! How the sentences of each language may read: its plurals, its punctuation, its direction, where a permission may
//! stand. What the tests know of the languages is in `languages`.

use super::languages::{LANGUAGES, language, speaks};
use super::setup::{EN, LOCALES, placeholders, texts, words};
use crate::words::Words;

/// Phrases with a count.
pub(super) const COUNTED: [&str; 2] = ["timeline.reports", "page.refreshes"];
/// Between these, a value in Latin letters or digits keeps its own direction (Unicode UAX #9, FSI and PDI).
const ISOLATE: [char; 2] = ['\u{2068}', '\u{2069}'];
/// Values that are written in Latin letters or digits in every language, and not by `Intl`.
const LATIN: [&str; 5] = ["code", "order", "raw", "attribute", "file"];

/// The keys that give permission.
const PERMISSIONS: [&str; 7] = [
    "advice.pay_again.safe.payer",
    "advice.pay_again.safe.any",
    "pay_again.safe.payer",
    "pay_again.safe.any",
    "advice.release.release",
    "release.release.support",
    "release.release.any",
];
/// Steps that are right only when it is proven that nothing was taken.
const RETRIES: [&str; 5] = [
    "step.other_method.payer",
    "step.other_method.merchant",
    "step.new_try.merchant",
    "step.new_order.payer",
    "step.new_order.merchant",
];
/// Steps that point at the time limit.
const LIMITED: [&str; 4] = [
    "step.call_bank.payer",
    "step.call_provider.merchant",
    "step.send_proof.support",
    "step.escalate.support",
];

fn each(mut look: impl FnMut(&str, &Words)) {
    for (tag, files) in LOCALES {
        look(tag, &texts(files.core).with(texts(files.reasons)));
    }
}

fn is_step(key: &str) -> bool {
    key.starts_with("step.")
}

#[test]
fn every_language_here_has_a_locale() {
    for language in LANGUAGES {
        assert!(
            LOCALES.iter().any(|(tag, _)| *tag == language.tag),
            "{}",
            language.tag
        );
    }
}

#[test]
fn a_phrase_with_a_count_has_the_plurals_of_its_language_and_no_others() {
    each(|tag, words| {
        let mut wanted = language(tag).plurals.to_vec();
        wanted.sort_unstable();
        for counted in COUNTED {
            let prefix = format!("{counted}.");
            let found: Vec<_> = words
                .iter()
                .filter_map(|(key, text)| Some((key.strip_prefix(&prefix)?, text)))
                .inspect(|(key, text)| {
                    assert_eq!(placeholders(text), ["count"], "{tag} {counted}.{key}")
                })
                .map(|(key, _)| key)
                .collect();
            assert_eq!(found, wanted, "{tag} {counted}");
        }
    });
}

#[test]
fn a_locale_runs_in_the_direction_of_its_script() {
    each(|tag, words| {
        assert_eq!(
            words.get(&["direction"]),
            Some(language(tag).direction),
            "{tag}"
        );
    });
}

#[test]
fn a_code_in_a_sentence_from_right_to_left_keeps_its_own_direction() {
    each(|tag, words| {
        for (key, text) in words.iter() {
            let rest = LATIN.iter().fold(text.to_owned(), |text, name| {
                text.replace(&format!("{}{{{name}}}{}", ISOLATE[0], ISOLATE[1]), "")
            });
            let is_rtl = language(tag).direction == "rtl";
            let is_bare = placeholders(&rest).iter().any(|name| LATIN.contains(name));
            assert!(
                !is_rtl || !is_bare,
                "{tag} {key}: no isolate around a value in {text}"
            );
            assert!(
                !rest.contains(ISOLATE),
                "{tag} {key}: an isolate around nothing in {text}"
            );
        }
    });
}

#[test]
fn sentences_are_trimmed_plain_and_short() {
    each(|tag, words| {
        for (key, text) in words.iter() {
            assert_eq!(text.trim(), text, "{tag} {key}");
            // The widget takes the file over as lines of `key,text`.
            assert!(!key.contains([',', '\n']), "{tag} {key}");
            assert!(
                !text.is_empty() && text.chars().count() <= 140,
                "{tag} {key}: {text}"
            );
            assert!(
                !text.contains(['<', '>', '&', '\n']),
                "{tag} {key}: markup in {text}"
            );
        }
    });
}

#[test]
fn sentences_end_as_their_language_ends_them_and_what_is_joined_does_not() {
    const STOPS: [char; 4] = ['.', '。', '।', '۔'];
    each(|tag, words| {
        let stop = language(tag).stop;
        for (key, text) in words.iter() {
            let is_sentence = ["reason.", "step.", "blank.", "charged.", "money."]
                .iter()
                .any(|of| key.starts_with(of));
            assert!(
                !is_sentence || text.ends_with(stop),
                "{tag} {key} is a sentence: {text}"
            );
            assert!(
                !text.ends_with(STOPS) || !stop.is_empty() && text.ends_with(stop),
                "{tag} {key} ends as in another language: {text}"
            );
            // These are parts of a longer sentence, which has its end in `plain` and `joined`.
            let is_part = ["advice.", "label.", "rule.", "leg.", "who."]
                .iter()
                .any(|of| key.starts_with(of))
                || key.starts_with("state.") && key.ends_with(".0");
            assert!(
                !is_part || !text.ends_with(STOPS),
                "{tag} {key} is a part: {text}"
            );
        }
        for whole in ["plain", "joined"] {
            assert!(
                words.get(&[whole]).unwrap().ends_with(stop),
                "{tag} {whole}"
            );
        }
    });
}

#[test]
fn punctuation_is_the_languages_own() {
    each(|tag, words| {
        let foreign: Vec<char> = language(tag).foreign.chars().collect();
        let texts = words
            .iter()
            .filter(|(key, _)| !["locale", "direction"].contains(key));
        for (key, text) in texts {
            assert!(!text.contains(&*foreign), "{tag} {key}: {text}");
        }
    });
}

#[test]
fn nothing_is_left_in_english() {
    let english = texts(EN.core).with(texts(EN.reasons));
    each(|tag, words| {
        for (key, text) in words.iter().filter(|_| tag != "en") {
            let is_phrase = text.contains(' ') && !text.contains('{');
            assert!(
                !is_phrase || english.get(&[key]) != Some(text),
                "{tag} {key}: {text}"
            );
        }
    });
}

#[test]
fn permission_is_worded_only_where_permission_is_given() {
    // By key: the only places that may speak of paying again or of handing over at all. Steps: `reasons`.
    let places = ["advice.", "ask.", "pay_again.", "release.", "blank."];
    for (tag, files) in LOCALES {
        let phrases = language(tag).permission;
        for (key, text) in words(files).iter() {
            let may = places.iter().any(|place| key.starts_with(place))
                || is_step(key)
                || key == "state.awaiting_payment.payer.1";
            assert!(may || !speaks(text, phrases), "{tag} {key}: {text}");
        }
    }
}

/// Without this the test above, and those of the steps, would pass in a language whose phrases they do not know.
#[test]
fn the_phrases_that_the_tests_look_for_are_those_that_the_language_uses() {
    each(|tag, words| {
        let language = language(tag);
        for (keys, phrases) in [
            (&PERMISSIONS[..], language.permission),
            (&RETRIES[..], language.retry),
            (&LIMITED[..], language.below),
        ] {
            for key in keys {
                let text = words.get(&[key]).unwrap();
                assert!(
                    speaks(text, phrases),
                    "{tag} {key}: no known phrase in {text}"
                );
            }
            for phrase in phrases {
                let is_used = words.iter().any(|(_, text)| speaks(text, &[phrase]));
                assert!(is_used, "{tag}: nothing says {phrase}");
            }
        }
    });
}
