//! The tables of `data/codes`, and how a reported code finds its row.
//!
//! A family has one way of writing its codes (`data/spelling.csv`); a sender may have another: lower
//! case, or numbers without their zeros. What is read as the same code is decided family by family,
//! because `01` declines and `001` approves in two families of one scheme.

use super::{CodeBook, Meaning};
use crate::reason::{Evidence, reason_from_table};
use crate::report::RawCode;

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
    pub confidence: &'static str,
    pub source: &'static str,
    pub note: &'static str,
}

/// How the codes of one family are written.
#[derive(Debug)]
struct Spelling {
    scheme: &'static str,
    family: &'static str,
    /// Upper and lower case are one code.
    folds: bool,
    /// A shorter number has lost its zeros.
    width: Option<usize>,
}

/// The rows and what finds them.
struct Tables {
    /// Sorted by scheme, family and value.
    rows: &'static [Row],
    /// Places in `rows`, sorted by scheme and folded value.
    by_value: &'static [u16],
    /// Sorted by scheme and family.
    spellings: &'static [Spelling],
}

static TABLES: Tables = Tables {
    rows: ROWS,
    by_value: BY_VALUE,
    spellings: SPELLINGS,
};

impl Codes {
    /// Every row, sorted by scheme, family and value.
    #[must_use]
    pub fn rows() -> &'static [Row] {
        TABLES.rows
    }

    /// The rows that `code` can mean: at most one where it names a family, else those of several.
    ///
    /// Scheme and family are compared without regard to ASCII case; white space around each part is
    /// dropped. The value as written wins over another case of it, which counts only in a family that
    /// folds. Zeros are added only on the left of a number that is shorter than its family's width,
    /// and only where the family is named. Nothing is ever cut off.
    #[must_use]
    pub fn fitting(code: &RawCode) -> Vec<&'static Row> {
        TABLES.fitting(code)
    }
}

impl CodeBook for Codes {
    /// The meaning that all of [`Codes::fitting`] agree on.
    fn look_up(&self, code: &RawCode) -> Meaning {
        let rows = Self::fitting(code);
        Meaning::agreed(rows.iter().map(|row| row.said())).unwrap_or(Meaning::UNMAPPED)
    }
}

impl Row {
    /// What this row says.
    #[must_use]
    pub fn said(&self) -> Meaning {
        Meaning {
            reason: reason_from_table(self.reason),
            evidence: self.evidence,
        }
    }
}

impl Tables {
    fn fitting(&self, code: &RawCode) -> Vec<&'static Row> {
        let scheme = code.scheme.trim().to_ascii_lowercase();
        let value = code.value.trim();
        if value.is_empty() {
            return Vec::new();
        }
        let Some(family) = code.family.as_deref() else {
            return self.of_any_family(&scheme, value);
        };
        let family = family.trim().to_ascii_lowercase();
        let Some(spelling) = self.spelling(&scheme, &family) else {
            return Vec::new();
        };
        let row = self
            .of_family(spelling, value)
            .or_else(|| self.of_family(spelling, &padded(value, spelling.width)?));
        row.into_iter().collect()
    }

    fn of_any_family(&self, scheme: &str, value: &str) -> Vec<&'static Row> {
        let exact = |row: &&Row| row.value == value;
        let fitting: Vec<_> = self.alike(scheme, value).filter(exact).collect();
        if !fitting.is_empty() {
            return fitting;
        }
        let folds = |row: &&Row| {
            self.spelling(row.scheme, row.family)
                .is_some_and(|spelling| spelling.folds)
        };
        self.alike(scheme, value).filter(folds).collect()
    }

    fn of_family(&self, spelling: &Spelling, value: &str) -> Option<&'static Row> {
        // Where case folds, the build has made sure that there is only one.
        self.alike(spelling.scheme, value)
            .find(|row| row.family == spelling.family && (spelling.folds || row.value == value))
    }

    /// The rows of a scheme with this value in any case.
    fn alike(&self, scheme: &str, value: &str) -> impl Iterator<Item = &'static Row> {
        let row = |index: &u16| self.rows.get(usize::from(*index));
        let from = self.by_value.partition_point(|index| {
            row(index).is_some_and(|row| {
                row.scheme
                    .cmp(scheme)
                    .then_with(|| folded(row.value).cmp(folded(value)))
                    .is_lt()
            })
        });
        self.by_value
            .get(from..)
            .unwrap_or_default()
            .iter()
            .filter_map(row)
            .take_while(move |row| row.scheme == scheme && row.value.eq_ignore_ascii_case(value))
    }

    fn spelling(&self, scheme: &str, family: &str) -> Option<&'static Spelling> {
        let index = self
            .spellings
            .binary_search_by(|line| (line.scheme, line.family).cmp(&(scheme, family)))
            .ok()?;
        self.spellings.get(index)
    }
}

fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_lowercase())
}

fn padded(value: &str, width: Option<usize>) -> Option<String> {
    let width = width.filter(|width| value.len() < *width)?;
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("{value:0>width$}"))
}

// `ROWS`, `BY_VALUE` and `SPELLINGS`, made by `build/codes.rs`.
include!(concat!(env!("OUT_DIR"), "/codes.rs"));

#[cfg(test)]
mod tests;
