//! The raw-code tables: the rows, how each family spells its codes, and an index by value.
//!
//! What would make a look-up ambiguous or a proof groundless fails the build, with the row.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::rows::{EVIDENCE, Row, field, one_of};

const CONFIDENCE: &[(&str, &str)] = &[
    ("official", "official"),
    ("sdk", "sdk"),
    ("secondary", "secondary"),
    ("own", "own"),
];

/// How the codes of one family are written.
struct Spelling {
    folds: bool,
    width: Option<usize>,
    place: String,
}

/// `(scheme, family)`.
type Family = (String, String);

/// `ROWS`, `BY_VALUE` and `SPELLINGS` as Rust source.
pub(crate) fn tables(
    rows: &[(String, Row)],
    spelling: &[(String, Row)],
    reasons: &[&str],
) -> Result<String, String> {
    let spellings = spellings(spelling)?;
    let mut sorted: BTreeMap<[&str; 3], String> = BTreeMap::new();
    let mut spelt: BTreeMap<[String; 3], &str> = BTreeMap::new();
    let mut used = BTreeSet::new();
    for (place, row) in rows {
        let key = key_of(place, row)?;
        let family = (key[0].to_owned(), key[1].to_owned());
        let Some(spelling) = spellings.get(&family) else {
            return Err(format!(
                "{place}: the family {:?} of {:?} has no line in spelling.csv",
                key[1], key[0]
            ));
        };
        used.insert(family);
        let entry = row_entry(place, row, reasons)?;
        if sorted.insert(key, entry).is_some() {
            return Err(format!("{place}: {key:?} stands twice"));
        }
        check_spelling(place, key, spelling, &mut spelt)?;
    }
    if let Some(((scheme, family), line)) = spellings.iter().find(|(f, _)| !used.contains(*f)) {
        let place = &line.place;
        return Err(format!("{place}: {scheme}/{family} has no row"));
    }
    source_of(&sorted, &spellings)
}

fn key_of<'a>(place: &str, row: &'a Row) -> Result<[&'a str; 3], String> {
    let key = ["scheme", "family", "value"].map(|column| field(row, column));
    if let Some(empty) = key.iter().position(|part| part.is_empty()) {
        let column = ["scheme", "family", "value"][empty];
        return Err(format!("{place}: {column} is empty"));
    }
    // Schemes and families are compared in lower case.
    if key[..2]
        .iter()
        .any(|part| *part != part.to_ascii_lowercase())
    {
        return Err(format!(
            "{place}: {key:?}: scheme and family are lower case"
        ));
    }
    Ok(key)
}

fn row_entry(place: &str, row: &Row, reasons: &[&str]) -> Result<String, String> {
    let reason = field(row, "reason");
    if !reasons.contains(&reason) {
        return Err(format!("{place}: reason {reason:?} is not in reasons.csv"));
    }
    let evidence = one_of(place, "evidence", field(row, "evidence"), EVIDENCE)?;
    let object = field(row, "object");
    if evidence != "Evidence::None" && object != "payment" {
        // Only a code about the payment itself can prove anything about its debit.
        return Err(format!("{place}: object {object:?} cannot prove a debit"));
    }
    let [scheme, family, value] = key_of(place, row)?;
    Ok(format!(
        "Row {{ scheme: {scheme:?}, family: {family:?}, value: {value:?}, object: {object:?}, meaning: {:?}, reason: {reason:?}, evidence: {evidence}, confidence: {:?}, source: {:?}, note: {:?} }},\n",
        field(row, "meaning"),
        one_of(place, "confidence", field(row, "confidence"), CONFIDENCE)?,
        field(row, "source"),
        field(row, "note"),
    ))
}

fn spellings(lines: &[(String, Row)]) -> Result<BTreeMap<Family, Spelling>, String> {
    let mut spellings = BTreeMap::new();
    for (place, row) in lines {
        let case = one_of(
            place,
            "case",
            field(row, "case"),
            &[("fold", "fold"), ("exact", "exact")],
        )?;
        let width = match field(row, "width") {
            "exact" => None,
            number => Some(
                number
                    .parse()
                    .ok()
                    .filter(|w| (1..=9).contains(w))
                    .ok_or_else(|| {
                        format!(
                            "{place}: width must be exact or a number from 1 to 9, got {number:?}"
                        )
                    })?,
            ),
        };
        let family = (
            field(row, "scheme").to_owned(),
            field(row, "family").to_owned(),
        );
        let spelling = Spelling {
            folds: case == "fold",
            width,
            place: place.clone(),
        };
        if spellings.insert(family.clone(), spelling).is_some() {
            return Err(format!("{place}: {family:?} stands twice"));
        }
    }
    Ok(spellings)
}

/// Two rows that a look-up takes for one code, and a row that padding would make another.
fn check_spelling<'a>(
    place: &str,
    [scheme, family, value]: [&'a str; 3],
    spelling: &Spelling,
    spelt: &mut BTreeMap<[String; 3], &'a str>,
) -> Result<(), String> {
    let is_short = spelling.width.is_some_and(|width| value.len() < width);
    if is_short && value.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!(
            "{place}: {value:?} has fewer digits than the width of {scheme}/{family}"
        ));
    }
    if !spelling.folds {
        return Ok(());
    }
    let folded = [scheme, family, value].map(str::to_ascii_lowercase);
    match spelt.insert(folded, value) {
        None => Ok(()),
        Some(other) => Err(format!(
            "{place}: {value:?} and {other:?} of {scheme}/{family} differ only by case, which this family folds"
        )),
    }
}

fn source_of(
    sorted: &BTreeMap<[&str; 3], String>,
    spellings: &BTreeMap<Family, Spelling>,
) -> Result<String, String> {
    let mut by_value: Vec<(&str, String, usize)> = sorted
        .keys()
        .enumerate()
        .map(|(index, [scheme, _, value])| (*scheme, value.to_ascii_lowercase(), index))
        .collect();
    by_value.sort();
    let mut source = String::from("static ROWS: &[Row] = &[\n");
    source.extend(sorted.values().map(String::as_str));
    source += "];\nstatic BY_VALUE: &[u16] = &[";
    for (_, _, index) in by_value {
        let index = u16::try_from(index).map_err(|e| format!("too many rows: {e}"))?;
        write!(source, "{index},").map_err(|e| e.to_string())?;
    }
    source += "];\nstatic SPELLINGS: &[Spelling] = &[\n";
    for ((scheme, family), line) in spellings {
        writeln!(
            source,
            "Spelling {{ scheme: {scheme:?}, family: {family:?}, folds: {}, width: {:?} }},",
            line.folds, line.width
        )
        .map_err(|e| e.to_string())?;
    }
    Ok(source + "];\n")
}
