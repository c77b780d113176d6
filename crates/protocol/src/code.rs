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

    /// What several rows say together: nothing unless all of them say the same of reason and
    /// evidence, because one value can mean opposite things in two families.
    pub fn agreed(meanings: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut meanings = meanings.into_iter();
        let first = meanings.next()?;
        meanings.all(|other| other == first).then_some(first)
    }
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
mod tables;

#[cfg(feature = "codes")]
pub use tables::{Codes, Row};
