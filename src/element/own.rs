//! The small document that concerns the reader alone: the payer's account, the merchant's payout,
//! and for support the exact reason with its raw code.

use payment_status_display::{PartyDocument, PartyFacts};
use payment_status_protocol::party::Party;
use payment_status_protocol::read::{self, Node};
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::RawCode;

use crate::browser::json::Json;
use crate::client::{self, Ask, Cache};
use crate::config::Config;
use crate::verify::{KeySource, prove};

/// The reader's own document.
pub(crate) struct Own {
    version: u64,
    facts: Facts,
}

enum Facts {
    Payer {
        account: Option<Box<str>>,
    },
    Merchant {
        payout: Box<str>,
        account: Option<Box<str>>,
        reason: Option<Reason>,
    },
    Support {
        reason: Reason,
        broken_code: Option<RawCode>,
    },
}

/// Fetches and proves the document; `None` where it cannot be had: the shared answer stands without it.
pub(crate) async fn fetch(config: &Config) -> Option<Own> {
    let is_support = config.party == Party::Support;
    let name = if is_support { "detail" } else { "party" };
    let url = [config.src.strip_suffix("status")?, name].concat();
    let answer = client::ask(&Ask {
        url: &url,
        token: Some(&config.token),
        etag: None,
        park_s: None,
        cache: Cache::Nothing,
    })
    .await
    .ok()?;
    if answer.status != 200 {
        return None;
    }
    let keys = KeySource(config.keys.clone());
    let claims = prove(
        answer.signature.as_deref(),
        &answer.body,
        &config.transaction,
        &keys,
    )
    .await
    .ok()?;
    let document = Json::parse(&answer.body)?;
    let version = read::integer(&document, "version")?;
    let about_ours = read::transaction(&document, "transaction")? == config.transaction;
    let facts = facts(&document, &config.party)?;
    (about_ours && version == claims.ver).then_some(Own { version, facts })
}

fn facts(document: &Json, party: &Party) -> Option<Facts> {
    if *party == Party::Support {
        let reason = read::reason(document, "reason")?;
        let broken_code = document
            .get("reports")?
            .items()?
            .iter()
            .filter(|report| read::reason(*report, "reason").as_ref() == Some(&reason))
            .find_map(|report| read::raw_code(&report.get("report")?, "code"));
        return Some(Facts::Support {
            reason,
            broken_code,
        });
    }
    // Another party's document, whoever sent it, is not for this reader.
    (*read::text(document, "party")? == *party.as_str()).then_some(())?;
    match document.get("payout") {
        Some(payout) => Some(Facts::Merchant {
            payout: read::text(&payout, "status")?,
            account: read::text(&payout, "account"),
            reason: read::reason(&payout, "reason"),
        }),
        None => Some(Facts::Payer {
            account: read::text(document, "account"),
        }),
    }
}

impl Own {
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn as_document(&self) -> PartyDocument<'_> {
        let facts = match &self.facts {
            Facts::Support {
                reason,
                broken_code,
            } => PartyFacts::Support {
                reason: Some(reason),
                broken_code: broken_code.as_ref(),
            },
            Facts::Merchant {
                payout,
                account,
                reason,
            } => PartyFacts::Merchant {
                payout,
                account: account.as_deref(),
                reason: reason.as_ref(),
            },
            Facts::Payer { account } => PartyFacts::Payer {
                account: account.as_deref(),
            },
        };
        PartyDocument {
            version: self.version,
            facts,
        }
    }
}
