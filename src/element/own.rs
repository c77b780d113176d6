//! The small document that concerns the reader alone: the payer's account, the merchant's payout,
//! and for support the exact reason with its raw code.

use payment_status_display::{PartyDocument, PartyFacts};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::RawCode;
use serde::Deserialize;

use crate::client::{self, Ask};
use crate::element::config::Config;
use crate::verify::{KeySource, prove};

/// The reader's own document.
pub(crate) struct Own {
    version: u64,
    facts: Facts,
}

enum Facts {
    Party(PartyBody),
    Support { reason: Reason, broken_code: Option<RawCode> },
}

#[derive(Deserialize)]
struct PartyBody {
    transaction: TransactionId,
    version: u64,
    party: Party,
    account: Option<Box<str>>,
    payout: Option<Payout>,
}

#[derive(Deserialize)]
struct Payout {
    status: Box<str>,
    account: Option<Box<str>>,
    reason: Option<Reason>,
}

#[derive(Deserialize)]
struct Detail {
    transaction: TransactionId,
    version: u64,
    reason: Reason,
    reports: Vec<Received>,
}

/// One stored report; only its code matters here.
#[derive(Deserialize)]
struct Received {
    reason: Option<Reason>,
    report: Said,
}

#[derive(Deserialize)]
struct Said {
    code: Option<RawCode>,
}

/// Fetches and proves the document; `None` where it cannot be had: the shared answer stands without it.
pub(crate) async fn fetch(config: &Config) -> Option<Own> {
    let is_support = config.party == Party::Support;
    let name = if is_support { "detail" } else { "party" };
    let url = format!("{}{name}", config.src.strip_suffix("status")?);
    let answer = client::ask(&Ask { url: &url, token: Some(&config.token), etag: None, park_s: None }).await.ok()?;
    if answer.status != 200 {
        return None;
    }
    let keys = KeySource(config.keys.clone());
    let claims = prove(answer.signature.as_deref(), &answer.body, &config.transaction, &keys).await.ok()?;
    let (transaction, version, facts) = if is_support {
        let detail: Detail = serde_json::from_slice(&answer.body).ok()?;
        let broken_code = code_of(&detail);
        (detail.transaction, detail.version, Facts::Support { reason: detail.reason, broken_code })
    } else {
        let body: PartyBody = serde_json::from_slice(&answer.body).ok()?;
        if body.party != config.party {
            return None;
        }
        (body.transaction.clone(), body.version, Facts::Party(body))
    };
    (transaction == config.transaction && version == claims.ver).then_some(Own { version, facts })
}

/// The raw code that stands for the shown reason.
fn code_of(detail: &Detail) -> Option<RawCode> {
    let mut with_reason = detail.reports.iter().filter(|r| r.reason.as_ref() == Some(&detail.reason));
    with_reason.find_map(|r| r.report.code.clone())
}

impl Own {
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    pub(crate) fn as_document(&self) -> PartyDocument<'_> {
        let facts = match &self.facts {
            Facts::Support { reason, broken_code } => {
                PartyFacts::Support { reason: Some(reason), broken_code: broken_code.as_ref() }
            }
            Facts::Party(body) => match &body.payout {
                Some(payout) => PartyFacts::Merchant {
                    payout: &payout.status,
                    account: payout.account.as_deref(),
                    reason: payout.reason.as_ref(),
                },
                None => PartyFacts::Payer { account: body.account.as_deref() },
            },
        };
        PartyDocument { version: self.version, facts }
    }
}
