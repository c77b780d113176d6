//! Moments, as RFC 3339 text on the wire and milliseconds since 1970 inside.
//!
//! Own code, because the widget carries this crate: a date library costs it 38 KB (brotli) for
//! the one conversion that is needed here.

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00:00Z, without leap seconds (as POSIX counts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Box<str>", into = "Box<str>")]
pub struct Time(i64);

/// What a time must look like, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTime {
    /// The refused text, cut to 40 characters.
    pub got: Box<str>,
}

/// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z: what four-digit years can write.
const MIN_MS: i64 = -62_167_219_200_000;
const MAX_MS: i64 = 253_402_300_799_999;

impl Time {
    /// From milliseconds since 1970; moments outside the years 0000–9999 are moved to their edge.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        Self(ms.clamp(MIN_MS, MAX_MS))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_ms(self) -> i64 {
        self.0
    }

    /// This moment and `seconds` more.
    #[must_use]
    pub fn plus_s(self, seconds: i64) -> Self {
        Self::from_ms(self.0.saturating_add(seconds.saturating_mul(1000)))
    }
}

impl TryFrom<&str> for Time {
    type Error = InvalidTime;

    /// Reads an RFC 3339 date-time: an offset is required, fractions are cut to milliseconds, a
    /// leap second (`:60`) reads as the second before it.
    fn try_from(text: &str) -> Result<Self, Self::Error> {
        parse(text.as_bytes()).map(Self).ok_or_else(|| InvalidTime {
            got: text.chars().take(40).collect::<String>().into(),
        })
    }
}

fn parse(text: &[u8]) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (&[separator], rest) = rest.split_at_checked(1)? else {
        return None;
    };
    let (clock, rest) = rest.split_at_checked(8)?;
    if !matches!(separator, b'T' | b't' | b' ')
        || date.get(4) != Some(&b'-')
        || date.get(7) != Some(&b'-')
        || clock.get(2) != Some(&b':')
        || clock.get(5) != Some(&b':')
    {
        return None;
    }
    let year = number(date.get(..4)?)?;
    let month = number(date.get(5..7)?)?;
    let day = number(date.get(8..)?)?;
    let hour = number(clock.get(..2)?)?;
    let minute = number(clock.get(3..5)?)?;
    let second = number(clock.get(6..)?)?.min(59);
    if !(1..=12).contains(&month)
        || !(1..=days_in_month(year, month)).contains(&day)
        || hour > 23
        || minute > 59
        || number(clock.get(6..)?)? > 60
    {
        return None;
    }

    let (fraction_ms, rest) = match rest.split_first() {
        Some((b'.', digits)) => {
            let end = digits
                .iter()
                .position(|b| !b.is_ascii_digit())
                .unwrap_or(digits.len());
            let (digits, rest) = digits.split_at_checked(end)?;
            if digits.is_empty() {
                return None;
            }
            let ms = (0..3).fold(0, |ms, i| {
                ms * 10 + digits.get(i).map_or(0, |d| i64::from(d.wrapping_sub(b'0')))
            });
            (ms, rest)
        }
        _ => (0, rest),
    };

    let offset_minutes = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };

    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    let ms = (seconds - offset_minutes * 60) * 1000 + fraction_ms;
    (MIN_MS..=MAX_MS).contains(&ms).then_some(ms)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |n, d| {
        d.is_ascii_digit()
            .then(|| n * 10 + i64::from(d.wrapping_sub(b'0')))
    })
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so
/// that the leap day is the last of its year and month lengths follow one formula.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let shifted_month = (month + 9) % 12;
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    365 * shifted_year + shifted_year.div_euclid(4) - shifted_year.div_euclid(100)
        + shifted_year.div_euclid(400)
        + day_of_year
        - 719_468
}

/// The inverse of [`days_from_civil`]: year, month, day.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(86_400_000));
        let ms = self.0.rem_euclid(86_400_000);
        let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
            ms % 1000
        )
    }
}

impl TryFrom<Box<str>> for Time {
    type Error = InvalidTime;

    fn try_from(text: Box<str>) -> Result<Self, Self::Error> {
        Self::try_from(text.as_ref())
    }
}

impl From<Time> for Box<str> {
    fn from(time: Time) -> Self {
        time.to_string().into()
    }
}

impl std::fmt::Display for InvalidTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "expected an RFC 3339 date-time with an offset, got {:?}",
            self.got
        )
    }
}

impl std::error::Error for InvalidTime {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_offsets_fractions_and_leap_seconds() {
        for (text, utc) in [
            ("2026-11-20T12:00:03+08:00", "2026-11-20T04:00:03.000Z"),
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
            ("2000-02-29t23:59:60.9999z", "2000-02-29T23:59:59.999Z"),
            ("1969-12-31 23:59:59.5-00:30", "1970-01-01T00:29:59.500Z"),
        ] {
            assert_eq!(Time::try_from(text).unwrap().to_string(), utc);
        }
    }

    #[test]
    fn refuses_what_is_not_a_moment() {
        for text in [
            "",
            "2026-11-20",
            "2026-11-20T12:00:03",
            "2026-13-01T00:00:00Z",
            "2025-02-29T00:00:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T12:00:03.Z",
            "2026-11-20T12:00:03+8:00",
            "2026-11-20T12:00:03Zz",
            "2026-1１-20T12:00:03Z",
            "0000-01-01T00:00:00+00:01",
        ] {
            assert!(Time::try_from(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_day_of_ten_millennia_reads_back() {
        for day in (MIN_MS / 86_400_000)..=(MAX_MS / 86_400_000) {
            let (year, month, date) = civil_from_days(day);
            assert_eq!(days_from_civil(year, month, date), day);
        }
    }
}
