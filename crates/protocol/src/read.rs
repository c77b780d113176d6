//! Reads documents from a tree that somebody else has parsed.
//!
//! The widget parses JSON with the browser's own parser and walks the result: a second parser and
//! derived readers in the wasm would cost a third of its size (docs/adr/0004-reading-json.md). The
//! derived readers of the same types serve everybody else; a test holds the two together.

use crate::deadline::Deadline;
use crate::id::TransactionId;
use crate::money::{Currency, Money};
use crate::reason::Reason;
use crate::report::{RawCode, Source};
use crate::snapshot::{LegLine, Snapshot, Superseded, TimelineEntry};
use crate::time::Time;
use crate::verdict::Disagreement;

/// A value of a parsed document.
pub trait Node: Sized {
    /// The member `name`; `None` if it is absent, `null`, or this is no object.
    fn get(&self, name: &str) -> Option<Self>;
    /// The text, if it is one.
    fn text(&self) -> Option<Box<str>>;
    /// The number, if it is one that is whole, not negative and exact.
    fn integer(&self) -> Option<u64>;
    /// The truth value, if it is one.
    fn boolean(&self) -> Option<bool>;
    /// The members of a list, if it is one.
    fn items(&self) -> Option<Vec<Self>>;
}

/// The text under `name`.
pub fn text<N: Node>(node: &N, name: &str) -> Option<Box<str>> {
    node.get(name)?.text()
}

/// The integer under `name`.
pub fn integer<N: Node>(node: &N, name: &str) -> Option<u64> {
    node.get(name)?.integer()
}

/// The transaction id under `name`.
pub fn transaction<N: Node>(node: &N, name: &str) -> Option<TransactionId> {
    TransactionId::try_from(text(node, name)?.as_ref()).ok()
}

/// The reason under `name`.
pub fn reason<N: Node>(node: &N, name: &str) -> Option<Reason> {
    Some(Reason::from(text(node, name)?.as_ref()))
}

/// The raw code under `name`.
pub fn raw_code<N: Node>(node: &N, name: &str) -> Option<RawCode> {
    let code = node.get(name)?;
    Some(RawCode {
        scheme: text(&code, "scheme")?,
        family: text(&code, "family"),
        value: text(&code, "value")?,
    })
}

/// The status document. `None` where it is not one, in whatever place.
pub fn snapshot<N: Node>(node: &N) -> Option<Snapshot> {
    let word = |name: &str| text(node, name);
    Some(Snapshot {
        format: u32::try_from(integer(node, "format")?).ok()?,
        transaction: transaction(node, "transaction")?,
        version: integer(node, "version")?,
        order_reference: word("order_reference")?,
        merchant_name: optional(node, "merchant_name", N::text)?,
        amount: money(&node.get("amount")?)?,
        state: word("state")?.as_ref().into(),
        charged: word("charged")?.as_ref().into(),
        pay_again: word("pay_again")?.as_ref().into(),
        release: word("release")?.as_ref().into(),
        money_at: word("money_at")?.as_ref().into(),
        is_final: node.get("final")?.boolean()?,
        reason: reason(node, "reason")?,
        next_actor: word("next_actor")?.as_ref().into(),
        resolve_by: optional(node, "resolve_by", |n| {
            Some(Deadline {
                at: time(n, "at")?,
                rule: text(n, "rule")?,
            })
        })?,
        disagreement: optional(node, "disagreement", disagreement)?,
        broken_leg: optional(node, "broken_leg", |n| Some(n.text()?.as_ref().into()))?,
        returned_minor: integer(node, "returned_minor")?,
        returning_minor: integer(node, "returning_minor")?,
        legs: list(node, "legs", leg)?,
        timeline: list(node, "timeline", entry)?,
        superseded: optional(node, "superseded", superseded)?,
        created_at: time(node, "created_at")?,
        expires_at: time(node, "expires_at")?,
        updated_at: time(node, "updated_at")?,
    })
}

/// What may be left out is read if it is there, and must then be right.
fn optional<N: Node, T>(node: &N, name: &str, read: fn(&N) -> Option<T>) -> Option<Option<T>> {
    match node.get(name) {
        None => Some(None),
        Some(member) => read(&member).map(Some),
    }
}

fn list<N: Node, T>(node: &N, name: &str, read: fn(&N) -> Option<T>) -> Option<Vec<T>> {
    node.get(name)?.items()?.iter().map(read).collect()
}

fn time<N: Node>(node: &N, name: &str) -> Option<Time> {
    Time::try_from(text(node, name)?.as_ref()).ok()
}

fn moment<N: Node>(node: &N) -> Option<Time> {
    Time::try_from(node.text()?.as_ref()).ok()
}

fn money<N: Node>(node: &N) -> Option<Money> {
    Some(Money {
        minor: integer(node, "minor")?,
        currency: Currency::try_from(text(node, "currency")?.as_ref()).ok()?,
        exponent: u8::try_from(integer(node, "exponent")?).ok()?,
    })
}

fn disagreement<N: Node>(node: &N) -> Option<Disagreement> {
    let source = |n: &N| Some(Source::from(n.text()?.as_ref()));
    Some(Disagreement {
        leg: text(node, "leg")?.as_ref().into(),
        succeeded: list(node, "succeeded", source)?,
        failed: list(node, "failed", source)?,
        owner: text(node, "owner")?.as_ref().into(),
    })
}

fn leg<N: Node>(node: &N) -> Option<LegLine> {
    Some(LegLine {
        attempt: text(node, "attempt")?,
        leg: text(node, "leg")?.as_ref().into(),
        status: text(node, "status")?.as_ref().into(),
        source: text(node, "source")?.as_ref().into(),
        at: optional(node, "at", moment)?,
    })
}

fn entry<N: Node>(node: &N) -> Option<TimelineEntry> {
    Some(TimelineEntry {
        at: optional(node, "at", moment)?,
        attempt: text(node, "attempt")?,
        source: text(node, "source")?.as_ref().into(),
        leg: text(node, "leg")?.as_ref().into(),
        outcome: text(node, "outcome")?.as_ref().into(),
        standing: text(node, "standing")?.as_ref().into(),
    })
}

fn superseded<N: Node>(node: &N) -> Option<Superseded> {
    Some(Superseded {
        version: integer(node, "version")?,
        state: text(node, "state")?.as_ref().into(),
        charged: text(node, "charged")?.as_ref().into(),
        source: text(node, "source")?.as_ref().into(),
        leg: text(node, "leg")?.as_ref().into(),
        outcome: text(node, "outcome")?.as_ref().into(),
        at: optional(node, "at", moment)?,
    })
}
