//! Which scheme names stand in a label of their own.
//!
//! A scheme is a text of the sender, and each new label value is a time series that is kept for ever:
//! the schemes of the tables first, then other names as they come, until the places are taken.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The most schemes with a label of their own.
const MAX_SCHEMES: usize = 50;

/// The longest name that can be a label.
const MAX_LENGTH: usize = 32;

/// The label of everything else.
const OTHER: &str = "other";

#[derive(Debug)]
pub(crate) struct SchemeLabels(Mutex<BTreeSet<String>>);

impl SchemeLabels {
    /// With a place for each of these, as far as there are places.
    pub(crate) fn new<'a>(schemes: impl Iterator<Item = &'a str>) -> Self {
        let labels = Self(Mutex::default());
        for scheme in schemes {
            labels.label(scheme);
        }
        labels
    }

    /// The scheme in lower case, or `other`.
    pub(crate) fn label(&self, scheme: &str) -> String {
        let scheme = scheme.trim();
        if !may_be_label(scheme) {
            return OTHER.to_owned();
        }
        let scheme = scheme.to_ascii_lowercase();
        // A set of names is whole whoever panicked beside it.
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.len() < MAX_SCHEMES {
            taken.insert(scheme.clone());
        }
        if taken.contains(&scheme) {
            scheme
        } else {
            OTHER.to_owned()
        }
    }
}

fn may_be_label(scheme: &str) -> bool {
    (1..=MAX_LENGTH).contains(&scheme.len())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_schemes_have_their_places_and_the_first_others_get_the_rest() {
        let known = ["wechatpay", "unionpay"];
        let labels = SchemeLabels::new(known.into_iter());
        for number in 0..200 {
            let name = format!("made-up-{number}");
            let expected = if number < MAX_SCHEMES - known.len() {
                name.as_str()
            } else {
                OTHER
            };
            assert_eq!(labels.label(&name), expected);
        }
        assert_eq!(labels.label(" WeChatPay "), "wechatpay");
        assert_eq!(labels.label("made-up-7"), "made-up-7");
    }

    #[test]
    fn a_text_that_is_no_name_takes_no_place() {
        let labels = SchemeLabels::new(std::iter::empty());
        for text in [
            "",
            "  ",
            "made up",
            "支付",
            "a\"b",
            "a\nb",
            "{a}",
            &"x".repeat(MAX_LENGTH + 1),
        ] {
            assert_eq!(labels.label(text), OTHER, "{text:?}");
        }
        assert!(labels.0.lock().is_ok_and(|taken| taken.is_empty()));
        assert_eq!(labels.label(&"x".repeat(MAX_LENGTH)).len(), MAX_LENGTH);
    }
}
