//! What every handler shares, and the routes.

use std::future::ready;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use jiff::tz::TimeZone;
use tower_http::cors::CorsLayer;

use crate::code_tables::CodeTables;
use crate::credentials::Credentials;
use crate::metrics::Metrics;
use crate::pace::Pace;
use crate::parking::Parking;
use crate::problem::{Problem, ProblemCode};
use crate::public_url::PublicUrl;
use crate::routes;
use crate::signing::KeyRing;
use crate::store::{Store, StoreError};

/// What every handler shares.
#[derive(Debug)]
pub struct App {
    /// What is kept.
    pub store: Store,
    /// What answers are signed with.
    pub keys: KeyRing,
    /// Who waits.
    pub parking: Arc<Parking>,
    /// Who may.
    pub credentials: Credentials,
    /// What raw codes mean.
    pub codes: Arc<CodeTables>,
    /// What is counted.
    pub metrics: Metrics,
    /// How often each token asks.
    pub pace: Pace,
    /// Where people reach this server; without it nothing can be handed over.
    pub public_url: Option<PublicUrl>,
    /// In which times are written on pages.
    pub time_zone: TimeZone,
}

/// How long a browser may remember a preflight: Chromium's own maximum.
const PREFLIGHT_MAX_AGE: std::time::Duration = std::time::Duration::from_secs(7200);

/// Every route. `pages` is the folder served at `/`; `cors_origins` are the sites that may read.
pub fn router(app: Arc<App>, pages: Option<PathBuf>, cors_origins: Vec<HeaderValue>) -> Router {
    let api = Router::new()
        .route(
            "/v1/transactions",
            get(routes::list::list).post(routes::transactions::create),
        )
        .route("/v1/transactions/{id}/status", get(routes::status::status))
        .route("/v1/transactions/{id}/party", get(routes::party::party))
        .route("/v1/transactions/{id}/detail", get(routes::detail::detail))
        .route(
            "/v1/transactions/{id}/tokens/{party}",
            post(routes::tokens::issue).delete(routes::tokens::revoke),
        )
        .route(
            "/v1/transactions/{id}/handover",
            post(routes::handover::hand_over),
        )
        .route("/v1/reports", post(routes::reports::report))
        .route("/.well-known/jwks.json", get(routes::operations::jwks))
        .method_not_allowed_fallback(method_not_allowed);
    let api = if cors_origins.is_empty() {
        api
    } else {
        // The widget sees by its timing whether answers share a connection (docs/embedding.md).
        let origins: Vec<&[u8]> = cors_origins.iter().map(HeaderValue::as_bytes).collect();
        let timing = HeaderValue::from_bytes(&origins.join(&b", "[..])).ok();
        api.layer(middleware::map_response(move |mut answer: Response| {
            if let Some(timing) = timing.clone() {
                answer.headers_mut().insert("timing-allow-origin", timing);
            }
            ready(answer)
        }))
        .layer(cors(cors_origins))
    };
    let operations = Router::new()
        .route("/health/live", get(routes::operations::live))
        .route("/health/ready", get(routes::operations::ready))
        .route("/metrics", get(routes::operations::metrics))
        .method_not_allowed_fallback(method_not_allowed);
    // For people, not for pages of other sites: without CORS.
    let people = Router::new()
        .route(
            "/handover/{code}",
            get(routes::handover_page::look).post(routes::handover_page::open),
        )
        // An address that lost its end on the way: a page for people, as for any other code that opens nothing.
        .route("/handover/", get(routes::handover_page::look))
        .route("/status/", get(routes::status_page::page))
        .route("/status/style.css", get(routes::status_page::style))
        .route("/status/{id}", get(routes::status_page::page))
        .method_not_allowed_fallback(method_not_allowed);
    let router = api.merge(operations).merge(people);
    let router = match pages {
        Some(folder) => router.fallback_service(routes::pages::service(folder)),
        None => router.fallback(not_found),
    };
    router
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            count_answers,
        ))
        .with_state(app)
}

/// The answer for a path that nobody serves.
pub async fn not_found() -> Response {
    Problem::not_found().into_response()
}

async fn method_not_allowed() -> Problem {
    Problem::new(ProblemCode::MethodNotAllowed, "See the header Allow.")
}

fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::IF_NONE_MATCH,
            HeaderName::from_static("prefer"),
            header::CONTENT_TYPE,
        ])
        .expose_headers([
            header::ETAG,
            HeaderName::from_static("payment-status-signature"),
            header::DATE,
            header::RETRY_AFTER,
            HeaderName::from_static("preference-applied"),
        ])
        .max_age(PREFLIGHT_MAX_AGE)
}

async fn count_answers(
    State(app): State<Arc<App>>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let began = std::time::Instant::now();
    let response = next.run(request).await;
    let route = path.as_ref().map_or("pages", MatchedPath::as_str);
    let status = response.status().as_u16();
    app.metrics.answered(route, status);
    tracing::debug!(%method, route, status, ms = began.elapsed().as_millis(), "answered");
    response
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::store_unavailable()
    }
}
