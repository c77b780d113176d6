//! The server's word on the pace.

/// `Retry-After` as milliseconds: whole seconds only (RFC 9110 also allows a date, which needs a
/// clock that agrees with the server's; such a value is ignored).
#[must_use]
pub fn retry_after_ms(header: &str) -> Option<f64> {
    header
        .trim()
        .parse::<u32>()
        .ok()
        .map(|seconds| f64::from(seconds) * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_reads_seconds_and_ignores_the_rest() {
        assert_eq!(retry_after_ms(" 2 "), Some(2_000.0));
        assert_eq!(retry_after_ms("Fri, 20 Nov 2026 04:00:33 GMT"), None);
        assert_eq!(retry_after_ms("-1"), None);
    }
}
