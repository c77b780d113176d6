//! `POST /v1/reports`: a source says what it saw.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::report::RawCode;
use serde::Serialize;

use crate::app::App;
use crate::code_tables::CodeTables;
use crate::new_report::{invalid, parse_batch};
use crate::problem::{FieldError, Problem, ProblemCode};
use crate::request_body;
use crate::store::{Accepted, AppendError, NewReport};
use crate::time::now;
use crate::webhook::SignedHeaders;

#[derive(Serialize)]
struct Acknowledged<'a> {
    accepted: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    transaction: &'a TransactionId,
    version: u64,
}

/// `200` once the whole batch is durable; otherwise nothing of it is stored.
pub(crate) async fn report(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let answer = accept(&app, &headers, body).await;
    if let Err(problem) = &answer {
        // Until its signature is checked a name proves nothing, but it tells the operator where to look.
        let source = headers
            .get("payment-status-source")
            .and_then(|value| value.to_str().ok());
        app.metrics
            .report_refused(source.unwrap_or_default(), problem.code.as_str());
        tracing::info!(
            code = problem.code.as_str(),
            "a message to /v1/reports was refused"
        );
    }
    answer
}

async fn accept(app: &App, headers: &HeaderMap, body: Body) -> Result<Response, Problem> {
    // The body first: a client that is refused while it still writes may never read the answer.
    let body = request_body::read(body).await;
    let signed = SignedHeaders::from_headers(headers)?;
    let body = body?;
    let now = now();
    let secrets = app.credentials.source_secrets(signed.source);
    signed.verify(secrets, &body, now.as_ms().div_euclid(1000))?;
    request_body::require_json(headers)?;

    let batch = parse_batch(&body, signed.source)?;
    let unmapped: Vec<Option<RawCode>> = batch
        .iter()
        .map(|new| unmapped_code(&app.codes, new))
        .collect();
    let ids: Vec<_> = batch.iter().map(|new| new.report.id.clone()).collect();
    let accepted = app
        .store
        .append(batch, now)
        .await
        .map_err(|error| problem_from_append(error, &ids))?;

    app.metrics
        .reports_accepted(signed.source, u64::try_from(accepted.len()).unwrap_or(0));
    for (line, unmapped) in accepted.iter().zip(unmapped) {
        if let (true, Some(code)) = (line.is_new, unmapped) {
            app.metrics.code_unmapped(&code.scheme);
        }
    }
    let lines = accepted.iter().map(line).collect();
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(Acknowledged { accepted: lines }),
    )
        .into_response())
}

fn line(accepted: &Accepted) -> Line<'_> {
    Line {
        id: &accepted.id,
        transaction: &accepted.transaction,
        version: accepted.version,
    }
}

/// The report's code, if no row of any table decides what it means.
fn unmapped_code(codes: &CodeTables, new: &NewReport) -> Option<RawCode> {
    let code = new.report.code.as_ref()?;
    codes.known(code).is_none().then(|| code.clone())
}

fn problem_from_append(error: AppendError, ids: &[Box<str>]) -> Problem {
    let at = |index: usize, field: &str| format!("reports[{index}].{field}");
    match error {
        AppendError::Store(error) => error.into(),
        AppendError::UnknownTransaction(places) => invalid(
            places
                .into_iter()
                .map(|index| FieldError {
                    at: at(index, "transaction"),
                    expected: "a transaction that exists".to_owned(),
                    got: "an unknown one".to_owned(),
                })
                .collect(),
        ),
        AppendError::Differs(places) => Problem::with_errors(
            ProblemCode::ReportDiffers,
            "The id was used with another body. Nothing of the message was stored.",
            places
                .into_iter()
                .map(|index| FieldError {
                    at: at(index, "id"),
                    expected: "a new id, or the body it was used with".to_owned(),
                    got: ids
                        .get(index)
                        .map_or_else(String::new, |id| format!("{id:?}")),
                })
                .collect(),
        ),
    }
}
