//! What a raw code means here: the operator's own table first, then the built-in ones.
//!
//! An own row replaces the built-in row of its key in all spellings of that row. Without a family
//! all rows that fit must agree, own and built-in alike.

use payment_status_protocol::code::{CodeBook, Codes, Meaning, Row};
use payment_status_protocol::report::RawCode;

use crate::own_codes::{OwnCodes, OwnRow};

/// Every table that this server knows.
#[derive(Debug, Default)]
pub struct CodeTables {
    own: OwnCodes,
}

/// A row that a code can mean.
#[derive(Debug, Clone, Copy)]
pub enum FoundRow<'a> {
    /// Of the operator's table.
    Own(&'a OwnRow),
    /// Of the built-in tables.
    BuiltIn(&'static Row),
}

impl CodeTables {
    /// The built-in tables behind `own`.
    #[must_use]
    pub fn new(own: OwnCodes) -> Self {
        Self { own }
    }

    /// The rows that `code` can mean: at most one where it names a family.
    #[must_use]
    pub fn fitting(&self, code: &RawCode) -> Vec<FoundRow<'_>> {
        let built_in = Codes::fitting(code);
        if self.own.is_empty() {
            return built_in.into_iter().map(FoundRow::BuiltIn).collect();
        }
        let scheme = code.scheme.trim().to_ascii_lowercase();
        let value = code.value.trim();
        if let Some(family) = code.family.as_deref() {
            let family = family.trim().to_ascii_lowercase();
            let own = self.own.get(&scheme, Some(&family), value);
            return match own {
                Some(own) => vec![FoundRow::Own(own)],
                None => built_in
                    .into_iter()
                    .map(|row| self.instead_of(row))
                    .collect(),
            };
        }
        // A row without a family answers for reports without one.
        let spelt = built_in.iter().map(|row| row.value);
        let without_family = std::iter::once(value)
            .chain(spelt)
            .find_map(|value| self.own.get(&scheme, None, value));
        if let Some(own) = without_family {
            return vec![FoundRow::Own(own)];
        }
        let mut rows: Vec<FoundRow<'_>> = self
            .own
            .with_value(&scheme, value)
            .map(FoundRow::Own)
            .collect();
        let has_exact = !rows.is_empty();
        let rest = built_in
            .into_iter()
            // As among the built-in rows: the value as written wins over another case of it.
            .filter(|row| !has_exact || row.value == value)
            .map(|row| self.instead_of(row))
            // The own ones of this value are in already.
            .filter(|row| !(has_exact && matches!(row, FoundRow::Own(_))));
        rows.extend(rest);
        rows
    }

    /// What all rows that fit agree on; `None` where no table decides.
    #[must_use]
    pub fn known(&self, code: &RawCode) -> Option<Meaning> {
        Meaning::agreed(self.fitting(code).into_iter().map(FoundRow::said))
    }

    /// Every scheme with a row, the built-in ones first; some may come twice.
    pub fn schemes(&self) -> impl Iterator<Item = &str> {
        let rows = Codes::rows();
        let built_in = rows.chunk_by(|a, b| a.scheme == b.scheme);
        built_in
            .filter_map(|of_scheme| of_scheme.first().map(|row| row.scheme))
            .chain(self.own.schemes())
    }

    /// How many rows the operator's table has.
    #[must_use]
    pub fn own_rows(&self) -> usize {
        self.own.len()
    }

    fn instead_of(&self, row: &'static Row) -> FoundRow<'_> {
        match self.own.get(row.scheme, Some(row.family), row.value) {
            Some(own) => FoundRow::Own(own),
            None => FoundRow::BuiltIn(row),
        }
    }
}

impl CodeBook for CodeTables {
    fn look_up(&self, code: &RawCode) -> Meaning {
        self.known(code).unwrap_or(Meaning::UNMAPPED)
    }
}

impl FoundRow<'_> {
    /// What this row says.
    #[must_use]
    pub fn said(self) -> Meaning {
        match self {
            Self::Own(row) => row.said(),
            Self::BuiltIn(row) => row.said(),
        }
    }
}

#[cfg(test)]
mod tests;
