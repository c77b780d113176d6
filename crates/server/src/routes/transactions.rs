//! `POST /v1/transactions`: an order becomes a transaction with one token for each party.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::snapshot::TransactionFacts;
use payment_status_protocol::time::Time;
use serde::Serialize;

use crate::app::App;
use crate::auth;
use crate::new_transaction::{Order, parse_order};
use crate::problem::Problem;
use crate::request_body;
use crate::secret::{Secret, SecretKind, random_bytes};
use crate::store::{NewToken, NewTransaction};
use crate::time::now;

/// How long a token outlives its order, in seconds: 30 days.
pub(super) const TOKEN_OUTLIVES_ORDER_S: i64 = 30 * 24 * 3600;

#[derive(Serialize)]
struct Created<'a> {
    transaction: &'a TransactionId,
    status_url: &'a str,
    expires_at: Time,
    tokens: Tokens<'a>,
    tokens_expire_at: Time,
}

#[derive(Serialize)]
struct Tokens<'a> {
    payer: &'a str,
    merchant: &'a str,
    support: &'a str,
}

/// `201` with the id and the tokens, which are shown this once.
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let credential = auth::bearer(&headers)?;
    let merchant = auth::merchant(&app, &credential)?.to_owned();
    let body = request_body::read(body).await?;
    request_body::require_json(&headers)?;
    let created_at = now();
    let order = parse_order(&body, created_at)?;

    let id = TransactionId::from_bits(u128::from_be_bytes(random_bytes().map_err(no_random)?));
    let tokens_expire_at = order.expires_at.plus_s(TOKEN_OUTLIVES_ORDER_S);
    let [payer, merchant_token, support] = {
        let token = || Secret::generate(SecretKind::Token).map_err(no_random);
        [token()?, token()?, token()?]
    };
    let new_token = |party, secret: &Secret| NewToken {
        party,
        hash: secret.hash(),
        expires_at: tokens_expire_at,
    };
    let tokens = vec![
        new_token(Party::Payer, &payer),
        new_token(Party::Merchant, &merchant_token),
        new_token(Party::Support, &support),
    ];
    let expires_at = order.expires_at;
    app.store
        .create(new_transaction(
            order,
            id.clone(),
            created_at,
            merchant,
            tokens,
        ))
        .await?;

    let status_url = format!("/v1/transactions/{id}/status");
    let document = Created {
        transaction: &id,
        status_url: &status_url,
        expires_at,
        tokens: Tokens {
            payer: payer.reveal(),
            merchant: merchant_token.reveal(),
            support: support.reveal(),
        },
        tokens_expire_at,
    };
    Ok((
        StatusCode::CREATED,
        [
            (header::LOCATION, status_url.as_str()),
            (header::CACHE_CONTROL, "no-store"),
        ],
        axum::Json(document),
    )
        .into_response())
}

pub(super) fn no_random(error: getrandom::Error) -> Problem {
    tracing::error!(%error, "no random bytes");
    Problem::store_unavailable()
}

fn new_transaction(
    order: Order,
    id: TransactionId,
    created_at: Time,
    merchant: String,
    tokens: Vec<NewToken>,
) -> NewTransaction {
    NewTransaction {
        facts: TransactionFacts {
            transaction: id,
            order_reference: order.order_reference.into(),
            merchant_name: order.merchant_name.map(Into::into),
            amount: order.amount,
            created_at,
            expires_at: order.expires_at,
        },
        merchant,
        payer_account: order.payer_account,
        payout_account: order.payout_account,
        tokens,
    }
}
