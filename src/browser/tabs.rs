//! The other tabs of this origin: a lock that one of them holds, and a channel that all hear.
//!
//! Web Locks and BroadcastChannel. Where either is missing or refused (an opaque origin), a tab is alone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::browser::abort::Abort;
use crate::browser::task::spawn;
use crate::browser::wake::Wake;

#[wasm_bindgen]
extern "C" {
    type BroadcastChannel;
    #[wasm_bindgen(constructor, catch)]
    fn new(name: &str) -> Result<BroadcastChannel, JsValue>;
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    fn post_message(this: &BroadcastChannel, message: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &BroadcastChannel, listener: &JsValue);
    #[wasm_bindgen(method)]
    fn close(this: &BroadcastChannel);

    type LockManager;
    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        granted: &JsValue,
    ) -> Result<Promise, JsValue>;
}

/// No more messages wait to be read: the last ones matter.
const INBOX: usize = 8;

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// Another tab, or it is not known yet.
    Theirs,
    /// This one. Holds until the function is called.
    Ours,
    /// Nobody can say: each for itself.
    Alone,
}

struct Shared {
    turn: Cell<Turn>,
    release: RefCell<Option<Function>>,
    inbox: RefCell<Vec<JsValue>>,
    wake: Wake,
}

/// Membership in a group of tabs. Dropping it leaves: the lock goes to the next tab at once.
pub(crate) struct Tabs {
    shared: Rc<Shared>,
    channel: BroadcastChannel,
    _waiting: Abort,
    _callbacks: [Closure<dyn FnMut(JsValue) -> JsValue>; 2],
}

impl Tabs {
    /// Joins; wakes at each message and when it is this tab's turn. `None`: this tab is alone.
    pub(crate) fn join(name: &str, wake: &Wake) -> Option<Self> {
        let navigator = web_sys::window()?.navigator();
        let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
        if locks.is_undefined() {
            return None;
        }
        let locks: LockManager = locks.unchecked_into();
        let channel = BroadcastChannel::new(name).ok()?;
        let shared = Rc::new(Shared {
            turn: Cell::new(Turn::Theirs),
            release: RefCell::default(),
            inbox: RefCell::default(),
            wake: wake.clone(),
        });

        let heard = Closure::<dyn FnMut(JsValue) -> JsValue>::new({
            let shared = Rc::clone(&shared);
            move |event: JsValue| {
                let mut inbox = shared.inbox.borrow_mut();
                if inbox.len() >= INBOX {
                    inbox.clear();
                }
                inbox.extend(Reflect::get(&event, &"data".into()));
                shared.wake.wake();
                JsValue::UNDEFINED
            }
        });
        channel.set_onmessage(heard.as_ref());
        let granted = Closure::<dyn FnMut(JsValue) -> JsValue>::new({
            let shared = Rc::clone(&shared);
            move |_| {
                shared.turn.set(Turn::Ours);
                shared.wake.wake();
                let mut hold = |release, _| {
                    shared.release.replace(Some(release));
                };
                Promise::new(&mut hold).into()
            }
        });
        let waiting = Abort::new()?;
        let options = Object::new();
        let _ = Reflect::set(&options, &"signal".into(), &waiting.signal());
        let asked = locks.request(name, &options, granted.as_ref());
        spawn({
            let shared = Rc::clone(&shared);
            async move {
                let refused = match asked {
                    Ok(held) => JsFuture::from(held).await.is_err(),
                    Err(_) => true,
                };
                // Also when the tab left: then nobody reads it any more.
                if refused {
                    shared.turn.set(Turn::Alone);
                    shared.wake.wake();
                }
            }
        });
        Some(Self {
            shared,
            channel,
            _waiting: waiting,
            _callbacks: [heard, granted],
        })
    }

    /// True while another tab asks.
    pub(crate) fn follows(&self) -> bool {
        self.shared.turn.get() == Turn::Theirs
    }

    /// Tells the others.
    pub(crate) fn post(&self, message: &JsValue) {
        // Fails only for what cannot be copied.
        let _ = self.channel.post_message(message);
    }

    /// The next thing that another one said, the last one first: it makes those before it old.
    pub(crate) fn heard(&self) -> Option<JsValue> {
        self.shared.inbox.borrow_mut().pop()
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        self.channel.set_onmessage(&JsValue::NULL);
        self.channel.close();
        if let Some(release) = self.shared.release.take() {
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}
