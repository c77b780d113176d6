//! `explain`: a raw code in, its reason and what is known of it out.
//!
//! A line is `{"scheme":…,"family":…,"value":…}`; `family` may be left out where all families of
//! the scheme agree.

use std::io::{self, BufRead, Write};

use payment_status_protocol::code::{CodeBook as _, Codes};
use payment_status_protocol::reason::{Category, Evidence, Reason, Retry};
use payment_status_protocol::report::RawCode;
use payment_status_protocol::verdict::NextActor;
use serde::Serialize;

use super::lines::{BadLine, answer_lines};
use crate::fields::Fields;
use crate::new_report::MAX_CODE;
use crate::strict_json;

/// Explains every line. True if none of them was bad; a code that no table has is not bad, it is
/// `unmapped_code`.
///
/// # Errors
/// When reading or writing fails.
pub fn run(input: impl BufRead, output: impl Write) -> io::Result<bool> {
    answer_lines(input, output, explanation_of_line)
}

#[derive(Serialize)]
struct Explanation {
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
}

#[derive(Serialize)]
struct Facts {
    category: Category,
    next_actor: NextActor,
    retry_same_means: Retry,
    typical_time: &'static str,
    source: &'static str,
    meaning: &'static str,
}

fn explanation_of_line(line: &[u8]) -> Result<Explanation, BadLine> {
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
        Some(code) if errors.is_empty() => Ok(explain(code)),
        _ => Err(BadLine::from_fields(errors)),
    }
}

fn explain(code: RawCode) -> Explanation {
    let meaning = Codes.look_up(&code);
    let facts = meaning.reason.facts().map(|facts| Facts {
        category: facts.category,
        next_actor: facts.next_actor.clone(),
        retry_same_means: facts.retry_same_means,
        typical_time: facts.typical_time,
        source: facts.source,
        meaning: facts.meaning,
    });
    Explanation {
        scheme: code.scheme,
        family: code.family,
        value: code.value,
        public_reason: meaning.reason.public(),
        reason: meaning.reason,
        evidence: meaning.evidence,
        facts,
    }
}
