//! `GET` and `POST /handover/{code}`: another device opens a transaction by the code that it was shown.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use super::status_page::Wish;
use super::transactions::no_random;
use crate::app::App;
use crate::handover_code::{HANDOVER_TTL_S, VIEWER_TTL_S};
use crate::page::cookies::Cookie;
use crate::page::locales::{self, Choice};
use crate::page::{frame, handover};
use crate::problem::Problem;
use crate::public_url::PublicUrl;
use crate::request_body;
use crate::secret::{Secret, SecretHash, SecretKind, random_bytes};
use crate::store::Viewer;
use crate::time::now;

/// A button. Looking uses nothing up.
pub(crate) async fn look(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<Wish>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wish = Wish::of(query);
    let (url, choice) = begin(&app, &wish, &headers)?;
    let code = tidy(path);
    if !app
        .store
        .handover_is_open(&SecretHash::of(&code), now())
        .await?
    {
        return Ok(gone(&choice));
    }
    let proof = URL_SAFE_NO_PAD.encode(random_bytes::<16>().map_err(no_random)?);
    let action = format!("{}{}", code, wish.query());
    let mut response = frame::answer(StatusCode::OK, handover::open(&choice, &proof, &action));
    let path = format!("/handover/{}", code);
    if let Some(cookie) = Cookie::Form.set(url, &proof, &path, HANDOVER_TTL_S) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Uses the code up, gives this device a token of its own in a cookie, and sends it to the status.
pub(crate) async fn open(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    query: Result<Query<Wish>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let wish = Wish::of(query);
    let (url, choice) = begin(&app, &wish, &headers)?;
    let code = tidy(path);
    let body = request_body::read(body).await?;
    if !came_from_our_page(url, &headers, &body) {
        return Ok(gone(&choice));
    }
    let secret = Secret::generate(SecretKind::ViewerToken).map_err(no_random)?;
    let opened_at = now();
    let viewer = Viewer {
        hash: secret.hash(),
        expires_at: opened_at.plus_s(VIEWER_TTL_S),
    };
    let Some(opened) = app
        .store
        .open_handover(SecretHash::of(&code), viewer, opened_at)
        .await?
    else {
        return Ok(gone(&choice));
    };
    let path = format!("/status/{}", opened.transaction);
    let cookie = Cookie::Viewer
        .set(url, secret.reveal(), &path, VIEWER_TTL_S)
        .ok_or_else(Problem::store_unavailable)?;
    let location = HeaderValue::try_from(format!("..{path}{}", wish.query()))
        .map_err(|_| Problem::store_unavailable())?;
    // From this page on the request is our own: a browser that was sent here by a camera sends the cookie.
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, cookie);
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    Ok(response)
}

fn begin<'a>(
    app: &'a App,
    wish: &Wish,
    headers: &HeaderMap,
) -> Result<(&'a PublicUrl, Choice), Problem> {
    // Without an address there never was a code.
    let url = app.public_url.as_ref().ok_or_else(Problem::not_found)?;
    let choice = locales::choose(wish.lang(), headers).ok_or_else(Problem::not_found)?;
    Ok((url, choice))
}

/// One answer for a code that was used, has expired or never was, and for a form that is not ours.
fn gone(choice: &Choice) -> Response {
    frame::answer(StatusCode::NOT_FOUND, handover::gone(choice))
}

/// The code as far as it can be one: what goes into a path of ours. Codes are capitals; somebody may have typed one.
fn tidy(path: Result<Path<String>, PathRejection>) -> String {
    let code = path.map_or_else(|_| String::new(), |Path(code)| code);
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(26)
        .collect::<String>()
        .to_ascii_uppercase()
}

/// The form repeats the cookie that came with it, which no other site can read or set; and where the browser says
/// who sends it, it is us. `Origin` alone would not do: under `no-referrer` a form of ours sends `null`.
fn came_from_our_page(url: &PublicUrl, headers: &HeaderMap, body: &[u8]) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_ours = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == "null" || origin.eq_ignore_ascii_case(url.origin()),
        (None, None) => true,
    };
    let proof = std::str::from_utf8(body).ok().and_then(|form| {
        form.split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == handover::PROOF_FIELD)
            .map(|(_, value)| value)
    });
    is_ours
        && proof.is_some_and(|proof| {
            Cookie::Form.values(url, headers).any(|cookie| {
                cookie.len() == 22 && cookie.as_bytes().ct_eq(proof.as_bytes()).into()
            })
        })
}
