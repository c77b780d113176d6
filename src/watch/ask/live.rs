//! The loop: does what the plan says, proves what comes, applies it.

use std::rc::Weak;

use futures::future::{Either, select};
use futures::pin_mut;

use super::{Taken, Watch, take, unless_offline};
use crate::browser::clock::{chance, mono_ms, now_ms, sleep_ms};
use crate::browser::page::{is_hidden, is_online};
use crate::browser::wake::Wake;
use crate::client::{self, Answer, Ask, Cache};
use crate::failure::Failure;
use crate::watch::believe::Target;
use crate::watch::plan::{Heard, Now, Plan, Step};
use crate::watch::progress::{Event, Progress, Verified};
use crate::watch::registry::is_crowded;
use crate::watch::schedule::{ANSWER_LIMIT_MS, NEVER_MS, PARKED_LIMIT_MS, STALE_AFTER_S};
use crate::watch::tabs::{Group, name};

/// Goes on from the `first` answer, if the loader had asked for it.
pub(super) async fn live(watch: Weak<Watch>, wake: Wake, target: Target, first: Option<Taken>) {
    let mut plan = Plan::new(mono_ms());
    let mut group = Group::default();
    if let (Some(first), Some(watch)) = (first, watch.upgrade()) {
        let here = now(&group, &target);
        // The question that the loader asked was the plan's first step.
        plan.next(&here);
        let is_old = now_ms() - first.after.heard_ms > STALE_AFTER_S as f64 * 1000.0;
        apply(&watch, &mut plan, &here, first, Some(0), 0.0);
        if is_old {
            // It has aged while the program was loaded: a parked question would leave it standing as stale.
            plan.pressed(&here);
        }
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
                            let Some(watch) = watch.upgrade() else {
                                return;
                            };
                            if plan.gives_up(&now(&group, &target), watch.pressed.get()) {
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

impl Watch {
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
    let answer = client::ask(&ask, limit_ms).await;
    answer.map_err(unless_offline)
}
