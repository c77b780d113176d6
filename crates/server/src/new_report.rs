//! The body of `POST /v1/reports`: from text to checked reports.
//!
//! Every mistake of every report is named; the text of each report is kept as it came.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::report::{RawCode, Report, Source};
use payment_status_protocol::time::Time;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::card_number;
use crate::fields::{Fields, describe};
use crate::problem::{FieldError, Problem, ProblemCode};
use crate::store::NewReport;
use crate::strict_json;

/// The most reports of one message.
pub const MAX_REPORTS: usize = 100;

/// The largest text that an id may have, in characters.
pub const MAX_ID: usize = 128;

/// The largest name of an attempt, a return, a leg or an outcome, in characters.
pub const MAX_NAME: usize = 64;

/// The largest part of a raw code, in characters.
pub const MAX_CODE: usize = 128;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    reports: Vec<&'a RawValue>,
}

/// Are these two bodies of one source and id the same report? Compared as JSON values, after the default of `source`.
/// On an optional field `null` is the same as leaving it out.
#[must_use]
pub fn same_body(a: &Value, b: &Value, source: &str) -> bool {
    let source = Value::from(source);
    let get = |of: &Map<String, Value>, name: &str| {
        let given = of.get(name).filter(|value| !value.is_null()).cloned();
        given.or_else(|| (name == "source").then(|| source.clone()))
    };
    match (a.as_object(), b.as_object()) {
        (Some(a), Some(b)) => a
            .keys()
            .chain(b.keys())
            .all(|name| get(a, name) == get(b, name)),
        _ => a == b,
    }
}

/// Reads and checks a batch that `source` has signed.
///
/// # Errors
/// `json-invalid`, `card-number`, `report-invalid`.
pub fn parse_batch(body: &[u8], source: &str) -> Result<Vec<NewReport>, Problem> {
    let tree = strict_json::parse(body)?;
    let reports = match tree.get("reports") {
        Some(Value::Array(reports)) if (1..=MAX_REPORTS).contains(&reports.len()) => reports,
        other => return Err(invalid(vec![batch_error(&tree, other)])),
    };

    // First of all, so that no other message can repeat a card number.
    let cards: Vec<String> = reports
        .iter()
        .enumerate()
        .flat_map(|(index, report)| {
            card_number::places(report, &format!("reports[{index}]"), &["transaction", "at"])
        })
        .collect();
    if !cards.is_empty() {
        return Err(refuse_cards(cards));
    }

    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|error| {
        Problem::new(
            ProblemCode::JsonInvalid,
            strict_json::describe_syntax(&error),
        )
    })?;
    let mut errors = Vec::new();
    let mut batch = Vec::with_capacity(reports.len());
    for (index, (value, raw)) in reports.iter().zip(envelope.reports).enumerate() {
        let at = format!("reports[{index}]");
        if let Some((transaction, report)) = parse_report(value, &at, source, &mut errors) {
            batch.push(NewReport {
                transaction,
                report,
                raw: raw.get().to_owned(),
            });
        }
    }
    if errors.is_empty() {
        Ok(batch)
    } else {
        Err(invalid(errors))
    }
}

/// A refusal that names places and no values.
#[must_use]
pub fn refuse_cards(places: Vec<String>) -> Problem {
    let errors = places
        .into_iter()
        .map(|at| FieldError {
            at,
            expected: "no card number: mask it".to_owned(),
            got: "(withheld)".to_owned(),
        })
        .collect();
    Problem::with_errors(
        ProblemCode::CardNumber,
        "13 to 19 digits that pass the Luhn check. Nothing was stored.",
        errors,
    )
}

/// `report-invalid` with every place.
#[must_use]
pub fn invalid(errors: Vec<FieldError>) -> Problem {
    Problem::with_errors(
        ProblemCode::ReportInvalid,
        "A report breaks a rule. Nothing of the message was stored.",
        errors,
    )
}

fn batch_error(tree: &Value, reports: Option<&Value>) -> FieldError {
    if tree.is_object() {
        FieldError {
            at: "reports".to_owned(),
            expected: format!("an array of 1 to {MAX_REPORTS} reports"),
            got: describe(reports),
        }
    } else {
        FieldError {
            at: "body".to_owned(),
            expected: "an object with reports".to_owned(),
            got: describe(Some(tree)),
        }
    }
}

fn parse_report(
    value: &Value,
    at: &str,
    source: &str,
    errors: &mut Vec<FieldError>,
) -> Option<(TransactionId, Report)> {
    let mut fields = Fields::of(value, at, errors)?;
    let named = fields.raw("transaction");
    let transaction = match named.and_then(Value::as_str).map(TransactionId::try_from) {
        Some(Ok(transaction)) => Some(transaction),
        _ => fields.refuse(
            "transaction",
            "a transaction id: tx_ and 26 characters",
            named,
        ),
    };
    let at = fields.time("at");
    let source = fields_source(&mut fields, source);
    let report = read_report(&mut fields, source, at);
    Some((transaction?, report?))
}

/// The signed source; a different one in the body is a mistake.
fn fields_source<'a>(fields: &mut Fields<'_, '_>, signed: &'a str) -> Option<&'a str> {
    let named = fields.raw("source").filter(|named| !named.is_null());
    if named.is_none_or(|named| named.as_str() == Some(signed)) {
        Some(signed)
    } else {
        let expected = format!("{signed:?}, as in the header payment-status-source, or nothing");
        fields.refuse("source", expected, named)
    }
}

/// Reads what the rules need of a report. Every mistake is noted, also when the result is `None`.
pub fn read_report(
    fields: &mut Fields<'_, '_>,
    source: Option<&str>,
    at: Option<Time>,
) -> Option<Report> {
    let id = fields.text("id", MAX_ID);
    let attempt = fields.optional_text("attempt", MAX_NAME).unwrap_or("1");
    let return_id = fields.optional_text("return_id", MAX_NAME).unwrap_or("1");
    let leg = fields.text("leg", MAX_NAME);
    let outcome = fields.text("outcome", MAX_NAME);
    let amount = fields.optional_integer("amount", 0);
    let code = fields.optional_object("code").map(|mut code| {
        let scheme = code.text("scheme", MAX_CODE);
        let family = code.optional_text("family", MAX_CODE);
        let value = code.text("value", MAX_CODE);
        Some(RawCode {
            scheme: scheme?.into(),
            family: family.map(Into::into),
            value: value?.into(),
        })
    });
    Some(Report {
        id: id?.into(),
        attempt: attempt.into(),
        source: Source::from(source?),
        leg: leg?.into(),
        outcome: outcome?.into(),
        code: match code {
            Some(code) => Some(code?),
            None => None,
        },
        amount,
        return_id: return_id.into(),
        at,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::same_body;

    #[test]
    fn bodies_are_compared_as_values_after_the_default_of_source() {
        let stored = json!({ "id": "w1", "leg": "debit" });
        let same = |other| same_body(&stored, &other, "wallet");
        assert!(same(
            json!({ "leg": "debit", "id": "w1", "source": "wallet" })
        ));
        assert!(same(json!({ "leg": "debit", "id": "w1", "amount": null })));
        assert!(!same(json!({ "leg": "debit", "id": "w1", "note": 1 })));
        assert!(!same(json!({ "id": "w1" })));
    }
}
