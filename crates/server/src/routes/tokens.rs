//! `POST` and `DELETE /v1/transactions/{id}/tokens/{party}`: a merchant renews and revokes tokens.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use serde::Serialize;

use super::transactions::{TOKEN_OUTLIVES_ORDER_S, no_random};
use crate::app::App;
use crate::auth;
use crate::problem::Problem;
use crate::secret::{Secret, SecretKind};
use crate::store::NewToken;
use crate::time::now;

type IdAndParty = Result<Path<(TransactionId, Party)>, PathRejection>;

#[derive(Serialize)]
struct Issued<'a> {
    token: &'a str,
    expires_at: Time,
}

/// `201` with one more token of this party; the others stay good until they are revoked.
pub(crate) async fn issue(
    State(app): State<Arc<App>>,
    path: IdAndParty,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, party, order_expires_at) = owned(&app, path, &headers).await?;
    let secret = Secret::generate(SecretKind::Token).map_err(no_random)?;
    let expires_at = order_expires_at.max(now()).plus_s(TOKEN_OUTLIVES_ORDER_S);
    let token = NewToken {
        party,
        hash: secret.hash(),
        expires_at,
    };
    app.store.add_tokens(id, vec![token]).await?;
    let document = Issued {
        token: secret.reveal(),
        expires_at,
    };
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(document),
    )
        .into_response())
}

/// `204`; parked requests with a revoked token end at once.
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    path: IdAndParty,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (id, party, _) = owned(&app, path, &headers).await?;
    app.store.revoke_tokens(id, party, now()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The transaction in the path, if the key is its owner's and the party is one.
async fn owned(
    app: &App,
    path: IdAndParty,
    headers: &HeaderMap,
) -> Result<(TransactionId, Party, Time), Problem> {
    let credential = auth::bearer(headers)?;
    let merchant = auth::merchant(app, &credential)?;
    let Path((id, party)) = path.map_err(|_| Problem::not_found())?;
    match (party, app.store.owner(&id).await?) {
        (Party::Other(_), _) => Err(Problem::not_found()),
        (party @ (Party::Payer | Party::Merchant | Party::Support), Some((owner, expires_at)))
            if owner == merchant =>
        {
            Ok((id, party, expires_at))
        }
        (Party::Payer | Party::Merchant | Party::Support, _) => Err(Problem::not_found()),
    }
}
