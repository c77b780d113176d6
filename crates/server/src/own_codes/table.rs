//! From the file's text to its rows. Every fault is noted; one is enough for no rows at all.

use std::collections::BTreeMap;

use super::row::row_of;
use super::{Fault, OwnRow};

/// In the order in which the first four must be documented; any order is read.
const COLUMNS: [&str; 6] = ["scheme", "family", "value", "reason", "evidence", "note"];

/// The first of [`COLUMNS`] that may not be missing.
const REQUIRED: usize = 4;

pub(super) fn rows_of(text: &[u8]) -> Result<Vec<OwnRow>, Vec<Fault>> {
    if let Err(error) = std::str::from_utf8(text) {
        let line = Lines::default().at(text, error.valid_up_to());
        return Err(vec![Fault::new(line, "row", "UTF-8 text", "other bytes")]);
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
        Some(Err(error)) => return Err(vec![Fault::new(1, "row", "CSV", &error.to_string())]),
        None => csv::StringRecord::new(),
    };
    let places = columns_of(&header)?;

    let mut faults = Vec::new();
    let mut rows = Vec::new();
    let mut line_of_key = BTreeMap::new();
    let mut lines = Lines::default();
    for record in records {
        let record =
            record.map_err(|error| vec![Fault::new(1, "row", "CSV", &error.to_string())])?;
        let line = lines.at(text, record.position().map_or(0, record_start));
        if record.len() != header.len() {
            let got = format!("{} fields", record.len());
            let expected = format!("{} fields, as in the header", header.len());
            faults.push(Fault::new(line, "row", &expected, &got));
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
            faults.push(Fault::of_cell(line, "value", &expected, cells[2]));
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
            faults.push(Fault::new(1, name, "this column in the header", "nothing"));
        }
    }
    for (index, cell) in header.iter().enumerate() {
        if !COLUMNS.contains(&cell) {
            let expected = format!("no column but {}", COLUMNS.join(", "));
            faults.push(Fault::of_cell(1, "row", &expected, cell));
        } else if header.iter().take(index).any(|other| other == cell) {
            faults.push(Fault::of_cell(1, "row", "each column once", cell));
        }
    }
    if faults.is_empty() {
        Ok(places)
    } else {
        Err(faults)
    }
}

#[cfg(test)]
mod tests;
