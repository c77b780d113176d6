//! From the file's text to checked rows. Every fault is noted; one is enough for no rows at all.

use std::collections::BTreeMap;

use payment_status_protocol::code::Codes;
use payment_status_protocol::reason::{Category, Evidence, Reason};
use payment_status_protocol::report::RawCode;
use serde_json::Value;

use super::nearest::nearest;
use super::{Fault, OwnRow};
use crate::fields::describe;
use crate::new_report::MAX_CODE;

/// In the order in which the first four must be documented; any order is read.
const COLUMNS: [&str; 6] = ["scheme", "family", "value", "reason", "evidence", "note"];

/// The first of [`COLUMNS`] that may not be missing.
const REQUIRED: usize = 4;

/// The longest note, in characters.
const MAX_NOTE: usize = 500;

pub(super) fn rows_of(text: &[u8]) -> Result<Vec<OwnRow>, Vec<Fault>> {
    if let Err(error) = std::str::from_utf8(text) {
        let line = Lines::default().at(text, error.valid_up_to());
        return Err(vec![fault(line, "row", "UTF-8 text", "other bytes")]);
    }
    // Rows of another length are read as well, so that each can be named.
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text);
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        Some(Err(error)) => return Err(vec![fault(1, "row", "CSV", &error.to_string())]),
        None => csv::StringRecord::new(),
    };
    let places = columns_of(&header)?;

    let mut faults = Vec::new();
    let mut rows = Vec::new();
    let mut line_of_key = BTreeMap::new();
    let mut lines = Lines::default();
    for record in records {
        let record = record.map_err(|error| vec![fault(1, "row", "CSV", &error.to_string())])?;
        let line = lines.at(text, record.position().map_or(0, record_start));
        if record.len() != header.len() {
            let got = format!("{} fields", record.len());
            let expected = format!("{} fields, as in the header", header.len());
            faults.push(fault(line, "row", &expected, &got));
            continue;
        }
        let cells = places.map(|place| place.and_then(|place| record.get(place)).unwrap_or(""));
        let before = faults.len();
        let Some(row) = row_of(line, cells, &mut faults) else {
            continue;
        };
        let key = (row.scheme.clone(), row.family.clone(), row.value.clone());
        if let Some(first) = line_of_key.insert(key, line) {
            let expected = format!("a code that no other row has (line {first} has it)");
            faults.push(got(line, "value", &expected, cells[2]));
        } else if faults.len() == before {
            rows.push(row);
        }
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

fn record_start(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// Counts lines forwards. The reader's own count stands on the empty lines before a record.
#[derive(Default)]
struct Lines {
    byte: usize,
    feeds: u64,
}

impl Lines {
    /// The number of the first line from `byte` on that is not empty.
    fn at(&mut self, text: &[u8], byte: usize) -> u64 {
        let is_end = |byte: &&u8| matches!(byte, b'\n' | b'\r');
        let empty = text.get(byte..).unwrap_or_default();
        let end = byte + empty.iter().take_while(is_end).count();
        let passed = text.get(self.byte..end).unwrap_or_default();
        for _ in passed.iter().filter(|byte| **byte == b'\n') {
            self.feeds += 1;
        }
        self.byte = end;
        self.feeds + 1
    }
}

/// Where each of [`COLUMNS`] stands.
fn columns_of(header: &csv::StringRecord) -> Result<[Option<usize>; 6], Vec<Fault>> {
    let places = COLUMNS.map(|name| header.iter().position(|cell| cell == name));
    let mut faults = Vec::new();
    for (name, place) in COLUMNS.iter().zip(places).take(REQUIRED) {
        if place.is_none() {
            faults.push(fault(1, name, "this column in the header", "nothing"));
        }
    }
    for (index, cell) in header.iter().enumerate() {
        if !COLUMNS.contains(&cell) {
            let expected = format!("no column but {}", COLUMNS.join(", "));
            faults.push(got(1, "row", &expected, cell));
        } else if header.iter().take(index).any(|other| other == cell) {
            faults.push(got(1, "row", "each column once", cell));
        }
    }
    if faults.is_empty() {
        Ok(places)
    } else {
        Err(faults)
    }
}

fn row_of(line: u64, cells: [&str; 6], faults: &mut Vec<Fault>) -> Option<OwnRow> {
    let before = faults.len();
    let [scheme, family, value, reason, evidence, note] = cells;
    for (column, cell, min, max) in [
        ("scheme", scheme, 1, MAX_CODE),
        ("family", family, 0, MAX_CODE),
        ("value", value, 1, MAX_CODE),
        ("note", note, 0, MAX_NOTE),
    ] {
        if !(min..=max).contains(&cell.chars().count()) {
            let expected = format!("{min} to {max} characters");
            faults.push(got(line, column, &expected, cell));
        }
    }
    let reason = reason_of(line, reason, faults);
    let evidence = evidence_of(line, evidence, faults);
    let family = (!family.is_empty()).then(|| family.to_ascii_lowercase());
    let mut row = OwnRow {
        scheme: scheme.to_ascii_lowercase(),
        family,
        value: value.to_owned(),
        reason: reason?,
        evidence: evidence?,
        note: note.to_owned(),
    };
    if faults.len() == before {
        check_evidence(line, &row, faults);
        spell_as_built_in(&mut row);
    }
    Some(row)
}

fn reason_of(line: u64, text: &str, faults: &mut Vec<Fault>) -> Option<Reason> {
    let found = Reason::all().find(|reason| reason.as_str() == text);
    if found.is_none() {
        let all: Vec<Reason> = Reason::all().collect();
        let expected = match nearest(text, all.iter().map(Reason::as_str)) {
            Some(near) => format!("a canonical reason (did you mean {near}?)"),
            None => "a canonical reason".to_owned(),
        };
        faults.push(got(line, "reason", &expected, text));
    }
    found
}

fn evidence_of(line: u64, text: &str, faults: &mut Vec<Fault>) -> Option<Evidence> {
    match text {
        "" | "none" => Some(Evidence::None),
        "not_debited" => Some(Evidence::NotDebited),
        "never_sent" => Some(Evidence::NeverSent),
        other => {
            let expected = "none, not_debited or never_sent";
            faults.push(got(line, "evidence", expected, other));
            None
        }
    }
}

/// An own row may take a proof away. It may give one only where the built-in tables do not say
/// otherwise and its reason does not either: a wrong proof makes somebody pay twice.
fn check_evidence(line: u64, row: &OwnRow, faults: &mut Vec<Fault>) {
    if !row.evidence.proves_not_debited() {
        return;
    }
    let mut refuse = |why: String| {
        let text = match row.evidence {
            Evidence::NeverSent => "never_sent",
            Evidence::NotDebited | Evidence::None => "not_debited",
        };
        faults.push(fault(line, "evidence", &format!("none: {why}"), text));
    };
    if row
        .reason
        .facts()
        .is_none_or(|facts| !may_prove(facts.category))
    {
        refuse(format!("{} does not go with a proof", row.reason));
    }
    let unproven = Codes::fitting(&raw_code(row))
        .into_iter()
        .find(|built_in| !built_in.evidence.proves_not_debited());
    if let Some(built_in) = unproven {
        let because: Vec<&str> = [built_in.meaning, built_in.note, built_in.source]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        refuse(format!(
            "the built-in row {}/{}/{} proves nothing ({})",
            built_in.scheme,
            built_in.family,
            built_in.value,
            because.join("; ")
        ));
    }
}

/// Reasons that say that money moved, or that nobody knows, cannot stand beside a proof that it did not.
fn may_prove(category: Category) -> bool {
    match category {
        Category::Cancel
        | Category::Compliance
        | Category::Infrastructure
        | Category::Merchant
        | Category::Payee
        | Category::PayerDecline
        | Category::Request
        | Category::Risk
        | Category::Technical
        | Category::Terminal => true,
        Category::Discrepancy
        | Category::Dispute
        | Category::Fallback
        | Category::Progress
        | Category::Refund
        | Category::Reversal
        | Category::Settlement
        | Category::Success
        | Category::Unknown => false,
    }
}

/// A row that means a built-in one replaces it in all its spellings, so it takes that row's own.
fn spell_as_built_in(row: &mut OwnRow) {
    if row.family.is_some()
        && let [built_in] = Codes::fitting(&raw_code(row)).as_slice()
    {
        built_in.value.clone_into(&mut row.value);
    }
}

fn raw_code(row: &OwnRow) -> RawCode {
    RawCode {
        scheme: row.scheme.as_str().into(),
        family: row.family.as_deref().map(Into::into),
        value: row.value.as_str().into(),
    }
}

fn got(line: u64, column: &'static str, expected: &str, cell: &str) -> Fault {
    fault(line, column, expected, &describe(Some(&Value::from(cell))))
}

fn fault(line: u64, column: &'static str, expected: &str, got: &str) -> Fault {
    Fault {
        line,
        column,
        expected: expected.to_owned(),
        got: got.to_owned(),
    }
}

#[cfg(test)]
mod tests;
