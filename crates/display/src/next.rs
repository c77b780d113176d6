//! Who acts next, and by when.

use payment_status_protocol::report::Outcome;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::verdict::NextActor;

use crate::display::Next;
use crate::situation::{PartyFacts, Situation};
use crate::teller::{Reader, Teller};

/// Who acts next, and by when. Only the server's signed time decides that a deadline has passed; then the sentence
/// says whom to ask. A passed deadline changes nothing else.
pub(crate) fn next(teller: &Teller<'_>, snapshot: &Snapshot, situation: &Situation<'_>) -> Next {
    let server_time = situation.server_time;
    let shared = &snapshot.next_actor;
    let actor = if *shared == NextActor::Nobody && payout_failed(snapshot, situation, teller.reader)
    {
        &NextActor::Acquirer
    } else {
        shared
    };
    let text = match (actor, teller.reader) {
        (NextActor::Nobody, _) => teller.say(&["next", "nobody"], &[]),
        (NextActor::Payer, Reader::Payer)
        | (NextActor::Merchant, Reader::Merchant)
        | (NextActor::Support, Reader::Support) => teller.say(&["next", "you"], &[]),
        (NextActor::Other(_), _) => teller.say(&["next", "unknown"], &[]),
        (
            actor @ (NextActor::Payer
            | NextActor::Merchant
            | NextActor::Wallet
            | NextActor::Issuer
            | NextActor::Network
            | NextActor::Acquirer
            | NextActor::SettlementBank
            | NextActor::Support),
            _,
        ) => teller.say(&["next", "who"], &[("who", &teller.actor(actor))]),
    };
    let deadline = snapshot.resolve_by.as_ref();
    let is_overdue = deadline.is_some_and(|deadline| server_time > Some(deadline.at));
    let by = deadline.map(|deadline| {
        let time = teller.formats.deadline(deadline.at);
        let rule = teller
            .may_say(&["rule", &deadline.rule], &[])
            .or_else(|| teller.may_say(&["rule", "other"], &[]));
        let key = match (is_overdue, &rule) {
            (false, Some(_)) => "by",
            (false, None) => "by_time",
            (true, Some(_)) => "overdue",
            (true, None) => "overdue_time",
        };
        let who = whom_to_ask(teller, &deadline.rule, &snapshot.next_actor);
        let values = [
            ("time", &*time),
            ("rule", rule.as_deref().unwrap_or_default()),
            ("who", &*who),
            ("order", &*snapshot.order_reference),
        ];
        teller.say(&["next", key], &values)
    });
    Next {
        text,
        by,
        is_overdue,
    }
}

/// The merchant's own document says so, and support's; the shared one knows nothing of it.
#[inline(never)]
fn payout_failed(snapshot: &Snapshot, situation: &Situation<'_>, reader: Reader) -> bool {
    match situation.document_for(snapshot, reader) {
        Some(PartyFacts::Merchant { payout, .. }) => payout == "failed",
        Some(PartyFacts::Support { settlement, .. }) => settlement == Some(&Outcome::Failed),
        Some(PartyFacts::Payer { .. }) | None => false,
    }
}

/// The one who answers for the rule towards this reader, or else the one who acts next.
fn whom_to_ask(teller: &Teller<'_>, rule: &str, next_actor: &NextActor) -> String {
    let asked = teller.words.get(&["ask", rule, teller.reader.id()]);
    match asked {
        Some(actor) => teller.actor(&NextActor::from(actor)),
        None => teller.actor(next_actor),
    }
}
