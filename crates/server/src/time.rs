//! The server's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use payment_status_protocol::time::Time;

/// Now, in whole milliseconds.
#[must_use]
pub fn now() -> Time {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Time::from_ms(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
}
