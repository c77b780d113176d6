//! One tab of an origin asks, the others listen.
//!
//! What is passed on is the answer as it came. It is as untrusted as the network: each tab proves and applies it by
//! itself. The group's name is a hash of address, token and keys, so nothing secret is in it.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::tabs::Tabs;
use crate::browser::wake::Wake;
use crate::client::{Answer, BODY_LIMIT};
use crate::config::{Keys, Token};
use crate::verify::{KeySource, sha256};
use crate::watch::believe::Target;

/// This tab and the others.
#[derive(Default)]
pub(crate) struct Group {
    /// Empty where it cannot be made.
    pub(crate) name: String,
    tabs: Option<Tabs>,
}

impl Group {
    /// Joins or leaves, whichever is `wanted`.
    pub(crate) fn settle(&mut self, wanted: bool, wake: &Wake) {
        if !wanted || self.name.is_empty() {
            self.tabs = None;
        } else if self.tabs.is_none() {
            self.tabs = Tabs::join(&self.name, wake);
        }
    }

    /// True if the group has no name yet.
    pub(crate) fn is_nameless(&self) -> bool {
        self.name.is_empty()
    }

    /// True while another tab asks.
    pub(crate) fn follows(&self) -> bool {
        self.tabs.as_ref().is_some_and(Tabs::follows)
    }

    /// Passes an answer on.
    pub(crate) fn pass_on(&self, answer: &Answer) {
        if let (Some(tabs), 200 | 304) = (&self.tabs, answer.status) {
            tabs.post(&message(answer));
        }
    }

    /// The next answer that another tab passed on.
    pub(crate) fn heard(&self) -> Option<Answer> {
        let tabs = self.tabs.as_ref()?;
        loop {
            // What is no answer is passed over.
            if let Some(answer) = answer(&tabs.heard()?) {
                return Some(answer);
            }
        }
    }
}

/// The group's name. The number is that of the message's form: tabs may run two versions of this program.
pub(crate) async fn name(target: &Target) -> Option<String> {
    let Target { src, token, .. } = target;
    let (Token(token), KeySource(Keys::Inline(keys) | Keys::Fetched(keys))) = (token, &target.keys);
    let secret = [src, "\n", token, "\n", keys].concat();
    let hash = sha256(secret.as_bytes()).await.ok()?;
    // Written by the browser: `3,141,59,…`.
    let hash = String::from(Array::from(&Uint8Array::from(&hash[..])).join(","));
    Some(["payment-status/1/", &hash].concat())
}

fn message(answer: &Answer) -> JsValue {
    let text = |text: &Option<String>| text.as_deref().map_or(JsValue::NULL, JsValue::from_str);
    let fields = [
        answer.status.into(),
        Uint8Array::from(answer.body.as_slice()).into(),
        text(&answer.etag),
        text(&answer.signature),
        answer.retry_after_ms.into(),
        answer.parks.into(),
    ];
    fields.iter().collect::<Array>().into()
}

fn answer(message: &JsValue) -> Option<Answer> {
    let fields: &Array = message.dyn_ref()?;
    let body = fields.get(1).dyn_into::<Uint8Array>().ok()?;
    if body.length() as usize > BODY_LIMIT {
        return None;
    }
    Some(Answer {
        status: fields.get(0).as_f64()? as u16,
        body: body.to_vec(),
        etag: fields.get(2).as_string(),
        signature: fields.get(3).as_string(),
        is_json: true,
        retry_after_ms: fields.get(4).as_f64(),
        parks: fields.get(5).is_truthy(),
        age_ms: 0.0,
    })
}
