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

    /// The members of a flat object of one-line texts: a line for each, its name and its text with a comma between them.
    ///
    /// As one text: hundreds of single crossings between the two worlds are what a slow phone waits for.
    pub(crate) fn lines(&self) -> String {
        let object = self.0.dyn_ref::<js_sys::Object>();
        object.map_or_else(String::new, |object| {
            String::from(js_sys::Object::entries(object).join("\n"))
        })
    }
}

impl From<JsValue> for Json {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl From<Json> for JsValue {
    fn from(json: Json) -> Self {
        json.0
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
