//! Reads a JSON body into a tree and refuses what two readers could understand differently.
//!
//! An object that names a field twice is refused: one reader takes the first value, another the
//! last, and a verdict must not depend on which. Nesting is bounded by `serde_json` (128 levels).

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::problem::{Problem, ProblemCode};

/// Parses a body.
///
/// # Errors
/// `json-invalid` with line and column; nothing of the body is repeated.
pub fn parse(body: &[u8]) -> Result<Value, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    Strict
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| Problem::new(ProblemCode::JsonInvalid, describe_syntax(&error)))
}

/// `line 3, column 14: expected …` without a piece of the body.
#[must_use]
pub fn describe_syntax(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or("not JSON");
    format!(
        "Line {}, column {}: {message}.",
        error.line(),
        error.column()
    )
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(Self)?;
            if fields.insert(name, value).is_some() {
                return Err(A::Error::custom("an object names one field twice"));
            }
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#"{"a":[1,-2,3.5,null,true,"x"],"b":{"c":18446744073709551615}}"#;
        assert_eq!(
            parse(text.as_bytes()).unwrap(),
            serde_json::from_str::<Value>(text).unwrap()
        );
    }

    #[test]
    fn says_line_and_column_and_repeats_nothing() {
        for (body, start) in [
            ("{\n \"a\": tru }", "Line 2, column "),
            ("", "Line 1, column 0: EOF"),
            (
                "{\"a\":1,\"a\":2}",
                "Line 1, column 13: an object names one field twice.",
            ),
            ("{} x", "Line 1, column 4: trailing characters."),
        ] {
            let problem = parse(body.as_bytes()).unwrap_err();
            assert!(
                problem.detail.starts_with(start),
                "{body}: {}",
                problem.detail
            );
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        let body = "[".repeat(60_000);
        assert!(
            parse(body.as_bytes())
                .unwrap_err()
                .detail
                .contains("recursion limit")
        );
    }
}
