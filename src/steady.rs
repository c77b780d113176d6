//! A clock for ages that neither jumps back nor sleeps.
//!
//! `performance.now()` stands still on some devices while they sleep: after a night an answer would look three
//! seconds old. The wall clock goes on, but can be set. So the first counts, and where the second runs ahead of it the
//! difference is added: an answer can look older than it is, never younger.

/// The wall clock may run ahead by so many milliseconds between two readings without meaning anything.
const SLACK_MS: f64 = 2_000.0;

/// Adds up what the two clocks say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steady {
    performance_ms: f64,
    wall_ms: f64,
    slept_ms: f64,
}

impl Steady {
    /// Before the first reading.
    pub(crate) const NEW: Self = Self {
        performance_ms: 0.0,
        wall_ms: 0.0,
        slept_ms: 0.0,
    };

    /// Milliseconds.
    pub(crate) fn read(&mut self, performance_ms: f64, wall_ms: f64) -> f64 {
        let ahead = (wall_ms - self.wall_ms) - (performance_ms - self.performance_ms);
        if ahead > SLACK_MS && self.wall_ms > 0.0 {
            self.slept_ms += ahead;
        }
        (self.performance_ms, self.wall_ms) = (performance_ms, wall_ms);
        performance_ms + self.slept_ms
    }

    /// How much was added.
    pub(crate) fn slept_ms(self) -> f64 {
        self.slept_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_ages_and_a_clock_set_back_does_not_make_younger() {
        let mut steady = Steady::NEW;
        let day = 86_400_000.0;
        assert_eq!(steady.read(100.0, 1e12), 100.0);
        assert_eq!(steady.read(1_100.0, 1e12 + 1_000.0), 1_100.0);
        assert_eq!(steady.slept_ms(), 0.0);
        // A night: the first clock stood still.
        let now = steady.read(1_200.0, 1e12 + day);
        assert!(now > day - 2_000.0, "{now}");
        assert_eq!(now, 1_200.0 + steady.slept_ms());
        // Ten years back, then a second later.
        let then = 1e12 - 3_650.0 * day;
        assert_eq!(steady.read(2_200.0, then), now + 1_000.0);
        assert_eq!(steady.read(3_200.0, then + 1_000.0), now + 2_000.0);
    }
}
