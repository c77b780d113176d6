//! Which elements are on the screen or near it: nobody sees the seconds pass on the others.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::slice;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::browser::clock::Seconds;
use crate::browser::reach::{call, get, new, object, set};

/// Kept on the element itself, so that a thousand of them need no list to be found in.
const FAR: &str = "_far";

/// How much more than what is seen counts as near, on each side: who scrolls comes upon what is right already.
const NEAR: &str = "100%";

thread_local! {
    static OBSERVER: RefCell<Weak<Observer>> = const { RefCell::new(Weak::new()) };
}

/// The page's one `IntersectionObserver`; it is given up with the last element.
struct Observer {
    observer: JsValue,
    _callback: Closure<dyn FnMut(Array)>,
}

impl Observer {
    fn shared() -> Option<Rc<Self>> {
        OBSERVER.with_borrow_mut(|shared| {
            let observer = shared.upgrade().or_else(|| Self::new().map(Rc::new))?;
            *shared = Rc::downgrade(&observer);
            Some(observer)
        })
    }

    fn new() -> Option<Self> {
        let callback = Closure::<dyn FnMut(Array)>::new(|entries| note(&entries));
        // In a list that scrolls by itself only the second one counts, in browsers that know it.
        let margins = object(&[("rootMargin", NEAR.into()), ("scrollMargin", NEAR.into())]);
        let arguments = [callback.as_ref().clone(), margins];
        Some(Self {
            observer: new("IntersectionObserver", &arguments)?,
            _callback: callback,
        })
    }
}

/// What has come near is brought up to date at once.
fn note(entries: &Array) {
    let mut came = false;
    for entry in entries.iter() {
        // What has no size may be seen all the same: `display: contents` draws the card without its host.
        let size = get(&get(&entry, "boundingClientRect"), "height");
        let is_far = !get(&entry, "isIntersecting").is_truthy() && size.is_truthy();
        set(&get(&entry, "target"), FAR, is_far);
        came |= !is_far;
    }
    if came {
        Seconds::shared().publish();
    }
}

/// Knows of one element how far away it is, until dropped.
pub(crate) struct Sight {
    observer: Rc<Observer>,
    element: JsValue,
}

impl Sight {
    /// `None` where the browser cannot say.
    pub(crate) fn of(element: &JsValue) -> Option<Self> {
        let observer = Observer::shared()?;
        call(&observer.observer, "observe", slice::from_ref(element))?;
        Some(Self {
            observer,
            element: element.clone(),
        })
    }

    /// False until the browser has said so.
    pub(crate) fn is_far(&self) -> bool {
        get(&self.element, FAR).is_truthy()
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        call(
            &self.observer.observer,
            "unobserve",
            slice::from_ref(&self.element),
        );
        set(&self.element, FAR, false);
    }
}
