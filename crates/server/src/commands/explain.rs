//! `explain`: a raw code in, its reason and what is known of it out.
//!
//! A line is `{"scheme":…,"family":…,"value":…}`; `family` may be left out where all families of
//! the scheme agree. `rows` are the rows that the code can mean: more than one only without a family,
//! and where they disagree the reason is `unmapped_code` and there is no `table`.

use std::io::{self, BufRead, Write};

use payment_status_protocol::code::Meaning;
use payment_status_protocol::reason::{Category, Evidence, Reason, Retry};
use payment_status_protocol::report::RawCode;
use payment_status_protocol::verdict::NextActor;
use serde::Serialize;

use super::lines::{BadLine, answer_lines};
use crate::code_tables::{CodeTables, FoundRow};
use crate::fields::Fields;
use crate::new_report::MAX_CODE;
use crate::strict_json;

/// Explains every line. True if none of them was bad; a code that no table has is not bad, it is
/// `unmapped_code`.
///
/// # Errors
/// When reading or writing fails.
pub fn run(input: impl BufRead, output: impl Write, codes: &CodeTables) -> io::Result<bool> {
    answer_lines(input, output, |line| {
        Ok(Explanation::of(code_of_line(line)?, codes))
    })
}

#[derive(Serialize)]
struct Explanation<'a> {
    scheme: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<Box<str>>,
    value: Box<str>,
    reason: Reason,
    /// What payer and merchant see instead, if it is another one.
    public_reason: Reason,
    /// What a `failed` report with this code proves about the debit.
    evidence: Evidence,
    #[serde(flatten)]
    facts: Option<Facts>,
    /// Which table decided, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<Table>,
    rows: Vec<RowLine<'a>>,
}

/// What the catalogue says of the reason.
#[derive(Serialize)]
struct Facts {
    category: Category,
    next_actor: NextActor,
    retry_same_means: Retry,
    typical_time: &'static str,
    source: &'static str,
    meaning: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Table {
    Own,
    BuiltIn,
}

/// A row as its table has it.
#[derive(Serialize)]
struct RowLine<'a> {
    table: Table,
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<&'a str>,
    value: &'a str,
    reason: Reason,
    evidence: Evidence,
    #[serde(skip_serializing_if = "str::is_empty")]
    object: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    meaning: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    confidence: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
}

fn code_of_line(line: &[u8]) -> Result<RawCode, BadLine> {
    if std::str::from_utf8(line).is_err() {
        return Err(BadLine::new(
            "UTF-8 text",
            "other bytes",
            "The line is not UTF-8.",
        ));
    }
    let tree = strict_json::parse(line)?;
    let mut errors = Vec::new();
    let code = Fields::of(&tree, "", &mut errors).and_then(|mut fields| {
        let scheme = fields.text("scheme", MAX_CODE);
        let family = fields.optional_text("family", MAX_CODE);
        let value = fields.text("value", MAX_CODE);
        Some(RawCode {
            scheme: scheme?.into(),
            family: family.map(Into::into),
            value: value?.into(),
        })
    });
    match code {
        Some(code) if errors.is_empty() => Ok(code),
        _ => Err(BadLine::from_fields(errors)),
    }
}

impl<'a> Explanation<'a> {
    fn of(code: RawCode, codes: &'a CodeTables) -> Self {
        let found = codes.fitting(&code);
        let known = Meaning::agreed(found.iter().map(|row| row.said()));
        let has_own = found.iter().any(|row| matches!(row, FoundRow::Own(_)));
        let table = known
            .is_some()
            .then_some(if has_own { Table::Own } else { Table::BuiltIn });
        let meaning = known.unwrap_or(Meaning::UNMAPPED);
        let facts = meaning.reason.facts().map(|facts| Facts {
            category: facts.category,
            next_actor: facts.next_actor.clone(),
            retry_same_means: facts.retry_same_means,
            typical_time: facts.typical_time,
            source: facts.source,
            meaning: facts.meaning,
        });
        Self {
            scheme: code.scheme,
            family: code.family,
            value: code.value,
            public_reason: meaning.reason.public(),
            reason: meaning.reason,
            evidence: meaning.evidence,
            facts,
            table,
            rows: found.into_iter().map(RowLine::from).collect(),
        }
    }
}

impl<'a> From<FoundRow<'a>> for RowLine<'a> {
    fn from(row: FoundRow<'a>) -> Self {
        let Meaning { reason, evidence } = row.said();
        match row {
            FoundRow::Own(row) => Self {
                table: Table::Own,
                family: row.family.as_deref(),
                value: &row.value,
                reason,
                evidence,
                object: "",
                meaning: "",
                confidence: "",
                source: "",
                note: &row.note,
            },
            FoundRow::BuiltIn(row) => Self {
                table: Table::BuiltIn,
                family: Some(row.family),
                value: row.value,
                reason,
                evidence,
                object: row.object,
                meaning: row.meaning,
                confidence: row.confidence,
                source: row.source,
                note: row.note,
            },
        }
    }
}
