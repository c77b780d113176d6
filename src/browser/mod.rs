//! What is taken from the browser, each owned by a value whose `Drop` gives it back.

pub(crate) mod abort;
pub(crate) mod clock;
pub(crate) mod intl;
pub(crate) mod json;
pub(crate) mod listener;
pub(crate) mod loader;
pub(crate) mod page;
pub(crate) mod reach;
pub(crate) mod sheets;
pub(crate) mod sight;
pub(crate) mod tabs;
pub(crate) mod task;
pub(crate) mod wake;
