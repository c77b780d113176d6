//! Says things to one reader: finds the sentence, fills it in.

use payment_status_protocol::party::Party;
use payment_status_protocol::report::{Leg, Outcome, Source};
use payment_status_protocol::verdict::NextActor;

use crate::situation::Formats;
use crate::told::Told;
use crate::words::Words;

/// One locale's words, spoken to one reader.
pub(crate) struct Teller<'a> {
    pub(crate) words: &'a Words,
    pub(crate) formats: &'a dyn Formats,
    pub(crate) reader: Reader,
}

/// A party that has words of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    Payer,
    Merchant,
    Support,
}

/// Values for the placeholders of a sentence.
pub(crate) type Values<'v> = &'v [(&'v str, &'v str)];

impl From<&Party> for Reader {
    fn from(party: &Party) -> Self {
        match party {
            Party::Merchant => Self::Merchant,
            Party::Support => Self::Support,
            // A party of a newer build reads as the one who must never pay twice.
            Party::Payer | Party::Other(_) => Self::Payer,
        }
    }
}

impl Reader {
    /// The name in the locale files.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::Merchant => "merchant",
            Self::Support => "support",
        }
    }
}

impl Teller<'_> {
    /// The sentence for this reader, filled in; the general sentence if there is none.
    pub(crate) fn say(&self, path: &[&str], values: Values<'_>) -> String {
        let template = self.words.for_reader(path, self.reader.id());
        self.words
            .fill(template.unwrap_or_else(|| self.words.general()), values)
    }

    /// The sentence for this reader, or `None` where having none is an answer.
    pub(crate) fn may_say(&self, path: &[&str], values: Values<'_>) -> Option<String> {
        self.words
            .for_reader(path, self.reader.id())
            .map(|template| self.words.fill(template, values))
    }

    /// Half a headline (`0`) or the explanation (`1`) of what is told; `None` if there is none.
    pub(crate) fn told(&self, told: Told, part: &str, values: Values<'_>) -> Option<String> {
        let own = |reader| self.words.get(&["state", told.id(), reader, part]);
        own(self.reader.id())
            .or_else(|| own("any"))
            .map(|template| self.words.fill(template, values))
    }

    /// `group.name`, or `group.other` for a name without words. Support also gets the name itself.
    fn name(&self, group: &str, name: &str) -> String {
        if let Some(text) = self.may_say(&[group, name], &[]) {
            return text;
        }
        let text = self.say(&[group, "other"], &[]);
        match self.reader {
            Reader::Support => self.say(&["verbatim"], &[("text", &text), ("raw", name)]),
            Reader::Payer | Reader::Merchant => text,
        }
    }

    /// Who speaks.
    pub(crate) fn source(&self, source: &Source) -> String {
        self.name("who", source.as_str())
    }

    /// A phrase with a count, in the plural that the language asks for; `other` where it has no such phrase.
    pub(crate) fn count(&self, path: [&str; 2], number: u64) -> String {
        self.words.counted(&path, number, self.formats)
    }

    /// How long ago.
    pub(crate) fn age(&self, age_s: u64) -> String {
        match age_s {
            0 => self.say(&["just_now"], &[]),
            age_s => self.formats.duration_s(age_s),
        }
    }

    /// Several who speak.
    pub(crate) fn sources(&self, sources: &[Source]) -> String {
        let names = sources.iter().map(|source| self.source(source));
        names
            .reduce(|a, b| self.say(&["list"], &[("a", &a), ("b", &b)]))
            .unwrap_or_else(|| self.say(&["who", "other"], &[]))
    }

    /// Who acts, by name.
    pub(crate) fn actor(&self, actor: &NextActor) -> String {
        self.name("who", actor.as_str())
    }

    /// The step.
    pub(crate) fn leg(&self, leg: &Leg) -> String {
        self.name("leg", leg.as_str())
    }

    /// What was said of a step: `Debit: yes`. An outcome without words is "not known".
    pub(crate) fn statement(&self, leg: &Leg, outcome: &Outcome) -> String {
        let outcome = self.name("outcome", outcome.as_str());
        self.say(
            &["timeline", "entry"],
            &[("leg", &self.leg(leg)), ("outcome", &outcome)],
        )
    }

    /// A short name of a state; a state without words is "still checking".
    pub(crate) fn state_label(&self, state: &str) -> String {
        self.say(&["label", state], &[])
    }
}
