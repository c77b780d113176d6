//! The loop: wait until asking makes sense, ask, prove, apply, pause.
//!
//! Never two requests in flight, nothing while the page is hidden, at once when it is seen again or
//! the connection is back. The loop ends when its [`Watch`] is dropped.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use futures::future::{Either, join, select};
use futures::pin_mut;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::match_code::match_code;
use payment_status_protocol::read;
use web_sys::EventTarget;

use crate::browser::clock::{chance, now_ms, sleep_ms};
use crate::browser::json::Json;
use crate::browser::listener::Listener;
use crate::browser::page::{is_hidden, is_online};
use crate::browser::wake::Wake;
use crate::client::{self, Answer, Ask, Cache};
use crate::config::Token;
use crate::failure::Failure;
use crate::topic::{Subscription, Topic};
use crate::verify::{KeySource, prove, sha256};
use crate::watch::progress::{Event, Progress, Verified};
use crate::watch::registry::is_crowded;
use crate::watch::schedule::{ANSWER_LIMIT_MS, Asked, OFFLINE_RETRY_MS, PARK_S, wait_ms};

/// What is watched.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) src: Box<str>,
    pub(crate) transaction: TransactionId,
    pub(crate) token: Token,
    pub(crate) keys: KeySource,
}

/// A transaction that is being watched; dropping the last handle ends it and aborts its request.
pub(crate) struct Watch {
    progress: RefCell<Rc<Progress>>,
    changed: Topic,
    wake: Wake,
    _listeners: Vec<Listener>,
}

impl Watch {
    pub(crate) fn start(target: Target) -> Rc<Self> {
        let wake = Wake::default();
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            let mut on = |target: &EventTarget, event| {
                let wake = wake.clone();
                listeners.push(Listener::new(target, event, move || wake.wake()));
            };
            on(&window, "online");
            on(&window, "offline");
            on(&window, "pageshow");
            if let Some(document) = window.document() {
                on(&document, "visibilitychange");
            }
        }
        let watch = Rc::new(Self {
            progress: RefCell::default(),
            changed: Topic::default(),
            wake,
            _listeners: listeners,
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

    fn apply(&self, event: Event) {
        let before = self.progress();
        let after = before.advance(event, now_ms());
        if after != *before {
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
    let mut tally = Tally::default();
    // After a silence the first question is answered at once, changed or not: a parked one would leave the
    // screen looking stale for as long as nothing changes.
    let mut after_silence = false;
    loop {
        if watch.strong_count() == 0 {
            return;
        }
        if is_hidden() {
            wake.woken().await;
            after_silence = true;
            continue;
        }
        if !is_online() {
            apply(&watch, Event::Failed(Failure::Offline));
            after_silence = true;
            if first_of(wake.woken(), sleep_ms(OFFLINE_RETRY_MS)).await == First::Left {
                continue;
            }
            // Nothing changed for a while: the browser's hint may be wrong, and one request finds out.
        }

        let Some(held) = watch.upgrade().map(|w| w.progress().held.clone()) else {
            return;
        };
        let began_ms = now_ms();
        let way = if after_silence {
            Way::Probe
        } else if is_crowded() {
            Way::Poll
        } else {
            Way::Park
        };
        let asking = ask_and_prove(&target, held, (way == Way::Park).then_some(PARK_S));
        let failing = tally.failures > 0;
        let given_up = async {
            loop {
                wake.woken().await;
                // A page that was hidden gives its request up, and a connection that came back may have left
                // the old request dead. Becoming visible with a request in flight changes nothing.
                if watch.strong_count() == 0 || is_hidden() || !is_online() || failing {
                    return;
                }
            }
        };
        pin_mut!(asking, given_up);
        let Either::Left((outcome, _)) = select(asking, given_up).await else {
            after_silence = true;
            continue;
        };

        let asked = tally.note(outcome, now_ms() - began_ms, &watch, way);
        after_silence = tally.failures > 0;
        match wait_ms(asked, chance()) {
            Some(ms) if ms <= 0.0 => {}
            Some(ms) => {
                first_of(wake.woken(), sleep_ms(ms)).await;
            }
            None => return,
        }
    }
}

fn apply(watch: &Weak<Watch>, event: Event) {
    if let Some(watch) = watch.upgrade() {
        watch.apply(event);
    }
}

/// How a question is put.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The server may hold it until something changes.
    Park,
    /// Answered at once, after a silence; then parked again.
    Probe,
    /// Answered at once and again and again, because parked requests would take all the browser's connections.
    Poll,
}

/// What the pace depends on, over many askings.
#[derive(Default)]
struct Tally {
    failures: u32,
    unchanged: u32,
    /// The server honoured `Prefer: wait` when it was last sent.
    parks: bool,
}

/// A verified answer or failure, with what the server said about its pace.
struct Outcome {
    event: Event,
    parks: bool,
    retry_after_ms: Option<f64>,
}

impl Tally {
    fn note(&mut self, outcome: Outcome, took_ms: f64, watch: &Weak<Watch>, way: Way) -> Asked {
        let Outcome {
            event,
            parks,
            retry_after_ms,
        } = outcome;
        let unchanged = matches!(event, Event::Unchanged { .. });
        apply(watch, event);
        let progress = watch.upgrade().map(|w| w.progress());
        // The reducer may have refused what the wire delivered: its word counts.
        let failure = progress.as_ref().and_then(|p| p.trouble);
        if let Some(failure) = failure {
            self.failures = self.failures.saturating_add(1);
            return Asked::Failed {
                failure,
                failures: self.failures,
                retry_after_ms,
            };
        }
        self.failures = 0;
        if way == Way::Park {
            self.parks = parks;
        }
        // A question that could not be parked, put to a server that parks, says nothing about its pace.
        let was_probe = way == Way::Probe && self.parks;
        let retry_after_ms = retry_after_ms.filter(|_| !was_probe);
        self.unchanged = if unchanged && !was_probe {
            self.unchanged.saturating_add(1)
        } else {
            0
        };
        let is_final = progress
            .and_then(|p| p.held.as_ref().map(|h| h.snapshot.is_final))
            .unwrap_or(false);
        Asked::Answered {
            parks: self.parks && way != Way::Poll,
            retry_after_ms,
            is_final,
            unchanged: self.unchanged,
            took_ms,
        }
    }
}

#[derive(PartialEq, Eq)]
enum First {
    Left,
    Right,
}

async fn first_of(left: impl Future<Output = ()>, right: impl Future<Output = ()>) -> First {
    pin_mut!(left, right);
    match select(left, right).await {
        Either::Left(_) => First::Left,
        Either::Right(_) => First::Right,
    }
}

async fn ask_and_prove(target: &Target, held: Option<Verified>, park_s: Option<u32>) -> Outcome {
    let etag = held.as_ref().and_then(|h| h.etag.clone());
    let ask = Ask {
        url: &target.src,
        token: Some(&target.token),
        etag: etag.as_deref(),
        park_s,
        cache: Cache::Nothing,
    };
    let limit_ms = f64::from(PARK_S) * 1000.0 + ANSWER_LIMIT_MS;
    let (asking, too_late) = (client::ask(&ask), sleep_ms(limit_ms));
    pin_mut!(asking, too_late);
    let answer = match select(asking, too_late).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(Failure::Unreachable),
    };
    match answer {
        Ok(answer) => {
            let (parks, retry_after_ms) = (answer.parks, answer.retry_after_ms);
            let event = believe(target, answer, held)
                .await
                .unwrap_or_else(Event::Failed);
            Outcome {
                event,
                parks,
                retry_after_ms,
            }
        }
        Err(failure) => {
            // The connection went away under the request, or it never was there.
            let failure = if failure == Failure::Unreachable && !is_online() {
                Failure::Offline
            } else {
                failure
            };
            Outcome {
                event: Event::Failed(failure),
                parks: false,
                retry_after_ms: None,
            }
        }
    }
}

/// From bytes to something that may be shown.
async fn believe(
    target: &Target,
    answer: Answer,
    held: Option<Verified>,
) -> Result<Event, Failure> {
    match answer.status {
        200 => {}
        304 => {
            let held = held.ok_or(Failure::Unreadable)?;
            let claims = prove(
                answer.signature.as_deref(),
                &held.body,
                &target.transaction,
                &target.keys,
            )
            .await?;
            if claims.ver != held.snapshot.version {
                return Err(Failure::BadSignature);
            }
            return Ok(Event::Unchanged {
                signed_at_s: claims.iat,
            });
        }
        401 | 403 | 404 | 410 => return Err(Failure::NotFound),
        300..=399 => return Err(Failure::Unreadable),
        _ => return Err(Failure::Unreachable),
    }

    // Side by side: each is a journey to another thread of the browser and back.
    let (claims, body_sha256) = join(
        prove(
            answer.signature.as_deref(),
            &answer.body,
            &target.transaction,
            &target.keys,
        ),
        sha256(&answer.body),
    )
    .await;
    let (claims, body_sha256) = (claims?, body_sha256?);
    let snapshot = Json::parse(&answer.body)
        .and_then(|json| read::snapshot(&json))
        .ok_or(Failure::Unreadable)?;
    if snapshot.transaction != target.transaction {
        return Err(Failure::OtherTransaction);
    }
    if snapshot.version != claims.ver {
        return Err(Failure::BadSignature);
    }
    // Sent back in a header, so it may hold nothing that a header may not.
    let etag = answer
        .etag
        .filter(|tag| tag.bytes().all(|b| b.is_ascii_graphic()))
        .map(Rc::from);
    Ok(Event::Answer(Verified {
        snapshot: Rc::new(snapshot),
        body_sha256,
        match_code: match_code(&body_sha256).into(),
        etag,
        body: answer.body.into(),
        signed_at_s: claims.iat,
    }))
}
