//! A scripted server.

use super::SECOND;

/// From a question to its answer, where nothing is waited for.
const LATENCY_MS: f64 = 40.0;

/// What it does when.
#[derive(Clone, Default)]
pub(super) struct Server {
    pub(super) parks: bool,
    /// It says that it parks, and answers at once.
    pub(super) lies: bool,
    /// Sent with each answer to a question that was not parked.
    pub(super) retry_after_ms: Option<f64>,
    pub(super) deadline_ms: Option<f64>,
    pub(super) changes: Vec<(f64, bool)>,
    pub(super) down: Option<(f64, f64)>,
    pub(super) refuses: Option<(f64, f64, Option<f64>)>,
}

/// What comes of a question, and when.
pub(super) struct Reply {
    pub(super) at: f64,
    /// The version, or `None` for a failure.
    pub(super) version: Option<usize>,
    pub(super) is_final: bool,
    pub(super) parks: bool,
    pub(super) retry_after_ms: Option<f64>,
}

impl Server {
    pub(super) fn parking() -> Self {
        Self {
            parks: true,
            ..Self::default()
        }
    }

    pub(super) fn changes(mut self, changes: &[(f64, bool)]) -> Self {
        self.changes = changes.to_vec();
        self
    }

    pub(super) fn down(mut self, from: f64, to: f64) -> Self {
        self.down = Some((from, to));
        self
    }

    pub(super) fn refuses(mut self, from: f64, to: f64, retry_after_ms: Option<f64>) -> Self {
        self.refuses = Some((from, to, retry_after_ms));
        self
    }

    /// When each change happens.
    pub(super) fn change_at(&self, index: usize) -> f64 {
        self.changes[index].0
    }

    fn version(&self, at: f64) -> usize {
        self.changes.iter().filter(|(when, _)| *when <= at).count()
    }

    /// Answers a question put at `at` by one who holds `held`.
    pub(super) fn reply(&self, at: f64, park_s: Option<u32>, held: Option<usize>) -> Reply {
        let soon = at + LATENCY_MS;
        let failure = |at, retry_after_ms| Reply {
            at,
            version: None,
            is_final: false,
            parks: false,
            retry_after_ms,
        };
        let is_in = |(from, to): (f64, f64)| at >= from && at < to;
        if self.down.is_some_and(is_in) {
            return failure(soon, None);
        }
        if let Some((from, to, told)) = self.refuses
            && is_in((from, to))
        {
            return failure(soon, told);
        }
        let parked = self.parks && park_s.is_some();
        let mut ends = soon;
        if parked && !self.lies && held == Some(self.version(soon)) {
            ends = at + f64::from(park_s.unwrap_or(0)) * SECOND;
            let next = self.changes.get(self.version(soon));
            ends = next.map_or(ends, |(when, _)| ends.min(when + LATENCY_MS));
            if let Some((dies, _)) = self.down.filter(|(dies, _)| *dies > at && *dies < ends) {
                return failure(dies, None);
            }
        }
        let version = self.version(ends);
        Reply {
            at: ends,
            version: Some(version),
            is_final: version > 0 && self.changes[version - 1].1,
            parks: parked,
            retry_after_ms: if parked {
                Some(0.0)
            } else {
                self.retry_after_ms
            },
        }
    }
}
