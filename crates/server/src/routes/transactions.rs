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
use crate::idempotency;
use crate::new_transaction::parse_order;
use crate::problem::{Problem, ProblemCode};
use crate::request_body;
use crate::secret::{Secret, SecretKind, random_bytes};
use crate::store::{Known, NewToken, NewTransaction};
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

/// `201` with the id and the tokens, which are shown this once; `200` with new tokens where the same order has come before.
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let credential = auth::bearer(&headers)?;
    let merchant = auth::merchant(&app, &credential)?.to_owned();
    let body = request_body::read(body).await?;
    request_body::require_json(&headers)?;
    let idempotency = idempotency::read(&headers, &body)?;
    // Before the order is checked: one that was fine may have expired since.
    if let Some(idempotency) = &idempotency
        && let Some(known) = app.store.created_with(&merchant, idempotency).await?
    {
        return again(&app, known).await;
    }

    let created_at = now();
    let order = parse_order(&body, created_at)?;
    let id = TransactionId::from_bits(u128::from_be_bytes(random_bytes().map_err(no_random)?));
    let expires_at = order.expires_at;
    let issued = IssuedTokens::generate(expires_at.plus_s(TOKEN_OUTLIVES_ORDER_S))?;
    let new = NewTransaction {
        facts: TransactionFacts {
            transaction: id.clone(),
            order_reference: order.order_reference.into(),
            merchant_name: order.merchant_name.map(Into::into),
            amount: order.amount,
            created_at,
            expires_at,
        },
        merchant,
        payer_account: order.payer_account,
        payout_account: order.payout_account,
        tokens: issued.to_store(),
        idempotency,
    };
    match app.store.create(new).await? {
        None => Ok(answer(StatusCode::CREATED, &id, expires_at, &issued)),
        // Another request with the same key was faster.
        Some(known) => again(&app, known).await,
    }
}

/// The transaction as it was created before. Its first tokens are stored as hashes, so these are new ones.
async fn again(app: &App, known: Known) -> Result<Response, Problem> {
    if !known.is_same_order {
        return Err(Problem::new(
            ProblemCode::IdempotencyKeyReused,
            format!(
                "This key made {} of another order. Use a new key for each order. Nothing was created.",
                known.transaction
            ),
        ));
    }
    let until = known.expires_at.max(now());
    let issued = IssuedTokens::generate(until.plus_s(TOKEN_OUTLIVES_ORDER_S))?;
    app.store
        .add_tokens(known.transaction.clone(), issued.to_store())
        .await?;
    Ok(answer(
        StatusCode::OK,
        &known.transaction,
        known.expires_at,
        &issued,
    ))
}

/// One token for each party.
struct IssuedTokens {
    payer: Secret,
    merchant: Secret,
    support: Secret,
    expire_at: Time,
}

impl IssuedTokens {
    fn generate(expire_at: Time) -> Result<Self, Problem> {
        let token = || Secret::generate(SecretKind::Token).map_err(no_random);
        Ok(Self {
            payer: token()?,
            merchant: token()?,
            support: token()?,
            expire_at,
        })
    }

    fn to_store(&self) -> Vec<NewToken> {
        let of = |party, secret: &Secret| NewToken {
            party,
            hash: secret.hash(),
            expires_at: self.expire_at,
        };
        vec![
            of(Party::Payer, &self.payer),
            of(Party::Merchant, &self.merchant),
            of(Party::Support, &self.support),
        ]
    }
}

fn answer(
    status: StatusCode,
    id: &TransactionId,
    expires_at: Time,
    issued: &IssuedTokens,
) -> Response {
    let status_url = format!("/v1/transactions/{id}/status");
    let document = Created {
        transaction: id,
        status_url: &status_url,
        expires_at,
        tokens: Tokens {
            payer: issued.payer.reveal(),
            merchant: issued.merchant.reveal(),
            support: issued.support.reveal(),
        },
        tokens_expire_at: issued.expire_at,
    };
    let headers = [
        (header::LOCATION, status_url.as_str()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, axum::Json(document)).into_response()
}

pub(super) fn no_random(error: getrandom::Error) -> Problem {
    tracing::error!(%error, "no random bytes");
    Problem::store_unavailable()
}
