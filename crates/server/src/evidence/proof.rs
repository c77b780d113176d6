//! What the server's signatures prove of a pack. Pure: keys and expectations come in, no clock and no store.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signature;
use payment_status_protocol::check::check;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::match_code::match_code;
use payment_status_protocol::snapshot::Snapshot;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::keys::{TrustedKeys, key_of};
use super::pack::{Pack, Shown};
use super::refusal::{Refusal, RefusalCode as Code};
use crate::strict_json;

/// What the checker asks about.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// It must be this transaction.
    pub transaction: Option<TransactionId>,
    /// It must be this order.
    pub order: Option<String>,
}

/// A pack whose every answer the server has signed.
#[derive(Debug, Clone)]
pub struct Proven {
    /// What it is about.
    pub transaction: TransactionId,
    /// The answers in the order in which they were shown; at least one.
    pub answers: Vec<ProvenAnswer>,
}

/// One answer of the server.
#[derive(Debug, Clone)]
pub struct ProvenAnswer {
    /// The document.
    pub snapshot: Snapshot,
    /// Its exact bytes.
    pub body: Vec<u8>,
    /// Computed from the bytes.
    pub match_code: String,
    /// Who signed and when: one or two, in this order.
    pub signed: Vec<Signed>,
}

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Which key.
    pub kid: String,
    /// When, Unix seconds.
    pub at_s: i64,
}

#[derive(Deserialize)]
struct Protected {
    alg: String,
    b64: bool,
    crit: Vec<String>,
    kid: String,
    txn: TransactionId,
    ver: u64,
    iat: i64,
}

/// Seconds by which a time that the screen has worked out may be off.
const SCREEN_SLACK_S: i64 = 60;

/// Proves every answer of a pack, then their order, then that they are about what was asked.
///
/// # Errors
/// The first [`Refusal`].
pub fn prove(pack: &Pack, keys: &TrustedKeys, expected: &Expected) -> Result<Proven, Refusal> {
    own_keys_agree(pack, keys)?;
    let mut answers: Vec<ProvenAnswer> = Vec::with_capacity(pack.shown.len());
    for shown in &pack.shown {
        let answer = prove_answer(pack, shown, keys)?;
        if let Some(before) = answers.last() {
            follows(before, &answer)?;
        }
        answers.push(answer);
    }
    let last_s = answers.iter().flat_map(|a| &a.signed).map(|s| s.at_s).max();
    if last_s.is_some_and(|last| pack.saved_at.as_ms().div_euclid(1000) + SCREEN_SLACK_S < last) {
        return Err(Refusal::new(
            Code::PackDiffers,
            "saved_at is before the last signature",
        ));
    }
    if !pack.src.contains(pack.transaction.as_str()) {
        return Err(Refusal::new(
            Code::PackDiffers,
            format!("src does not name the transaction {}", pack.transaction),
        ));
    }
    is_expected(pack, &answers, expected)?;
    Ok(Proven {
        transaction: pack.transaction.clone(),
        answers,
    })
}

/// The file's own keys prove nothing; but one that differs from the trusted key of its id says that the screen was
/// lied to, or that the file was changed.
fn own_keys_agree(pack: &Pack, keys: &TrustedKeys) -> Result<(), Refusal> {
    for jwk in &pack.keys.keys {
        let kid = jwk.get("kid").and_then(Value::as_str).unwrap_or_default();
        let Some(trusted) = keys.get(kid) else {
            continue;
        };
        if key_of(jwk).is_none_or(|(_, public)| public != trusted.public) {
            return Err(Refusal::new(
                Code::KeyDiffers,
                format!("the file names another key under the id {kid} than the trusted one"),
            ));
        }
    }
    Ok(())
}

fn prove_answer(pack: &Pack, shown: &Shown, keys: &TrustedKeys) -> Result<ProvenAnswer, Refusal> {
    let body = shown.body.as_bytes();
    let mut signed: Vec<Signed> = Vec::with_capacity(shown.signatures.len());
    for signature in &shown.signatures {
        let header = verify(signature, body, keys)?;
        let own = |name: &str| pack.keys.keys.iter().any(|jwk| jwk["kid"] == name);
        if !own(&header.kid) {
            return Err(Refusal::new(
                Code::KeyDiffers,
                format!("the file's own key set lacks {}, which signed", header.kid),
            ));
        }
        if header.txn != pack.transaction || header.ver != shown.version {
            return Err(Refusal::new(
                Code::HeaderDiffers,
                format!(
                    "the signature is about version {} of {}, the file says version {} of {}",
                    header.ver, header.txn, shown.version, pack.transaction
                ),
            ));
        }
        if signed.last().is_some_and(|first| first.at_s > header.iat) {
            return Err(Refusal::new(
                Code::TimeWentBack,
                format!(
                    "the last signature of version {} is earlier than its first",
                    header.ver
                ),
            ));
        }
        signed.push(Signed {
            kid: header.kid,
            at_s: header.iat,
        });
    }
    let snapshot = read_body(body)?;
    if snapshot.transaction != pack.transaction || snapshot.version != shown.version {
        return Err(Refusal::new(
            Code::HeaderDiffers,
            format!(
                "the body is version {} of {}, the file says version {} of {}",
                snapshot.version, snapshot.transaction, shown.version, pack.transaction
            ),
        ));
    }
    let code = match_code(&Sha256::digest(body).into());
    if code != shown.match_code {
        return Err(Refusal::new(
            Code::MatchCodeDiffers,
            format!(
                "the body's code is {code}, the file says {}",
                shown.match_code
            ),
        ));
    }
    Ok(ProvenAnswer {
        snapshot,
        body: body.to_vec(),
        match_code: code,
        signed,
    })
}

/// Checks one detached JWS over `body`; answers its protected header.
fn verify(jws: &str, body: &[u8], keys: &TrustedKeys) -> Result<Protected, Refusal> {
    let malformed = |detail: &str| Refusal::new(Code::SignatureMalformed, detail);
    let (protected, signature) = jws
        .split_once("..")
        .ok_or_else(|| malformed("expected <protected>..<signature>"))?;
    let decode = |text: &str| {
        URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| malformed("expected base64url without padding"))
    };
    let signature: [u8; 64] = decode(signature)?
        .try_into()
        .map_err(|_| malformed("expected a signature of 64 bytes"))?;
    let header = strict_json::parse(&decode(protected)?)
        .ok()
        .and_then(|header| serde_json::from_value::<Protected>(header).ok())
        .ok_or_else(|| malformed("expected alg, b64, crit, kid, txn, ver and iat"))?;
    // An algorithm that the sender may choose is a way in.
    let is_agreed = header.alg == "EdDSA" && !header.b64 && header.crit == ["b64"];
    if !is_agreed {
        return Err(Refusal::new(
            Code::SignatureNotAgreed,
            "expected alg EdDSA, b64 false and crit [\"b64\"]",
        ));
    }
    let key = keys.get(&header.kid).ok_or_else(|| {
        let detail = format!("none of the trusted keys has the id {}", header.kid);
        Refusal::new(Code::KeyUnknown, detail)
    })?;
    let input = [protected.as_bytes(), b".", body].concat();
    key.public
        .verify_strict(&input, &Signature::from_bytes(&signature))
        .map_err(|_| {
            let detail = format!("key {} has not signed these bytes", header.kid);
            Refusal::new(Code::SignatureInvalid, detail)
        })?;
    Ok(header)
}

fn read_body(body: &[u8]) -> Result<Snapshot, Refusal> {
    let value = strict_json::parse(body)
        .map_err(|problem| Refusal::new(Code::BodyUnreadable, problem.detail))?;
    let snapshot: Snapshot = serde_json::from_value(value)
        .map_err(|error| Refusal::new(Code::BodyUnreadable, error.to_string()))?;
    check(&snapshot)
        .map_err(|contradiction| Refusal::new(Code::BodyContradicts, contradiction.code()))?;
    Ok(snapshot)
}

/// No screen goes back: neither in versions nor in the server's time.
fn follows(before: &ProvenAnswer, after: &ProvenAnswer) -> Result<(), Refusal> {
    let (old, new) = (before.snapshot.version, after.snapshot.version);
    if new <= old {
        return Err(Refusal::new(
            Code::VersionWentBack,
            format!("version {new} stands after version {old}"),
        ));
    }
    let last = before.signed.last().map(|signed| signed.at_s);
    let first = after.signed.first().map(|signed| signed.at_s);
    if first < last {
        return Err(Refusal::new(
            Code::TimeWentBack,
            format!("version {new} was signed before the last signature of version {old}"),
        ));
    }
    Ok(())
}

fn is_expected(pack: &Pack, answers: &[ProvenAnswer], expected: &Expected) -> Result<(), Refusal> {
    if let Some(wanted) = expected
        .transaction
        .as_ref()
        .filter(|id| **id != pack.transaction)
    {
        return Err(Refusal::new(
            Code::OtherTransaction,
            format!("genuine, but about {}, not {wanted}", pack.transaction),
        ));
    }
    let mut orders = answers.iter().map(|a| &*a.snapshot.order_reference);
    if let Some(wanted) = &expected.order
        && let Some(order) = orders.find(|order| order != wanted)
    {
        return Err(Refusal::new(
            Code::OtherOrder,
            format!("genuine, but about the order {order}, not {wanted}"),
        ));
    }
    Ok(())
}
