//! Parses the attributes once, into types that cannot be wrong.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;

use crate::failure::Failure;

/// The attributes as the host page wrote them; `None` is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// `src`: address of the status document, absolute or relative to the page.
    pub src: Option<String>,
    /// `party`: `payer` (default), `merchant` or `support`.
    pub party: Option<String>,
    /// `token`: the capability for this transaction and party. An empty one: the page is still getting it
    /// (`tokenProvider`), and there is nothing to ask with yet.
    pub token: Option<String>,
    /// `keys`: a JWK set (inline JSON) or its address. Default: `/.well-known/jwks.json` where `src` is.
    pub keys: Option<String>,
}

/// What to show, and how to ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Absolute address of the status document.
    pub src: Box<str>,
    /// The transaction that `src` names: a document of another one is refused.
    pub transaction: TransactionId,
    /// Who reads.
    pub party: Party,
    /// The capability; never part of an address or a log.
    pub token: Token,
    /// Where the keys come from.
    pub keys: Keys,
}

/// A capability token. `Debug` hides it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token(pub Box<str>);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Where the public keys come from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keys {
    /// Pinned by the host page: nothing is fetched.
    Inline(Box<str>),
    /// Absolute address of a JWK set.
    Fetched(Box<str>),
}

/// Who reads: the payer unless `party` says otherwise; `None` if it says what nobody knows.
#[must_use]
pub fn party(attributes: &Attributes) -> Option<Party> {
    let named = attributes.party.as_deref().map_or("", str::trim);
    let party = Party::from(if named.is_empty() { "payer" } else { named });
    let is_known = !matches!(party, Party::Other(_));
    is_known.then_some(party)
}

/// Parses. `resolve` makes an address absolute against the page, or answers `None`.
///
/// # Errors
/// [`Failure::Configuration`] with the name of the first attribute that is missing or wrong.
pub fn parse(
    attributes: &Attributes,
    resolve: impl Fn(&str) -> Option<String>,
) -> Result<Config, Failure> {
    let given = |value: &Option<String>| {
        value
            .as_deref()
            .map(str::trim)
            .filter(|v| !v.is_empty())
            .map(str::to_owned)
    };

    let src = given(&attributes.src)
        .and_then(|src| resolve(&src))
        .ok_or(Failure::Configuration("src"))?;
    let transaction = transaction_of(&src).ok_or(Failure::Configuration("src"))?;
    let party = party(attributes).ok_or(Failure::Configuration("party"))?;
    // Visible ASCII only: a line break in a header value would throw out of the browser's API.
    let token = given(&attributes.token)
        .filter(|token| token.bytes().all(|b| b.is_ascii_graphic()))
        .ok_or(Failure::Configuration("token"))?;
    let keys = match given(&attributes.keys) {
        Some(inline) if inline.starts_with('{') => Keys::Inline(inline.into()),
        Some(address) => Keys::Fetched(
            resolve(&address)
                .ok_or(Failure::Configuration("keys"))?
                .into(),
        ),
        None => Keys::Fetched(
            well_known(&src)
                .ok_or(Failure::Configuration("src"))?
                .into(),
        ),
    };
    Ok(Config {
        src: src.into(),
        transaction,
        party,
        token: Token(token.into()),
        keys,
    })
}

impl Config {
    /// The address of another document of the same transaction: `name` in the place of `status`, with the same query.
    #[must_use]
    pub fn sibling(&self, name: &str) -> Option<String> {
        let up_to = |ends: &[u8]| self.src.bytes().position(|byte| ends.contains(&byte));
        let whole = self.src.get(..up_to(b"#").unwrap_or(self.src.len()))?;
        let (path, query) = whole.split_at_checked(up_to(b"?#").unwrap_or(whole.len()))?;
        Some([path.strip_suffix("status")?, name, query].concat())
    }
}

/// `…/v1/transactions/{id}/status` names the transaction; query and fragment do not matter.
fn transaction_of(src: &str) -> Option<TransactionId> {
    let path = src.split(['?', '#']).next()?;
    let mut segments = path.rsplit('/');
    (segments.next()? == "status").then_some(())?;
    TransactionId::try_from(segments.next()?).ok()
}

/// The key set of the server that `src` is on.
fn well_known(src: &str) -> Option<String> {
    let (scheme, rest) = src.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    let host = rest.split('/').next()?;
    Some([scheme, "://", host, "/.well-known/jwks.json"].concat())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const SRC: &str = "/v1/transactions/tx_00000000000000000000000001/status";

    fn attributes(src: &str, party: &str, token: &str, keys: &str) -> Attributes {
        let some = |text: &str| Some(text.to_owned());
        Attributes {
            src: some(src),
            party: some(party),
            token: some(token),
            keys: some(keys),
        }
    }

    fn parsed(attributes: &Attributes) -> Result<Config, Failure> {
        parse(attributes, |address| {
            Some(if address.starts_with('/') {
                format!("https://pay.example{address}")
            } else {
                address.to_owned()
            })
        })
    }

    #[test]
    fn the_source_names_the_transaction_and_the_default_keys() {
        let config = parsed(&attributes(SRC, "", " pst_x ", "")).unwrap();
        assert_eq!(config.transaction.as_str(), "tx_00000000000000000000000001");
        assert_eq!(config.party, Party::Payer);
        assert_eq!(
            config.keys,
            Keys::Fetched("https://pay.example/.well-known/jwks.json".into())
        );
    }

    #[test]
    fn each_wrong_attribute_is_named() {
        for (attributes, name) in [
            (Attributes::default(), "src"),
            (attributes("/v1/transactions/", "payer", "t", ""), "src"),
            (
                attributes("/v1/transactions/tx_1/status", "payer", "t", ""),
                "src",
            ),
            (attributes(SRC, "cashier", "t", ""), "party"),
            (attributes(SRC, "payer", "", ""), "token"),
            (attributes(SRC, "payer", "t\nx", ""), "token"),
        ] {
            assert_eq!(
                parsed(&attributes),
                Err(Failure::Configuration(name)),
                "{attributes:?}"
            );
        }
    }

    #[test]
    fn the_other_documents_lie_beside_it_under_the_same_query() {
        for (rest, expected) in [
            ("", ""),
            ("?shop=7", "?shop=7"),
            ("?a=/x/status#top", "?a=/x/status"),
        ] {
            let config = parsed(&attributes(&[SRC, rest].concat(), "", "t", "")).unwrap();
            let folder = "https://pay.example/v1/transactions/tx_00000000000000000000000001/";
            assert_eq!(
                config.sibling("party").unwrap(),
                [folder, "party", expected].concat()
            );
        }
    }

    #[test]
    fn inline_keys_are_pinned() {
        let config = parsed(&attributes(SRC, "support", "t", r#" {"keys":[]} "#)).unwrap();
        assert_eq!(config.keys, Keys::Inline(r#"{"keys":[]}"#.into()));
    }

    #[test]
    fn a_token_is_never_printed() {
        let config = parsed(&attributes(SRC, "payer", "pst_secret", "")).unwrap();
        assert!(!format!("{config:?}").contains("secret"));
    }
}
