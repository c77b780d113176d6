//! By when a state should be over, and by which published rule.
//!
//! A passed deadline leads to a check, never to a verdict. The table is `data/deadlines.csv`.

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// An absolute time with the name of the rule that set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// When.
    pub at: Time,
    /// The rule's name, e.g. `upi_t_plus_5`; the locale files have its words.
    pub rule: Box<str>,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The rule's name.
    pub name: &'static str,
    /// The scheme that it belongs to.
    pub scheme: &'static str,
    /// The state that it limits.
    pub state: &'static str,
    /// Seconds from the beginning of the state.
    pub seconds: u32,
    /// Where the rule is published.
    pub source: &'static str,
}

/// The deadline of a state for the schemes that took part, counted from when the state began.
///
/// Where two schemes took part the later one holds: a promise must not be broken by the slower side.
pub(crate) fn deadline<'a>(
    state: &str,
    schemes: impl Iterator<Item = &'a str> + Clone,
    began: Option<Time>,
) -> Option<Deadline> {
    let began = began?;
    let rule = RULES
        .iter()
        .filter(|rule| {
            rule.state == state
                && schemes
                    .clone()
                    .any(|s| s.trim().eq_ignore_ascii_case(rule.scheme))
        })
        .max_by_key(|rule| (rule.seconds, rule.name))?;
    Some(Deadline {
        at: began.plus_s(i64::from(rule.seconds)),
        rule: rule.name.into(),
    })
}

/// Every rule.
#[must_use]
pub fn rules() -> &'static [Rule] {
    RULES
}

include!(concat!(env!("OUT_DIR"), "/deadlines.rs"));
