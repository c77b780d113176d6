//! The widget's situation: the last verified answer, when it was heard, and what went wrong since.
//!
//! [`Progress::advance`] is the only place where it moves. It never takes an answer back: a lower
//! version, an older signing time or another body under the same version is refused, and the last
//! good answer stays on the screen.

use std::rc::Rc;

use payment_status_protocol::check::check;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::verdict::State;

use crate::failure::Failure;
use crate::watch::schedule::STALE_AFTER_S;

/// A document whose signature was verified, with what was signed beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The document.
    pub snapshot: Rc<Snapshot>,
    /// SHA-256 of its bytes.
    pub body_sha256: [u8; 32],
    /// The match code of its bytes.
    pub match_code: Rc<str>,
    /// The `ETag` to ask with next time; `None` if the server sent none that a header may carry.
    pub etag: Option<Rc<str>>,
    /// The bytes themselves: a `304` is verified over them.
    pub body: Rc<[u8]>,
    /// When the server signed this answer, Unix seconds.
    pub signed_at_s: i64,
    /// The signature as it came: evidence of what this screen showed.
    pub signature: Rc<str>,
}

/// What happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A verified document came.
    Answer(Verified),
    /// The server signed again that the document we hold is current.
    Unchanged {
        /// When it signed, Unix seconds.
        signed_at_s: i64,
        /// The new signature as it came.
        signature: Rc<str>,
    },
    /// Asking, proving or reading failed.
    Failed(Failure),
}

/// How long the last answer may stand as the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Seconds for which it is current: until the next one is overdue.
    pub live_s: u64,
    /// After that nobody is missing: the watch asks seldom now, or on demand.
    pub rests: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            live_s: STALE_AFTER_S,
            rests: false,
        }
    }
}

/// The last verified answer, how fresh it is, and what went wrong in asking.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// The last verified answer.
    pub held: Option<Verified>,
    /// On the page's steady clock (ms), when the server was last heard with a verified answer.
    pub heard_ms: f64,
    /// Why the last asking failed; `None` after one that worked.
    pub trouble: Option<Failure>,
    /// The final state that this screen showed before the present one, if the present one replaced it.
    pub earlier: Option<State>,
    /// How long the answer may stand.
    pub pace: Pace,
}

impl Progress {
    /// The next situation. `now_ms` is the page's steady clock.
    #[must_use]
    pub fn advance(&self, event: Event, now_ms: f64) -> Self {
        let applied = match event {
            Event::Answer(answer) => self.accept(answer, now_ms),
            Event::Unchanged {
                signed_at_s,
                signature,
            } => self.confirm(signed_at_s, signature, now_ms),
            Event::Failed(failure) => Err(failure),
        };
        applied.unwrap_or_else(|failure| Self {
            trouble: Some(failure),
            ..self.clone()
        })
    }

    /// The same, last heard at another time.
    #[must_use]
    pub fn heard_at(&self, heard_ms: f64) -> Self {
        Self {
            heard_ms,
            ..self.clone()
        }
    }

    fn accept(&self, answer: Verified, now_ms: f64) -> Result<Self, Failure> {
        check(&answer.snapshot).map_err(|_| Failure::Contradiction)?;
        let mut earlier = self.earlier.clone();
        if let Some(held) = &self.held {
            let (old, new) = (&held.snapshot, &answer.snapshot);
            if new.version < old.version || answer.signed_at_s < held.signed_at_s {
                return Err(Failure::WentBack);
            }
            if new.version == old.version && answer.body_sha256 != held.body_sha256 {
                // Two bodies under one version: the two parties could be shown different answers.
                return Err(Failure::Contradiction);
            }
            if old.is_final && old.state != new.state {
                earlier = Some(old.state.clone());
            }
        }
        Ok(Self {
            held: Some(answer),
            heard_ms: now_ms,
            trouble: None,
            earlier,
            pace: self.pace,
        })
    }

    fn confirm(&self, signed_at_s: i64, signature: Rc<str>, now_ms: f64) -> Result<Self, Failure> {
        let held = self.held.as_ref().ok_or(Failure::Unreadable)?;
        if signed_at_s < held.signed_at_s {
            return Err(Failure::WentBack);
        }
        let held = Verified {
            signed_at_s,
            signature,
            ..held.clone()
        };
        Ok(Self {
            held: Some(held),
            heard_ms: now_ms,
            trouble: None,
            earlier: self.earlier.clone(),
            pace: self.pace,
        })
    }

    /// Whole seconds since the server was last heard; `None` before the first verified answer.
    #[must_use]
    pub fn age_s(&self, now_ms: f64) -> Option<u64> {
        self.held.as_ref()?;
        // Saturates at zero: the steady clock does not go back, but two reads may share one tick.
        Some(((now_ms - self.heard_ms).max(0.0) / 1000.0) as u64)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn answer(version: u64, state: &str, signed_at_s: i64) -> Verified {
        let charged = if state == "paid" {
            "charged"
        } else {
            "unknown"
        };
        let (pay_again, release) = if state == "paid" {
            ("do_not", "release")
        } else {
            ("wait", "wait")
        };
        let legs = if state == "paid" {
            r#"[{"attempt":"1","leg":"credit","status":"succeeded","source":"acquirer"}]"#
        } else {
            "[]"
        };
        let text = format!(
            r#"{{"format":1,"transaction":"tx_00000000000000000000000001","version":{version},"order_reference":"A-1",
            "amount":{{"minor":100,"currency":"CNY","exponent":2}},"state":"{state}","charged":"{charged}",
            "pay_again":"{pay_again}","release":"{release}","money_at":"unknown","final":{},"reason":"processing",
            "next_actor":"nobody","returned_minor":0,"returning_minor":0,"legs":{legs},"timeline":[],
            "created_at":"2026-11-20T00:00:00Z","expires_at":"2026-11-20T00:15:00Z","updated_at":"2026-11-20T00:00:00Z"}}"#,
            state == "paid"
        );
        let first = u8::try_from(version).unwrap();
        Verified {
            snapshot: Rc::new(serde_json::from_str(&text).unwrap()),
            body_sha256: [first; 32],
            match_code: "000-000".into(),
            etag: None,
            body: text.as_bytes().into(),
            signed_at_s,
            signature: "a..b".into(),
        }
    }

    fn unchanged(signed_at_s: i64) -> Event {
        Event::Unchanged {
            signed_at_s,
            signature: "c..d".into(),
        }
    }

    fn holding(version: u64, state: &str) -> Progress {
        Progress::default().advance(Event::Answer(answer(version, state, 1000)), 0.0)
    }

    #[test]
    fn a_version_never_goes_back() {
        let held = holding(3, "processing");
        let after = held.advance(Event::Answer(answer(2, "paid", 1001)), 1.0);
        assert_eq!(after.trouble, Some(Failure::WentBack));
        assert_eq!(after.held, held.held);
    }

    #[test]
    fn an_older_signature_is_a_replay() {
        let held = holding(3, "processing");
        let after = held.advance(Event::Answer(answer(4, "paid", 999)), 1.0);
        assert_eq!(after.trouble, Some(Failure::WentBack));
        assert_eq!(
            held.advance(unchanged(999), 1.0).trouble,
            Some(Failure::WentBack)
        );
    }

    #[test]
    fn another_body_under_the_same_version_is_refused() {
        let held = holding(3, "processing");
        let other = Verified {
            body_sha256: [9; 32],
            ..answer(3, "paid", 1001)
        };
        let after = held.advance(Event::Answer(other), 1.0);
        assert_eq!(
            (after.trouble, after.held),
            (Some(Failure::Contradiction), held.held)
        );
    }

    #[test]
    fn a_contradicting_verdict_is_never_shown() {
        let mut bad = answer(1, "processing", 1000);
        let mut snapshot = (*bad.snapshot).clone();
        snapshot.pay_again = "safe".into();
        bad.snapshot = Rc::new(snapshot);
        let after = Progress::default().advance(Event::Answer(bad), 0.0);
        assert_eq!(
            (after.trouble, after.held),
            (Some(Failure::Contradiction), None)
        );
    }

    #[test]
    fn a_failure_keeps_the_last_answer_and_the_next_answer_clears_the_failure() {
        let held = holding(1, "processing");
        let failed = held.advance(Event::Failed(Failure::Unreachable), 5000.0);
        assert_eq!(
            (failed.trouble, failed.age_s(6000.0)),
            (Some(Failure::Unreachable), Some(6))
        );
        let again = failed.advance(unchanged(1001), 7000.0);
        assert_eq!((again.trouble, again.age_s(7900.0)), (None, Some(0)));
        let signature = |progress: &Progress| progress.held.as_ref().unwrap().signature.to_string();
        assert_eq!(
            (signature(&failed), signature(&again)),
            ("a..b".to_owned(), "c..d".to_owned())
        );
    }

    #[test]
    fn a_replaced_final_state_is_remembered() {
        let held = holding(1, "paid");
        let after = held.advance(Event::Answer(answer(2, "checking", 1001)), 1.0);
        assert_eq!(after.earlier, Some(State::Paid));
        assert_eq!(
            held.advance(Event::Answer(answer(2, "paid", 1001)), 1.0)
                .earlier,
            None
        );
    }

    #[test]
    fn nothing_is_unchanged_before_the_first_answer() {
        let after = Progress::default().advance(unchanged(1), 0.0);
        assert_eq!(
            (after.trouble, after.age_s(10.0)),
            (Some(Failure::Unreadable), None)
        );
    }
}
