//! The code in a hand-over's address: 128 random bits, good once and for five minutes.

use payment_status_protocol::id::TransactionId;

use crate::secret::{SecretHash, random_bytes};

/// How long a code can be opened.
pub const HANDOVER_TTL_S: i64 = 5 * 60;

/// How long the device that opened it may look: seven days, enough for the rules by which a stuck payment is
/// resolved, and less than the 30 days of a party's own token.
pub const VIEWER_TTL_S: i64 = 7 * 24 * 3600;

/// A code in the clear: it exists until the answer that hands it out is written.
pub struct HandoverCode(String);

impl HandoverCode {
    /// A fresh one.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<Self, getrandom::Error> {
        // The same 26 characters as in a transaction's id; capitals make a coarser QR code.
        let id = TransactionId::from_bits(u128::from_be_bytes(random_bytes()?));
        let digits = id.as_str().trim_start_matches("tx_");
        Ok(Self(digits.to_ascii_uppercase()))
    }

    /// For the one answer that hands it out.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl std::fmt::Debug for HandoverCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HandoverCode(…)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_26_capitals_and_digits_and_hides_in_debug() {
        let code = HandoverCode::generate().unwrap();
        assert_eq!(code.reveal().len(), 26);
        assert!(
            code.reveal()
                .bytes()
                .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        );
        assert_ne!(code.reveal(), HandoverCode::generate().unwrap().reveal());
        assert_eq!(format!("{code:?}"), "HandoverCode(…)");
    }
}
