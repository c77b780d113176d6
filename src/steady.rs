//! A clock for ages that neither jumps back nor sleeps.
//!
//! `performance.now()` stands still on some devices while they sleep: after a night an answer would look three
//! seconds old. The wall clock goes on, but can be set. So the first counts, and where the second runs ahead of it the
//! difference is added: an answer can look older than it is, never younger.

/// The wall clock may run ahead by so many milliseconds between two readings without meaning anything.
const SLACK_MS: f64 = 2_000.0;

/// Adds up what the two clocks say.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Steady {
    performance_ms: f64,
    wall_ms: f64,
    slept_ms: f64,
}

impl Steady {
    /// Milliseconds, and whether the device slept (or its clock was set ahead) since the last reading.
    pub(crate) fn read(&mut self, performance_ms: f64, wall_ms: f64) -> (f64, bool) {
        let ahead = (wall_ms - self.wall_ms) - (performance_ms - self.performance_ms);
        let slept = ahead > SLACK_MS && self.wall_ms > 0.0;
        if slept {
            self.slept_ms += ahead;
        }
        (self.performance_ms, self.wall_ms) = (performance_ms, wall_ms);
        (performance_ms + self.slept_ms, slept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_ages_and_a_clock_set_back_does_not_make_younger() {
        let mut steady = Steady::default();
        let day = 86_400_000.0;
        assert_eq!(steady.read(100.0, 1e12), (100.0, false));
        assert_eq!(steady.read(1_100.0, 1e12 + 1_000.0), (1_100.0, false));
        // A night: the first clock stood still.
        let (now, slept) = steady.read(1_200.0, 1e12 + day);
        assert!(slept && now > day - 2_000.0, "{now}");
        // Ten years back, then a second later.
        assert_eq!(
            steady.read(2_200.0, 1e12 - 3_650.0 * day),
            (now + 1_000.0, false)
        );
        assert_eq!(
            steady.read(3_200.0, 1e12 - 3_650.0 * day + 1_000.0),
            (now + 2_000.0, false)
        );
    }
}
