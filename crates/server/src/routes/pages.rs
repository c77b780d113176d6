//! The folder that is served at `/`, under a policy that allows nothing but its own files.

use std::path::PathBuf;

use axum::Router;
use axum::extract::Request;
use axum::handler::HandlerWithoutStateExt as _;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use crate::app::not_found;

/// No inline script, no inline style, no HTML from strings; `wasm-unsafe-eval` compiles the widget
/// and allows no `eval`.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
     connect-src 'self'; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The page that checks evidence: classic scripts and a plain style sheet, so that it works from a file too, and no
/// network at all.
const VERIFY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// Serves `folder`: `name.br` beside `name` is sent to browsers that take it; other files are
/// compressed on the way. What is not there is `404` as `application/problem+json`.
pub(crate) fn service(folder: PathBuf) -> Router {
    let files = ServeDir::new(folder)
        .precompressed_br()
        .call_fallback_on_method_not_allowed(true)
        .fallback(not_found.into_service());
    Router::new()
        .fallback_service(files)
        .layer(CompressionLayer::new().br(true).gzip(true))
        .layer(middleware::from_fn(harden))
}

async fn harden(request: Request, next: Next) -> Response {
    let policy = match request.uri().path() {
        "/verify.html" => VERIFY_POLICY,
        _ => POLICY,
    };
    // A redirect to the folder's own address would lead to the host that it seems to name.
    let mut response = if request.uri().path().starts_with("//") {
        not_found().await
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        // Revalidated each time: the name of a file does not change when its content does.
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    name_charset(headers.get_mut(HeaderName::from_static("content-type")));
    response
}

/// Our files are UTF-8; without saying so a browser guesses by its locale.
fn name_charset(content_type: Option<&mut HeaderValue>) {
    let Some(value) = content_type else { return };
    let with_charset = match value.as_bytes() {
        b"text/html" => "text/html; charset=utf-8",
        b"text/css" => "text/css; charset=utf-8",
        b"text/javascript" => "text/javascript; charset=utf-8",
        b"text/plain" => "text/plain; charset=utf-8",
        b"image/svg+xml" => "image/svg+xml; charset=utf-8",
        _ => return,
    };
    *value = HeaderValue::from_static(with_charset);
}
