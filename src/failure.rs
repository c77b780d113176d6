//! Why there is no new answer: one enum for every way in which asking, proving or applying fails.
//!
//! Each failure is handled once, in [`crate::watch::progress`], and keeps the last verified answer.

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// This device has no connection.
    Offline,
    /// The server does not answer, or answers that it cannot.
    Unreachable,
    /// No such transaction, or the token is refused: the server answers both alike.
    NotFound,
    /// No signature, or one that does not verify.
    BadSignature,
    /// A genuine document of another transaction.
    OtherTransaction,
    /// A genuine document of a lower version, or an older answer, than one already shown.
    WentBack,
    /// A genuine document whose verdict contradicts itself.
    Contradiction,
    /// Not a document that this build can read.
    Unreadable,
    /// The keys to verify with could not be had.
    KeysUnavailable,
    /// The browser cannot verify Ed25519 here (too old, or the page is not served securely).
    UnsupportedBrowser,
    /// The host page set the element up wrongly; the attribute's name.
    Configuration(&'static str),
    /// A fault of our own.
    Internal,
}

/// Whose failure it is: the `kind` of `payment-status-error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The host page.
    Configuration,
    /// The way to the server.
    Network,
    /// The server.
    Protocol,
    /// The token or the transaction is gone.
    Expired,
    /// This widget.
    Internal,
}

impl Kind {
    /// The word in the event.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Network => "network",
            Self::Protocol => "protocol",
            Self::Expired => "expired",
            Self::Internal => "internal",
        }
    }
}

impl Failure {
    /// Whose failure it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Offline | Self::Unreachable => Kind::Network,
            Self::NotFound => Kind::Expired,
            Self::BadSignature
            | Self::OtherTransaction
            | Self::WentBack
            | Self::Contradiction
            | Self::Unreadable
            | Self::KeysUnavailable => Kind::Protocol,
            Self::UnsupportedBrowser | Self::Configuration(_) => Kind::Configuration,
            Self::Internal => Kind::Internal,
        }
    }

    /// The unique code in the event; never reused.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Unreachable => "unreachable",
            Self::NotFound => "not-found",
            Self::BadSignature => "bad-signature",
            Self::OtherTransaction => "other-transaction",
            Self::WentBack => "went-back",
            Self::Contradiction => "contradiction",
            Self::Unreadable => "unreadable",
            Self::KeysUnavailable => "keys-unavailable",
            Self::UnsupportedBrowser => "unsupported-browser",
            Self::Configuration(_) => "configuration",
            Self::Internal => "internal",
        }
    }
}
