//! The body of `POST /v1/transactions`: from text to a checked order.

use payment_status_protocol::money::{Amount, Currency};
use payment_status_protocol::time::Time;
use serde_json::Value;

use crate::card_number;
use crate::fields::Fields;
use crate::new_report::refuse_cards;
use crate::problem::{FieldError, Problem, ProblemCode};
use crate::strict_json;

/// How long an order is open if the merchant does not say: 15 minutes.
pub const DEFAULT_EXPIRY_S: i64 = 15 * 60;

/// The longest time that an order may be open: 30 days.
pub const MAX_EXPIRY_S: i64 = 30 * 24 * 3600;

/// The longest text of any field, in characters.
const MAX_TEXT: usize = 64;

/// What a merchant asks to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The merchant's own name for it.
    pub order_reference: String,
    /// What is to be paid.
    pub amount: Amount,
    /// Until when.
    pub expires_at: Time,
    /// For both parties' screens.
    pub merchant_name: Option<String>,
    /// Masked; for the payer alone.
    pub payer_account: Option<String>,
    /// Masked; for the merchant alone.
    pub payout_account: Option<String>,
}

/// Reads and checks the body.
///
/// # Errors
/// `json-invalid`, `card-number`, `transaction-invalid`.
pub fn parse_order(body: &[u8], now: Time) -> Result<Order, Problem> {
    let tree = strict_json::parse(body)?;
    let cards = card_number::places(&tree, "", &["expires_at"]);
    if !cards.is_empty() {
        return Err(refuse_cards(cards));
    }
    let mut errors = Vec::new();
    match read(&tree, now, &mut errors) {
        Some(order) if errors.is_empty() => Ok(order),
        _ => Err(Problem::with_errors(
            ProblemCode::TransactionInvalid,
            "A field breaks a rule. Nothing was created.",
            errors,
        )),
    }
}

fn read(tree: &Value, now: Time, errors: &mut Vec<FieldError>) -> Option<Order> {
    let mut fields = Fields::of(tree, "", errors)?;
    let order_reference = fields.text("order_reference", MAX_TEXT).map(str::to_owned);
    let amount = fields.object("amount").and_then(|mut amount| {
        let minor = amount.integer("minor", 1);
        let currency = match amount
            .raw("currency")
            .and_then(Value::as_str)
            .map(Currency::try_from)
        {
            Some(Ok(currency)) => Some(currency),
            _ => {
                let got = amount.raw("currency");
                amount.refuse("currency", "an ISO 4217 code: three capital letters", got)
            }
        };
        Some(Amount {
            minor: minor?,
            currency: currency?,
        })
    });
    let latest = now.plus_s(MAX_EXPIRY_S);
    let expires_at = match fields.optional_time("expires_at") {
        None => Some(now.plus_s(DEFAULT_EXPIRY_S)),
        Some(time) if time > now && time <= latest => Some(time),
        Some(_) => {
            let expected = format!("a time after now ({now}) and not after {latest}");
            let got = fields.raw("expires_at");
            fields.refuse("expires_at", expected, got)
        }
    };
    let merchant_name = fields
        .optional_text("merchant_name", MAX_TEXT)
        .map(str::to_owned);
    let payer_account = fields
        .optional_text("payer_account", MAX_TEXT)
        .map(str::to_owned);
    let payout_account = fields
        .optional_text("payout_account", MAX_TEXT)
        .map(str::to_owned);
    Some(Order {
        order_reference: order_reference?,
        amount: amount?,
        expires_at: expires_at?,
        merchant_name,
        payer_account,
        payout_account,
    })
}
