//! How long until the deadline: how exactly it is written, and when it is worth saying aloud.
//!
//! The less time is left, the finer the steps; what is heard comes ever more rarely than what is seen.

/// The time left, in the steps in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Countdown {
    /// Seconds to show: rounded up to a step, so that it changes no more often than a reader can use. `None` once the
    /// time has passed.
    pub shown_s: Option<u64>,
    /// How many of the moments at which it is said aloud have passed. One more than before: say it now.
    pub moments: u32,
}

/// `left_ms` of `whole_ms` are left by the server's clock; `whole_ms` is what was left when this screen first knew.
#[must_use]
pub fn countdown(left_ms: i64, whole_ms: i64) -> Countdown {
    let left_s = left_ms.saturating_add(999).div_euclid(1000);
    let moments = SAID_AT_S
        .iter()
        .filter(|at| left_s <= **at && whole_ms > **at * 1000);
    let is_half = left_ms <= whole_ms / 2 && whole_ms / 2000 > SAID_AT_S[0];
    Countdown {
        shown_s: u64::try_from(left_s)
            .ok()
            .filter(|left| *left > 0)
            .map(rounded_up),
        moments: moments.map(|_| 1).sum::<u32>() + u32::from(is_half),
    }
}

/// At five minutes, at one, and at the end; before them at half of the time, if that is earlier than all of these.
const SAID_AT_S: [i64; 3] = [300, 60, 0];

/// Ten seconds in the last two minutes, a minute in the last two hours, an hour in the last two days, else a day.
fn rounded_up(left_s: u64) -> u64 {
    let step_s = match left_s {
        0..=120 => 10,
        121..=7_200 => 60,
        7_201..=172_800 => 3_600,
        _ => 86_400,
    };
    left_s.div_ceil(step_s) * step_s
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: i64 = 60_000;

    #[test]
    fn the_steps_get_finer_and_never_say_less_than_is_left() {
        for (left_ms, shown_s) in [
            (1, Some(10)),
            (10_000, Some(10)),
            (10_001, Some(20)),
            (119_500, Some(120)),
            (120_001, Some(180)),
            (61 * MINUTE_MS + 1, Some(62 * 60)),
            (3 * 60 * MINUTE_MS - 1, Some(3 * 3600)),
            (49 * 60 * MINUTE_MS, Some(3 * 86_400)),
            (0, None),
            (-5_000, None),
            (i64::MIN, None),
        ] {
            assert_eq!(countdown(left_ms, left_ms).shown_s, shown_s, "{left_ms}");
        }
        assert!(countdown(i64::MAX, i64::MAX).shown_s.is_some());
    }

    /// How often each step of one countdown is shown, and at which times (s left) it is said.
    fn run(whole_s: i64) -> (usize, Vec<i64>) {
        let (mut shown, mut said) = (Vec::new(), Vec::new());
        let mut before = countdown(whole_s * 1000, whole_s * 1000);
        for left_s in (-10..=whole_s).rev() {
            let now = countdown(left_s * 1000, whole_s * 1000);
            if now.moments > before.moments {
                said.push(left_s);
            }
            shown.push(now.shown_s);
            before = now;
        }
        shown.dedup();
        (shown.len(), said)
    }

    #[test]
    fn it_is_said_four_times_at_most_however_often_it_is_written() {
        assert_eq!(run(3600).1, [1800, 300, 60, 0]);
        assert_eq!(run(600).1, [300, 60, 0], "half is five minutes: said once");
        assert_eq!(run(90).1, [60, 0]);
        assert_eq!(run(20).1, [0]);
        let (shown, _) = run(3600);
        assert_eq!(
            shown,
            58 + 12 + 1,
            "minutes, then tens of seconds, then over"
        );
    }
}
