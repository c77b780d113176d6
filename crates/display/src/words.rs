//! The sentences of one locale, found by their key.
//!
//! A locale file is one flat JSON object: `"state.paid.payer.0":"You have paid"`. Flat, because the widget takes it
//! over from the browser's parser as one text (`src/browser/json.rs`). A file may be newer or older than the build that reads it: a sentence that is missing is
//! replaced by the general one ("still checking"), never by a guess and never by a panic. That no sentence is
//! missing is the business of the tests, not of the reader's screen.

mod lines;

use lines::Lines;
use payment_status_protocol::party::Party;

use crate::situation::Formats;
use crate::teller::Reader;

/// Every sentence of one locale.
#[derive(Clone, Debug, Default)]
pub struct Words(Lines);

/// Around a value in a right-to-left sentence: without them `123-K4M` is shown as `K4M-123`, and a cashier compares a
/// wrong code.
const FIRST_STRONG_ISOLATE: &str = "\u{2068}";
const POP_ISOLATE: &str = "\u{2069}";
/// Around a value that is a filled sentence itself: the browser looks for its direction outside of its own values, and
/// `{leg}: {outcome}` has nothing there.
const RIGHT_TO_LEFT_ISOLATE: &str = "\u{2067}";

impl Words {
    /// The text under `path`, or `None`.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&str> {
        self.0.find(&path.join("."))
    }

    /// The text under `path` for one reader: a sentence of the reader's own, or the one for `any` reader, or the
    /// path's only text.
    pub(crate) fn for_reader(&self, path: &[&str], reader: &str) -> Option<&str> {
        let key = path.join(".");
        let own = |suffix: &str| self.0.find(&[&key, suffix].join("."));
        own(reader)
            .or_else(|| own("any"))
            .or_else(|| self.0.find(&key))
    }

    /// The sentence that is safe to show in place of any other.
    pub(crate) fn general(&self) -> &str {
        self.get(&["label", "checking"]).unwrap_or("…")
    }

    /// The sentence under `path`, filled in, for what stands around a card: a page, a button, paper. With no party the
    /// one for any reader; the general sentence if there is none.
    #[must_use]
    pub fn sentence(
        &self,
        path: &[&str],
        party: Option<&Party>,
        values: &[(&str, &str)],
    ) -> String {
        let reader = party.map_or("any", |party| Reader::from(party).id());
        self.fill(
            self.for_reader(path, reader)
                .unwrap_or_else(|| self.general()),
            values,
        )
    }

    /// The same with a count, in the plural that the language asks for.
    #[must_use]
    pub fn counted(&self, path: &[&str], number: u64, formats: &dyn Formats) -> String {
        let category = formats.plural(number);
        let of = |category| self.get(&[path, &[category]].concat());
        let phrase = of(&category).or_else(|| of("other")).unwrap_or("{count}");
        self.fill(phrase, &[("count", &formats.number(number))])
    }

    /// Is the language written from right to left?
    pub(crate) fn is_right_to_left(&self) -> bool {
        self.get(&["direction"]) == Some("rtl")
    }

    /// `template` with its values, each kept apart from the sentence where that runs from right to left.
    pub(crate) fn fill(&self, template: &str, values: &[(&str, &str)]) -> String {
        fill(template, values, self.is_right_to_left())
    }

    /// These words and `more`; of two equal keys the one in `more` wins. A locale comes in two files: what a first
    /// picture needs, and the reasons with their steps.
    #[must_use]
    pub fn with(self, more: Self) -> Self {
        Self(self.0.with(more.0))
    }

    /// Every key with its text, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter()
    }
}

/// From lines of a key, a comma and a text without a line break. A line without a comma says nothing.
impl From<String> for Words {
    fn from(lines: String) -> Self {
        Self(lines.into())
    }
}

/// From flat keys and texts; the later of two equal keys wins.
impl<K: AsRef<str>, T: AsRef<str>> FromIterator<(K, T)> for Words {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// `template` with every `{name}` replaced by its value, `isolated` or as it is. One pass: braces inside a value stay as
/// they are, so a value cannot smuggle in another placeholder. A name that has no value becomes `…`: visible, and nothing
/// that anybody could act on.
fn fill(template: &str, values: &[(&str, &str)], isolated: bool) -> String {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        let known = values.iter().find(|(known, _)| *known == name);
        let value = known.map_or("…", |(_, value)| value);
        let (open, close) = if !isolated {
            ("", "")
        } else if value.contains(FIRST_STRONG_ISOLATE) {
            (RIGHT_TO_LEFT_ISOLATE, POP_ISOLATE)
        } else {
            (FIRST_STRONG_ISOLATE, POP_ISOLATE)
        };
        for text in [before, open, value, close] {
            filled.push_str(text);
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn fills_in_one_pass() {
        let values = [("a", "{b}"), ("b", "B")];
        for (template, filled) in [
            ("", ""),
            ("plain", "plain"),
            ("{a}{b}", "{b}B"),
            ("x {c} y", "x … y"),
            ("open {a", "open {a"),
            ("{a} open {", "{b} open {"),
            ("} {b}", "} B"),
        ] {
            assert_eq!(fill(template, &values, false), filled, "{template}");
        }
    }

    #[test]
    fn only_a_sentence_from_right_to_left_keeps_its_values_apart() {
        let values = [("code", "123-K4M")];
        for (direction, filled) in [
            ("rtl", "رمز \u{2068}123-K4M\u{2069}."),
            ("ltr", "رمز 123-K4M."),
        ] {
            let words: Words = [("direction", direction)].into_iter().collect();
            assert_eq!(words.fill("رمز {code}.", &values), filled, "{direction}");
        }
        assert_eq!(Words::default().fill("{code}", &values), "123-K4M");
    }

    #[test]
    fn a_sentence_inside_a_sentence_keeps_its_own_direction() {
        let words: Words = [("direction", "rtl")].into_iter().collect();
        let inner = words.fill("{leg}: {outcome}", &[("leg", "خصم"), ("outcome", "نعم")]);
        assert_eq!(inner, "\u{2068}خصم\u{2069}: \u{2068}نعم\u{2069}");
        assert_eq!(
            words.fill("{text}.", &[("text", &inner)]),
            ["\u{2067}", &inner, "\u{2069}."].concat()
        );
    }

    #[test]
    fn a_readers_own_words_come_first() {
        let words: Words = [("x.payer", "own"), ("x.any", "any"), ("y", "only")]
            .into_iter()
            .collect();
        assert_eq!(words.for_reader(&["x"], "payer"), Some("own"));
        assert_eq!(words.for_reader(&["x"], "support"), Some("any"));
        assert_eq!(words.for_reader(&["y"], "support"), Some("only"));
        assert_eq!(words.for_reader(&["z"], "payer"), None);
        assert_eq!(Words::default().general(), "…");
    }
}
