//! Why a pack is refused: a code for machines, a sentence for people.

/// The unique, never reused code of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalCode {
    /// The file cannot be read.
    Unreadable,
    /// More than 1 MiB.
    TooLarge,
    /// Not JSON, cut short, or an object names a field twice.
    NotJson,
    /// Not a pack of this format, or a field is missing or of the wrong kind.
    WrongFormat,
    /// What the file says beside the signed answers does not fit them.
    PackDiffers,
    /// A signature is not a detached JWS as the protocol says.
    SignatureMalformed,
    /// Another algorithm, an encoded payload, or an extension that nobody knows.
    SignatureNotAgreed,
    /// No trusted key has this id.
    KeyUnknown,
    /// The file's own key set names another key under a trusted key's id, or lacks the one that signed.
    KeyDiffers,
    /// The signature is not over these bytes.
    SignatureInvalid,
    /// Transaction or version of the signature, the body and the pack are not the same.
    HeaderDiffers,
    /// The body is not a status document.
    BodyUnreadable,
    /// The verdict in the body contradicts itself.
    BodyContradicts,
    /// The match code is not that of the body.
    MatchCodeDiffers,
    /// A version that is not higher than the one before it.
    VersionWentBack,
    /// A signature that is older than the one before it.
    TimeWentBack,
    /// Genuine, about another transaction than the one that was asked about.
    OtherTransaction,
    /// Genuine, about another order than the one that was asked about.
    OtherOrder,
    /// Signed after the key was retired.
    KeyRetired,
    /// The store has no such transaction or version.
    NotStored,
    /// The store has other bytes under this version.
    StoredDiffers,
    /// Signed after a newer version existed.
    Replayed,
    /// Genuine, but not what is true now; only where that was asked for.
    Superseded,
}

/// A refusal with its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which.
    pub code: RefusalCode,
    /// What was expected and what came.
    pub detail: String,
}

impl Refusal {
    pub(super) fn new(code: RefusalCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

impl RefusalCode {
    /// The code as it is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::NotJson => "not-json",
            Self::WrongFormat => "wrong-format",
            Self::PackDiffers => "pack-differs",
            Self::SignatureMalformed => "signature-malformed",
            Self::SignatureNotAgreed => "signature-not-agreed",
            Self::KeyUnknown => "key-unknown",
            Self::KeyDiffers => "key-differs",
            Self::SignatureInvalid => "signature-invalid",
            Self::HeaderDiffers => "header-differs",
            Self::BodyUnreadable => "body-unreadable",
            Self::BodyContradicts => "body-contradicts",
            Self::MatchCodeDiffers => "match-code-differs",
            Self::VersionWentBack => "version-went-back",
            Self::TimeWentBack => "time-went-back",
            Self::OtherTransaction => "other-transaction",
            Self::OtherOrder => "other-order",
            Self::KeyRetired => "key-retired",
            Self::NotStored => "not-stored",
            Self::StoredDiffers => "stored-differs",
            Self::Replayed => "replayed",
            Self::Superseded => "superseded",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for Refusal {}
