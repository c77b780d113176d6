//! `GET /v1/transactions/{id}/party`: what concerns the asking party alone.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use serde::Serialize;

use super::signed::Signable;
use crate::app::App;
use crate::auth;
use crate::code_tables::CodeTables;
use crate::payout::{Payout, payout};
use crate::prefer;
use crate::problem::{Problem, ProblemCode};
use crate::store::WholeTransaction;

#[derive(Serialize)]
struct PartyDocument<'a> {
    format: u32,
    transaction: &'a TransactionId,
    version: u64,
    party: &'a Party,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payout: Option<Payout<'a>>,
}

/// The payer's masked account, or the merchant's payout. Support is pointed to `detail`.
pub(crate) async fn party(
    State(app): State<Arc<App>>,
    path: Result<Path<TransactionId>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let credential = auth::bearer(&headers)?;
    let id = auth::id_of(path)?;
    let (party, _) = auth::open_transaction(&app, &id, &credential).await?;
    if !matches!(party, Party::Payer | Party::Merchant) {
        return Err(Problem::new(
            ProblemCode::WrongParty,
            format!("Support reads /v1/transactions/{id}/detail instead."),
        ));
    }
    app.pace.admit(&credential)?;
    let whole = app.store.whole(&id).await?.ok_or_else(Problem::not_found)?;
    let document = document(&whole, &party, &app.codes)?;
    let signable = Signable::document(&id, whole.current.version, &document)?;
    let status = if prefer::already_has(&headers, &signable.etag) {
        StatusCode::NOT_MODIFIED
    } else {
        StatusCode::OK
    };
    Ok(signable.answer(&app, status))
}

fn document<'a>(
    whole: &'a WholeTransaction,
    party: &'a Party,
    codes: &CodeTables,
) -> Result<PartyDocument<'a>, Problem> {
    let is_payer = *party == Party::Payer;
    Ok(PartyDocument {
        format: payment_status_protocol::snapshot::FORMAT,
        transaction: &whole.current.transaction,
        version: whole.current.version,
        party,
        account: if is_payer {
            whole.party.payer_account.as_deref()
        } else {
            None
        },
        payout: if is_payer {
            None
        } else {
            Some(payout(whole, codes)?)
        },
    })
}
