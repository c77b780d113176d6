//! The money trail as it is drawn: five stations.

/// Five stations from the payer to the merchant, with the money drawn where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    /// Payer, wallet or issuer, network, acquirer, merchant: always these five in this order.
    pub stations: [Station; 5],
    /// "The money is with the shop's payment provider."
    pub caption: String,
}

/// One station of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    /// Which one.
    pub place: Place,
    /// "Your bank or wallet".
    pub label: String,
    /// Where the money is, seen from here.
    pub standing: Standing,
    /// The standing (and the break, if there is one) in words, for those who do not see the picture.
    pub text: String,
    /// The link that leads *to* this station (for the payer's station: the way back) is the one that broke.
    pub broken: bool,
}

/// The five stations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Who pays.
    Payer,
    /// Who holds the payer's account.
    WalletOrIssuer,
    /// The scheme between the two sides.
    Network,
    /// Who collects for the merchant.
    Acquirer,
    /// Who is paid.
    Merchant,
}

impl Place {
    /// In the order of the trail.
    pub const ALL: [Self; 5] = [
        Self::Payer,
        Self::WalletOrIssuer,
        Self::Network,
        Self::Acquirer,
        Self::Merchant,
    ];

    /// The name for attributes and locale files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::WalletOrIssuer => "wallet_or_issuer",
            Self::Network => "network",
            Self::Acquirer => "acquirer",
            Self::Merchant => "merchant",
        }
    }
}

/// Where the money is, seen from one station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The money is here now.
    MoneyHere,
    /// It has been here and went on.
    Passed,
    /// It has not come here yet.
    Ahead,
    /// Nobody can say.
    Unknown,
    /// It went back from here.
    Returned,
}

impl Standing {
    /// Every standing, for tables.
    pub const ALL: [Self; 5] = [
        Self::MoneyHere,
        Self::Passed,
        Self::Ahead,
        Self::Unknown,
        Self::Returned,
    ];

    /// The name for attributes and locale files.
    pub const fn id(self) -> &'static str {
        match self {
            Self::MoneyHere => "here",
            Self::Passed => "passed",
            Self::Ahead => "ahead",
            Self::Unknown => "unknown",
            Self::Returned => "returned",
        }
    }
}
