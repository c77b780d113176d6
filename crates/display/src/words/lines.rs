//! Texts in one piece of memory, found by their key. A screen uses few of hundreds, and a slow phone waits for each that
//! would be taken out, copied or sorted before the first is read.

use std::mem;

/// Texts with their keys. Of two equal keys the later one wins.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    /// A line for each: its key, a comma, its text.
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

impl Lines {
    /// The text under `key`.
    pub(super) fn find(&self, key: &str) -> Option<&str> {
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

    /// These and `more`, whose texts win.
    pub(super) fn with(mut self, more: Self) -> Self {
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
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places
            .iter()
            .map(|place| (self.key(place), self.text(place)))
    }
}

/// From lines of a key, a comma and a text without a line break. A line without a comma says nothing.
impl From<String> for Lines {
    fn from(lines: String) -> Self {
        let mut all = Self::default();
        let mut start = 0;
        let (mut hash, mut comma) = (HASH_OF_NOTHING, None);
        for (at, byte) in lines.as_bytes().iter().enumerate() {
            if *byte == b'\n' {
                all.put(hash, start, comma, at);
                (start, hash, comma) = (at + 1, HASH_OF_NOTHING, None);
            } else if comma.is_none() {
                if *byte == b',' {
                    comma = Some(at);
                } else {
                    hash = hashed(hash, *byte);
                }
            }
        }
        all.put(hash, start, comma, lines.len());
        all.lines = lines;
        all
    }
}

/// From flat keys and texts; the later of two equal keys wins.
impl<K: AsRef<str>, T: AsRef<str>> FromIterator<(K, T)> for Lines {
    fn from_iter<I: IntoIterator<Item = (K, T)>>(pairs: I) -> Self {
        let mut all = Self::default();
        for (key, text) in pairs {
            let (key, text) = (key.as_ref(), text.as_ref());
            let start = all.lines.len();
            let comma = start + key.len();
            all.lines.extend([key, ",", text, "\n"]);
            let hash = key.bytes().fold(HASH_OF_NOTHING, hashed);
            all.put(hash, start, Some(comma), comma + 1 + text.len());
        }
        all
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_pairs_are() {
        let lines = Lines::from("a,A\nb.c,B, b\nnothing\n,empty\nd,\na,again".to_owned());
        let pairs = [
            ("a", "A"),
            ("b.c", "B, b"),
            ("", "empty"),
            ("d", ""),
            ("a", "again"),
        ];
        assert_eq!(lines.iter().collect::<Vec<_>>(), pairs);
        let same: Lines = pairs.into_iter().collect();
        for (key, text) in [
            ("a", Some("again")),
            ("b.c", Some("B, b")),
            ("", Some("empty")),
            ("d", Some("")),
            ("nothing", None),
            ("b", None),
        ] {
            assert_eq!(lines.find(key), text, "{key}");
            assert_eq!(same.find(key), text, "{key}");
        }
    }

    #[test]
    fn what_is_added_wins() {
        let old = Lines::from("a,old\nb,B".to_owned());
        let lines = old.with(Lines::from("a,new\nc,C".to_owned()));
        let found = ["a", "b", "c"].map(|key| lines.find(key));
        assert_eq!(found, [Some("new"), Some("B"), Some("C")]);
    }

    #[test]
    fn keys_of_one_hash_are_kept_apart() {
        let hash = |key: &str| key.bytes().fold(HASH_OF_NOTHING, hashed);
        let (one, other) = ("costarring", "liquid");
        assert_eq!(hash(one), hash(other));
        let lines: Lines = [(one, "1"), (other, "2")].into_iter().collect();
        assert_eq!((lines.find(one), lines.find(other)), (Some("1"), Some("2")));
    }
}
