//! Amounts: integers in the minor unit of an ISO 4217 currency.

use serde::{Deserialize, Serialize};

/// An amount on the wire: minor units, the currency and its exponent, so that a screen can place
/// the decimal point without a table of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Integer in the currency's minor unit (fen, cent; the yen itself for JPY).
    pub minor: u64,
    /// ISO 4217 alphabetic code.
    pub currency: Currency,
    /// Decimal digits of the minor unit (ISO 4217): 2 for CNY, 0 for JPY, 3 for KWD.
    pub exponent: u8,
}

/// An amount as a caller states it: the exponent follows from the currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Integer in the currency's minor unit. At least 1: nothing to pay is not a payment.
    pub minor: u64,
    /// ISO 4217 alphabetic code.
    pub currency: Currency,
}

/// Three capital letters. Which currencies exist changes by ISO 4217 amendment, so a code that
/// the table does not list is accepted with the usual two decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Box<str>", into = "Box<str>")]
pub struct Currency([u8; 3]);

/// What a currency must look like, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidCurrency {
    /// The refused text, cut to 12 characters.
    pub got: Box<str>,
}

impl Currency {
    /// The alphabetic code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Invariant: three ASCII capitals, checked at construction.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimal digits of the minor unit, from ISO 4217 list one.
    #[must_use]
    pub fn exponent(&self) -> u8 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl From<&Amount> for Money {
    fn from(amount: &Amount) -> Self {
        Self {
            minor: amount.minor,
            currency: amount.currency,
            exponent: amount.currency.exponent(),
        }
    }
}

impl TryFrom<&str> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(InvalidCurrency {
                got: text.chars().take(12).collect::<String>().into(),
            }),
        }
    }
}

impl TryFrom<Box<str>> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: Box<str>) -> Result<Self, Self::Error> {
        Self::try_from(text.as_ref())
    }
}

impl From<Currency> for Box<str> {
    fn from(currency: Currency) -> Self {
        currency.as_str().into()
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for InvalidCurrency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "expected three capital letters (ISO 4217), got {:?}",
            self.got
        )
    }
}

impl std::error::Error for InvalidCurrency {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Currency;

    #[test]
    fn the_exponent_is_iso_4217s() {
        for (code, digits) in [("CNY", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("KRW", 0)] {
            assert_eq!(
                Currency::try_from(code).unwrap().exponent(),
                digits,
                "{code}"
            );
        }
    }

    #[test]
    fn only_three_capitals_are_a_currency() {
        for text in ["", "CN", "cny", "CNYX", "元", "C1Y"] {
            assert!(Currency::try_from(text).is_err(), "{text}");
        }
    }
}
