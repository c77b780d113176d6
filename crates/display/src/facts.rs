//! The smaller parts: who disagrees, what was replaced, and what is printed on the receipt.

use payment_status_protocol::report::Leg;
use payment_status_protocol::snapshot::Snapshot;

use crate::display::{Line, MatchCode};
use crate::situation::{PartyFacts, Situation};
use crate::teller::{Reader, Teller};

/// Two sources that exclude each other, by name, with the one who settles it.
pub(crate) fn disagreement(teller: &Teller<'_>, snapshot: &Snapshot) -> Option<String> {
    let disagreement = snapshot.disagreement.as_ref()?;
    let values = [
        ("leg", &*teller.leg(&disagreement.leg)),
        ("yes", &*teller.sources(&disagreement.succeeded)),
        ("no", &*teller.sources(&disagreement.failed)),
        ("owner", &*teller.actor(&disagreement.owner)),
    ];
    Some(teller.say(&["disagreement"], &values))
}

/// A final answer that was replaced: by the snapshot's own account, or else by what this screen has shown.
pub(crate) fn superseded(
    teller: &Teller<'_>,
    snapshot: &Snapshot,
    situation: &Situation<'_>,
) -> Option<String> {
    let now = teller.state_label(snapshot.state.as_str());
    if let Some(superseded) = &snapshot.superseded {
        let was = teller.state_label(superseded.state.as_str());
        let source = teller.source(&superseded.source);
        let text = teller.statement(&superseded.leg, &superseded.outcome);
        let time = superseded
            .at
            .map(|at| teller.formats.time(at))
            .unwrap_or_default();
        let key = if superseded.at.is_some() {
            "superseded"
        } else {
            "superseded_sometime"
        };
        let values = [
            ("was", &*was),
            ("now", &*now),
            ("source", &*source),
            ("text", &*text),
            ("time", &*time),
        ];
        return Some(teller.say(&[key], &values));
    }
    let earlier = situation
        .earlier
        .filter(|earlier| **earlier != snapshot.state)?;
    let was = teller.state_label(earlier.as_str());
    Some(teller.say(&["earlier"], &[("was", &was), ("now", &now)]))
}

/// The code to compare.
pub(crate) fn match_code(teller: &Teller<'_>, situation: &Situation<'_>) -> Option<MatchCode> {
    Some(MatchCode {
        label: teller.say(&["code", "label"], &[]),
        code: situation.match_code?.to_owned(),
        hint: teller.say(&["code", "hint"], &[]),
    })
}

/// The reader's own masked account, or how the payout stands, for support.
pub(crate) fn own(
    teller: &Teller<'_>,
    snapshot: &Snapshot,
    situation: &Situation<'_>,
) -> Option<Line> {
    match situation.document_for(snapshot, teller.reader)? {
        PartyFacts::Payer { account } | PartyFacts::Merchant { account, .. } => Some(Line {
            label: teller.say(&["line", "account"], &[]),
            text: account?.to_owned(),
        }),
        PartyFacts::Support { settlement, .. } => Some(Line {
            label: String::new(),
            text: teller.statement(&Leg::Settlement, settlement?),
        }),
    }
}

impl<'a> Situation<'a> {
    /// The reader's own document, if it belongs to this version and to this reader.
    pub(crate) fn document_for(
        &self,
        snapshot: &Snapshot,
        reader: Reader,
    ) -> Option<PartyFacts<'a>> {
        let document = self
            .party_document
            .filter(|d| d.version == snapshot.version)?;
        let of = match document.facts {
            PartyFacts::Payer { .. } => Reader::Payer,
            PartyFacts::Merchant { .. } => Reader::Merchant,
            PartyFacts::Support { .. } => Reader::Support,
        };
        (of == reader).then_some(document.facts)
    }
}
