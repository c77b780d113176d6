//! The pace: tables and limits. Pure; what is done with them is decided in `plan`.
//!
//! Why these numbers: docs/adr/0010-asking.md.

use crate::failure::{Failure, Kind};

/// Seconds for which a request may be parked. Below the 30 s after which common proxies give up.
pub const PARK_S: u32 = 25;

/// A request that was not parked counts as lost after this, a parked one this long after its parking time was over.
pub const ANSWER_LIMIT_MS: f64 = 20_000.0;

/// The same beside [`PARK_S`]: a parked request that ends in time ends with a small answer on a warm connection.
pub const PARKED_LIMIT_MS: f64 = 10_000.0;

/// An answer that should have been followed by another one is current for this long after that was due: one parked
/// request, its limit, and a little more.
pub const STALE_AFTER_S: u64 = 40;

/// A device that says it is offline is asked again after this long anyway: `navigator.onLine` is a hint.
pub const OFFLINE_RETRY_MS: f64 = 15_000.0;

/// Never is written so: "on demand".
pub const NEVER_MS: f64 = f64::INFINITY;

/// No server may keep us from asking for longer than this; with the jitter that is added it makes five minutes.
pub const RETRY_AFTER_CAP_MS: f64 = 270_000.0;

/// Time for the browser to draw a new verdict before anything else is done about it.
pub const FIRST_PICTURE_MS: f64 = 50.0;

const SECOND: f64 = 1_000.0;
const MINUTE: f64 = 60.0 * SECOND;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// Waits between two asks of a server that does not park, until so long after the first question or the last change:
/// `(until, wait)`. 115 asks up to the fifteenth minute.
const LADDER: [(f64, f64); 6] = [
    (10.0 * SECOND, SECOND),
    (MINUTE, 2.0 * SECOND),
    (5.0 * MINUTE, 6.0 * SECOND),
    (15.0 * MINUTE, 15.0 * SECOND),
    (30.0 * MINUTE, MINUTE),
    (HOUR, 2.0 * MINUTE),
];

/// The same after a final verdict: it can still change (refund, dispute, late success), but nobody waits for it.
const FINAL: [(f64, f64); 3] = [
    (5.0 * MINUTE, 30.0 * SECOND),
    (HOUR, MINUTE),
    (DAY, 15.0 * MINUTE),
];

/// Waits after the n-th failure in a row are drawn from 0 to this, doubled each time.
const RETRY_BASE_MS: f64 = 500.0;

/// No wait after a failure is drawn from more than this, by how long the trouble has lasted: `(until, most)`.
const RETRY: [(f64, f64); 3] = [
    (15.0 * MINUTE, 30.0 * SECOND),
    (HOUR, 2.0 * MINUTE),
    (DAY, 5.0 * MINUTE),
];

fn of(table: &[(f64, f64)], elapsed_ms: f64) -> f64 {
    let step = table.iter().find(|(until, _)| elapsed_ms < *until);
    step.map_or(NEVER_MS, |(_, wait)| *wait)
}

/// Milliseconds until the next ask of a server that does not park; [`NEVER_MS`]: on demand.
///
/// `elapsed_ms` is counted from the first question or the last change.
#[must_use]
pub fn pace_ms(is_final: bool, elapsed_ms: f64) -> f64 {
    of(if is_final { &FINAL } else { &LADDER }, elapsed_ms)
}

/// True while requests may be parked: for an hour after the last change, and for five minutes after a final one.
#[must_use]
pub fn may_park(is_final: bool, elapsed_ms: f64) -> bool {
    elapsed_ms < if is_final { 5.0 * MINUTE } else { HOUR }
}

/// Milliseconds to wait after a failure; `None`: asking again cannot help until the host page changes something.
///
/// `failures` in a row, this one included; the trouble has lasted for `lasted_ms`. `chance` is drawn evenly from 0 up
/// to 1 (full jitter: many screens that lost one server must not come back together).
#[must_use]
pub fn retry_ms(failure: Failure, failures: u32, lasted_ms: f64, chance: f64) -> Option<f64> {
    // A token that was refused or a forged answer seldom heals: no quick retries.
    let least = match failure.kind() {
        Kind::Configuration => return None,
        Kind::Expired | Kind::Protocol => 4_000.0,
        Kind::Network | Kind::Internal => 0.0,
    };
    let doublings = i32::try_from(failures.saturating_sub(1).min(10)).unwrap_or(10);
    let most = (RETRY_BASE_MS * 2f64.powi(doublings)).max(least);
    let cap = of(&RETRY, lasted_ms);
    if cap == NEVER_MS {
        return Some(NEVER_MS);
    }
    // Slower and slower while the trouble lasts.
    let most = if lasted_ms < 15.0 * MINUTE {
        most.min(cap)
    } else {
        cap
    };
    Some(most * chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_has_at_most_120_rungs_in_fifteen_minutes() {
        let (mut at, mut asks) = (0.0, 0);
        while at < 15.0 * MINUTE {
            asks += 1;
            at += pace_ms(false, at);
        }
        assert_eq!(asks, 115);
        assert_eq!(pace_ms(false, HOUR), NEVER_MS);
    }

    #[test]
    fn after_a_final_verdict_the_watch_is_slow_and_lasts_a_day() {
        let paces = [0.0, 6.0 * MINUTE, 2.0 * HOUR, DAY].map(|at| pace_ms(true, at));
        assert_eq!(paces, [30_000.0, 60_000.0, 900_000.0, NEVER_MS]);
    }

    #[test]
    fn waits_after_failures_double_with_full_jitter_up_to_a_cap() {
        let retry = |failures, lasted, chance| {
            retry_ms(Failure::Unreachable, failures, lasted, chance).unwrap_or(-1.0)
        };
        assert_eq!(retry(1, 0.0, 0.0), 0.0);
        assert_eq!(retry(1, 0.0, 1.0), 500.0);
        assert_eq!(retry(3, 0.0, 1.0), 2_000.0);
        assert_eq!(retry(99, 0.0, 1.0), 30_000.0);
        assert_eq!(retry(99, 20.0 * MINUTE, 1.0), 120_000.0);
        assert_eq!(retry(99, 2.0 * HOUR, 1.0), 300_000.0);
        assert_eq!(retry(99, DAY, 0.0), NEVER_MS);
    }

    #[test]
    fn what_seldom_heals_is_not_retried_quickly() {
        assert_eq!(retry_ms(Failure::NotFound, 1, 0.0, 1.0), Some(4_000.0));
        assert_eq!(retry_ms(Failure::BadSignature, 1, 0.0, 1.0), Some(4_000.0));
    }

    #[test]
    fn a_wrong_set_up_is_not_asked_again() {
        for failure in [Failure::Configuration("src"), Failure::UnsupportedBrowser] {
            assert_eq!(retry_ms(failure, 1, 0.0, 1.0), None);
        }
    }
}
