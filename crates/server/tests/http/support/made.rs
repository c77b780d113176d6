//! What tests send: orders, reports, and the signatures of their sources.

use payment_status_server::webhook::WebhookSecret;
use serde_json::{Value, json};

use super::SECRET;

pub(crate) fn order() -> Value {
    json!({
        "order_reference": "A-1042", "amount": { "minor": 12800, "currency": "CNY" },
        "merchant_name": "Corner Bakery", "payer_account": "Wallet •••• 4417",
        "payout_account": "Bank •••• 9023"
    })
}

/// A report without its transaction.
pub(crate) fn report(id: &str, leg: &str, outcome: &str) -> Value {
    json!({ "id": id, "leg": leg, "outcome": outcome })
}

/// The same with a raw code.
pub(crate) fn coded(id: &str, leg: &str, outcome: &str, code: (&str, &str, &str)) -> Value {
    let (scheme, family, value) = code;
    json!({
        "id": id, "leg": leg, "outcome": outcome,
        "code": { "scheme": scheme, "family": family, "value": value }
    })
}

/// `webhook-timestamp` and `webhook-signature` with the first secret.
pub(crate) fn sign(id: &str, timestamp_s: i64, body: &[u8]) -> (String, String) {
    let secret = WebhookSecret::parse(SECRET).unwrap();
    (timestamp_s.to_string(), secret.sign(id, timestamp_s, body))
}

pub(crate) fn now_s() -> i64 {
    payment_status_server::time::now().as_ms() / 1000
}

/// `now` and so many milliseconds, as RFC 3339.
pub(crate) fn in_ms(ms: i64) -> String {
    let now = payment_status_server::time::now().as_ms();
    payment_status_protocol::time::Time::from_ms(now + ms).to_string()
}
