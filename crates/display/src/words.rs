//! The sentences of one locale, found by their key.
//!
//! A locale file is one flat JSON object: `"state.paid.payer.0":"You have paid"`. Flat, because the widget takes it
//! over from the browser's parser as one text (`src/browser/json.rs`). A file may be newer or older than the build that reads it: a sentence that is missing is
//! replaced by the general one ("still checking"), never by a guess and never by a panic. That no sentence is
//! missing is the business of the tests, not of the reader's screen.

use std::mem;

use payment_status_protocol::party::Party;

use crate::situation::Formats;
use crate::teller::Reader;

/// Every sentence of one locale.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// A line for each: its key, a comma, its text. One piece of memory, because a screen uses few of hundreds of
    /// sentences, and a slow phone waits for each that is taken out.
    lines: String,
    /// In their order.
    places: Vec<Place>,
    /// By the last byte of a key's hash: the number of the last place that has it, counted from one.
    last: Vec<usize>,
}

/// As many as a byte has values.
const HASH_ENDS: usize = 256;

/// Where one sentence stands in the lines.
#[derive(Clone, Debug)]
struct Place {
    /// Of the key: two keys are compared only where their hashes are equal.
    hash: u32,
    start: usize,
    /// Where its key ends and its comma stands.
    comma: usize,
    end: usize,
    /// The place before it whose hash has the same end, counted from one; 0 where there is none.
    before: usize,
}

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
        self.find(&path.join("."))
    }

    /// The text under `path` for one reader: a sentence of the reader's own, or the one for `any` reader, or the
    /// path's only text.
    pub(crate) fn for_reader(&self, path: &[&str], reader: &str) -> Option<&str> {
        let key = path.join(".");
        let own = |suffix: &str| self.find(&[&key, suffix].join("."));
        own(reader)
            .or_else(|| own("any"))
            .or_else(|| self.find(&key))
    }

    fn find(&self, key: &str) -> Option<&str> {
        let hash = key.bytes().fold(HASH_OF_NOTHING, hashed);
        let mut number = *self.last.get(hash_end(hash))?;
        loop {
            let place = self.places.get(number.checked_sub(1)?)?;
            if place.hash == hash && self.key(place) == key {
                return Some(self.text(place));
            }
            number = place.before;
        }
    }

    /// Takes the place of a text; of none where the line has no comma.
    fn put(&mut self, hash: u32, start: usize, comma: Option<usize>, end: usize) {
        let Some(comma) = comma else {
            return;
        };
        if self.last.is_empty() {
            self.last.resize(HASH_ENDS, 0);
        }
        let number = self.places.len() + 1;
        let last = self.last.get_mut(hash_end(hash));
        let before = last.map_or(0, |last| mem::replace(last, number));
        self.places.push(Place {
            hash,
            start,
            comma,
            end,
            before,
        });
    }

    fn key(&self, place: &Place) -> &str {
        self.lines.get(place.start..place.comma).unwrap_or_default()
    }

    fn text(&self, place: &Place) -> &str {
        self.lines
            .get(place.comma + 1..place.end)
            .unwrap_or_default()
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
    pub fn with(mut self, more: Self) -> Self {
        if self.places.is_empty() {
            return more;
        }
        let before = self.lines.len();
        self.lines.push_str(&more.lines);
        for place in &more.places {
            let [start, comma, end] = [place.start, place.comma, place.end].map(|at| at + before);
            self.put(place.hash, start, Some(comma), end);
        }
        self
    }

    /// Every key with its text, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places
            .iter()
            .map(|place| (self.key(place), self.text(place)))
    }
}

/// From lines of a key, a comma and a text without a line break. A line without a comma says nothing.
impl From<String> for Words {
    fn from(lines: String) -> Self {
        let mut words = Self::default();
        let mut start = 0;
        let (mut hash, mut comma) = (HASH_OF_NOTHING, None);
        for (at, byte) in lines.as_bytes().iter().enumerate() {
            if *byte == b'\n' {
                words.put(hash, start, comma, at);
                (start, hash, comma) = (at + 1, HASH_OF_NOTHING, None);
            } else if comma.is_none() {
                if *byte == b',' {
                    comma = Some(at);
                } else {
                    hash = hashed(hash, *byte);
                }
            }
        }
        words.put(hash, start, comma, lines.len());
        words.lines = lines;
        words
    }
}

/// From flat keys and texts; the later of two equal keys wins.
impl<K: AsRef<str>, T: AsRef<str>> FromIterator<(K, T)> for Words {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(pairs: I) -> Self {
        let mut words = Self::default();
        for (key, text) in pairs {
            let (key, text) = (key.as_ref(), text.as_ref());
            let start = words.lines.len();
            let comma = start + key.len();
            words.lines.extend([key, ",", text, "\n"]);
            let hash = key.bytes().fold(HASH_OF_NOTHING, hashed);
            words.put(hash, start, Some(comma), comma + 1 + text.len());
        }
        words
    }
}

/// FNV-1a, 32 bits (draft-eastlake-fnv): its value before the first byte, and the step for one more.
const HASH_OF_NOTHING: u32 = 0x811c_9dc5;

fn hashed(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

fn hash_end(hash: u32) -> usize {
    hash as usize % HASH_ENDS
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
    fn lines_are_read_as_pairs_are() {
        let words = Words::from("a,A\nb.c,B, b\nnothing\n,empty\nd,\na,again".to_owned());
        let pairs = [
            ("a", "A"),
            ("b.c", "B, b"),
            ("", "empty"),
            ("d", ""),
            ("a", "again"),
        ];
        assert_eq!(words.iter().collect::<Vec<_>>(), pairs);
        let same: Words = pairs.into_iter().collect();
        for (key, text) in [
            ("a", Some("again")),
            ("b.c", Some("B, b")),
            ("", Some("empty")),
            ("d", Some("")),
            ("nothing", None),
            ("b", None),
        ] {
            assert_eq!(words.find(key), text, "{key}");
            assert_eq!(same.find(key), text, "{key}");
        }
    }

    #[test]
    fn what_is_added_wins() {
        let old = Words::from("a,old\nb,B".to_owned());
        let words = old.with(Words::from("a,new\nc,C".to_owned()));
        let found = ["a", "b", "c"].map(|key| words.find(key));
        assert_eq!(found, [Some("new"), Some("B"), Some("C")]);
    }

    #[test]
    fn keys_of_one_hash_are_kept_apart() {
        let hash = |key: &str| key.bytes().fold(HASH_OF_NOTHING, hashed);
        let (one, other) = ("costarring", "liquid");
        assert_eq!(hash(one), hash(other));
        let words: Words = [(one, "1"), (other, "2")].into_iter().collect();
        assert_eq!((words.find(one), words.find(other)), (Some("1"), Some("2")));
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
