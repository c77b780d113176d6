//! What is wrong with the file: each fault with its line and column, what was expected and what came.

use std::fmt;
use std::path::PathBuf;

use serde_json::Value;

use crate::fields::describe;

/// The most faults that are said at once; a wrong separator would say thousands.
const MAX_SAID: usize = 20;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 1, the header's line.
    pub line: u64,
    /// The column's name; `row` for the row as a whole.
    pub column: &'static str,
    /// What would be right.
    pub expected: String,
    /// What stands there.
    pub got: String,
}

/// Why the file cannot be used.
#[derive(Debug)]
pub enum OwnCodesError {
    /// It cannot be read.
    Io(PathBuf, std::io::Error),
    /// What is wrong in it.
    Invalid(PathBuf, Vec<Fault>),
}

impl Fault {
    pub(super) fn new(line: u64, column: &'static str, expected: &str, got: &str) -> Self {
        Self {
            line,
            column,
            expected: expected.to_owned(),
            got: got.to_owned(),
        }
    }

    /// The same for a cell, whose text may be long or a secret.
    pub(super) fn of_cell(line: u64, column: &'static str, expected: &str, cell: &str) -> Self {
        Self::new(line, column, expected, &describe(Some(&Value::from(cell))))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            expected,
            got,
        } = self;
        write!(f, "line {line}, {column}: expected {expected}, got {got}")
    }
}

impl fmt::Display for OwnCodesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "--codes {}: {error}", path.display()),
            Self::Invalid(path, faults) => {
                let path = path.display();
                write!(f, "--codes {path}: the table is not used:")?;
                for fault in faults.iter().take(MAX_SAID) {
                    write!(f, "\n  {path} {fault}")?;
                }
                match faults.len().saturating_sub(MAX_SAID) {
                    0 => Ok(()),
                    more => write!(f, "\n  and {more} more"),
                }
            }
        }
    }
}

impl std::error::Error for OwnCodesError {}
