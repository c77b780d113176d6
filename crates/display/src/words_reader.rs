//! Reads [`Words`] from any self-describing format, whatever the file holds.
//!
//! Written by hand rather than derived: a derived reader of some 350 fields would cost the widget more bytes than the
//! locale file itself, and would refuse a whole file for one value of another kind.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::words::Words;

impl<'de> serde::Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut texts = Vec::new();
        Node {
            key: String::new(),
            texts: &mut texts,
        }
        .deserialize(deserializer)?;
        Ok(texts.into_iter().collect())
    }
}

/// One value of the file and the key that leads to it.
struct Node<'t> {
    key: String,
    texts: &'t mut Vec<(String, String)>,
}

impl Node<'_> {
    /// The node under this one.
    fn child(&mut self, name: &str) -> Node<'_> {
        let key = if self.key.is_empty() {
            name.to_owned()
        } else {
            [&self.key, name].join(".")
        };
        Node {
            key,
            texts: self.texts,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts and groups of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.texts.push((self.key, text.to_owned()));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            map.next_value_seed(self.child(&name))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0_u32;
        while seq
            .next_element_seed(self.child(&index.to_string()))?
            .is_some()
        {
            index += 1;
        }
        Ok(())
    }

    // What is not text says nothing.
    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn groups_become_keys_and_other_kinds_are_skipped() {
        let file = r#"{ "a": "1", "b": { "c": ["x", "y"], "d": null, "e": 1, "f": -1, "g": 1.5, "h": true }, "": "e" }"#;
        let words: Words = serde_json::from_str(file).unwrap();
        let pairs: Vec<_> = words.iter().collect();
        assert_eq!(
            pairs,
            [("", "e"), ("a", "1"), ("b.c.0", "x"), ("b.c.1", "y")]
        );
    }

    #[test]
    fn a_file_that_is_not_a_group_has_no_words() {
        assert_eq!(
            serde_json::from_str::<Words>("null").unwrap(),
            Words::default()
        );
        assert!(serde_json::from_str::<Words>("{").is_err());
    }
}
