//! Wakes whoever waits: a page became visible, a connection came back, an element was removed.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

#[derive(Clone, Default)]
pub(crate) struct Wake(Rc<Inner>);

#[derive(Default)]
struct Inner {
    calls: Cell<u64>,
    waiting: RefCell<Vec<Waker>>,
}

impl Wake {
    pub(crate) fn wake(&self) {
        self.0.calls.set(self.0.calls.get().wrapping_add(1));
        // Taken out first: a waker may run the waiting code at once, and that may wait again.
        let waiting = self.0.waiting.take();
        for waker in waiting {
            waker.wake();
        }
    }

    /// Ends at the first call of [`Self::wake`] after this one.
    pub(crate) async fn woken(&self) {
        let seen = self.0.calls.get();
        poll_fn(|context| {
            if self.0.calls.get() != seen {
                return Poll::Ready(());
            }
            self.0.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}
