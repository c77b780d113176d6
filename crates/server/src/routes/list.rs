//! `GET /v1/transactions`: support's list, search and change feed.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use payment_status_protocol::deadline::Deadline;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::match_code::match_code;
use payment_status_protocol::money::Money;
use payment_status_protocol::report::Leg;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::{Charged, NextActor, PayAgain, Release, State as Headline};
use serde::Serialize;

use crate::app::App;
use crate::auth;
use crate::parking::{Place, Woken};
use crate::prefer;
use crate::problem::{FieldError, Problem, ProblemCode};
use crate::store::{ChangeOrder, Current, ListFilter, StoreError};

/// How many transactions come if the reader does not say.
const DEFAULT_LIMIT: u32 = 50;

/// The most that come at one time.
const MAX_LIMIT: u32 = 200;

#[derive(Serialize)]
struct List {
    feed: u64,
    transactions: Vec<ListLine>,
}

#[derive(Serialize)]
struct ListLine {
    feed: u64,
    transaction: TransactionId,
    order_reference: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_name: Option<Box<str>>,
    amount: Money,
    state: Headline,
    charged: Charged,
    pay_again: PayAgain,
    release: Release,
    /// The exact one: only support reads this list.
    reason: String,
    next_actor: NextActor,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolve_by: Option<Deadline>,
    /// The step that broke, if one did: what an agent looks for first.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_leg: Option<Leg>,
    r#final: bool,
    version: u64,
    match_code: String,
    updated_at: Time,
}

/// Newest change first; with `since`, oldest first, and parked on `Prefer: wait` until there is one.
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let credential = auth::bearer(&headers)?;
    auth::support(&app, &credential)?;
    let Query(query) = query.map_err(|_| {
        Problem::new(
            ProblemCode::QueryInvalid,
            "The query is not application/x-www-form-urlencoded.",
        )
    })?;
    let filter = filter_from_query(&query)?;
    let wait_s = prefer::wait_s(&headers).filter(|_| filter.since.is_some());
    let order = match filter.since {
        Some(_) => ChangeOrder::OldestFirst,
        None => ChangeOrder::NewestFirst,
    };
    let deadline = Place::deadline(prefer::wait(&headers));
    let mut place = app.parking.feed_place();
    loop {
        let (newest, found) = app.store.list(&filter, order).await?;
        // A number from before a restored backup would wait for a feed that starts over: answer.
        let is_ahead = filter.since.is_some_and(|since| since > newest);
        if found.is_empty() && wait_s.is_some() && !is_ahead {
            match place.wait_until(deadline).await {
                Woken::Changed => continue,
                Woken::TimeOver | Woken::Closing | Woken::Full => {}
            }
        }
        let mut response = axum::Json(page(newest, found, &filter)?).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        );
        if let Some(value) = wait_s.and_then(|n| HeaderValue::try_from(format!("wait={n}")).ok()) {
            headers.insert(HeaderName::from_static("preference-applied"), value);
        }
        return Ok(response);
    }
}

fn page(newest: u64, found: Vec<Current>, filter: &ListFilter) -> Result<List, StoreError> {
    let is_cut = u32::try_from(found.len()).is_ok_and(|count| count >= filter.limit);
    // A reader that follows the feed goes on after the last line it got.
    let feed = match (filter.since, found.last()) {
        (Some(_), Some(last)) if is_cut => last.feed,
        _ => newest,
    };
    let transactions = found.into_iter().map(line).collect::<Result<_, _>>()?;
    Ok(List { feed, transactions })
}

fn line(current: Current) -> Result<ListLine, StoreError> {
    let snapshot: Snapshot = serde_json::from_slice(&current.body)
        .map_err(|error| StoreError::Corrupt(format!("snapshot: {error}")))?;
    Ok(ListLine {
        feed: current.feed,
        transaction: snapshot.transaction,
        order_reference: snapshot.order_reference,
        merchant_name: snapshot.merchant_name,
        amount: snapshot.amount,
        state: snapshot.state,
        charged: snapshot.charged,
        pay_again: snapshot.pay_again,
        release: snapshot.release,
        reason: current.reason,
        next_actor: snapshot.next_actor,
        resolve_by: snapshot.resolve_by,
        broken_leg: snapshot.broken_leg,
        r#final: snapshot.is_final,
        version: snapshot.version,
        match_code: match_code(&current.sha256),
        updated_at: snapshot.updated_at,
    })
}

/// Parameters that this server does not know are ignored, like fields of a document.
fn filter_from_query(query: &[(String, String)]) -> Result<ListFilter, Problem> {
    let mut filter = ListFilter {
        limit: DEFAULT_LIMIT,
        ..ListFilter::default()
    };
    let mut errors = Vec::new();
    let mut refuse = |name: &str, expected: String, got: &str| {
        errors.push(FieldError {
            at: name.to_owned(),
            expected,
            got: crate::fields::describe(Some(&got.into())),
        });
    };
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        match name.as_str() {
            "state" => {
                for word in value.split(',') {
                    match Headline::from(word) {
                        Headline::Other(_) => {
                            let known: Vec<&str> =
                                Headline::KNOWN.iter().map(Headline::as_str).collect();
                            refuse(name, known.join(", "), word);
                        }
                        known => filter.states.push(known.as_str().to_owned()),
                    }
                }
            }
            "q" if value.chars().count() <= 64 => filter.search = Some(value.clone()),
            "q" => refuse(name, "at most 64 characters".to_owned(), value),
            "open" => match value.as_str() {
                "true" => filter.open_only = true,
                "false" => filter.open_only = false,
                _ => refuse(name, "true or false".to_owned(), value),
            },
            "since" => match value.parse::<u64>() {
                Ok(since) if i64::try_from(since).is_ok() => filter.since = Some(since),
                _ => refuse(name, "a feed number".to_owned(), value),
            },
            "limit" => match value.parse::<u32>() {
                Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => filter.limit = limit,
                _ => refuse(name, format!("1 to {MAX_LIMIT}"), value),
            },
            _ => {}
        }
    }
    if errors.is_empty() {
        Ok(filter)
    } else {
        Err(Problem::with_errors(
            ProblemCode::QueryInvalid,
            "Nothing was listed.",
            errors,
        ))
    }
}
