//! Who may create, report and read everything: the credentials file.
//!
//! ```toml
//! [[merchant]]            # may create transactions
//! name = "demo"
//! key = "psm_…"
//! [[support]]             # may read everything
//! name = "desk"
//! key = "pss_…"
//! [[source]]              # may report; several entries of one source rotate its secret
//! source = "wallet"
//! secret = "whsec_…"
//! ```
//!
//! It is checked whole at start, with every mistake and its line; a value is never printed.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use payment_status_protocol::report::Source;
use serde::Deserialize;
use toml::Spanned;

use crate::secret::{Secret, SecretHash, SecretKind, is_well_formed, random_bytes};
use crate::webhook::WebhookSecret;

/// The checked content of the file.
#[derive(Debug)]
pub struct Credentials {
    merchants: Vec<(String, SecretHash)>,
    supports: Vec<SecretHash>,
    sources: HashMap<String, Vec<WebhookSecret>>,
}

/// Why the file cannot be used.
#[derive(Debug)]
pub enum CredentialsError {
    /// It cannot be read or written.
    Io(PathBuf, std::io::Error),
    /// What is wrong in it, a line each: `line 3: …`.
    Invalid(PathBuf, Vec<String>),
    /// No random bytes for fresh secrets.
    Random(getrandom::Error),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    merchant: Vec<KeyEntry>,
    #[serde(default)]
    support: Vec<KeyEntry>,
    #[serde(default)]
    source: Vec<SourceEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    name: Spanned<String>,
    key: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceEntry {
    source: Spanned<String>,
    secret: Spanned<String>,
}

impl Credentials {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// Every mistake with its line.
    pub fn read(path: &Path) -> Result<Self, CredentialsError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| CredentialsError::Io(path.into(), error))?;
        Self::parse(&text).map_err(|mistakes| CredentialsError::Invalid(path.into(), mistakes))
    }

    /// Makes the file with fresh secrets if it does not exist. True if it was made.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create_if_missing(path: &Path) -> Result<bool, CredentialsError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => {
                let text = fresh_file().map_err(CredentialsError::Random)?;
                let written = file
                    .write_all(text.as_bytes())
                    .and_then(|()| file.sync_all());
                written.map(|()| true).map_err(|error| {
                    // A file without anybody in it would be taken for one at the next start.
                    let _ = std::fs::remove_file(path);
                    CredentialsError::Io(path.into(), error)
                })
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(CredentialsError::Io(path.into(), error)),
        }
    }

    /// Checks the file's text.
    ///
    /// # Errors
    /// Every mistake with its line.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let file: File = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            vec![format!("line {line}: {}", error.message())]
        })?;
        let mut mistakes = Vec::new();
        let mut mistake = |at: usize, what: String| {
            mistakes.push(format!("line {}: {what}", line_of(text, at)));
        };

        let mut merchants = Vec::new();
        for entry in &file.merchant {
            check_key(entry, SecretKind::MerchantKey, &mut mistake);
            merchants.push((
                entry.name.as_ref().clone(),
                SecretHash::of(entry.key.as_ref()),
            ));
        }
        let mut supports = Vec::new();
        for entry in &file.support {
            check_key(entry, SecretKind::SupportKey, &mut mistake);
            supports.push(SecretHash::of(entry.key.as_ref()));
        }
        let mut sources: HashMap<String, Vec<WebhookSecret>> = HashMap::new();
        for entry in &file.source {
            check_name("source", &entry.source, &mut mistake);
            match WebhookSecret::parse(entry.secret.as_ref()) {
                Some(secret) => {
                    sources
                        .entry(entry.source.as_ref().clone())
                        .or_default()
                        .push(secret);
                }
                None => mistake(
                    entry.secret.span().start,
                    "secret: expected whsec_ and the base64 of 24 to 64 bytes".to_owned(),
                ),
            }
        }
        if mistakes.is_empty() {
            Ok(Self {
                merchants,
                supports,
                sources,
            })
        } else {
            Err(mistakes)
        }
    }

    /// The merchant that this key belongs to.
    #[must_use]
    pub fn merchant(&self, presented: &SecretHash) -> Option<&str> {
        // Every entry is compared, so that the time does not tell which one came close.
        self.merchants.iter().fold(None, |found, (name, hash)| {
            if hash.matches(presented) {
                Some(name.as_str())
            } else {
                found
            }
        })
    }

    /// True if this is a support key.
    #[must_use]
    pub fn is_support(&self, presented: &SecretHash) -> bool {
        self.supports
            .iter()
            .filter(|hash| hash.matches(presented))
            .count()
            > 0
    }

    /// The secrets of a source, if it may report.
    #[must_use]
    pub fn source_secrets(&self, source: &str) -> Option<&[WebhookSecret]> {
        self.sources.get(source).map(Vec::as_slice)
    }
}

fn check_key(entry: &KeyEntry, kind: SecretKind, mistake: &mut impl FnMut(usize, String)) {
    check_name("name", &entry.name, mistake);
    if !is_well_formed(entry.key.as_ref(), kind) {
        mistake(
            entry.key.span().start,
            format!(
                "key: expected {} and 43 base64url characters (32 bytes)",
                kind.prefix()
            ),
        );
    }
}

fn check_name(field: &str, name: &Spanned<String>, mistake: &mut impl FnMut(usize, String)) {
    let length = name.as_ref().chars().count();
    if !(1..=64).contains(&length) {
        mistake(
            name.span().start,
            format!("{field}: expected 1 to 64 characters, got {length}"),
        );
    }
}

fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|&b| b == b'\n').count() + 1
}

fn fresh_file() -> Result<String, getrandom::Error> {
    let mut text = String::from(
        "# Secrets of this payment-status server. Keep the file to yourself (mode 0600).\n\
         # Several entries of one source are all accepted: that is how a secret is rotated.\n\n",
    );
    for (table, name, kind) in [
        ("merchant", "demo", SecretKind::MerchantKey),
        ("support", "desk", SecretKind::SupportKey),
    ] {
        let secret = Secret::generate(kind)?;
        text += &format!(
            "[[{table}]]\nname = \"{name}\"\nkey = \"{}\"\n\n",
            secret.reveal()
        );
    }
    // The clock is the server itself: nobody outside needs its secret.
    for source in Source::KNOWN
        .iter()
        .filter(|source| **source != Source::Clock)
    {
        let secret = STANDARD.encode(random_bytes::<32>()?);
        text += &format!("[[source]]\nsource = \"{source}\"\nsecret = \"whsec_{secret}\"\n\n");
    }
    Ok(text)
}

impl std::fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "credentials file {}: {error}", path.display()),
            Self::Invalid(path, mistakes) => {
                write!(f, "credentials file {} is not valid:", path.display())?;
                mistakes
                    .iter()
                    .try_for_each(|mistake| write!(f, "\n  {mistake}"))
            }
            Self::Random(error) => write!(f, "no random bytes: {error}"),
        }
    }
}

impl std::error::Error for CredentialsError {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_file_is_valid_and_names_every_source_but_the_clock() {
        let credentials = Credentials::parse(&fresh_file().unwrap()).unwrap();
        assert!(credentials.source_secrets("wallet").is_some());
        assert!(credentials.source_secrets("clock").is_none());
    }

    #[test]
    fn mistakes_are_named_with_their_lines_and_without_their_values() {
        let text = "[[merchant]]\nname = \"\"\nkey = \"psm_short\"\n\n[[source]]\nsource = \"wallet\"\nsecret = \"hunter2\"\n";
        let mistakes = Credentials::parse(text).unwrap_err();
        assert_eq!(mistakes.len(), 3);
        assert!(mistakes[0].starts_with("line 2: name:"), "{mistakes:?}");
        assert!(mistakes[1].starts_with("line 3: key:"), "{mistakes:?}");
        assert!(mistakes[2].starts_with("line 7: secret:"), "{mistakes:?}");
        assert!(!mistakes.concat().contains("hunter2"));
    }

    #[test]
    fn unknown_and_missing_fields_are_named_with_their_line() {
        let mistakes = Credentials::parse("\n[[merchant]]\nnam = \"x\"\n").unwrap_err();
        assert!(
            mistakes[0].starts_with("line 3: ") && mistakes[0].contains("nam"),
            "{mistakes:?}"
        );
        let mistakes = Credentials::parse("[[merchant]\n").unwrap_err();
        assert!(mistakes[0].starts_with("line 1: "), "{mistakes:?}");
    }

    #[test]
    fn two_secrets_of_one_source_are_both_kept() {
        let one = "[[source]]\nsource = \"wallet\"\nsecret = \"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"\n";
        let credentials = Credentials::parse(&one.repeat(2)).unwrap();
        assert_eq!(credentials.source_secrets("wallet").unwrap().len(), 2);
    }
}
