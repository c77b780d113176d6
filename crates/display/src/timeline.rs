//! What happened: one line a report, claims marked as claims.

use payment_status_protocol::report::{Leg, Outcome};
use payment_status_protocol::snapshot::{Snapshot, StandingWord, TimelineEntry};
use payment_status_protocol::verdict::Charged;

use crate::display::{Entry, Timeline, Tone};
use crate::teller::Teller;
use crate::told::Reading;

/// The timeline of a snapshot, or `None` if nobody has spoken.
pub(crate) fn timeline(
    teller: &Teller<'_>,
    reading: &Reading,
    snapshot: &Snapshot,
) -> Option<Timeline> {
    let first = snapshot.timeline.first()?;
    let several_attempts = snapshot
        .timeline
        .iter()
        .any(|entry| entry.attempt != first.attempt);
    let entry = |line: &TimelineEntry| {
        let statement = teller.statement(&line.leg, &line.outcome);
        let is_claim = match line.standing {
            StandingWord::Authority | StandingWord::Relay => false,
            // A standing that this build does not know proves nothing to it.
            StandingWord::Claim | StandingWord::Other(_) => true,
        };
        Entry {
            time: line.at.map(|at| teller.formats.time(at)),
            source: teller.source(&line.source),
            text: if several_attempts {
                let values = [("attempt", &*line.attempt), ("text", &*statement)];
                teller.say(&["timeline", "attempt"], &values)
            } else {
                statement
            },
            claim: is_claim.then(|| teller.say(&["timeline", "claim"], &[])),
            tone: tone(line, is_claim, &reading.charged),
        }
    };
    let entries: Vec<Entry> = snapshot.timeline.iter().map(entry).collect();
    let reports = teller.count(["timeline", "reports"], entries.len() as u64);
    Some(Timeline {
        heading: teller.say(&["heading", "timeline"], &[("reports", &reports)]),
        entries,
    })
}

fn tone(line: &TimelineEntry, is_claim: bool, charged: &Charged) -> Tone {
    if is_claim {
        return Tone::Hold;
    }
    match (&line.outcome, &line.leg) {
        (Outcome::Pending, _) => Tone::Progress,
        // A dispute that succeeds is nobody's good news, and an unknown step is no news at all.
        (Outcome::Succeeded, Leg::Dispute | Leg::Other(_)) => Tone::Hold,
        (
            Outcome::Succeeded,
            Leg::Order
            | Leg::Debit
            | Leg::Network
            | Leg::Credit
            | Leg::Confirmation
            | Leg::Review
            | Leg::Settlement
            | Leg::Return,
        ) => Tone::Done,
        // Red only where the payer is proven to be safe.
        (Outcome::Failed, Leg::Debit) if *charged == Charged::NotCharged => Tone::Failed,
        (Outcome::Failed | Outcome::Unknown | Outcome::Other(_), _) => Tone::Hold,
    }
}
