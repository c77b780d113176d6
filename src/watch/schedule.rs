//! When to ask next. Pure: chance and clock are handed in.

use crate::failure::{Failure, Kind};

/// Seconds for which a request may be parked. Below the 30 s after which common proxies give up.
pub const PARK_S: u32 = 25;

/// Added to [`PARK_S`] before a request counts as lost.
pub const ANSWER_LIMIT_MS: f64 = 10_000.0;

/// Without a verified answer for this long the screen says that it is stale: one parked request, its limit, and a little more.
pub const STALE_AFTER_S: u64 = 40;

/// A device that says it is offline is asked again after this long anyway: `navigator.onLine` is a hint.
pub const OFFLINE_RETRY_MS: f64 = 15_000.0;

/// Waits after the n-th failure in a row are drawn from 0 to this, doubled each time.
const RETRY_BASE_MS: f64 = 500.0;

/// No wait after a failure is drawn from more than this.
const RETRY_CAP_MS: f64 = 30_000.0;

/// Waits between asks of a server that neither parks requests nor sends `Retry-After`:
/// quick while the answer is expected, slower when it is not.
const LADDER_MS: [f64; 5] = [1_000.0, 2_000.0, 3_000.0, 5_000.0, 10_000.0];

/// A final state can still change (refund, dispute), but nobody waits for it at the counter.
const FINAL_MS: f64 = 30_000.0;

/// No server may keep us from asking for longer than this.
const RETRY_AFTER_CAP_MS: f64 = 300_000.0;

/// The last asking, as far as the pace depends on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked {
    /// It worked.
    Answered {
        /// The server parks requests: it can be asked again at once, the waiting is on its side.
        parks: bool,
        /// Milliseconds that the server asked for with `Retry-After`.
        retry_after_ms: Option<f64>,
        /// The state will not change by itself.
        is_final: bool,
        /// Answers in a row without a change.
        unchanged: u32,
        /// How long the request took. A server that says it parks and answers at once all the same must not be hammered.
        took_ms: f64,
    },
    /// It failed.
    Failed {
        /// Why.
        failure: Failure,
        /// Failures in a row, this one included.
        failures: u32,
        /// Milliseconds that the server asked for with `Retry-After`.
        retry_after_ms: Option<f64>,
    },
}

/// Milliseconds until the next asking; `None`: asking again cannot help until the host page changes something.
///
/// `chance` is drawn evenly from 0 up to 1 (full jitter: many screens that lost one server must not
/// come back together).
#[must_use]
pub fn wait_ms(asked: Asked, chance: f64) -> Option<f64> {
    match asked {
        Asked::Answered {
            parks,
            retry_after_ms,
            is_final,
            unchanged,
            took_ms,
        } => {
            if let Some(ms) = retry_after_ms.filter(|ms| *ms > 0.0) {
                return Some(ms.min(RETRY_AFTER_CAP_MS));
            }
            if parks && (unchanged == 0 || took_ms >= 1_000.0) {
                return Some(0.0);
            }
            let step = LADDER_MS.get(usize::try_from(unchanged).unwrap_or(usize::MAX));
            let ladder = step.copied().unwrap_or(10_000.0);
            // Spread over a fifth, so that screens that started together drift apart.
            let pace = if is_final { FINAL_MS } else { ladder };
            Some(pace * (0.9 + 0.2 * chance))
        }
        Asked::Failed {
            failure,
            failures,
            retry_after_ms,
        } => match failure.kind() {
            Kind::Configuration => None,
            Kind::Network | Kind::Protocol | Kind::Expired | Kind::Internal => {
                let doublings = i32::try_from(failures.saturating_sub(1).min(10)).unwrap_or(10);
                let most = (RETRY_BASE_MS * 2f64.powi(doublings)).min(RETRY_CAP_MS);
                let floor = retry_after_ms.unwrap_or(0.0).clamp(0.0, RETRY_AFTER_CAP_MS);
                // A token that was refused or a forged answer seldom heals: no quick retries.
                let slow = matches!(failure.kind(), Kind::Expired | Kind::Protocol);
                let most = if slow { most.max(4_000.0) } else { most };
                Some(floor + most * chance)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(parks: bool, unchanged: u32, took_ms: f64) -> Asked {
        Asked::Answered {
            parks,
            retry_after_ms: None,
            is_final: false,
            unchanged,
            took_ms,
        }
    }

    fn failed(failure: Failure, failures: u32) -> Asked {
        Asked::Failed {
            failure,
            failures,
            retry_after_ms: None,
        }
    }

    #[test]
    fn a_parking_server_is_asked_again_at_once() {
        assert_eq!(wait_ms(answered(true, 0, 3.0), 0.5), Some(0.0));
        assert_eq!(wait_ms(answered(true, 4, 25_000.0), 0.5), Some(0.0));
    }

    #[test]
    fn a_server_that_only_says_it_parks_is_not_hammered() {
        assert_eq!(wait_ms(answered(true, 1, 3.0), 0.5), Some(2_000.0));
    }

    #[test]
    fn a_server_that_does_not_park_is_asked_by_the_ladder() {
        let waits: Vec<_> = (0..7)
            .map(|n| wait_ms(answered(false, n, 5.0), 0.5).unwrap_or(-1.0))
            .collect();
        assert_eq!(
            waits,
            [
                1_000.0, 2_000.0, 3_000.0, 5_000.0, 10_000.0, 10_000.0, 10_000.0
            ]
        );
    }

    #[test]
    fn the_servers_pace_wins_within_reason() {
        let paced = |ms| Asked::Answered {
            parks: false,
            retry_after_ms: Some(ms),
            is_final: false,
            unchanged: 0,
            took_ms: 5.0,
        };
        assert_eq!(wait_ms(paced(7_000.0), 0.9), Some(7_000.0));
        assert_eq!(wait_ms(paced(1e9), 0.9), Some(300_000.0));
    }

    #[test]
    fn waits_after_failures_double_with_full_jitter_up_to_a_cap() {
        assert_eq!(wait_ms(failed(Failure::Unreachable, 1), 0.0), Some(0.0));
        assert_eq!(wait_ms(failed(Failure::Unreachable, 1), 1.0), Some(500.0));
        assert_eq!(wait_ms(failed(Failure::Unreachable, 3), 1.0), Some(2_000.0));
        assert_eq!(
            wait_ms(failed(Failure::Unreachable, 99), 1.0),
            Some(30_000.0)
        );
    }

    #[test]
    fn a_wrong_set_up_is_not_asked_again() {
        assert_eq!(wait_ms(failed(Failure::Configuration("src"), 1), 1.0), None);
        assert_eq!(wait_ms(failed(Failure::UnsupportedBrowser, 1), 1.0), None);
    }
}
