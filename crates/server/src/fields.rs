//! Checks the fields of one JSON object and collects every mistake, not only the first.

use payment_status_protocol::time::Time;
use serde_json::{Map, Value};

use crate::card_number::{Search, found_in_text};
use crate::problem::FieldError;
use crate::secret::may_be_secret;

/// Reads the fields of one object; what breaks a rule is noted in the list it was made with.
///
/// A getter that returns `None` for a required field has noted why. An optional field may be
/// absent or `null`.
pub struct Fields<'v, 'e> {
    object: &'v Map<String, Value>,
    at: String,
    errors: &'e mut Vec<FieldError>,
}

impl<'v, 'e> Fields<'v, 'e> {
    /// Over `value`, which stands at the path `at` (empty for the body itself).
    ///
    /// `None`, with the mistake noted, if it is not an object.
    pub fn of(value: &'v Value, at: &str, errors: &'e mut Vec<FieldError>) -> Option<Self> {
        if let Value::Object(object) = value {
            Some(Self {
                object,
                at: at.to_owned(),
                errors,
            })
        } else {
            let at = if at.is_empty() { "body" } else { at };
            errors.push(FieldError {
                at: at.to_owned(),
                expected: "an object".to_owned(),
                got: describe(Some(value)),
            });
            None
        }
    }

    /// A required text of `min` to `max` characters.
    pub fn text(&mut self, name: &str, max: usize) -> Option<&'v str> {
        match self.object.get(name) {
            Some(Value::String(text)) if (1..=max).contains(&text.chars().count()) => Some(text),
            other => self.refuse(name, format!("a string of 1 to {max} characters"), other),
        }
    }

    /// The same, optional.
    pub fn optional_text(&mut self, name: &str, max: usize) -> Option<&'v str> {
        if self.is_absent(name) {
            None
        } else {
            self.text(name, max)
        }
    }

    /// A required integer of at least `min` that a signed 64-bit integer holds.
    pub fn integer(&mut self, name: &str, min: u64) -> Option<u64> {
        match self.object.get(name) {
            Some(Value::Number(number))
                if number
                    .as_i64()
                    .and_then(|n| u64::try_from(n).ok())
                    .is_some_and(|n| n >= min) =>
            {
                number.as_u64()
            }
            other => self.refuse(name, format!("an integer ≥ {min}"), other),
        }
    }

    /// The same, optional.
    pub fn optional_integer(&mut self, name: &str, min: u64) -> Option<u64> {
        if self.is_absent(name) {
            None
        } else {
            self.integer(name, min)
        }
    }

    /// A required RFC 3339 time.
    pub fn time(&mut self, name: &str) -> Option<Time> {
        let value = self.object.get(name);
        match value.and_then(Value::as_str).map(Time::try_from) {
            Some(Ok(time)) => Some(time),
            _ => self.refuse(name, "an RFC 3339 time with an offset", value),
        }
    }

    /// The same, optional.
    pub fn optional_time(&mut self, name: &str) -> Option<Time> {
        if self.is_absent(name) {
            None
        } else {
            self.time(name)
        }
    }

    /// A required object, to be read with its own `Fields`.
    pub fn object(&mut self, name: &str) -> Option<Fields<'v, '_>> {
        let at = self.path(name);
        match self.object.get(name) {
            Some(Value::Object(object)) => Some(Fields {
                object,
                at,
                errors: self.errors,
            }),
            other => self.refuse(name, "an object", other),
        }
    }

    /// The same, optional.
    pub fn optional_object(&mut self, name: &str) -> Option<Fields<'v, '_>> {
        if self.is_absent(name) {
            None
        } else {
            self.object(name)
        }
    }

    /// Notes that a field breaks a rule that its getter does not know.
    pub fn refuse<T>(
        &mut self,
        name: &str,
        expected: impl Into<String>,
        got: Option<&Value>,
    ) -> Option<T> {
        self.errors.push(FieldError {
            at: self.path(name),
            expected: expected.into(),
            got: describe(got),
        });
        None
    }

    /// The field as it came.
    #[must_use]
    pub fn raw(&self, name: &str) -> Option<&'v Value> {
        self.object.get(name)
    }

    fn is_absent(&self, name: &str) -> bool {
        matches!(self.object.get(name), None | Some(Value::Null))
    }

    fn path(&self, name: &str) -> String {
        if self.at.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.at)
        }
    }
}

/// What came, in at most 60 characters. Never a text that may be a secret or a card number.
#[must_use]
pub fn describe(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => {
            let length = text.chars().count();
            if may_be_secret(text) || found_in_text(text, Search::FreeText) {
                format!("(withheld, {length} characters)")
            } else if length > 40 {
                let start: String = text.chars().take(40).collect();
                format!("{:?}… ({length} characters)", start)
            } else {
                Value::from(text.as_str()).to_string()
            }
        }
        Some(Value::Number(number)) => {
            let text = number.to_string();
            if found_in_text(&text, Search::Identifier) {
                "(withheld)".to_owned()
            } else {
                text
            }
        }
        Some(Value::Array(items)) => format!("an array of {}", items.len()),
        Some(Value::Object(_)) => "an object".to_owned(),
        Some(other @ (Value::Null | Value::Bool(_))) => other.to_string(),
    }
}
