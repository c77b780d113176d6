//! The demo's credentials: fresh at every start, for the server and for the page that plays the sources.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, json};

/// Everybody who reports in the scenarios: all of docs/protocol.md, section 7, and one source that the rules do not
/// know, because one story is about what happens then.
const SOURCES: [&str; 12] = [
    "wallet",
    "issuer",
    "network",
    "acquirer",
    "terminal",
    "merchant_system",
    "settlement_bank",
    "risk",
    "support",
    "clock",
    "payer_device",
    "quantum_bank",
];

pub(crate) struct DemoSecrets {
    merchant_key: String,
    support_key: String,
    sources: Vec<(&'static str, String)>,
}

impl DemoSecrets {
    pub(crate) fn fresh() -> Result<Self> {
        let mut sources = Vec::new();
        for source in SOURCES {
            sources.push((source, format!("whsec_{}", STANDARD.encode(random()?))));
        }
        Ok(Self {
            merchant_key: format!("psm_{}", URL_SAFE_NO_PAD.encode(random()?)),
            support_key: format!("pss_{}", URL_SAFE_NO_PAD.encode(random()?)),
            sources,
        })
    }

    /// What the server reads. No value needs escaping: all are base64 or lower-case words.
    pub(crate) fn write_credentials(&self, path: &Path) -> Result<()> {
        let mut text = String::from("# Written by `cargo xtask demo`, new at every start.\n");
        text += &format!(
            "\n[[merchant]]\nname = \"demo\"\nkey = \"{}\"\n",
            self.merchant_key
        );
        text += &format!(
            "\n[[support]]\nname = \"desk\"\nkey = \"{}\"\n",
            self.support_key
        );
        for (source, secret) in &self.sources {
            text += &format!("\n[[source]]\nsource = \"{source}\"\nsecret = \"{secret}\"\n");
        }
        write_private(path, &text)
    }

    /// What the player page reads. It is served to everybody who can reach the port: this machine.
    pub(crate) fn write_page_document(&self, path: &Path) -> Result<()> {
        let sources: Map<_, _> = self
            .sources
            .iter()
            .map(|(source, secret)| ((*source).to_owned(), json!(secret)))
            .collect();
        let document = json!({
            "merchant_key": self.merchant_key,
            "support_key": self.support_key,
            "sources": sources,
        });
        write_private(path, &format!("{document:#}\n"))
    }
}

fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("asking the system for random bytes")?;
    Ok(bytes)
}

/// Readable by the owner alone from the first byte on.
fn write_private(path: &Path, text: &str) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        if path.exists() {
            // A file that is there already would keep its own mode.
            std::fs::remove_file(path)?;
        }
        let mut file: File = options.open(path)?;
        file.write_all(text.as_bytes())
    };
    write().with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_documented_shape() {
        let secrets = DemoSecrets::fresh().expect("random bytes");
        assert_eq!(secrets.merchant_key.len(), "psm_".len() + 43);
        assert_eq!(secrets.support_key.len(), "pss_".len() + 43);
        assert!(
            secrets
                .sources
                .iter()
                .all(|(_, secret)| secret.len() == "whsec_".len() + 44)
        );
        assert_ne!(secrets.sources[0].1, secrets.sources[1].1);
    }
}
