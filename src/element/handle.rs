//! What the loader (`www/payment-status.js`) holds: made when the element is connected, freed when it is gone.
//! Everything on the page is given back by that drop.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::browser::loader;
use crate::config::Attributes;
use crate::element::mount::Element;

/// What the loader holds of one element.
#[wasm_bindgen]
pub struct Handle {
    element: Rc<Element>,
}

#[wasm_bindgen]
impl Handle {
    /// `words` fetches a file of words by its name: the loader knows which there are, and checks what comes. `more`
    /// brings what no first view needs; without it everything is here. `early` gives, once, the promise of what came
    /// to a question that the loader has already asked: `(url, token)`, with an empty token for the keys.
    #[wasm_bindgen(constructor)]
    pub fn new(
        host: HtmlElement,
        words: Function,
        more: Option<Function>,
        early: Option<Function>,
    ) -> Self {
        loader::lend(more, early);
        Self {
            element: Rc::new(Element::new(host, words)),
        }
    }

    /// Takes all attributes at once; only what differs has an effect. `file` names the words, `tag` is the language
    /// that they were chosen for.
    pub fn configure(
        &self,
        src: Option<String>,
        party: Option<String>,
        token: Option<String>,
        keys: Option<String>,
        file: String,
        tag: String,
    ) {
        let attributes = Attributes {
            src,
            party,
            token,
            keys,
        };
        self.element
            .configure(attributes, (file.into(), tag.into()));
    }
}
