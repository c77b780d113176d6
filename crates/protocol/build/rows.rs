//! Rows of a table with the place they come from, and the words that a column may hold.

use std::collections::BTreeMap;
use std::path::Path;

/// A row by column.
pub(crate) type Row = BTreeMap<String, String>;

/// What a `failed` report proves.
pub(crate) const EVIDENCE: &[(&str, &str)] = &[
    ("none", "Evidence::None"),
    ("not_debited", "Evidence::NotDebited"),
    ("never_sent", "Evidence::NeverSent"),
];

/// Every row of a file, each with its place for messages.
pub(crate) fn read(file: &Path) -> Result<Vec<(String, Row)>, String> {
    let text = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    rows_of(&file.display().to_string(), &text)
}

/// The same, of a text.
pub(crate) fn rows_of(name: &str, text: &[u8]) -> Result<Vec<(String, Row)>, String> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_reader(text).deserialize::<Row>() {
        let row = row.map_err(|e| format!("{name}: {e}"))?;
        rows.push((format!("{name} row {}", rows.len() + 2), row));
    }
    Ok(rows)
}

/// A column's text without white space around it; empty if the column is missing.
pub(crate) fn field<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).map_or("", |v| v.trim())
}

/// `words` maps a data word to the Rust path that stands for it.
pub(crate) fn one_of<'a>(
    place: &str,
    name: &str,
    got: &str,
    words: &[(&str, &'a str)],
) -> Result<&'a str, String> {
    words
        .iter()
        .find(|(word, _)| *word == got)
        .map(|(_, path)| *path)
        .ok_or_else(|| {
            let expected: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            format!("{place}: {name} must be one of {expected:?}, got {got:?}")
        })
}
