//! The browser by name, for what a reader uses once: a typed binding of each would be glue in everybody's first view.
//! What this browser lacks, or refuses, is `None` or `undefined`.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The page's global object.
pub(crate) fn window() -> JsValue {
    web_sys::window().map_or(JsValue::UNDEFINED, JsValue::from)
}

/// A member; `undefined` where there is none or reading it is forbidden.
pub(crate) fn get(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

pub(crate) fn set(of: &JsValue, name: &str, value: impl Into<JsValue>) {
    // Fails only on what is frozen or no object: then there is nothing to set.
    let _ = Reflect::set(of, &name.into(), &value.into());
}

/// Calls a method; `None` where there is none or it throws.
pub(crate) fn call(of: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let method = get(of, name).dyn_into::<Function>().ok()?;
    method.apply(of, &list(arguments)).ok()
}

/// Calls a method and waits for what it promised; `None` also where the promise is broken.
pub(crate) async fn asked(of: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let promise = call(of, name, arguments)?.dyn_into::<Promise>().ok()?;
    JsFuture::from(promise).await.ok()
}

/// A new object of the page's class `name`.
pub(crate) fn new(name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let class = get(&window(), name).dyn_into::<Function>().ok()?;
    Reflect::construct(&class, &list(arguments)).ok()
}

/// A plain object.
pub(crate) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        set(&object, name, value.clone());
    }
    object.into()
}

pub(crate) fn list(items: &[JsValue]) -> Array {
    let list = Array::new();
    for item in items {
        list.push(item);
    }
    list
}
