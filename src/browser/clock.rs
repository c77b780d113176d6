//! Time on this device: for pauses and for "checked 3 s ago", never for a verdict.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::browser::listener::Listener;
use crate::steady::Steady;
use crate::topic::{Subscription, Topic};

thread_local! {
    static STEADY: Cell<Steady> = const { Cell::new(Steady::NEW) };
}

/// Milliseconds of a clock that nobody can set. It may stand still while the device sleeps: for pauses.
pub(crate) fn mono_ms() -> f64 {
    let performance = web_sys::window().and_then(|w| w.performance());
    performance.map_or_else(js_sys::Date::now, |p| p.now())
}

/// Milliseconds of a clock that does not sleep: for ages.
pub(crate) fn now_ms() -> f64 {
    let mut steady = STEADY.get();
    let now = steady.read(mono_ms(), js_sys::Date::now());
    STEADY.set(steady);
    now
}

/// For how many milliseconds the device has slept since the page was opened, or its clock was set ahead.
pub(crate) fn slept_ms() -> f64 {
    now_ms();
    STEADY.get().slept_ms()
}

/// From 0 up to 1.
pub(crate) fn chance() -> f64 {
    js_sys::Math::random()
}

/// Ends after `ms`. Dropped early, the timer is cleared and the promise kept: what waits for a promise holds itself in
/// memory until the promise is settled.
pub(crate) async fn sleep_ms(ms: f64) {
    let timer = Timer::default();
    let started = Rc::clone(&timer.0);
    let promise = Promise::new(&mut |resolve: Function, _| {
        if let Some(window) = web_sys::window() {
            // Below 2^31, the longest that setTimeout counts: who waits for ever wakes each month.
            let ms = ms.clamp(0.0, 2_000_000_000.0) as i32;
            let id = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
            started.replace(id.ok().map(|id| (id, resolve)));
        }
    });
    let _ = JsFuture::from(promise).await;
    drop(timer);
}

#[derive(Default)]
struct Timer(Rc<RefCell<Option<(i32, Function)>>>);

impl Drop for Timer {
    fn drop(&mut self) {
        if let (Some((id, resolve)), Some(window)) = (self.0.take(), web_sys::window()) {
            window.clear_timeout_with_handle(id);
            // Fails only if the function is none.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    }
}

thread_local! {
    static SECONDS: RefCell<Weak<Seconds>> = const { RefCell::new(Weak::new()) };
}

/// The page's one ticking clock; it stands still when nobody listens.
pub(crate) struct Seconds {
    topic: Rc<Topic>,
    _every: Option<Every>,
    _seen: Option<Listener>,
}

impl Seconds {
    /// The page's clock, started if it stands still.
    pub(crate) fn shared() -> Rc<Self> {
        SECONDS.with_borrow_mut(|shared| {
            shared.upgrade().unwrap_or_else(|| {
                let topic = Rc::new(Topic::default());
                let tick = |topic: &Rc<Topic>| {
                    let ticking = Rc::clone(topic);
                    move || ticking.publish()
                };
                let document = web_sys::window().and_then(|window| window.document());
                let seconds = Rc::new(Self {
                    _every: Every::new(1000, tick(&topic)),
                    // Not even for a second may an answer be seen as live that has aged unseen.
                    _seen: document.map(|d| Listener::new(&d, "visibilitychange", tick(&topic))),
                    topic,
                });
                *shared = Rc::downgrade(&seconds);
                seconds
            })
        })
    }

    pub(crate) fn subscribe(&self, callback: impl Fn() + 'static) -> Subscription {
        self.topic.subscribe(callback)
    }

    /// Does what the next second will do, now.
    pub(crate) fn publish(&self) {
        self.topic.publish();
    }
}

/// Calls back at a steady pace until dropped.
struct Every {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Every {
    fn new(ms: i32, callback: impl FnMut() + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut()>::new(callback);
        let id = web_sys::window()?
            .set_interval_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                ms,
            )
            .ok()?;
        Some(Self {
            id,
            _callback: callback,
        })
    }
}

impl Drop for Every {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            window.clear_interval_with_handle(self.id);
        }
    }
}
