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
    /// Ids and order references, which are often timestamps: a run that starts with `0`, `1` or
    /// `20` is let through. No card network issues numbers there, and milliseconds since 1970 and
    /// `20261120…` would otherwise be refused one time in ten.
    Identifier,
}

/// True if `text` may hold a card number.
#[must_use]
pub fn found_in_text(text: &str, search: Search) -> bool {
    let mut run: Vec<u8> = Vec::new();
    // One separator is allowed between two digits; a second one ends the run.
    let mut separated = false;
    for character in text.chars() {
        match digit(character) {
            Some(digit) => {
                run.push(digit);
                separated = false;
            }
            None if is_separator(character) && !run.is_empty() && !separated => separated = true,
            None => {
                if is_card(&run, search) {
                    return true;
                }
                run.clear();
                separated = false;
            }
        }
    }
    is_card(&run, search)
}

/// Every place of a report or transaction that may hold a card number, as paths below `at`.
///
/// `transaction` and `at` are left out: they have a form of their own that is checked elsewhere.
/// The names of fields are searched as well; one that holds a card number is written `(withheld)`.
#[must_use]
pub fn places(value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let Value::Object(fields) = value else {
        return found;
    };
    for (name, field) in fields {
        let search = match name.as_str() {
            "transaction" | "at" | "expires_at" => continue,
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

fn is_card(digits: &[u8], search: Search) -> bool {
    (13..=19).contains(&digits.len())
        && !(search == Search::Identifier && matches!(digits, [0 | 1, ..] | [2, 0, ..]))
        && passes_luhn(digits)
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
    fn every_place_is_named_and_no_digit_is_repeated() {
        let report = serde_json::json!({
            "transaction": "4111111111111111", "at": "4111111111111111", "id": "w1",
            "note": { "lines": ["fine", "pay with 4111 1111 1111 1111"] },
            "4111111111111111": true, "pan": 4111111111111111u64, "seen_ms": 1763611353121u64
        });
        let places = places(&report, "reports[0]");
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
