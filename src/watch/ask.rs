//! The loop: does what the plan says, proves what comes, applies it.
//!
//! Never two requests in flight. The loop ends when its [`Watch`] is dropped.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use futures::future::{Either, select};
use futures::pin_mut;
use web_sys::EventTarget;

use crate::browser::clock::{chance, mono_ms, now_ms, on_sleep, sleep_ms};
use crate::browser::listener::Listener;
use crate::browser::page::{is_hidden, is_online};
use crate::browser::wake::Wake;
use crate::client::{self, Answer, Ask, Cache};
use crate::failure::Failure;
use crate::topic::{Subscription, Topic};
use crate::watch::believe::{Target, believe};
use crate::watch::plan::{Heard, Now, Plan, Step};
use crate::watch::progress::{Event, Progress};
use crate::watch::registry::is_crowded;
use crate::watch::schedule::{ANSWER_LIMIT_MS, NEVER_MS, PARKED_LIMIT_MS};
use crate::watch::tabs::Group;

/// A transaction that is being watched; dropping the last handle ends it and aborts its request.
pub(crate) struct Watch {
    progress: RefCell<Rc<Progress>>,
    changed: Topic,
    wake: Wake,
    /// Somebody looks at the page, or the device was asleep.
    looked: Rc<Cell<bool>>,
    /// Somebody pressed the button.
    pressed: Cell<bool>,
    _listeners: Vec<Listener>,
    _sleep: Subscription,
}

impl Watch {
    pub(crate) fn start(target: Target) -> Rc<Self> {
        let wake = Wake::default();
        let looked = Rc::new(Cell::new(false));
        let looks = {
            let (wake, looked) = (wake.clone(), Rc::clone(&looked));
            move || {
                looked.set(true);
                wake.wake();
            }
        };
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            let mut on = |target: &EventTarget, event| {
                listeners.push(Listener::new(target, event, looks.clone()));
            };
            for event in ["online", "offline", "pageshow", "focus"] {
                on(&window, event);
            }
            if let Some(document) = window.document() {
                on(&document, "visibilitychange");
            }
        }
        let watch = Rc::new(Self {
            progress: RefCell::default(),
            changed: Topic::default(),
            wake,
            looked,
            pressed: Cell::new(false),
            _listeners: listeners,
            _sleep: on_sleep(looks),
        });
        let keys = target.keys.clone();
        wasm_bindgen_futures::spawn_local(run(Rc::downgrade(&watch), watch.wake.clone(), target));
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
            self.progress.replace(Rc::new(after));
            self.changed.publish();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // The loop sees that its watch is gone, returns, and with it goes the request in flight.
        self.wake.wake();
    }
}

async fn run(watch: Weak<Watch>, wake: Wake, target: Target) {
    let mut plan = Plan::new(mono_ms());
    let mut group = Group::default();
    loop {
        while let Some(answer) = group.heard() {
            overhear(&watch, &target, &mut plan, &group, answer).await;
        }
        let here = now(&group, &target);
        let share = plan.can_share() && !here.hidden && here.online;
        group.settle(share, &target, &wake).await;
        let Some(held) = watch.upgrade().map(|w| {
            let here = now(&group, &target);
            if w.looked.take() {
                plan.looked(&here);
            }
            if w.pressed.take() {
                plan.pressed(&here);
            }
            if !here.online && !here.hidden {
                w.put(
                    w.progress()
                        .advance(Event::Failed(Failure::Offline), now_ms()),
                );
            }
            w.progress().held.clone()
        }) else {
            return;
        };
        let park_s = match plan.next(&now(&group, &target)) {
            Step::Stop => return,
            Step::Wait { ms: NEVER_MS } => {
                wake.woken().await;
                continue;
            }
            Step::Wait { ms } => {
                let (woken, over) = (wake.woken(), sleep_ms(ms));
                pin_mut!(woken, over);
                select(woken, over).await;
                continue;
            }
            Step::Ask { park_s } => park_s,
        };

        let began_ms = mono_ms();
        let answer = {
            let etag = held.as_ref().and_then(|h| h.etag.clone());
            let asking = ask(&target, etag.as_deref(), park_s);
            let given_up = async {
                loop {
                    wake.woken().await;
                    if watch.strong_count() == 0 || plan.gives_up(&now(&group, &target)) {
                        return;
                    }
                }
            };
            pin_mut!(asking, given_up);
            match select(asking, given_up).await {
                Either::Left((answer, _)) => Some(answer),
                Either::Right(_) => None,
            }
        };
        let Some(answer) = answer else {
            plan.gave_up(&now(&group, &target));
            continue;
        };
        let retry_after_ms = answer.as_ref().ok().and_then(|a| a.retry_after_ms);
        let parks = answer.as_ref().is_ok_and(|a| a.parks);
        let event = match answer {
            Ok(answer) => {
                group.pass_on(&answer);
                believe(&target, answer, held)
                    .await
                    .unwrap_or_else(Event::Failed)
            }
            Err(failure) => Event::Failed(failure),
        };
        let Some(watch) = watch.upgrade() else {
            return;
        };
        // Whoever looked meanwhile has been answered.
        watch.looked.set(false);
        let before = watch.progress();
        let mut after = before.advance(event, now_ms());
        let here = now(&group, &target);
        if let Some(failure) = after.trouble {
            plan.failed(&here, failure, retry_after_ms, chance());
        } else {
            let heard = Heard {
                parks: park_s.map(|_| parks),
                retry_after_ms,
                took_ms: mono_ms() - began_ms,
                ..heard(&before, &after)
            };
            after.pace = plan.heard(&here, &heard, chance());
        }
        watch.put(after);
    }
}

/// Applies what another tab passed on, if it is proven and newer than what we hold. Anything else says nothing about
/// the server.
async fn overhear(
    watch: &Weak<Watch>,
    target: &Target,
    plan: &mut Plan,
    group: &Group,
    answer: Answer,
) {
    let Some(held) = watch.upgrade().map(|w| w.progress().held.clone()) else {
        return;
    };
    let (parks, retry_after_ms) = (answer.parks, answer.retry_after_ms);
    let event = believe(target, answer, held).await;
    let (Ok(event), Some(watch)) = (event, watch.upgrade()) else {
        return;
    };
    let before = watch.progress();
    let mut after = before.advance(event, now_ms());
    let signed = |p: &Progress| p.held.as_ref().map(|h| (h.signed_at_s, h.snapshot.version));
    if after.trouble.is_some() || signed(&after) <= signed(&before) {
        return;
    }
    let heard = Heard {
        parks: Some(parks),
        retry_after_ms,
        took_ms: NEVER_MS,
        ..heard(&before, &after)
    };
    after.pace = plan.heard(&now(group, target), &heard, chance());
    watch.put(after);
}

fn now(group: &Group, target: &Target) -> Now {
    Now {
        ms: mono_ms(),
        hidden: is_hidden(),
        online: is_online(),
        crowded: is_crowded(&target.src),
        follows: group.follows(),
    }
}

/// What a step from `before` to `after` says about the pace; how it was asked is for the caller to add.
fn heard(before: &Progress, after: &Progress) -> Heard {
    let version = |p: &Progress| p.held.as_ref().map(|h| h.snapshot.version);
    let held = after.held.as_ref();
    let deadline = held.and_then(|held| {
        let at = held.snapshot.resolve_by.as_ref()?.at.as_ms();
        Some((at, (at - held.signed_at_s.saturating_mul(1000)) as f64))
    });
    Heard {
        changed: version(before) != version(after),
        is_final: held.is_some_and(|h| h.snapshot.is_final),
        parks: None,
        retry_after_ms: None,
        took_ms: 0.0,
        deadline,
    }
}

async fn ask(target: &Target, etag: Option<&str>, park_s: Option<u32>) -> Result<Answer, Failure> {
    let ask = Ask {
        url: &target.src,
        token: Some(&target.token),
        etag,
        park_s,
        cache: Cache::Nothing,
    };
    let limit_ms = park_s.map_or(ANSWER_LIMIT_MS, |s| f64::from(s) * 1000.0 + PARKED_LIMIT_MS);
    let (asking, too_late) = (client::ask(&ask), sleep_ms(limit_ms));
    pin_mut!(asking, too_late);
    match select(asking, too_late).await {
        // The connection went away under the request, or it never was there.
        Either::Left((Err(Failure::Unreachable), _)) if !is_online() => Err(Failure::Offline),
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(Failure::Unreachable),
    }
}
