//! Public keys, health and metrics.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::metrics::CONTENT_TYPE;
use crate::problem::Problem;
use crate::time::now;

/// `GET /.well-known/jwks.json`. Not cached: a reader that meets an unknown key asks here at once.
pub(crate) async fn jwks(State(app): State<Arc<App>>) -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/jwk-set+json"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        app.keys.jwks(now()),
    )
        .into_response()
}

/// `GET /health/live`: the process answers.
pub(crate) async fn live() -> Response {
    (
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(serde_json::json!({ "status": "live" })),
    )
        .into_response()
}

/// `GET /health/ready`: the store has just accepted a durable write.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    app.store.probe(now()).await?;
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(serde_json::json!({ "status": "ready" })),
    )
        .into_response())
}

/// `GET /metrics`: OpenMetrics text.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let text = app.metrics.encode().map_err(|error| {
        tracing::error!(%error, "metrics cannot be written");
        Problem::store_unavailable()
    })?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response())
}
