//! `verify`: was this evidence pack really signed by the server, and is it about what was asked?

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::PathBuf;

use payment_status_protocol::match_code::match_code;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::time::Time;
use serde_json::{Value, json};

use crate::evidence::{
    Expected, MAX_BYTES, Pack, Proven, ProvenAnswer, Refusal, RefusalCode, Standing, TrustedKeys,
    compare, prove,
};
use crate::store::{Current, EvidenceStore};

/// What is checked, against what.
#[derive(Debug)]
pub struct Request {
    /// The evidence pack.
    pub file: PathBuf,
    /// A JWK set.
    pub keys: Option<PathBuf>,
    /// The server's database.
    pub database: Option<PathBuf>,
    /// What it must be about.
    pub expected: Expected,
    /// Refuse what is genuine but superseded.
    pub must_be_current: bool,
    /// JSON Lines instead of text.
    pub json: bool,
}

/// How the check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Genuine, and nothing newer is known.
    Genuine,
    /// Refused; the reason was printed.
    Refused,
    /// Genuine, but the store has a newer version.
    Superseded,
}

impl Outcome {
    /// The exit status: 0, 1 or 3. 2 is for usage.
    #[must_use]
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Genuine => 0,
            Self::Refused => 1,
            Self::Superseded => 3,
        }
    }
}

struct Checked {
    pack: Pack,
    proven: Proven,
    standing: Option<Standing>,
}

/// Checks and prints.
///
/// # Errors
/// When the keys or the database cannot be read, or nothing can be printed: not the pack's fault.
pub async fn run(
    request: &Request,
    out: &mut impl Write,
) -> Result<Outcome, Box<dyn std::error::Error>> {
    let store = match &request.database {
        Some(path) => Some(EvidenceStore::open(path).await?),
        None => None,
    };
    let keys = match (&request.keys, &store) {
        (Some(path), _) => {
            let named =
                |error: &dyn std::fmt::Display| format!("--keys {}: {error}", path.display());
            let bytes = std::fs::read(path).map_err(|error| named(&error))?;
            TrustedKeys::from_jwks(&bytes).map_err(|error| named(&error))?
        }
        (None, Some(store)) => TrustedKeys::from_store(&store.signing_keys().await?)?,
        (None, None) => return Err("--keys or --database is missing".into()),
    };
    let checked = match read_and_prove(request, &keys) {
        Ok((pack, proven)) => match &store {
            None => Ok((pack, proven, None)),
            Some(store) => compare(&proven, &keys, store)
                .await?
                .map(|standing| (pack, proven, Some(standing))),
        },
        Err(refusal) => Err(refusal),
    };
    let checked = checked.and_then(|(pack, proven, standing)| {
        let checked = Checked {
            pack,
            proven,
            standing,
        };
        match &checked.standing {
            Some(Standing::Superseded(now)) if request.must_be_current => Err(Refusal {
                code: RefusalCode::Superseded,
                detail: format!("genuine, but version {} is current now", now.version),
            }),
            Some(Standing::Superseded(_) | Standing::Current) | None => Ok(checked),
        }
    });
    match checked {
        Err(refusal) => {
            print_refusal(&refusal, request.json, out)?;
            Ok(Outcome::Refused)
        }
        Ok(checked) => {
            print_checked(&checked, request.json, out)?;
            Ok(match checked.standing {
                Some(Standing::Superseded(_)) => Outcome::Superseded,
                Some(Standing::Current) | None => Outcome::Genuine,
            })
        }
    }
}

fn read_and_prove(request: &Request, keys: &TrustedKeys) -> Result<(Pack, Proven), Refusal> {
    let mut bytes = Vec::new();
    // One byte more than is allowed is enough to see that it is too large.
    let limit = u64::try_from(MAX_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    File::open(&request.file)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| Refusal {
            code: RefusalCode::Unreadable,
            detail: format!("{}: {error}", request.file.display()),
        })?;
    let pack = Pack::read(&bytes)?;
    let proven = prove(&pack, keys, &request.expected)?;
    Ok((pack, proven))
}

fn print_refusal(refusal: &Refusal, as_json: bool, out: &mut impl Write) -> io::Result<()> {
    let code = refusal.code.as_str();
    if as_json {
        let line = json!({ "result": "refused", "reason": code, "detail": refusal.detail });
        writeln!(out, "{line}")
    } else {
        writeln!(out, "refused: {refusal}")
    }
}

fn print_checked(checked: &Checked, as_json: bool, out: &mut impl Write) -> io::Result<()> {
    let Checked {
        pack,
        proven,
        standing,
    } = checked;
    let answers = &proven.answers;
    let order = answers.last().map(|last| &*last.snapshot.order_reference);
    let order = order.unwrap_or_default();
    let current = match standing {
        Some(Standing::Superseded(current)) => Some(&**current),
        Some(Standing::Current) | None => None,
    };
    if as_json {
        for answer in answers {
            writeln!(out, "{}", answer_line(answer))?;
        }
        let result = if current.is_some() {
            "superseded"
        } else {
            "genuine"
        };
        let mut line = json!({
            "result": result, "transaction": proven.transaction, "order_reference": order,
            "answers": answers.len(), "compared_with_store": standing.is_some(),
            "as_the_file_says": { "party": pack.party, "locale": pack.locale, "saved_at": pack.saved_at },
        });
        if let Some(current) = current {
            line["current"] = current_line(current);
        }
        return writeln!(out, "{line}");
    }
    for answer in answers {
        let Snapshot {
            version,
            state,
            charged,
            pay_again,
            release,
            ..
        } = &answer.snapshot;
        let signed: Vec<String> = answer
            .signed
            .iter()
            .map(|s| at(s.at_s).to_string())
            .collect();
        writeln!(
            out,
            "version {version}, code {}: {state}, charged {charged}, pay again {pay_again}, release {release}; signed {}",
            answer.match_code,
            signed.join(" to "),
        )?;
    }
    let kind = match standing {
        Some(_) => "as stored",
        None => "by these keys; not compared with a store",
    };
    writeln!(
        out,
        "genuine ({kind}): {}, order {order}",
        proven.transaction
    )?;
    writeln!(
        out,
        "as the file says, which nobody has signed: shown to {}, in {}, saved {}",
        pack.party.as_str(),
        pack.locale.escape_default(),
        pack.saved_at
    )?;
    if let Some(current) = current {
        let code = match_code(&current.sha256);
        let state = serde_json::from_slice::<Snapshot>(&current.body).map_or_else(
            |_| "unreadable".to_owned(),
            |snapshot| snapshot.state.to_string(),
        );
        writeln!(
            out,
            "superseded: current now is version {}, code {code}: {state}",
            current.version
        )?;
    }
    Ok(())
}

fn answer_line(answer: &ProvenAnswer) -> Value {
    let snapshot = &answer.snapshot;
    let signed: Vec<Value> = answer
        .signed
        .iter()
        .map(|signed| json!({ "at": at(signed.at_s), "kid": signed.kid }))
        .collect();
    json!({
        "version": snapshot.version, "match_code": answer.match_code, "state": snapshot.state,
        "charged": snapshot.charged, "pay_again": snapshot.pay_again, "release": snapshot.release,
        "reason": snapshot.reason, "final": snapshot.is_final, "signed": signed,
    })
}

fn current_line(current: &Current) -> Value {
    let snapshot: Value = serde_json::from_slice(&current.body).unwrap_or_default();
    json!({
        "version": current.version, "match_code": match_code(&current.sha256),
        "state": snapshot["state"], "updated_at": snapshot["updated_at"],
    })
}

fn at(unix_s: i64) -> Time {
    Time::from_ms(unix_s.saturating_mul(1000))
}
