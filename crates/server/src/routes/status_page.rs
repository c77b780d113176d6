//! `GET /status/{id}`: the status as a page, for the device that it was handed over to.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use payment_status_protocol::check::check;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::snapshot::Snapshot;
use serde::Deserialize;

use crate::app::App;
use crate::auth;
use crate::page::cookies::Cookie;
use crate::page::frame::{self, said};
use crate::page::locales::{self, Choice};
use crate::page::status::{self, Shown};
use crate::problem::{Problem, ProblemCode};
use crate::secret::SecretHash;
use crate::store::{ByToken, StoreError};
use crate::time::now;

/// What a reader asks for in the address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wish {
    lang: Option<String>,
}

impl Wish {
    /// What cannot be read is no wish.
    pub(crate) fn of(query: Result<Query<Self>, QueryRejection>) -> Self {
        query.map_or_else(|_| Self::default(), |Query(wish)| wish)
    }

    /// A language tag, if it looks like one.
    pub(crate) fn lang(&self) -> Option<&str> {
        self.lang.as_deref().filter(|lang| {
            let is_plain = lang.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            is_plain && (1..=35).contains(&lang.len())
        })
    }

    /// The same wish on the next page.
    pub(crate) fn query(&self) -> String {
        self.lang()
            .map_or_else(String::new, |lang| format!("?lang={lang}"))
    }
}

/// The page, with `Refresh`; `404` without a cookie that opens this transaction.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    path: Result<Path<TransactionId>, PathRejection>,
    query: Result<Query<Wish>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let wish = Wish::of(query);
    let choice = locales::choose(wish.lang(), &headers).ok_or_else(Problem::not_found)?;
    let opened = match path {
        Ok(Path(id)) => open(&app, &id, &headers).await?,
        Err(_) => None,
    };
    let Some(ByToken { party, current, .. }) = opened else {
        return Ok(not_found(&choice));
    };
    let snapshot: Snapshot = serde_json::from_slice(&current.body)
        .map_err(|error| StoreError::Corrupt(format!("snapshot: {error}")))?;
    // The same last look that the widget takes: a verdict that contradicts itself is not shown.
    check(&snapshot).map_err(|contradiction| {
        StoreError::Corrupt(format!("snapshot: {}", contradiction.code()))
    })?;
    let shown = Shown {
        snapshot: &snapshot,
        sha256: &current.sha256,
        party: &party,
        now: now(),
        zone: &app.time_zone,
    };
    let again = format!("{}{}", current.transaction, wish.query());
    let (page, refresh_s) = status::page(&shown, &choice, &again);
    let mut response = frame::answer(StatusCode::OK, page);
    response.headers_mut().insert(
        HeaderName::from_static("refresh"),
        HeaderValue::from(refresh_s),
    );
    Ok(response)
}

/// The style sheet. Its address changes with its content.
pub(crate) async fn style() -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/css; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        frame::STYLE,
    )
        .into_response()
}

/// What one of the cookies opens; `None` for a transaction that does not exist as for one that is not theirs.
async fn open(
    app: &App,
    id: &TransactionId,
    headers: &HeaderMap,
) -> Result<Option<ByToken>, Problem> {
    let Some(url) = app.public_url.as_ref() else {
        return Ok(None);
    };
    for token in Cookie::Viewer.values(url, headers).take(MAX_COOKIES) {
        let token = SecretHash::of(token);
        match auth::view_transaction(app, id, &token).await {
            // The page is for devices that were let in by a code; a party's own token has no place in a cookie.
            Ok(opened) if opened.only_views => {
                app.pace.admit(&token)?;
                return Ok(Some(opened));
            }
            Ok(_) => {}
            Err(problem) if problem.code == ProblemCode::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(None)
}

fn not_found(choice: &Choice) -> Response {
    let words = &choice.locale.words;
    let paths: [&[&str]; 2] = [&["trouble", "not_found", "1"], &["blank", "any"]];
    let sentences = paths.map(|path| said(words, path));
    let heading = said(words, &["trouble", "not_found", "0"]);
    frame::answer(
        StatusCode::NOT_FOUND,
        frame::notice(choice, &heading, &sentences),
    )
}

/// A browser sends one for each path that fits; more is somebody else's doing.
const MAX_COOKIES: usize = 4;
