//! A watch: shows the first answer, which is on its way already, and then lives by the plan (`live`).
//!
//! Never two requests in flight. What it does ends when its [`Watch`] is dropped.

mod live;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use futures::future::{Either, select};
use futures::pin_mut;
use web_sys::EventTarget;

use crate::browser::clock::{Seconds, now_ms, sleep_ms, slept_ms};
use crate::browser::listener::Listener;
use crate::browser::loader::rest;
use crate::browser::page::{is_hidden, is_online};
use crate::browser::task::spawn;
use crate::browser::wake::Wake;
use crate::client::{self, Answer};
use crate::config::Token;
use crate::failure::Failure;
use crate::topic::{Subscription, Topic};
use crate::watch::believe::{Target, believe};
use crate::watch::progress::{Event, Progress};
use crate::watch::schedule::{FIRST_PICTURE_MS, PARK_S, PARKED_LIMIT_MS};

/// A transaction that is being watched; dropping the last handle ends it and aborts its request.
pub(crate) struct Watch {
    progress: RefCell<Rc<Progress>>,
    changed: Topic,
    wake: Wake,
    /// Somebody looks at the page.
    looked: Rc<Cell<bool>>,
    /// Somebody pressed the button, or the device was asleep.
    pressed: Rc<Cell<bool>>,
    _listeners: Vec<Listener>,
    _seconds: (Rc<Seconds>, Subscription),
}

impl Watch {
    pub(crate) fn start(target: Target) -> Rc<Self> {
        let wake = Wake::default();
        let looked = Rc::new(Cell::new(false));
        let seen = {
            let (wake, looked) = (wake.clone(), Rc::clone(&looked));
            move || {
                looked.set(true);
                wake.wake();
            }
        };
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            let mut on = |target: &EventTarget, event| {
                listeners.push(Listener::new(target, event, seen.clone()));
            };
            for event in ["online", "offline", "pageshow", "focus"] {
                on(&window, event);
            }
            if let Some(document) = window.document() {
                on(&document, "visibilitychange");
            }
        }
        let seconds = Seconds::shared();
        let known_ms = Cell::new(slept_ms());
        let pressed = Rc::new(Cell::new(false));
        let (woken, asleep) = (wake.clone(), Rc::clone(&pressed));
        // A device that was asleep may hold dead connections.
        let ticking = seconds.subscribe(move || {
            let slept_ms = slept_ms();
            if slept_ms > known_ms.replace(slept_ms) {
                asleep.set(true);
                woken.wake();
            }
        });
        let watch = Rc::new(Self {
            progress: RefCell::default(),
            changed: Topic::default(),
            wake,
            looked,
            pressed,
            _listeners: listeners,
            _seconds: (seconds, ticking),
        });
        let keys = target.keys.clone();
        spawn(run(Rc::downgrade(&watch), watch.wake.clone(), target));
        keys.prefetch();
        watch
    }

    pub(crate) fn progress(&self) -> Rc<Progress> {
        Rc::clone(&self.progress.borrow())
    }

    /// Calls `callback` after each change, until the subscription is dropped.
    pub(crate) fn subscribe(&self, callback: impl Fn() + 'static) -> Subscription {
        self.changed.subscribe(callback)
    }

    /// Asks as soon as the server allows it.
    pub(crate) fn check_now(&self) {
        self.pressed.set(true);
        self.wake.wake();
    }

    fn put(&self, after: Progress) {
        if after != *self.progress() {
            self.set(after);
        }
    }

    fn set(&self, after: Progress) {
        self.progress.replace(Rc::new(after));
        self.changed.publish();
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // The loop sees that its watch is gone, returns, and with it goes the request in flight.
        self.wake.wake();
    }
}

/// Takes what is on its way already. Everything else waits until the first picture is drawn, and the code for it there.
async fn run(watch: Weak<Watch>, wake: Wake, target: Target) {
    let first = first(&watch, &wake, &target).await;
    if first.as_ref().is_some_and(Taken::is_good) {
        sleep_ms(FIRST_PICTURE_MS).await;
    }
    rest().await;
    // Work of its own, so that it is code of its own: the first view does without it.
    spawn(live::live(watch, wake, target, first));
}

/// The answer that the loader asked for, unless the page has no use for it any more. A good one is shown at once.
async fn first(watch: &Weak<Watch>, wake: &Wake, target: &Target) -> Option<Taken> {
    let Token(token) = &target.token;
    let limit_ms = f64::from(PARK_S) * 1000.0 + PARKED_LIMIT_MS;
    let (early, too_late) = (client::early(&target.src, token), sleep_ms(limit_ms));
    let given_up = async {
        while watch.strong_count() > 0 && is_online() && !is_hidden() {
            wake.woken().await;
        }
    };
    pin_mut!(early, too_late, given_up);
    let answer = match select(early, select(too_late, given_up)).await {
        Either::Left((answer, _)) => answer?,
        Either::Right((Either::Left(_), _)) => Err(Failure::Unreachable),
        Either::Right((Either::Right(_), _)) => return None,
    };
    let taken = take(watch, target, answer.map_err(unless_offline)).await?;
    if taken.is_good() {
        watch.upgrade()?.set(taken.after.clone());
    }
    Some(taken)
}

/// What an answer makes of what was known.
struct Taken {
    before: Rc<Progress>,
    after: Progress,
    parks: bool,
    retry_after_ms: Option<f64>,
}

impl Taken {
    fn is_good(&self) -> bool {
        self.after.trouble.is_none()
    }
}

/// Proves an answer; `None` if nobody watches any more.
async fn take(
    watch: &Weak<Watch>,
    target: &Target,
    answer: Result<Answer, Failure>,
) -> Option<Taken> {
    let held = watch.upgrade()?.progress().held.clone();
    let (mut parks, mut retry_after_ms) = (false, None);
    // Heard when it came, however long its proof takes.
    let mut heard_ms = now_ms();
    let event = match answer {
        Ok(answer) => {
            (parks, retry_after_ms) = (answer.parks, answer.retry_after_ms);
            heard_ms -= answer.age_ms;
            let event = believe(target, answer, held).await;
            event.unwrap_or_else(Event::Failed)
        }
        Err(failure) => Event::Failed(failure),
    };
    let before = watch.upgrade()?.progress();
    Some(Taken {
        after: before.advance(event, heard_ms),
        before,
        parks,
        retry_after_ms,
    })
}

/// The connection went away under the request, or it never was there.
fn unless_offline(failure: Failure) -> Failure {
    match failure {
        Failure::Unreachable if !is_online() => Failure::Offline,
        other => other,
    }
}
