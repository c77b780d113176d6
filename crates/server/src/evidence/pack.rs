//! Reads the file into a [`Pack`]: what it says, nothing proven yet.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use serde::Deserialize;

use super::refusal::{Refusal, RefusalCode};
use crate::strict_json;

/// What `format` says.
pub const FORMAT: &str = "payment-status-evidence/1";

/// The largest pack that is read: 1 MiB. A screen keeps it within 10 KiB where one answer alone is not larger: the
/// story of many attempts can be.
pub const MAX_BYTES: usize = 1024 * 1024;

/// A pack as it was saved.
#[derive(Debug, Clone, Deserialize)]
pub struct Pack {
    /// [`FORMAT`].
    pub format: String,
    /// What it is about.
    pub transaction: TransactionId,
    /// Where the screen asked.
    pub src: String,
    /// To whom it was shown, as the screen says.
    pub party: Party,
    /// In which language, as the screen says.
    pub locale: String,
    /// When it was saved, by the server's clock as the screen knew it.
    pub saved_at: Time,
    /// The keys that the screen verified with. Never trusted, only compared.
    pub keys: KeySet,
    /// The answers in the order in which the screen showed them.
    pub shown: Vec<Shown>,
}

/// The screen's own key set.
#[derive(Debug, Clone, Deserialize)]
pub struct KeySet {
    /// JWKs, as they came.
    pub keys: Vec<serde_json::Value>,
}

/// One answer that the screen showed.
#[derive(Debug, Clone, Deserialize)]
pub struct Shown {
    /// Its version.
    pub version: u64,
    /// The code beside it.
    pub match_code: String,
    /// The signature under which it was shown first and, if another, the last.
    pub signatures: Vec<String>,
    /// The exact text.
    pub body: String,
}

impl Pack {
    /// Reads a file's bytes.
    ///
    /// # Errors
    /// `too-large`, `not-json`, `wrong-format`.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MAX_BYTES {
            return Err(Refusal::new(
                RefusalCode::TooLarge,
                format!("expected at most {MAX_BYTES} bytes, got {}", bytes.len()),
            ));
        }
        let value = strict_json::parse(bytes)
            .map_err(|problem| Refusal::new(RefusalCode::NotJson, problem.detail))?;
        let wrong = |detail: String| Refusal::new(RefusalCode::WrongFormat, detail);
        let format = value.get("format").and_then(serde_json::Value::as_str);
        if format != Some(FORMAT) {
            let got = format.map_or("nothing".to_owned(), |text| {
                text.chars().take(40).collect::<String>()
            });
            return Err(wrong(format!("expected the format {FORMAT}, got {got}")));
        }
        let pack: Self = serde_json::from_value(value).map_err(|error| wrong(error.to_string()))?;
        if let Party::Other(other) = &pack.party {
            return Err(wrong(format!(
                "expected payer, merchant or support, got {other}"
            )));
        }
        if pack.shown.is_empty() {
            return Err(wrong("expected at least one answer in shown".to_owned()));
        }
        if let Some(shown) = pack
            .shown
            .iter()
            .find(|shown| !(1..=2).contains(&shown.signatures.len()))
        {
            return Err(wrong(format!(
                "expected one or two signatures of version {}, got {}",
                shown.version,
                shown.signatures.len()
            )));
        }
        Ok(pack)
    }
}
