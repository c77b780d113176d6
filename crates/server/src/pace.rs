//! How often one token may be answered without having waited: a bucket for each token (`429 slow-down`).
//!
//! Asks that were parked do not count: they cost nothing while they wait.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::problem::{Problem, ProblemCode};
use crate::secret::SecretHash;

/// How many asks may come at one time.
const BURST: f64 = 100.0;

/// How many more are good each second.
const PER_SECOND: f64 = 20.0;

/// How many tokens are remembered before those that are full again are forgotten.
const MAX_BUCKETS: usize = 10_000;

/// The buckets of all tokens that asked lately.
#[derive(Debug, Default)]
pub struct Pace {
    buckets: Mutex<HashMap<[u8; 32], Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Pace {
    /// Takes one ask out of the token's bucket. Only for tokens that were found good: others must
    /// not fill the memory.
    ///
    /// # Errors
    /// `slow-down` when the bucket is empty.
    pub fn admit(&self, token: &SecretHash) -> Result<(), Problem> {
        self.admit_at(token, Instant::now())
    }

    fn admit_at(&self, token: &SecretHash, now: Instant) -> Result<(), Problem> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            buckets.retain(|_, bucket| bucket.at_time(now).left < BURST);
        }
        let bucket = buckets.entry(token.to_bytes()).or_insert(Bucket {
            left: BURST,
            at: now,
        });
        *bucket = bucket.at_time(now);
        if bucket.left < 1.0 {
            return Err(Problem {
                retry_after_s: Some(1),
                ..Problem::new(
                    ProblemCode::SlowDown,
                    "Ask with Prefer: wait=25 and If-None-Match: the answer comes when it changes.",
                )
            });
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

impl Bucket {
    fn at_time(self, now: Instant) -> Self {
        let refilled = now.saturating_duration_since(self.at).as_secs_f64() * PER_SECOND;
        Self {
            left: (self.left + refilled).min(BURST),
            at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_is_good_and_then_twenty_a_second() {
        let (pace, token, now) = (Pace::default(), SecretHash::of("pst_a"), Instant::now());
        let good_at = |now: Instant| {
            (0..200)
                .filter(|_| pace.admit_at(&token, now).is_ok())
                .count()
        };
        assert_eq!(good_at(now), 100);
        assert_eq!(good_at(now + Duration::from_secs(1)), 20);
        assert_eq!(good_at(now + Duration::from_secs(60)), 100);
        assert!(pace.admit_at(&SecretHash::of("pst_b"), now).is_ok());
    }
}
