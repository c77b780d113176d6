//! What a reader can do with the card, in words: copy, print, hand over, keep as proof. None of it is on a first
//! picture; its words come with those of the reasons.

use payment_status_protocol::party::Party;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::time::Time;

use crate::situation::Formats;
use crate::teller::{Reader, Teller};
use crate::words::Words;

/// The buttons and the texts of the paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tools {
    /// On the button that copies the order reference.
    pub copy: String,
    /// Said when it is copied.
    pub copied: String,
    /// Said when it could not be: with the reference to write down.
    pub copy_failed: String,
    /// On the button that prints.
    pub print: String,
    /// On the button that saves the proof.
    pub proof: String,
    /// On the button that hands over to the other party's device; support has nobody to hand over to.
    pub show: Option<String>,
    /// On the switch for sound and vibration.
    pub alert: String,
    /// On the button that asks the page to close.
    pub close: String,
    /// On paper: of when the status is, and which version.
    pub as_of: String,
    /// On paper: that paper does not change.
    pub caveat: String,
}

/// What stands around a hand-over code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// What the other device does with it.
    pub text: String,
    /// That nobody can pay with it.
    pub not_pay: String,
    /// Until when it can be opened.
    pub until: String,
    /// The picture, for those who do not see it.
    pub image: String,
}

impl Tools {
    /// The words for `party`; `None` until the words are there. `now` is the server's time.
    #[must_use]
    pub fn new(
        words: &Words,
        formats: &dyn Formats,
        party: &Party,
        snapshot: &Snapshot,
        now: Time,
    ) -> Option<Self> {
        let teller = teller(words, formats, party);
        let action = |name| teller.may_say(&["action", name], &[]);
        let version = snapshot.version.to_string();
        Some(Self {
            copy: action("copy")?,
            copied: action("copied")?,
            copy_failed: teller.may_say(
                &["action", "copy_failed"],
                &[("order", &snapshot.order_reference)],
            )?,
            print: action("print")?,
            proof: action("proof")?,
            show: match teller.reader {
                Reader::Payer | Reader::Merchant => Some(action("show")?),
                Reader::Support => None,
            },
            alert: action("alert")?,
            close: action("close")?,
            as_of: teller.may_say(
                &["print", "as_of"],
                &[("time", &formats.dated(now)), ("version", &version)],
            )?,
            caveat: teller.may_say(&["print", "caveat"], &[])?,
        })
    }

    /// Said when the proof is saved as `file`.
    #[must_use]
    pub fn proof_saved(words: &Words, formats: &dyn Formats, party: &Party, file: &str) -> String {
        teller(words, formats, party).say(&["action", "proof_saved"], &[("file", file)])
    }

    /// The time left: `duration` is written already, `None` once it has passed.
    #[must_use]
    pub fn time_left(
        words: &Words,
        formats: &dyn Formats,
        party: &Party,
        duration: Option<&str>,
    ) -> String {
        let teller = teller(words, formats, party);
        match duration {
            Some(duration) => teller.say(&["countdown", "left"], &[("duration", duration)]),
            None => teller.say(&["countdown", "over"], &[]),
        }
    }
}

impl Handover {
    /// The words for `party` around a code that can be opened until `until`.
    #[must_use]
    pub fn new(words: &Words, formats: &dyn Formats, party: &Party, until: Time) -> Self {
        let teller = teller(words, formats, party);
        let say = |key| teller.say(&["handover", key], &[]);
        Self {
            text: say("text"),
            not_pay: say("not_pay"),
            until: teller.say(&["handover", "until"], &[("time", &formats.time(until))]),
            image: say("image"),
        }
    }

    /// That no code could be made.
    #[must_use]
    pub fn failed(words: &Words, formats: &dyn Formats, party: &Party) -> String {
        teller(words, formats, party).say(&["handover", "failed"], &[])
    }
}

fn teller<'a>(words: &'a Words, formats: &'a dyn Formats, party: &Party) -> Teller<'a> {
    Teller {
        words,
        formats,
        reader: Reader::from(party),
    }
}
