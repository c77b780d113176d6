//! Identifiers that cannot be malformed.

use serde::{Deserialize, Serialize};

/// Crockford's base32: no `I`, `L`, `O`, `U`, so a code can be read aloud and copied from a screen.
pub(crate) const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// `tx_` and 26 lower-case Crockford base32 characters: 128 random bits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Box<str>", into = "Box<str>")]
pub struct TransactionId(Box<str>);

/// What a transaction id must look like, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTransactionId {
    /// The refused text, cut to 40 characters.
    pub got: Box<str>,
}

impl TransactionId {
    /// From 128 random bits.
    #[must_use]
    pub fn from_bits(bits: u128) -> Self {
        let mut text = String::from("tx_");
        for group in (0..26u32).rev() {
            text.push(char::from(crockford_digit(bits >> (group * 5))).to_ascii_lowercase());
        }
        Self(text.into())
    }

    /// The id as it stands in URLs and documents.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The character for the lowest five bits.
pub(crate) fn crockford_digit(bits: u128) -> u8 {
    // `& 31` bounds the index below the table's length; the fallback is never taken.
    usize::try_from(bits & 31)
        .ok()
        .and_then(|i| CROCKFORD.get(i))
        .copied()
        .unwrap_or(b'0')
}

impl TryFrom<&str> for TransactionId {
    type Error = InvalidTransactionId;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        let well_formed = text.strip_prefix("tx_").is_some_and(|digits| {
            digits.len() == 26
                && digits
                    .bytes()
                    .all(|b| !b.is_ascii_uppercase() && CROCKFORD.contains(&b.to_ascii_uppercase()))
        });
        if well_formed {
            Ok(Self(text.into()))
        } else {
            Err(InvalidTransactionId {
                got: text.chars().take(40).collect::<String>().into(),
            })
        }
    }
}

impl TryFrom<Box<str>> for TransactionId {
    type Error = InvalidTransactionId;

    fn try_from(text: Box<str>) -> Result<Self, Self::Error> {
        Self::try_from(text.as_ref())
    }
}

impl From<TransactionId> for Box<str> {
    fn from(id: TransactionId) -> Self {
        id.0
    }
}

impl std::fmt::Display for TransactionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for InvalidTransactionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "expected tx_ and 26 lower-case base32 characters, got {:?}",
            self.got
        )
    }
}

impl std::error::Error for InvalidTransactionId {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn bits_make_an_id_that_parses_again() {
        for bits in [0, 1, u128::MAX, 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef] {
            let id = TransactionId::from_bits(bits);
            assert_eq!(TransactionId::try_from(id.as_str()).unwrap(), id);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "tx_",
            "tx_0123",
            "TX_00000000000000000000000000",
            "tx_0000000000000000000000000u",
        ] {
            assert!(TransactionId::try_from(text).is_err(), "{text}");
        }
    }
}
