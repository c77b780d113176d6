//! JSON by the browser's own parser.

use js_sys::{Array, JSON, Number, Reflect};
use payment_status_protocol::read::Node;
use wasm_bindgen::{JsCast, JsValue};

/// A value of a parsed document.
pub(crate) struct Json(JsValue);

impl Json {
    /// Parses; `None` where the bytes are not UTF-8 or not JSON.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        JSON::parse(std::str::from_utf8(bytes).ok()?).ok().map(Self)
    }

    /// Every text in the tree with the dotted path that leads to it; members of a list by their number.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        collect("", &self.0, &mut texts);
        texts
    }
}

fn collect(path: &str, value: &JsValue, texts: &mut Vec<(String, String)>) {
    if let Some(text) = value.as_string() {
        texts.push((path.to_owned(), text));
    } else if let Some(object) = value.dyn_ref::<js_sys::Object>() {
        for name in js_sys::Object::keys(object).iter() {
            let Some(word) = name.as_string() else {
                continue;
            };
            let path = if path.is_empty() {
                word
            } else {
                [path, &word].join(".")
            };
            if let Ok(member) = Reflect::get(value, &name) {
                collect(&path, &member, texts);
            }
        }
    }
}

impl Node for Json {
    fn get(&self, name: &str) -> Option<Self> {
        // `has own` and not a plain read: a document must not answer with a member of `Object.prototype`.
        let object = self.0.dyn_ref::<js_sys::Object>()?;
        let name = JsValue::from_str(name);
        if !js_sys::Object::has_own(object, &name) {
            return None;
        }
        let member = Reflect::get(object, &name).ok()?;
        (!member.is_null()).then_some(Self(member))
    }

    fn text(&self) -> Option<Box<str>> {
        self.0.as_string().map(String::into_boxed_str)
    }

    fn integer(&self) -> Option<u64> {
        // Above 2^53 a JavaScript number is not exact: such an amount is refused, not rounded.
        let exact = Number::is_safe_integer(&self.0);
        self.0
            .as_f64()
            .filter(|n| exact && *n >= 0.0)
            .map(|n| n as u64)
    }

    fn boolean(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn items(&self) -> Option<Vec<Self>> {
        Some(self.0.dyn_ref::<Array>()?.iter().map(Self).collect())
    }
}
