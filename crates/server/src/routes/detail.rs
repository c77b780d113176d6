//! `GET /v1/transactions/{id}/detail`: everything, for support alone.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use payment_status_protocol::authority::standing;
use payment_status_protocol::code::CodeBook as _;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::match_code::match_code;
use payment_status_protocol::party::Party;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::snapshot::LegLine;
use payment_status_protocol::time::Time;
use serde::Serialize;
use serde_json::value::RawValue;

use super::signed::Signable;
use crate::app::App;
use crate::auth;
use crate::code_tables::CodeTables;
use crate::payout::settlement;
use crate::prefer;
use crate::problem::{Problem, ProblemCode};
use crate::store::{StoreError, StoredReport, WholeTransaction};

#[derive(Serialize)]
struct Detail<'a> {
    format: u32,
    transaction: &'a TransactionId,
    version: u64,
    reason: &'a str,
    snapshot: &'a RawValue,
    settlement: Vec<LegLine>,
    reports: Vec<ReportLine<'a>>,
    history: Vec<HistoryLine<'a>>,
}

#[derive(Serialize)]
struct ReportLine<'a> {
    received_at: Time,
    version: u64,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    standing: &'static str,
    report: &'a RawValue,
}

#[derive(Serialize)]
struct HistoryLine<'a> {
    version: u64,
    state: &'a str,
    at: Time,
    match_code: String,
}

/// The exact reason, every report as received, every version's match code.
pub(crate) async fn detail(
    State(app): State<Arc<App>>,
    path: Result<Path<TransactionId>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let credential = auth::bearer(&headers)?;
    let id = auth::id_of(path)?;
    let (party, _) = auth::open_transaction(&app, &id, &credential).await?;
    if party != Party::Support {
        return Err(Problem::new(
            ProblemCode::WrongParty,
            format!("Payer and merchant read /v1/transactions/{id}/party instead."),
        ));
    }
    let whole = app.store.whole(&id).await?.ok_or_else(Problem::not_found)?;
    let signable = Signable::document(&id, whole.current.version, &document(&whole, &app.codes)?)?;
    let status = if prefer::already_has(&headers, &signable.etag) {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    };
    Ok(signable.answer(&app, status))
}

fn document<'a>(whole: &'a WholeTransaction, codes: &CodeTables) -> Result<Detail<'a>, StoreError> {
    let current = &whole.current;
    Ok(Detail {
        format: payment_status_protocol::snapshot::FORMAT,
        transaction: &current.transaction,
        version: current.version,
        reason: &current.reason,
        snapshot: serde_json::from_slice(&current.body)
            .map_err(|error| StoreError::Corrupt(format!("snapshot: {error}")))?,
        settlement: settlement(whole, &whole.snapshot()?, codes)?,
        reports: whole
            .reports
            .iter()
            .map(|stored| report_line(stored, codes))
            .collect::<Result<_, _>>()?,
        history: whole
            .history
            .iter()
            .map(|past| HistoryLine {
                version: past.version,
                state: &past.state,
                at: past.at,
                match_code: match_code(&past.sha256),
            })
            .collect(),
    })
}

fn report_line<'a>(
    stored: &'a StoredReport,
    codes: &CodeTables,
) -> Result<ReportLine<'a>, StoreError> {
    Ok(ReportLine {
        received_at: stored.received_at,
        version: stored.version,
        source: stored.report.source.as_str(),
        reason: stored
            .report
            .code
            .as_ref()
            .map(|code| codes.look_up(code).reason),
        standing: standing(&stored.report, codes).as_str(),
        report: serde_json::from_str(&stored.raw)
            .map_err(|error| StoreError::Corrupt(format!("report: {error}")))?,
    })
}
