//! An operator's own raw codes: a CSV file, read and checked whole at the start.
//!
//! ```csv
//! scheme,family,value,reason,evidence,note
//! citypay,result,E17,insufficient_funds,not_debited,see their manual 4.2
//! ```
//!
//! Here is what the file holds; [`crate::code_tables`] asks it before the built-in tables. The files:
//! `table` (from text to lines), `row` (what a line may say), `fault` (what is wrong, in words),
//! `nearest` (the reason that was meant).

mod fault;
mod nearest;
mod row;
mod table;

use std::collections::BTreeMap;
use std::path::Path;

use payment_status_protocol::code::Meaning;
use payment_status_protocol::reason::{Evidence, Reason};

pub use fault::{Fault, OwnCodesError};

/// The checked rows of the file.
#[derive(Debug, Default)]
pub struct OwnCodes {
    /// By scheme, value and family, the first and the last in lower case.
    rows: BTreeMap<(String, String, Option<String>), OwnRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRow {
    /// The scheme, in lower case.
    pub scheme: String,
    /// The family, in lower case; `None` for reports that name none.
    pub family: Option<String>,
    /// The value; where the row replaces a built-in one, as that one has it.
    pub value: String,
    /// What it means.
    pub reason: Reason,
    /// What a `failed` report with it proves.
    pub evidence: Evidence,
    /// The operator's own words.
    pub note: String,
}

impl OwnCodes {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// Every fault with its line and column.
    pub fn read(path: &Path) -> Result<Self, OwnCodesError> {
        let text = std::fs::read(path).map_err(|error| OwnCodesError::Io(path.into(), error))?;
        Self::parse(&text).map_err(|faults| OwnCodesError::Invalid(path.into(), faults))
    }

    /// Checks the file's text.
    ///
    /// # Errors
    /// Every fault with its line and column.
    pub fn parse(text: &[u8]) -> Result<Self, Vec<Fault>> {
        let rows = table::rows_of(text)?
            .into_iter()
            .map(|row| {
                let key = (row.scheme.clone(), row.value.clone(), row.family.clone());
                (key, row)
            })
            .collect();
        Ok(Self { rows })
    }

    /// The row with this key; scheme and family in lower case.
    #[must_use]
    pub fn get(&self, scheme: &str, family: Option<&str>, value: &str) -> Option<&OwnRow> {
        self.with_value(scheme, value)
            .find(|row| row.family.as_deref() == family)
    }

    /// The rows with this value, whatever their family.
    pub fn with_value(&self, scheme: &str, value: &str) -> impl Iterator<Item = &OwnRow> {
        let from = (scheme.to_owned(), value.to_owned(), None);
        self.rows
            .range(from..)
            .map(|(_, row)| row)
            .take_while(move |row| row.scheme == scheme && row.value == value)
    }

    /// Every scheme, each once.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        let mut last = None;
        self.rows
            .values()
            .map(|row| row.scheme.as_str())
            .filter(move |scheme| last.replace(*scheme) != Some(*scheme))
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl OwnRow {
    /// What this row says.
    #[must_use]
    pub fn said(&self) -> Meaning {
        Meaning {
            reason: self.reason.clone(),
            evidence: self.evidence,
        }
    }
}
