//! From the cells of one line to a checked row.

use payment_status_protocol::code::Codes;
use payment_status_protocol::reason::{Category, Evidence, Reason};
use payment_status_protocol::report::RawCode;

use super::nearest::nearest;
use super::{Fault, OwnRow};
use crate::new_report::MAX_CODE;

/// The longest note, in characters.
const MAX_NOTE: usize = 500;

/// Cells in the order of the columns. `None` only with a fault noted; a row may come with faults too.
pub(super) fn row_of(line: u64, cells: [&str; 6], faults: &mut Vec<Fault>) -> Option<OwnRow> {
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
            faults.push(Fault::of_cell(line, column, &expected, cell));
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
        faults.push(Fault::of_cell(line, "reason", &expected, text));
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
            faults.push(Fault::of_cell(line, "evidence", expected, other));
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
        faults.push(Fault::new(line, "evidence", &format!("none: {why}"), text));
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
