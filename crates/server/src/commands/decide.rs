//! `decide`: reports in, verdict out, by the same rules as the server.
//!
//! A line is `{"transaction":{"amount":{"minor":…,"currency":…}},"reports":[…]}`; reports name
//! their `source` and may lack `transaction` and `at`.

use std::collections::HashMap;
use std::io::{self, BufRead, Write};

use payment_status_protocol::decide::{ReportDiffers, Reports, decide};
use payment_status_protocol::money::{Amount, Currency};
use payment_status_protocol::report::Report;
use payment_status_protocol::verdict::Verdict;
use serde::Deserialize;
use serde_json::Value;

use super::lines::{BadLine, answer_lines};
use crate::code_tables::CodeTables;
use crate::fields::{Fields, describe};
use crate::new_report::{MAX_CODE, MAX_ID, MAX_NAME, read_report, same_body};
use crate::strict_json;

/// Answers every line with a verdict. True if none of them was bad.
///
/// # Errors
/// When reading or writing fails.
pub fn run(input: impl BufRead, output: impl Write, codes: &CodeTables) -> io::Result<bool> {
    answer_lines(input, output, |line| verdict_of_line(line, codes))
}

#[derive(Deserialize)]
struct Line {
    transaction: Transaction,
    reports: Vec<Report>,
}

#[derive(Deserialize)]
struct Transaction {
    amount: Amount,
}

fn verdict_of_line(line: &[u8], codes: &CodeTables) -> Result<Verdict, BadLine> {
    if let Err(error) = std::str::from_utf8(line) {
        let detail = format!("Byte {} of the line is not UTF-8.", error.valid_up_to() + 1);
        return Err(BadLine::new("UTF-8 text", "other bytes", detail));
    }
    let tree = strict_json::parse(line)?;
    // Straight into types; only a line that does not fit is gone through, to say all that is wrong.
    let (amount, reports) = match Line::deserialize(&tree) {
        Ok(Line {
            transaction,
            reports,
        }) if amount_is_valid(&transaction.amount) && reports.iter().all(is_within_limits) => {
            (transaction.amount, reports)
        }
        Ok(_) | Err(_) => read_with_errors(&tree)?,
    };
    if let Some(Value::Array(bodies)) = tree.get("reports") {
        refuse_two_bodies(bodies, &reports)?;
    }
    let reports = Reports::try_from(reports).map_err(|differs| two_bodies(&differs))?;
    Ok(decide(&amount, &reports, codes))
}

/// One id stands for one body: what the server compares when a report comes again, also in fields that no rule reads.
fn refuse_two_bodies(bodies: &[Value], reports: &[Report]) -> Result<(), BadLine> {
    let mut known = HashMap::with_capacity(bodies.len());
    for (body, report) in bodies.iter().zip(reports) {
        if let Some(before) = known.insert((&report.source, &report.id), body)
            && !same_body(before, body, report.source.as_str())
        {
            return Err(two_bodies(&ReportDiffers {
                source: report.source.clone(),
                id: report.id.clone(),
            }));
        }
    }
    Ok(())
}

fn two_bodies(differs: &ReportDiffers) -> BadLine {
    BadLine::new(
        "one body for each source and id",
        format!("two bodies of {} {:?}", differs.source, differs.id),
        differs.to_string(),
    )
}

fn amount_is_valid(amount: &Amount) -> bool {
    amount.minor >= 1 && i64::try_from(amount.minor).is_ok()
}

/// The limits of `POST /v1/reports`.
fn is_within_limits(report: &Report) -> bool {
    let fits = |text: &str, max: usize| (1..=max).contains(&text.chars().count());
    fits(&report.id, MAX_ID)
        && fits(&report.attempt, MAX_NAME)
        && fits(&report.return_id, MAX_NAME)
        && fits(report.source.as_str(), MAX_NAME)
        && fits(report.leg.as_str(), MAX_NAME)
        && fits(report.outcome.as_str(), MAX_NAME)
        && report
            .amount
            .is_none_or(|amount| i64::try_from(amount).is_ok())
        && report.code.as_ref().is_none_or(|code| {
            fits(&code.scheme, MAX_CODE)
                && fits(&code.value, MAX_CODE)
                && code
                    .family
                    .as_ref()
                    .is_none_or(|family| fits(family, MAX_CODE))
        })
}

fn read_with_errors(tree: &Value) -> Result<(Amount, Vec<Report>), BadLine> {
    let mut errors = Vec::new();
    let mut amount = None;
    let mut values: &[Value] = &[];
    if let Some(mut fields) = Fields::of(tree, "", &mut errors) {
        amount = fields.object("transaction").and_then(|mut transaction| {
            let mut amount = transaction.object("amount")?;
            let minor = amount.integer("minor", 1);
            let named = amount.raw("currency");
            let currency = match named.and_then(Value::as_str).map(Currency::try_from) {
                Some(Ok(currency)) => Some(currency),
                _ => amount.refuse("currency", "an ISO 4217 code: three capital letters", named),
            };
            Some(Amount {
                minor: minor?,
                currency: currency?,
            })
        });
        match fields.raw("reports") {
            Some(Value::Array(reports)) => values = reports,
            other => drop(fields.refuse::<()>("reports", "an array of reports", other)),
        }
    }
    let mut reports = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let at = format!("reports[{index}]");
        let Some(mut fields) = Fields::of(value, &at, &mut errors) else {
            continue;
        };
        let source = fields.text("source", MAX_NAME);
        let time = fields.optional_time("at");
        reports.extend(read_report(&mut fields, source, time));
    }
    match amount {
        Some(amount) if errors.is_empty() => Ok((amount, reports)),
        _ if errors.is_empty() => Err(BadLine::new(
            "a transaction and its reports",
            describe(Some(tree)),
            "",
        )),
        _ => Err(BadLine::from_fields(errors)),
    }
}
