//! What a client reads when a request is refused: `application/problem+json` (RFC 9457) that says
//! what was expected and what came.
//!
//! Every refusal of this server goes through [`Problem`]; no handler builds an error by hand.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The unique, never reused code of a refusal. Each has one status and one title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemCode {
    /// The body is not JSON.
    JsonInvalid,
    /// A query parameter has an impossible value.
    QueryInvalid,
    /// The idempotency key is none.
    IdempotencyKeyInvalid,
    /// No key, token or signature header came, or none that opens this path.
    CredentialsMissing,
    /// The signature does not fit the body and the source's secret.
    SignatureInvalid,
    /// The signature's timestamp is more than five minutes off.
    SignatureExpired,
    /// Nobody with this source name may report here.
    SourceUnknown,
    /// The right transaction, a party that may not see this document.
    WrongParty,
    /// No such transaction, or the credential is not for it.
    NotFound,
    /// The path exists, with another method.
    MethodNotAllowed,
    /// The body did not arrive in time.
    BodyTooSlow,
    /// A report id was used before with another body.
    ReportDiffers,
    /// Over 64 KiB.
    BodyTooLarge,
    /// Not `application/json`.
    MediaType,
    /// A transaction's field breaks its rule.
    TransactionInvalid,
    /// An idempotency key came with another order before.
    IdempotencyKeyReused,
    /// A report's field breaks its rule.
    ReportInvalid,
    /// A text holds what may be a card number.
    CardNumber,
    /// What is asked of a hand-over breaks its rule.
    HandoverInvalid,
    /// This server does not know its own public address.
    HandoverUnavailable,
    /// Too many asks of one token.
    SlowDown,
    /// The store cannot be read or written now.
    StoreUnavailable,
}

impl ProblemCode {
    /// The code as it stands in the document and in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.row().0
    }

    fn row(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::JsonInvalid => (S::BAD_REQUEST, "json-invalid", "The body is not valid JSON"),
            Self::QueryInvalid => (
                S::BAD_REQUEST,
                "query-invalid",
                "A query parameter is not valid",
            ),
            Self::IdempotencyKeyInvalid => (
                S::BAD_REQUEST,
                "idempotency-key-invalid",
                "The idempotency key is not valid",
            ),
            Self::CredentialsMissing => (
                S::UNAUTHORIZED,
                "credentials-missing",
                "The needed credentials are missing",
            ),
            Self::SignatureInvalid => (
                S::UNAUTHORIZED,
                "signature-invalid",
                "The signature is not valid",
            ),
            Self::SignatureExpired => (
                S::UNAUTHORIZED,
                "signature-expired",
                "The signature is too old or too new",
            ),
            Self::SourceUnknown => (
                S::UNAUTHORIZED,
                "source-unknown",
                "This source may not report here",
            ),
            Self::WrongParty => (
                S::FORBIDDEN,
                "wrong-party",
                "This document is for another party",
            ),
            Self::NotFound => (S::NOT_FOUND, "not-found", "Not found"),
            Self::MethodNotAllowed => (
                S::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "This path has no such method",
            ),
            Self::BodyTooSlow => (
                S::REQUEST_TIMEOUT,
                "body-too-slow",
                "The body did not arrive in time",
            ),
            Self::ReportDiffers => (
                S::CONFLICT,
                "report-differs",
                "A report id was used with another body",
            ),
            Self::BodyTooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "body-too-large",
                "The body is too large",
            ),
            Self::MediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "The body is not application/json",
            ),
            Self::TransactionInvalid => (
                S::UNPROCESSABLE_ENTITY,
                "transaction-invalid",
                "The transaction is not valid",
            ),
            Self::IdempotencyKeyReused => (
                S::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "The idempotency key was used with another order",
            ),
            Self::ReportInvalid => (
                S::UNPROCESSABLE_ENTITY,
                "report-invalid",
                "A report is not valid",
            ),
            Self::CardNumber => (
                S::UNPROCESSABLE_ENTITY,
                "card-number",
                "A text may hold a card number",
            ),
            Self::HandoverInvalid => (
                S::UNPROCESSABLE_ENTITY,
                "handover-invalid",
                "The hand-over is not valid",
            ),
            Self::HandoverUnavailable => (
                S::NOT_IMPLEMENTED,
                "handover-unavailable",
                "This server cannot hand over",
            ),
            Self::SlowDown => (S::TOO_MANY_REQUESTS, "slow-down", "Too many requests"),
            Self::StoreUnavailable => (
                S::SERVICE_UNAVAILABLE,
                "store-unavailable",
                "The store is not available",
            ),
        }
    }
}

/// One place in a body that breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where, as a path: `reports[0].amount`.
    pub at: String,
    /// The rule.
    pub expected: String,
    /// What came, shortened; withheld where it may be a secret or a card number.
    pub got: String,
}

/// A refusal on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which refusal.
    pub code: ProblemCode,
    /// One sentence for the person who debugs the client.
    pub detail: String,
    /// Every place that is wrong, not only the first.
    pub errors: Vec<FieldError>,
    /// Seconds until another try makes sense.
    pub retry_after_s: Option<u32>,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

impl Problem {
    /// A refusal without places.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_s: None,
        }
    }

    /// A refusal with every place that is wrong.
    pub fn with_errors(
        code: ProblemCode,
        detail: impl Into<String>,
        errors: Vec<FieldError>,
    ) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors,
            retry_after_s: None,
        }
    }

    /// One text for a missing transaction and for a credential that is not for it, so that ids
    /// cannot be probed.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            ProblemCode::NotFound,
            "No such resource, or the credential is not for it.",
        )
    }

    /// The store failed; the cause is in the log, not in the answer.
    #[must_use]
    pub fn store_unavailable() -> Self {
        Self {
            retry_after_s: Some(1),
            ..Self::new(
                ProblemCode::StoreUnavailable,
                "Nothing was stored. Send the same request again.",
            )
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code, title) = self.code.row();
        let document = Document {
            r#type: format!("https://payment-status.invalid/problems/{code}"),
            title,
            status: status.as_u16(),
            code,
            detail: &self.detail,
            errors: &self.errors,
        };
        // Strings and numbers only: writing them as JSON cannot fail.
        let body = serde_json::to_vec(&document).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == ProblemCode::CredentialsMissing {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self.code);
        response
    }
}
