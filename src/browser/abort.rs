//! A request that is given up when its owner is dropped before its answer was read.

use web_sys::{AbortController, AbortSignal};

/// Aborts on drop: a future that is no longer awaited takes its request with it.
pub(crate) struct Abort {
    controller: AbortController,
    done: bool,
}

impl Abort {
    pub(crate) fn new() -> Option<Self> {
        AbortController::new().ok().map(Self::from)
    }

    pub(crate) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Nothing is left to give up. To abort all the same would change nothing, and takes a phone milliseconds.
    pub(crate) fn done(mut self) {
        self.done = true;
    }
}

impl From<AbortController> for Abort {
    fn from(controller: AbortController) -> Self {
        Self {
            controller,
            done: false,
        }
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        if !self.done {
            self.controller.abort();
        }
    }
}
