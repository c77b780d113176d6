//! `POST /v1/transactions/{id}/handover`: an address by which another device opens the same transaction.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use serde::Serialize;
use serde_json::Value;

use super::transactions::no_random;
use crate::app::App;
use crate::auth;
use crate::fields::describe;
use crate::handover_code::{HANDOVER_TTL_S, HandoverCode};
use crate::problem::{FieldError, Problem, ProblemCode};
use crate::qr::Qr;
use crate::request_body;
use crate::store::{MAX_OPEN_HANDOVERS, NewHandover};
use crate::strict_json;
use crate::time::now;

#[derive(Serialize)]
struct HandedOver<'a> {
    url: &'a str,
    expires_at: Time,
    party: &'a Party,
    qr: Qr,
}

/// `201` with the address, which is shown this once, and its QR code.
pub(crate) async fn hand_over(
    State(app): State<Arc<App>>,
    path: Result<Path<TransactionId>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let credential = auth::bearer(&headers)?;
    let id = auth::id_of(path)?;
    let (own, _) = auth::open_transaction(&app, &id, &credential).await?;
    app.pace.admit(&credential)?;
    let body = request_body::read(body).await?;
    if !body.is_empty() {
        request_body::require_json(&headers)?;
    }
    let party = wanted(&body, &own)?;
    let public_url = app.public_url.as_ref().ok_or_else(|| {
        Problem::new(
            ProblemCode::HandoverUnavailable,
            "Start the server with --public-url https://…: it does not know the address by which \
             another device reaches it.",
        )
    })?;

    let code = HandoverCode::generate().map_err(no_random)?;
    let base = format!("{}/handover/", public_url.base());
    let qr = Qr::of(&base, code.reveal()).map_err(|_| {
        Problem::new(
            ProblemCode::HandoverUnavailable,
            "The address of --public-url is too long for a QR code.",
        )
    })?;
    let made_at = now();
    let expires_at = made_at.plus_s(HANDOVER_TTL_S);
    let too_many = app
        .store
        .hand_over(
            NewHandover {
                code: code.hash(),
                transaction: id,
                party: party.clone(),
                handed_by: own,
                expires_at,
            },
            made_at,
        )
        .await?;
    if let Some(until) = too_many {
        return Err(too_many_open(until, made_at));
    }
    let document = HandedOver {
        url: &format!("{base}{}", code.reveal()),
        expires_at,
        party: &party,
        qr,
    };
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(document),
    )
        .into_response())
}

/// Whose words the other device shows: the party in the body, else the other one. Support has no other one.
fn wanted(body: &[u8], own: &Party) -> Result<Party, Problem> {
    let fields = if body.is_empty() {
        Value::Object(serde_json::Map::new())
    } else {
        strict_json::parse(body)?
    };
    let refuse = |at: &str, expected: &str, got| {
        let error = FieldError {
            at: at.to_owned(),
            expected: expected.to_owned(),
            got: describe(got),
        };
        let detail = "Nothing was handed over.";
        Problem::with_errors(ProblemCode::HandoverInvalid, detail, vec![error])
    };
    let Some(fields) = fields.as_object() else {
        return Err(refuse("body", "an object", Some(&fields)));
    };
    let party = fields.get("party").filter(|party| !party.is_null());
    match (party.map(Value::as_str), own) {
        (Some(Some("payer")), _) | (None, Party::Merchant) => Ok(Party::Payer),
        (Some(Some("merchant")), _) | (None, Party::Payer) => Ok(Party::Merchant),
        (Some(_), _) | (None, Party::Support | Party::Other(_)) => {
            Err(refuse("party", "payer or merchant", party))
        }
    }
}

fn too_many_open(until: Time, now: Time) -> Problem {
    let wait_ms = until.as_ms().saturating_sub(now.as_ms()).max(1);
    Problem {
        // Rounded up, at most the five minutes that a code lives.
        retry_after_s: u32::try_from((wait_ms + 999) / 1000).ok(),
        ..Problem::new(
            ProblemCode::SlowDown,
            format!(
                "{MAX_OPEN_HANDOVERS} codes of this transaction wait to be opened; one of them \
                 expires in Retry-After seconds."
            ),
        )
    }
}
