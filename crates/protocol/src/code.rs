//! Raw codes of the schemes → reasons.
//!
//! The tables are `data/codes/*.csv` and exist only with the feature `codes`: the server carries
//! them, the widget does not. `decide` takes any [`CodeBook`], so an operator can put own rows first.

use crate::reason::{Evidence, Reason};
use crate::report::RawCode;

/// What a raw code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// The canonical reason; [`Reason::UNMAPPED_CODE`] where no row fits.
    pub reason: Reason,
    /// What a `failed` report with this code proves about the debit.
    pub evidence: Evidence,
}

impl Meaning {
    /// The meaning of a code that no table has: nothing is known.
    pub const UNMAPPED: Self = Self {
        reason: Reason::UNMAPPED_CODE,
        evidence: Evidence::None,
    };
}

/// Looks raw codes up.
pub trait CodeBook {
    /// The meaning of `code`; [`Meaning::UNMAPPED`] where it is not known.
    fn look_up(&self, code: &RawCode) -> Meaning;
}

/// A book without rows: every code is unmapped.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCodes;

impl CodeBook for NoCodes {
    fn look_up(&self, _: &RawCode) -> Meaning {
        Meaning::UNMAPPED
    }
}

#[cfg(feature = "codes")]
pub use embedded::{Codes, Row};

#[cfg(feature = "codes")]
mod embedded {
    use super::{CodeBook, Evidence, Meaning, RawCode};
    use crate::reason::reason_from_table;

    /// The tables of `data/codes`.
    #[derive(Debug, Clone, Copy, Default)]
    pub struct Codes;

    /// One row of a table.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    #[expect(missing_docs, reason = "the columns are described in data/README.md")]
    pub struct Row {
        pub scheme: &'static str,
        pub family: &'static str,
        pub value: &'static str,
        pub object: &'static str,
        pub meaning: &'static str,
        pub reason: &'static str,
        pub evidence: Evidence,
        pub source: &'static str,
    }

    impl Codes {
        /// Every row, sorted by scheme, family and value.
        #[must_use]
        pub fn rows() -> &'static [Row] {
            ROWS
        }
    }

    impl CodeBook for Codes {
        /// Scheme and family are compared without regard to ASCII case, the value as written; white
        /// space around each is dropped. Without a family a value answers only where every family of
        /// the scheme agrees on reason and evidence: the same value can mean opposite things.
        fn look_up(&self, code: &RawCode) -> Meaning {
            let scheme = code.scheme.trim().to_ascii_lowercase();
            let value = code.value.trim();
            let from = ROWS.partition_point(|row| row.scheme < scheme.as_str());
            let of_scheme = ROWS
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|row| row.scheme == scheme);
            let mut fitting = of_scheme.filter(|row| {
                row.value == value
                    && code
                        .family
                        .as_ref()
                        .is_none_or(|f| f.trim().eq_ignore_ascii_case(row.family))
            });
            let Some(first) = fitting.next() else {
                return Meaning::UNMAPPED;
            };
            if fitting.any(|row| row.reason != first.reason || row.evidence != first.evidence) {
                return Meaning::UNMAPPED;
            }
            Meaning {
                reason: reason_from_table(first.reason),
                evidence: first.evidence,
            }
        }
    }

    // `ROWS`, sorted by scheme, family, value.
    include!(concat!(env!("OUT_DIR"), "/codes.rs"));

    #[cfg(test)]
    mod tests {
        use super::*;

        fn meaning(scheme: &str, family: Option<&str>, value: &str) -> Meaning {
            Codes.look_up(&RawCode {
                scheme: scheme.into(),
                family: family.map(Into::into),
                value: value.into(),
            })
        }

        #[test]
        fn every_row_is_found_by_its_key() {
            for row in Codes::rows() {
                let found = meaning(row.scheme, Some(row.family), row.value);
                assert_eq!(
                    (found.reason.as_str(), found.evidence),
                    (row.reason, row.evidence),
                    "{row:?}"
                );
            }
        }

        #[test]
        fn a_value_that_means_two_things_is_unmapped_without_its_family() {
            assert_eq!(meaning("unionpay", None, "04"), Meaning::UNMAPPED);
            assert_ne!(meaning("unionpay", Some("de39"), "04"), Meaning::UNMAPPED);
        }

        #[test]
        fn an_unknown_code_proves_nothing() {
            assert_eq!(
                meaning("unionpay", Some("de39"), "no such code"),
                Meaning::UNMAPPED
            );
            assert_eq!(meaning("barter", None, "00"), Meaning::UNMAPPED);
        }
    }
}
