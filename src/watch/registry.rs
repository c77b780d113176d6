//! One watch per transaction and token on the page, however many elements show it.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::config::{Config, Keys, Token};
use crate::verify::KeySource;
use crate::watch::{Target, Watch};

type Key = (Box<str>, Token, Keys);

thread_local! {
    static WATCHES: RefCell<Vec<(Key, Weak<Watch>)>> = const { RefCell::new(Vec::new()) };
}

/// The page's watch for this configuration; started if nobody has it yet.
pub(crate) fn watch(config: &Config) -> Rc<Watch> {
    let key = (
        config.src.clone(),
        config.token.clone(),
        config.keys.clone(),
    );
    WATCHES.with_borrow_mut(|watches| {
        watches.retain(|(_, watch)| watch.strong_count() > 0);
        let same = watches.iter().find(|(known, _)| *known == key);
        if let Some(watch) = same.and_then(|(_, watch)| watch.upgrade()) {
            return watch;
        }
        let watch = Watch::start(Target {
            src: config.src.clone(),
            transaction: config.transaction.clone(),
            token: config.token.clone(),
            keys: KeySource(config.keys.clone()),
        });
        watches.push((key, Rc::downgrade(&watch)));
        watch
    })
}
