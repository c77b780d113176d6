//! Secrets that a client shows: transaction tokens and the keys of the credentials file.
//!
//! All of them are a prefix and 43 characters of base64url (256 random bits). They mask
//! themselves in `Debug`, and only their SHA-256 is kept.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// What a secret opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// One party's view of one transaction.
    Token,
    /// One device's view of one transaction that was handed over to it.
    ViewerToken,
    /// May create transactions.
    MerchantKey,
    /// May read everything.
    SupportKey,
}

impl SecretKind {
    /// What the text starts with, so that a leaked one is recognised in logs and repositories.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Token => "pst_",
            Self::ViewerToken => "psv_",
            Self::MerchantKey => "psm_",
            Self::SupportKey => "pss_",
        }
    }
}

/// A secret in the clear: it exists between its making and the answer that hands it out.
#[derive(Clone)]
pub struct Secret(String);

/// The SHA-256 of a secret's text: what is stored and compared.
#[derive(Clone, Copy)]
pub struct SecretHash([u8; 32]);

impl Secret {
    /// A fresh one.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate(kind: SecretKind) -> Result<Self, getrandom::Error> {
        Ok(Self(format!(
            "{}{}",
            kind.prefix(),
            URL_SAFE_NO_PAD.encode(random_bytes::<32>()?)
        )))
    }

    /// The text for the one answer that hands the secret out.
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

impl SecretHash {
    /// The hash of a text that a client presents.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The 32 bytes as a key of a map.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0
    }

    /// Equality in constant time.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

/// True if `text` has the form of a secret of this kind.
#[must_use]
pub fn is_well_formed(text: &str, kind: SecretKind) -> bool {
    text.strip_prefix(kind.prefix()).is_some_and(|rest| {
        URL_SAFE_NO_PAD
            .decode(rest)
            .is_ok_and(|bytes| bytes.len() == 32)
    })
}

/// True if `text` may be a secret: it is withheld from error messages.
#[must_use]
pub fn may_be_secret(text: &str) -> bool {
    ["pst_", "psv_", "psm_", "pss_", "whsec_", "Bearer "]
        .iter()
        .any(|prefix| text.contains(prefix))
}

/// Bytes from the operating system's generator.
///
/// # Errors
/// When it has none, which on a running system does not happen.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl std::fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_its_prefix_and_43_characters_and_hides_in_debug() {
        let secret = Secret::generate(SecretKind::Token).unwrap();
        assert_eq!(secret.reveal().len(), 4 + 43);
        assert!(is_well_formed(secret.reveal(), SecretKind::Token));
        assert!(!is_well_formed(secret.reveal(), SecretKind::SupportKey));
        assert_eq!(
            format!("{secret:?} {:?}", secret.hash()),
            "Secret(…) SecretHash(…)"
        );
    }

    #[test]
    fn only_the_same_text_matches() {
        let hash = SecretHash::of("pst_a");
        assert!(hash.matches(&SecretHash::of("pst_a")));
        assert!(!hash.matches(&SecretHash::of("pst_b")));
    }
}
