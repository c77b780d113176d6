//! What to do next: ask, wait, or stop. Pure: clock, chance and the state of the page are handed in.
//!
//! The loop in `ask` carries out what [`Plan::next`] says and reports back what came of it. All times are
//! milliseconds of one steady clock that never jumps; the wall clock decides nothing.

#[cfg(test)]
mod day;

use crate::failure::Failure;
use crate::watch::progress::Pace;
use crate::watch::schedule::{
    NEVER_MS, OFFLINE_RETRY_MS, PARK_S, RETRY_AFTER_CAP_MS, STALE_AFTER_S, may_park, pace_ms,
    retry_ms,
};

/// A check because somebody looks is not made this soon after an answer.
const FRESH_MS: f64 = 2_000.0;

/// How many checks because somebody looks may come close together.
const LOOKS: f64 = 3.0;

/// After how long there may be one more.
const LOOK_EVERY_MS: f64 = 5_000.0;

/// Presses of the button count once in this time.
const PRESS_EVERY_MS: f64 = 1_000.0;

/// A request that began this long before the connection came back may hang on the old one.
const OLD_REQUEST_MS: f64 = 2_000.0;

/// A tab that listens to another one asks for itself when it heard nothing for this long after an answer was due.
const FOLLOW_MS: f64 = 36_000.0;

/// More changes that came at once than this are paced, beyond one each [`QUICK_EVERY_MS`].
const QUICK_CHANGES: f64 = 60.0;

/// How often a change may come at once for ever: a payment does not change ten times a second.
const QUICK_EVERY_MS: f64 = 100.0;

/// Waits of the slow watch that are longer than this are shown as "not asking any more".
const REST_AFTER_MS: f64 = 150_000.0;

/// Added at most to a wait that the server named.
const TOLD_JITTER_MS: f64 = 30_000.0;

/// Added to a deadline before it is checked: the server signs its time in whole seconds, cut off.
const DEADLINE_MARGIN_MS: f64 = 2_000.0;

/// The page and the moment.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The steady clock.
    pub ms: f64,
    /// Nobody can see the page.
    pub hidden: bool,
    /// `false` is certain, `true` is a hint.
    pub online: bool,
    /// Parked requests would take all of the browser's connections.
    pub crowded: bool,
    /// Another tab asks, this one listens.
    pub follows: bool,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Ask now.
    Ask {
        /// Seconds for which the server may hold the request; `None`: to be answered at once.
        park_s: Option<u32>,
    },
    /// Wait for so many milliseconds or until something happens, whichever comes first. May be [`NEVER_MS`].
    Wait {
        /// At most so long.
        ms: f64,
    },
    /// Nothing can help before the host page changes something.
    Stop,
}

/// An answer that was verified and applied.
#[derive(Debug, Clone, Copy)]
pub struct Heard {
    /// It brought a new version.
    pub changed: bool,
    /// The state will not change by itself.
    pub is_final: bool,
    /// The server honoured `Prefer: wait`; `None`: it was not sent.
    pub parks: Option<bool>,
    /// Milliseconds that the server asked for with `Retry-After`.
    pub retry_after_ms: Option<f64>,
    /// How long the request took. A server that says it parks and answers at once all the same must not be hammered.
    pub took_ms: f64,
    /// The deadline (Unix milliseconds), and how far off it was when the server signed.
    pub deadline: Option<(i64, f64)>,
}

/// All that the next step depends on.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The first question, or the last change.
    since_ms: f64,
    due_ms: f64,
    /// The server's word: not before this.
    not_before_ms: f64,
    asked_ms: f64,
    heard_ms: Option<f64>,
    failures: u32,
    failing_since_ms: f64,
    /// The next question is to be answered at once, changed or not: after a silence a parked one would leave the
    /// screen looking stale for as long as nothing changes.
    silent: bool,
    parks: bool,
    is_final: bool,
    quick: f64,
    away: bool,
    offline_ms: Option<f64>,
    looks: f64,
    looks_ms: f64,
    /// The present answer was asked for by a person.
    by_hand: bool,
    deadline_ms: f64,
    deadline: i64,
    stopped: bool,
}

impl Plan {
    /// Asks at once.
    #[must_use]
    pub fn new(now_ms: f64) -> Self {
        Self {
            since_ms: now_ms,
            due_ms: now_ms,
            not_before_ms: now_ms,
            asked_ms: -NEVER_MS,
            heard_ms: None,
            failures: 0,
            failing_since_ms: now_ms,
            silent: false,
            parks: false,
            is_final: false,
            quick: 0.0,
            away: false,
            offline_ms: None,
            looks: LOOKS,
            looks_ms: now_ms,
            by_hand: false,
            deadline_ms: NEVER_MS,
            deadline: i64::MIN,
            stopped: false,
        }
    }

    /// What to do now. [`Step::Ask`] counts as carried out.
    pub fn next(&mut self, now: &Now) -> Step {
        if self.stopped {
            return Step::Stop;
        }
        if now.hidden {
            self.away = true;
            return Step::Wait { ms: NEVER_MS };
        }
        let back_online = now.online && self.offline_ms.take().is_some();
        if std::mem::take(&mut self.away) || back_online {
            self.silent = true;
            self.by_hand = true;
            let at = now.ms + self.ration_ms(now.ms);
            // One that comes and goes all the time must not put the check off again and again.
            let soon = now.ms..now.ms + LOOK_EVERY_MS;
            self.due_ms = if soon.contains(&self.due_ms) {
                at.min(self.due_ms)
            } else {
                at
            };
        }
        let mut at = self.due_ms;
        if now.follows && !self.silent {
            at += FOLLOW_MS;
        }
        at = at.min(self.deadline_ms).max(self.not_before_ms);
        if !now.online {
            // Nothing heard for a while: the browser's hint may be wrong, and one request finds out.
            let since = *self.offline_ms.get_or_insert(now.ms);
            at = at.max(since.max(self.asked_ms) + OFFLINE_RETRY_MS);
        }
        if at > now.ms {
            return Step::Wait { ms: at - now.ms };
        }
        let park_s = self.may_park(now).then(|| self.park_s(now.ms));
        if self.deadline_ms <= now.ms {
            self.deadline_ms = NEVER_MS;
        }
        self.asked_ms = now.ms;
        Step::Ask { park_s }
    }

    fn may_park(&self, now: &Now) -> bool {
        !self.silent && !now.crowded && may_park(self.is_final, now.ms - self.since_ms)
    }

    /// A request is not parked beyond a deadline.
    fn park_s(&self, now_ms: f64) -> u32 {
        let left_s = ((self.deadline_ms - now_ms) / 1000.0).clamp(1.0, f64::from(PARK_S));
        left_s as u32
    }

    /// True if the request in flight is to be given up: it does not fit the page any more, or may hang while somebody
    /// wants to know.
    #[must_use]
    pub fn gives_up(&self, now: &Now, pressed: bool) -> bool {
        let old = now.ms - self.asked_ms >= OLD_REQUEST_MS;
        now.hidden || !now.online || ((self.failures > 0 || pressed) && old)
    }

    /// The request in flight was given up.
    pub fn gave_up(&mut self, now: &Now) {
        self.silent = true;
        self.due_ms = now.ms;
        if !now.hidden && now.online {
            self.due_ms += self.ration_ms(now.ms);
        }
    }

    /// Somebody looks at the page (again).
    pub fn looked(&mut self, now: &Now) {
        let fresh_ms = if now.follows && self.parks {
            FOLLOW_MS
        } else {
            FRESH_MS
        };
        // What was heard a moment ago, or is being heard by a parked request, needs no check.
        if self.heard_ms.is_some_and(|at| now.ms - at < fresh_ms) && self.failures == 0 {
            return;
        }
        // A check that is due already costs nothing more.
        if self.due_ms > now.ms {
            let at_ms = now.ms + self.ration_ms(now.ms);
            self.check_at(at_ms);
        }
    }

    /// Somebody pressed the button.
    pub fn pressed(&mut self, now: &Now) {
        self.check_at(now.ms.max(self.asked_ms + PRESS_EVERY_MS));
    }

    fn check_at(&mut self, at_ms: f64) {
        self.silent = true;
        self.by_hand = true;
        self.due_ms = self.due_ms.min(at_ms);
    }

    /// How long a check must wait, because there were many.
    fn ration_ms(&mut self, now_ms: f64) -> f64 {
        self.looks = LOOKS.min(self.looks + (now_ms - self.looks_ms) / LOOK_EVERY_MS);
        self.looks_ms = now_ms;
        self.looks = (self.looks - 1.0).max(-1.0);
        (-self.looks).max(0.0) * LOOK_EVERY_MS
    }

    /// A verified answer was applied. `chance` is drawn evenly from 0 up to 1.
    pub fn heard(&mut self, now: &Now, heard: &Heard, chance: f64) -> Pace {
        (self.failures, self.not_before_ms) = (0, now.ms);
        let since_last = now.ms - self.heard_ms.unwrap_or(now.ms);
        self.heard_ms = Some(now.ms);
        self.silent = false;
        self.is_final = heard.is_final;
        if heard.changed {
            self.since_ms = now.ms;
        }
        if let Some(parks) = heard.parks {
            self.parks = parks;
        }
        let at_once = heard.took_ms < 1_000.0;
        self.quick = (self.quick - since_last / QUICK_EVERY_MS).max(0.0);
        if heard.changed && at_once {
            self.quick += 1.0;
        }
        if let Some((at, in_ms)) = heard.deadline
            && at != self.deadline
            && in_ms > 0.0
        {
            self.deadline = at;
            self.deadline_ms = now.ms + in_ms + DEADLINE_MARGIN_MS;
        }

        let elapsed = now.ms - self.since_ms;
        let parked = self.parks && !now.crowded && may_park(self.is_final, elapsed);
        // A question that could not be parked, put to a server that parks, says nothing about its pace.
        let probed = parked && heard.parks.is_none();
        let told_ms = heard.retry_after_ms.filter(|_| !probed).unwrap_or(0.0);
        let honest = probed || heard.changed || !at_once;
        let wait_ms = if parked && honest && told_ms <= 0.0 && self.quick < QUICK_CHANGES {
            0.0
        } else {
            // Spread upwards over a tenth, so that screens that started together drift apart.
            let pace = pace_ms(self.is_final, elapsed) * (1.0 + 0.1 * chance);
            pace.max(told_ms.min(RETRY_AFTER_CAP_MS))
        };
        self.due_ms = now.ms + wait_ms;

        let by_hand = std::mem::take(&mut self.by_hand);
        if wait_ms > REST_AFTER_MS {
            // A check that nobody asked for does not wake a screen that rests, or it would speak at each.
            let live_s = if by_hand { STALE_AFTER_S } else { 0 };
            return Pace {
                live_s,
                rests: true,
            };
        }
        Pace {
            live_s: STALE_AFTER_S + (wait_ms / 1000.0) as u64,
            rests: false,
        }
    }

    /// Asking, proving or applying failed.
    pub fn failed(
        &mut self,
        now: &Now,
        failure: Failure,
        retry_after_ms: Option<f64>,
        chance: f64,
    ) {
        if self.failures == 0 {
            self.failing_since_ms = now.ms;
        }
        self.failures = self.failures.saturating_add(1);
        self.silent = true;
        let floor = retry_after_ms.unwrap_or(0.0).clamp(0.0, RETRY_AFTER_CAP_MS);
        self.not_before_ms = now.ms + floor;
        let lasted = now.ms - self.failing_since_ms;
        match retry_ms(failure, self.failures, lasted, chance) {
            // Not before the server's word, and not sooner than without it.
            Some(ms) if floor > 0.0 => {
                let told_ms = self.not_before_ms + ms.min(TOLD_JITTER_MS);
                self.due_ms = told_ms.max(now.ms + ms);
            }
            Some(ms) => self.due_ms = now.ms + ms,
            None => self.stopped = true,
        }
    }

    /// True while one tab's asking can serve the others: it goes well, and goes on.
    #[must_use]
    pub fn can_share(&self) -> bool {
        self.heard_ms.is_some() && self.failures == 0 && self.due_ms < NEVER_MS
    }
}
