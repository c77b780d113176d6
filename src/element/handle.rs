//! What the loader (`www/payment-status.js`) holds: made when the element is connected, freed when it is gone.
//! Everything on the page is given back by that drop.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use crate::config::Attributes;
use crate::element::mount::Element;

/// What the loader holds of one element.
#[wasm_bindgen]
pub struct Handle {
    element: Rc<Element>,
}

#[wasm_bindgen]
impl Handle {
    /// `base` is the loader's own address: the words lie beside it.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HtmlElement, base: String) -> Self {
        Self {
            element: Rc::new(Element::new(host, base)),
        }
    }

    /// Takes all attributes at once; only what differs has an effect.
    pub fn configure(
        &self,
        src: Option<String>,
        party: Option<String>,
        token: Option<String>,
        locale: Option<String>,
        keys: Option<String>,
    ) {
        self.element.configure(Attributes {
            src,
            party,
            token,
            locale,
            keys,
        });
    }
}
