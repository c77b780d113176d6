//! A request that is given up when its owner is dropped.

use web_sys::{AbortController, AbortSignal};

/// Aborts on drop: a future that is no longer awaited takes its request with it.
pub(crate) struct Abort(AbortController);

impl Abort {
    pub(crate) fn new() -> Option<Self> {
        AbortController::new().ok().map(Self)
    }

    pub(crate) fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

impl From<AbortController> for Abort {
    fn from(controller: AbortController) -> Self {
        Self(controller)
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        // After the answer was read this does nothing.
        self.0.abort();
    }
}
