//! A page with one watch on a fake clock: carries out what the plan says, as the loop does in the browser.

use super::super::*;
use super::SECOND;
use super::server::Server;

/// What happens to the page.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum What {
    Hide,
    Show,
    Offline,
    Online,
    Focus,
    Press,
    /// Nothing runs for so long.
    Jump(f64),
    /// Another tab asks, and this one listens.
    Follow,
    /// It is this tab's turn.
    Lead,
    /// The other tab passed on that nothing is new.
    Overhear,
}

/// One question.
pub(super) struct Asked {
    pub(super) at: f64,
    pub(super) park_s: Option<u32>,
}

/// The page, and all that it did.
pub(super) struct Page {
    plan: Plan,
    server: Server,
    now: Now,
    script: Vec<(f64, What)>,
    pressed: bool,
    looked: bool,
    held: Option<usize>,
    seed: u64,
    pub(super) pace: Pace,
    pub(super) asks: Vec<Asked>,
    /// When each change was seen.
    pub(super) seen: Vec<f64>,
}

impl Page {
    pub(super) fn new(server: Server) -> Self {
        Self {
            plan: Plan::new(0.0),
            server,
            now: Now {
                ms: 0.0,
                hidden: false,
                online: true,
                crowded: false,
                follows: false,
            },
            script: Vec::new(),
            pressed: false,
            looked: false,
            held: None,
            seed: 7,
            pace: Pace::default(),
            asks: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Lets `what` happen at `at`; in the order of time.
    pub(super) fn script(&mut self, at: f64, what: What) {
        self.script.push((at, what));
    }

    fn chance(&mut self) -> f64 {
        // Knuth's MMIX generator; its upper bits are even enough.
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.seed >> 11) as f64 / (1u64 << 53) as f64
    }

    fn next_event(&self) -> f64 {
        self.script.first().map_or(NEVER_MS, |(at, _)| *at)
    }

    fn happens(&mut self) {
        while self.next_event() <= self.now.ms {
            let (_, what) = self.script.remove(0);
            match what {
                What::Hide => self.now.hidden = true,
                What::Show => self.now.hidden = false,
                What::Offline => self.now.online = false,
                What::Online => self.now.online = true,
                What::Focus => self.looked = true,
                What::Press => self.pressed = true,
                What::Jump(ms) => {
                    // The watch sees the gap, and asks as if somebody had pressed the button.
                    self.now.ms += ms;
                    self.pressed = true;
                }
                What::Follow => self.now.follows = true,
                What::Lead => self.now.follows = false,
                What::Overhear => {
                    let heard = self.heard(self.held, false, NEVER_MS);
                    let chance = self.chance();
                    self.pace = self.plan.heard(
                        &self.now,
                        &Heard {
                            parks: Some(true),
                            ..heard
                        },
                        chance,
                    );
                }
            }
        }
    }

    fn heard(&self, version: Option<usize>, is_final: bool, took_ms: f64) -> Heard {
        Heard {
            changed: version != self.held,
            is_final,
            parks: None,
            retry_after_ms: None,
            took_ms,
            deadline: self
                .server
                .deadline_ms
                .map(|at| (at as i64, at - self.now.ms)),
        }
    }

    /// Lives until `end`.
    pub(super) fn run(&mut self, end: f64) {
        while self.now.ms < end {
            self.happens();
            if std::mem::take(&mut self.looked) {
                self.plan.looked(&self.now);
            }
            if std::mem::take(&mut self.pressed) {
                self.plan.pressed(&self.now);
            }
            match self.plan.next(&self.now) {
                Step::Stop => return,
                Step::Wait { ms } => {
                    assert!(ms > 0.0, "a pause of nothing is a busy loop");
                    self.now.ms = (self.now.ms + ms).min(self.next_event()).min(end);
                }
                Step::Ask { park_s } => self.ask(park_s),
            }
        }
    }

    fn ask(&mut self, park_s: Option<u32>) {
        let at = self.now.ms;
        assert!(!self.now.hidden, "a hidden page asked");
        self.asks.push(Asked { at, park_s });
        let reply = self.server.reply(at, park_s, self.held);
        while self.next_event() < reply.at {
            self.now.ms = self.now.ms.max(self.next_event());
            self.happens();
            if self.plan.gives_up(&self.now, self.pressed) {
                self.plan.gave_up(&self.now);
                return;
            }
        }
        self.now.ms = self.now.ms.max(reply.at);
        self.looked = false;
        let chance = self.chance();
        let Some(version) = reply.version.filter(|_| self.now.online) else {
            self.plan.failed(
                &self.now,
                Failure::Unreachable,
                reply.retry_after_ms,
                chance,
            );
            return;
        };
        let heard = Heard {
            parks: park_s.map(|_| reply.parks),
            retry_after_ms: reply.retry_after_ms,
            ..self.heard(Some(version), reply.is_final, self.now.ms - at)
        };
        self.seen.resize(version, self.now.ms);
        self.held = Some(version);
        self.pace = self.plan.heard(&self.now, &heard, chance);
    }

    pub(super) fn asks_in(&self, from: f64, to: f64) -> usize {
        self.asks
            .iter()
            .filter(|ask| ask.at >= from && ask.at < to)
            .count()
    }

    pub(super) fn last_ask(&self) -> f64 {
        self.asks.last().map_or(f64::NAN, |ask| ask.at)
    }

    /// How long after it happened a change was seen.
    pub(super) fn seen_after(&self, index: usize) -> f64 {
        self.seen[index] - self.server.change_at(index)
    }

    pub(super) fn gaps(&self) -> Vec<f64> {
        self.asks
            .windows(2)
            .map(|pair| pair[1].at - pair[0].at)
            .collect()
    }

    /// No second has more than four questions (after a failure the waits are drawn from zero on) in it, no ten seconds more than twelve.
    pub(super) fn is_calm(&self) {
        for (window, most) in [(SECOND, 4), (10.0 * SECOND, 12)] {
            for ask in &self.asks {
                let close = self.asks_in(ask.at, ask.at + window);
                assert!(close <= most, "{close} in {window} ms from {}", ask.at);
            }
        }
    }
}
