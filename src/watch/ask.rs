//! The loop: does what the plan says, proves what comes, applies it.
//!
//! Never two requests in flight. The loop ends when its [`Watch`] is dropped.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use futures::future::{Either, select};
use futures::pin_mut;
use web_sys::EventTarget;

use crate::browser::clock::{Seconds, chance, mono_ms, now_ms, sleep_ms, slept_ms};
use crate::browser::listener::Listener;
use crate::browser::loader::rest;
use crate::browser::page::{is_hidden, is_online};
use crate::browser::task::spawn;
use crate::browser::wake::Wake;
use crate::client::{self, Answer, Ask, Cache};
use crate::config::Token;
use crate::failure::Failure;
use crate::topic::{Subscription, Topic};
use crate::watch::believe::{Target, believe};
use crate::watch::plan::{Heard, Now, Plan, Step};
use crate::watch::progress::{Event, Progress, Verified};
use crate::watch::registry::is_crowded;
use crate::watch::schedule::{ANSWER_LIMIT_MS, FIRST_PICTURE_MS, NEVER_MS, PARKED_LIMIT_MS};
use crate::watch::tabs::{Group, name};

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
    _seconds: (Rc<Seconds>, Subscription),
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
        let seconds = Seconds::shared();
        let known_ms = Cell::new(slept_ms());
        // A device that was asleep may hold dead connections.
        let ticking = seconds.subscribe(move || {
            let slept_ms = slept_ms();
            if slept_ms > known_ms.replace(slept_ms) {
                looks();
            }
        });
        let watch = Rc::new(Self {
            progress: RefCell::default(),
            changed: Topic::default(),
            wake,
            looked,
            pressed: Cell::new(false),
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

    /// Hands what happened on the page to the plan, and what is held to the next question.
    fn attend(&self, plan: &mut Plan, group: &Group, target: &Target) -> Option<Verified> {
        let here = now(group, target);
        if self.looked.take() {
            plan.looked(&here);
        }
        if self.pressed.take() {
            plan.pressed(&here);
        }
        if !here.online && !here.hidden {
            let offline = Event::Failed(Failure::Offline);
            self.put(self.progress().advance(offline, now_ms()));
        }
        self.progress().held.clone()
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
    let first = first(&watch, &target).await;
    if first.as_ref().is_some_and(Taken::is_good) {
        sleep_ms(FIRST_PICTURE_MS).await;
    }
    rest().await;
    // Work of its own, so that it is code of its own: the first view does without it.
    spawn(live(watch, wake, target, first));
}

/// The answer that the loader asked for. A good one is shown at once.
async fn first(watch: &Weak<Watch>, target: &Target) -> Option<Taken> {
    let Token(token) = &target.token;
    let (early, too_late) = (client::early(&target.src, token), sleep_ms(ANSWER_LIMIT_MS));
    pin_mut!(early, too_late);
    let answer = match select(early, too_late).await {
        Either::Left((answer, _)) => answer?,
        Either::Right(_) => Err(Failure::Unreachable),
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
    let (mut parks, mut retry_after_ms, mut age_ms) = (false, None, 0.0);
    let event = match answer {
        Ok(answer) => {
            (parks, retry_after_ms, age_ms) = (answer.parks, answer.retry_after_ms, answer.age_ms);
            let event = believe(target, answer, held).await;
            event.unwrap_or_else(Event::Failed)
        }
        Err(failure) => Event::Failed(failure),
    };
    let before = watch.upgrade()?.progress();
    Some(Taken {
        after: before.advance(event, now_ms() - age_ms),
        before,
        parks,
        retry_after_ms,
    })
}

/// Hands what was taken to the plan, and shows it. `park_s`: for how long the question might have been parked.
fn apply(
    watch: &Watch,
    plan: &mut Plan,
    here: &Now,
    taken: Taken,
    park_s: Option<u32>,
    took_ms: f64,
) {
    let Taken {
        before,
        mut after,
        parks,
        retry_after_ms,
    } = taken;
    // Whoever looked meanwhile has been answered.
    watch.looked.set(false);
    if let Some(failure) = after.trouble {
        plan.failed(here, failure, retry_after_ms, chance());
    } else {
        let parks = park_s.map(|_| parks);
        let heard = heard(&before, &after, parks, retry_after_ms, took_ms);
        after.pace = plan.heard(here, &heard, chance());
    }
    watch.put(after);
}

async fn live(watch: Weak<Watch>, wake: Wake, target: Target, first: Option<Taken>) {
    let mut plan = Plan::new(mono_ms());
    let mut group = Group::default();
    if let (Some(first), Some(watch)) = (first, watch.upgrade()) {
        let here = now(&group, &target);
        // The question that the loader asked was the plan's first step.
        plan.next(&here);
        apply(&watch, &mut plan, &here, first, Some(0), 0.0);
    }
    loop {
        let here = now(&group, &target);
        let share = plan.can_share() && !here.hidden && here.online;
        if share && group.is_nameless() {
            group.name = name(&target).await.unwrap_or_default();
        }
        group.settle(share, &wake);

        let Some(held) = watch
            .upgrade()
            .map(|w| w.attend(&mut plan, &group, &target))
        else {
            return;
        };
        let (mut park_s, mut took_ms) = (Some(0), NEVER_MS);
        let overheard = group.heard();
        let is_ours = overheard.is_none();
        let answer = match overheard {
            Some(answer) => Ok(answer),
            None => {
                park_s = match plan.next(&now(&group, &target)) {
                    Step::Stop => return,
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
                    let asking = ask(&target, &held, park_s);
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
                took_ms = mono_ms() - began_ms;
                answer
            }
        };

        if let (true, Ok(answer)) = (is_ours, &answer) {
            group.pass_on(answer);
        }
        let taken = take(&watch, &target, answer).await;
        let (Some(taken), Some(watch)) = (taken, watch.upgrade()) else {
            return;
        };
        // What another tab passed on counts only if it is proven, and newer than what we hold. Anything else says
        // nothing about the server.
        if !is_ours && (!taken.is_good() || signed(&taken.after) <= signed(&taken.before)) {
            continue;
        }
        let here = now(&group, &target);
        apply(&watch, &mut plan, &here, taken, park_s, took_ms);
    }
}

/// When the server signed what is held, and which version it is.
fn signed(progress: &Progress) -> Option<(i64, u64)> {
    let held = progress.held.as_ref()?;
    Some((held.signed_at_s, held.snapshot.version))
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

/// What a step from `before` to `after` says about the pace.
fn heard(
    before: &Progress,
    after: &Progress,
    parks: Option<bool>,
    retry_after_ms: Option<f64>,
    took_ms: f64,
) -> Heard {
    let held = after.held.as_ref();
    let deadline = held.and_then(|held| {
        let at = held.snapshot.resolve_by.as_ref()?.at.as_ms();
        Some((at, (at - held.signed_at_s.saturating_mul(1000)) as f64))
    });
    let version = |progress| signed(progress).map(|(_, version)| version);
    Heard {
        changed: version(before) != version(after),
        is_final: held.is_some_and(|h| h.snapshot.is_final),
        parks,
        retry_after_ms,
        took_ms,
        deadline,
    }
}

async fn ask(
    target: &Target,
    held: &Option<Verified>,
    park_s: Option<u32>,
) -> Result<Answer, Failure> {
    let etag = held.as_ref().and_then(|h| h.etag.as_deref());
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
        Either::Left((answer, _)) => answer.map_err(unless_offline),
        Either::Right(_) => Err(Failure::Unreachable),
    }
}

/// The connection went away under the request, or it never was there.
fn unless_offline(failure: Failure) -> Failure {
    match failure {
        Failure::Unreachable if !is_online() => Failure::Offline,
        other => other,
    }
}
