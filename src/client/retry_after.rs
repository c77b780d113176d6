//! The server's word on the pace.

/// `Retry-After` as milliseconds: whole seconds, or a date (RFC 9110), which is read against the answer's own `Date`:
/// no local clock takes part. A date without a `Date` beside it, one that has passed, and anything else is `None`.
/// The value is not bounded here.
///
/// `parse` reads an HTTP date as milliseconds of any epoch.
#[must_use]
pub fn retry_after_ms(
    header: &str,
    date: Option<&str>,
    parse: impl Fn(&str) -> Option<f64>,
) -> Option<f64> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|b| b.is_ascii_digit()) {
        // More than fits is a very long time.
        let seconds = header.parse::<u32>().unwrap_or(u32::MAX);
        return Some(f64::from(seconds) * 1000.0);
    }
    // A browser would read nearly anything as some date in the reader's own time zone.
    let moment = |text: &str| text.ends_with("GMT").then(|| parse(text)).flatten();
    let ms = moment(header)? - moment(date?.trim())?;
    (ms > 0.0).then_some(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Fri, 20 Nov 2026 04:00:33 GMT";

    /// Reads the minutes and seconds of the fixed form.
    fn parse(text: &str) -> Option<f64> {
        let time = text.split(' ').nth(4)?;
        let mut parts = time.split(':').skip(1).map(str::parse::<f64>);
        Some((parts.next()?.ok()? * 60.0 + parts.next()?.ok()?) * 1000.0)
    }

    fn read(header: &str, date: Option<&str>) -> Option<f64> {
        retry_after_ms(header, date, parse)
    }

    #[test]
    fn seconds_are_read_and_rubbish_is_ignored() {
        assert_eq!(read(" 2 ", None), Some(2_000.0));
        assert_eq!(read("0", None), Some(0.0));
        assert_eq!(
            read("99999999999999999999", None),
            Some(4_294_967_295_000.0)
        );
        for rubbish in ["", "-1", "1.5", "1e9", "soon", "NaN", "2 s"] {
            assert_eq!(read(rubbish, Some(DATE)), None, "{rubbish}");
        }
    }

    #[test]
    fn a_date_is_read_against_the_answers_own() {
        let after = "Fri, 20 Nov 2026 04:01:03 GMT";
        assert_eq!(read(after, Some(DATE)), Some(30_000.0));
        assert_eq!(read(after, None), None);
        assert_eq!(read(after, Some("yesterday")), None);
        assert_eq!(read(DATE, Some(after)), None, "it has passed");
    }
}
