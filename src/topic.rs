//! Tells several listeners on one page that something changed.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// Keeps a listener listening; dropping it ends that.
pub(crate) struct Subscription {
    _callback: Rc<dyn Fn()>,
}

/// Something that several listeners follow.
#[derive(Default)]
pub(crate) struct Topic {
    listeners: RefCell<Vec<Weak<dyn Fn()>>>,
}

impl Topic {
    pub(crate) fn subscribe(&self, callback: impl Fn() + 'static) -> Subscription {
        let callback: Rc<dyn Fn()> = Rc::new(callback);
        let mut listeners = self.listeners.borrow_mut();
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Rc::downgrade(&callback));
        Subscription {
            _callback: callback,
        }
    }

    pub(crate) fn publish(&self) {
        // Copied out first: a listener may subscribe or unsubscribe while it is called.
        let listeners: Vec<_> = self
            .listeners
            .borrow()
            .iter()
            .filter_map(Weak::upgrade)
            .collect();
        for listener in listeners {
            listener();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_dropped_subscription_is_not_called_and_one_may_be_made_while_publishing() {
        let topic = Rc::new(Topic::default());
        let calls = Rc::new(Cell::new(0));
        let late = Rc::new(RefCell::new(None));
        let subscription = topic.subscribe({
            let (topic, calls, late) = (Rc::clone(&topic), Rc::clone(&calls), Rc::clone(&late));
            move || {
                calls.set(calls.get() + 1);
                let calls = Rc::clone(&calls);
                *late.borrow_mut() = Some(topic.subscribe(move || calls.set(calls.get() + 100)));
            }
        });
        topic.publish();
        assert_eq!(calls.get(), 1);
        drop(subscription);
        topic.publish();
        assert_eq!(calls.get(), 101);
    }
}
