//! Rows of a CSV file, each with its place for messages.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// One row; the columns that were asked for are there.
#[derive(Debug)]
pub(crate) struct Row {
    /// `docs/coverage/causes.csv row 12`.
    pub(crate) place: String,
    fields: BTreeMap<String, String>,
}

impl Row {
    /// Without the space around it; empty if nothing stands there.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.fields.get(column).map_or("", |value| value.trim())
    }
}

/// The rows of `root/path`, which must have all of `columns`.
pub(crate) fn read(root: &Path, path: &str, columns: &[&str]) -> Result<Vec<Row>> {
    let text = fs::read_to_string(root.join(path)).with_context(|| path.to_owned())?;
    rows(path, &text, columns)
}

/// The same, from a text; `name` is what messages call it.
pub(crate) fn rows(name: &str, text: &str, columns: &[&str]) -> Result<Vec<Row>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().with_context(|| name.to_owned())?.clone();
    for column in columns {
        if !header.iter().any(|found| found == *column) {
            bail!("{name}: expected a column `{column}`, got {header:?}");
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let place = format!("{name} row {}", rows.len() + 2);
        let record = record.with_context(|| place.clone())?;
        let fields = header.iter().zip(&record);
        rows.push(Row {
            fields: fields
                .map(|(column, value)| (column.to_owned(), value.to_owned()))
                .collect(),
            place,
        });
    }
    Ok(rows)
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn a_row_knows_its_place_and_its_columns() {
        let found = rows("a.csv", "id,note\nx,\" y, z \"\n", &["note", "id"]).expect("two columns");
        let row = found.first().expect("one row");
        assert_eq!((row.get("id"), row.get("note")), ("x", "y, z"));
        assert_eq!(row.place, "a.csv row 2");
        assert_eq!(row.get("nothing"), "");
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = rows("a.csv", "id\nx\n", &["note"]).expect_err("no column");
        assert!(error.to_string().contains("`note`"), "{error}");
    }
}
