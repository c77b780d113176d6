//! What is happening now and how long it took: nobody should wonder whether a long build has stopped.

use std::fmt::Display;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Numbered steps of a known count, each with its time.
pub(crate) struct Steps {
    total: usize,
    started: usize,
    since: Instant,
}

impl Steps {
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            started: 0,
            since: Instant::now(),
        }
    }

    pub(crate) fn step<T>(&mut self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.started += 1;
        println!("[{}/{}] {title}", self.started, self.total);
        let since = Instant::now();
        let value = work().with_context(|| title.to_owned())?;
        say(format_args!("ready ({})", seconds(since.elapsed())));
        Ok(value)
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.since.elapsed()
    }
}

/// A line that belongs to the step above it.
pub(crate) fn say(line: impl Display) {
    println!("      {line}");
}

/// `0.4 s`, `41 s` or `3 min 52 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    match whole {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{whole} s"),
        _ => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_as_a_person_would_say_it() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(59)), "59 s");
        assert_eq!(seconds(Duration::from_secs(232)), "3 min 52 s");
    }
}
