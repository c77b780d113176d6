//! Finds what may be a card number in text, so that none is stored, logged or echoed.
//!
//! A card number is 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1), with at most one
//! space or dash between two digits. Full-width digits count: people paste from forms that write them.

use serde_json::Value;

/// How strictly a text is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// Free text: every run of digits that passes.
    FreeText,
    /// Ids and order references, which are often timestamps, UUIDs or hashes. Let through are a run that
    /// starts with `0`, `1` or `20` (no card network issues numbers there, and milliseconds since 1970
    /// and `20261120…` would otherwise be refused one time in ten), one that touches a letter, and
    /// one with separators that is not written as cards are, in groups of four.
    Identifier,
}

/// True if `text` may hold a card number.
#[must_use]
pub fn found_in_text(text: &str, search: Search) -> bool {
    let mut run = Run::default();
    let mut before = ' ';
    for character in text.chars() {
        match digit(character) {
            Some(digit) => run.push(digit, before),
            None if is_separator(character) && run.may_be_separated() => run.separated = true,
            None => {
                if run.is_card(search, character) {
                    return true;
                }
                run = Run::default();
            }
        }
        before = character;
    }
    run.is_card(search, ' ')
}

/// Digits with at most one separator between two of them.
#[derive(Default)]
struct Run {
    digits: Vec<u8>,
    /// Lengths of the groups between separators.
    groups: Vec<usize>,
    /// The last character was a separator.
    separated: bool,
    follows_letter: bool,
}

impl Run {
    fn push(&mut self, digit: u8, before: char) {
        if self.digits.is_empty() {
            self.follows_letter = before.is_alphabetic();
        }
        match self.groups.last_mut() {
            Some(group) if !self.separated => *group += 1,
            _ => self.groups.push(1),
        }
        self.separated = false;
        self.digits.push(digit);
    }

    fn may_be_separated(&self) -> bool {
        !self.digits.is_empty() && !self.separated
    }

    /// `next` is the character that ended the run.
    fn is_card(&self, search: Search, next: char) -> bool {
        match search {
            Search::FreeText => is_number(&self.digits) || self.holds_card(),
            Search::Identifier if !is_number(&self.digits) => false,
            Search::Identifier => {
                let of_no_network = matches!(self.digits.as_slice(), [0 | 1, ..] | [2, 0, ..]);
                let of_a_hash = self.follows_letter || (next.is_alphabetic() && !self.separated);
                !of_no_network && !of_a_hash && in_groups_of_four(&self.groups)
            }
        }
    }

    /// Some of the groups that follow one another are a card number by themselves, written as cards are: beside it
    /// stands its expiry, a date, or another card.
    fn holds_card(&self) -> bool {
        let starts = self.groups.iter().scan(0, |end, group| {
            *end += group;
            Some(*end - group)
        });
        starts.enumerate().any(|(first, start)| {
            let mut end = start;
            (first..self.groups.len()).any(|last| {
                let groups = self.groups.get(first..=last).unwrap_or_default();
                end += groups.last().copied().unwrap_or_default();
                (in_groups_of_four(groups) || matches!(groups, [4, 6, 4 | 5]))
                    && self.digits.get(start..end).is_some_and(is_number)
            })
        })
    }
}

/// As long as card numbers are, with the right check digit.
fn is_number(digits: &[u8]) -> bool {
    (13..=19).contains(&digits.len()) && passes_luhn(digits)
}

/// One group, or groups of four with a last one that may be shorter.
fn in_groups_of_four(groups: &[usize]) -> bool {
    match groups.split_last() {
        Some((last, rest)) => rest.is_empty() || (rest.iter().all(|g| *g == 4) && *last <= 4),
        None => false,
    }
}

/// Every place of a report or transaction that may hold a card number, as paths below `at`.
///
/// The fields in `elsewhere` are left out: they have a form of their own that is checked elsewhere.
/// The names of fields are searched as well; one that holds a card number is written `(withheld)`.
#[must_use]
pub fn places(value: &Value, at: &str, elsewhere: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let Value::Object(fields) = value else {
        return found;
    };
    for (name, field) in fields {
        let search = match name.as_str() {
            name if elsewhere.contains(&name) => continue,
            "id" | "attempt" | "return_id" | "order_reference" => Search::Identifier,
            _ => Search::FreeText,
        };
        // An amount of money is a number by its rule, and may have 13 digits.
        if name == "amount" {
            continue;
        }
        search_value(field, search, &mut child(at, name, &mut found), &mut found);
    }
    found
}

fn search_value(value: &Value, search: Search, at: &mut String, found: &mut Vec<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        // A bare number is searched like an identifier: it is as likely to be a timestamp.
        Value::Number(number) => {
            if found_in_text(&number.to_string(), Search::Identifier) {
                found.push(at.clone());
            }
        }
        Value::String(text) => {
            if found_in_text(text, search) {
                found.push(at.clone());
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                search_value(item, search, &mut format!("{at}[{index}]"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                search_value(field, search, &mut child(at, name, found), found);
            }
        }
    }
}

fn child(at: &str, name: &str, found: &mut Vec<String>) -> String {
    let dot = if at.is_empty() { "" } else { "." };
    if found_in_text(name, Search::FreeText) {
        let path = format!("{at}{dot}(withheld)");
        found.push(path.clone());
        path
    } else {
        format!("{at}{dot}{}", name.chars().take(64).collect::<String>())
    }
}

fn digit(character: char) -> Option<u8> {
    let value = match character {
        '0'..='9' => u32::from(character) - u32::from('0'),
        '０'..='９' => u32::from(character) - u32::from('０'),
        _ => return None,
    };
    u8::try_from(value).ok()
}

fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '-' | '\u{a0}' | '\u{3000}' | '\u{2010}' | '\u{2011}' | '\u{2013}'
    )
}

fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| match (u32::from(digit), place % 2) {
            (digit, 0) => digit,
            (digit, _) if digit > 4 => digit * 2 - 9,
            (digit, _) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_found_however_they_are_written() {
        for text in [
            "4111111111111111",
            "card 4111 1111 1111 1111 thanks",
            "4111-1111-1111-1111",
            "x6011000990139424x",
            "378282246310005",
            "４１１１１１１１１１１１１１１１",
            "1234567812345670",
            "4111111111111111 12/29",
            "4111111111111111 123",
            "4111 1111 1111 1111 12/26",
            "POS 12 4111 1111 1111 1111",
            "2026-11-20 4111111111111111",
            "4111111111111111 5500005555555559",
            "12 3782 822463 10005 x",
        ] {
            assert!(found_in_text(text, Search::FreeText), "{text}");
        }
    }

    #[test]
    fn other_digits_are_left_alone() {
        for text in [
            "4111111111111112",     // Luhn fails
            "411111111111",         // 12 digits
            "41111111111111111111", // 20 digits
            "4111  1111 1111 1111", // two spaces: not one number
            "1 41111111111111 11",  // no card is written so
            "2026-11-20T12:00:03.123+08:00",
            "",
            "Bank •••• 9023",
        ] {
            assert!(!found_in_text(text, Search::FreeText), "{text}");
        }
    }

    #[test]
    fn a_timestamp_as_an_id_is_not_a_card_number() {
        // Milliseconds and a date that both pass Luhn.
        for text in ["1763611353121", "20261120120005"] {
            assert!(found_in_text(text, Search::FreeText), "{text} passes Luhn");
            assert!(!found_in_text(text, Search::Identifier), "{text}");
        }
        assert!(found_in_text("4111111111111111", Search::Identifier));
    }

    #[test]
    fn a_uuid_or_a_hash_as_an_id_is_not_a_card_number() {
        for text in [
            "41111111-1111-4111-8111-111111111117",
            "a4111111111111111",
            "4111111111111111f",
            "c4-4111-1111-1111-111111111111",
        ] {
            assert!(!found_in_text(text, Search::Identifier), "{text}");
        }
        for text in [
            "4111-1111-1111-1111",
            "order 4111111111111111",
            "w-4111111111111111-1x",
        ] {
            let found = found_in_text(text, Search::Identifier);
            assert_eq!(found, !text.ends_with('x'), "{text}");
        }
    }

    #[test]
    fn every_place_is_named_and_no_digit_is_repeated() {
        let report = serde_json::json!({
            "transaction": "4111111111111111", "at": "4111111111111111", "id": "w1",
            "note": { "lines": ["fine", "pay with 4111 1111 1111 1111"] },
            "4111111111111111": true, "pan": 4111111111111111u64, "seen_ms": 1763611353121u64
        });
        let places = places(&report, "reports[0]", &["transaction", "at"]);
        assert_eq!(
            places,
            [
                "reports[0].(withheld)",
                "reports[0].note.lines[1]",
                "reports[0].pan"
            ]
        );
    }
}
