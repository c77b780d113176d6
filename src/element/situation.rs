//! From what the watch knows to what the display asks.

use payment_status_display::{Freshness, Trouble};

use crate::browser::clock::now_ms;
use crate::browser::page::is_online;
use crate::failure::Failure;
use crate::watch::progress::Progress;

/// How fresh the held answer is.
pub(super) fn freshness(progress: &Progress) -> Freshness {
    let Some(age_s) = progress.age_s(now_ms()) else {
        return Freshness::Connecting;
    };
    if progress.trouble == Some(Failure::Offline) || !is_online() {
        Freshness::Offline { age_s }
    } else if progress.trouble.is_some() {
        Freshness::Stale { age_s }
    } else if age_s <= progress.pace.live_s {
        Freshness::Live { age_s }
    } else if progress.pace.rests {
        Freshness::Paused { age_s }
    } else {
        Freshness::Stale { age_s }
    }
}

/// The failure as the reader is told of it.
pub(super) fn trouble(failure: Failure) -> Trouble<'static> {
    match failure {
        Failure::Offline => Trouble::Offline,
        Failure::Unreachable => Trouble::Unreachable,
        Failure::NotFound => Trouble::NotFound,
        Failure::BadSignature => Trouble::BadSignature,
        Failure::OtherTransaction => Trouble::OtherTransaction,
        Failure::WentBack => Trouble::WentBack,
        Failure::Contradiction => Trouble::Contradiction,
        Failure::Unreadable => Trouble::Unreadable,
        Failure::KeysUnavailable => Trouble::KeysUnavailable,
        Failure::UnsupportedBrowser => Trouble::UnsupportedBrowser,
        Failure::Configuration(attribute) => Trouble::Configuration { attribute },
        Failure::Internal => Trouble::Internal,
    }
}
