//! The small document that concerns the reader alone: the payer's account, the merchant's payout,
//! and for support the exact reason with its raw code.

use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use payment_status_display::{PartyDocument, PartyFacts};
use payment_status_protocol::party::Party;
use payment_status_protocol::read::{self, Node};
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::{Outcome, RawCode};

use crate::browser::json::Json;
use crate::browser::wake::Wake;
use crate::client::{self, Ask, Cache};
use crate::config::Config;
use crate::failure::Failure;
use crate::verify::{KeySource, prove};
use crate::watch::schedule::ANSWER_LIMIT_MS;

/// One question, and its answer for every element that asks the same.
#[derive(Default)]
pub(crate) struct Own {
    /// Empty until it is answered.
    answer: OnceCell<Answer>,
    answered: Wake,
}

enum Answer {
    Document(Document),
    /// There is none for this reader, or it is not proven: the shared answer stands without it.
    Nothing,
    /// Nobody has heard the question, or the server could not answer it then.
    Unheard,
}

struct Document {
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
        settlement: Option<Outcome>,
    },
}

type Question = (Config, Option<u64>);

thread_local! {
    /// Asked once for as long as somebody shows or awaits it.
    static ASKED: RefCell<Vec<(Question, Weak<Own>)>> = const { RefCell::new(Vec::new()) };
}

/// The document as it belongs to `version` of the shared one, or what came instead.
pub(crate) async fn fetch(config: &Config, version: Option<u64>) -> Rc<Own> {
    let question = (config.clone(), version);
    let same = ASKED.with_borrow_mut(|asked| {
        // Whoever holds an answer that was none does not keep the others from asking again.
        asked.retain(|(_, own)| own.upgrade().is_some_and(|own| !own.may_come()));
        let same = asked.iter().find(|(known, _)| *known == question);
        same.and_then(|(_, own)| own.upgrade())
    });
    match same {
        Some(own) => {
            if own.answer.get().is_none() {
                own.answered.woken().await;
            }
            own
        }
        None => {
            let own = Rc::new(Own::default());
            ASKED.with_borrow_mut(|asked| asked.push((question, Rc::downgrade(&own))));
            // Set by nobody else: the others wait.
            let _ = own.answer.set(ask(config).await);
            own.answered.wake();
            own
        }
    }
}

/// Fetches and proves the document.
async fn ask(config: &Config) -> Answer {
    let is_support = config.party == Party::Support;
    let name = if is_support { "detail" } else { "party" };
    let Some(url) = config.sibling(name) else {
        return Answer::Nothing;
    };
    let ask = Ask {
        url: &url,
        token: Some(&config.token),
        etag: None,
        park_s: None,
        cache: Cache::Nothing,
    };
    match client::ask(&ask, ANSWER_LIMIT_MS).await {
        Ok(answer) if answer.status == 200 => match proven(config, &answer).await {
            Ok(Some(document)) => Answer::Document(document),
            Err(Failure::KeysUnavailable) => Answer::Unheard,
            Ok(None) | Err(_) => Answer::Nothing,
        },
        Ok(answer) if answer.status < 500 && answer.status != 429 => Answer::Nothing,
        Ok(_) | Err(_) => Answer::Unheard,
    }
}

async fn proven(config: &Config, answer: &client::Answer) -> Result<Option<Document>, Failure> {
    let keys = KeySource(config.keys.clone());
    let claims = prove(
        answer.signature.as_deref(),
        &answer.body,
        &config.transaction,
        &keys,
    )
    .await?;
    let read = || {
        let document = Json::parse(&answer.body)?;
        let version = read::integer(&document, "version")?;
        let about_ours = read::transaction(&document, "transaction")? == config.transaction;
        let facts = facts(&document, &config.party)?;
        (about_ours && version == claims.ver).then_some(Document { version, facts })
    };
    Ok(read())
}

fn facts(document: &Json, party: &Party) -> Option<Facts> {
    if *party == Party::Support {
        let reason = read::reason(document, "reason")?;
        let broken_leg = document
            .get("snapshot")
            .and_then(|s| read::text(&s, "broken_leg"));
        let lines = document.get("reports")?.items()?;
        // The last word on the leg that broke, whatever reason the whole has; one that counts before a claim.
        let last = |of_claims: bool| {
            lines
                .iter()
                .rev()
                .filter(|line| {
                    (read::text(*line, "standing").as_deref() == Some("claim")) == of_claims
                })
                .filter_map(|line| line.get("report"))
                .filter(|report| broken_leg.is_some() && read::text(report, "leg") == broken_leg)
                .find(|report| read::text(report, "outcome").as_deref() != Some("succeeded"))
        };
        let behind = last(false).or_else(|| last(true));
        let broken_code = behind.and_then(|report| read::raw_code(&report, "code"));
        return Some(Facts::Support {
            reason,
            broken_code,
            settlement: settlement(document),
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

/// The settlement that needs attention most.
fn settlement(document: &Json) -> Option<Outcome> {
    let lines = document.get("settlement")?.items()?;
    let said = lines.iter().filter_map(|line| read::text(line, "status"));
    said.map(|status| Outcome::from(&*status))
        .min_by_key(|outcome| match outcome {
            Outcome::Failed => 0,
            Outcome::Unknown | Outcome::Other(_) => 1,
            Outcome::Pending => 2,
            Outcome::Succeeded => 3,
        })
}

impl Own {
    fn document(&self) -> Option<&Document> {
        match self.answer.get()? {
            Answer::Document(document) => Some(document),
            Answer::Nothing | Answer::Unheard => None,
        }
    }

    /// True if asking again can bring it.
    pub(crate) fn may_come(&self) -> bool {
        matches!(self.answer.get(), Some(Answer::Unheard))
    }

    pub(crate) fn version(&self) -> Option<u64> {
        Some(self.document()?.version)
    }

    pub(crate) fn as_document(&self) -> Option<PartyDocument<'_>> {
        let document = self.document()?;
        let facts = match &document.facts {
            Facts::Support {
                reason,
                broken_code,
                settlement,
            } => PartyFacts::Support {
                reason: Some(reason),
                broken_code: broken_code.as_ref(),
                settlement: settlement.as_ref(),
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
        Some(PartyDocument {
            version: document.version,
            facts,
        })
    }
}
