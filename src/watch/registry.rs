//! One watch per transaction and token on the page, however many elements show it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use crate::element::config::{Config, Keys, Token};
use crate::verify::KeySource;
use crate::watch::{Target, Watch};

type Key = (Box<str>, Token, Keys);

thread_local! {
    static WATCHES: RefCell<BTreeMap<Key, Weak<Watch>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The page's watch for this configuration; started if nobody has it yet.
pub(crate) fn watch(config: &Config) -> Rc<Watch> {
    let key = (config.src.clone(), config.token.clone(), config.keys.clone());
    WATCHES.with_borrow_mut(|watches| {
        watches.retain(|_, watch| watch.strong_count() > 0);
        if let Some(watch) = watches.get(&key).and_then(Weak::upgrade) {
            return watch;
        }
        let watch = Watch::start(Target {
            src: config.src.clone(),
            transaction: config.transaction.clone(),
            token: config.token.clone(),
            keys: KeySource(config.keys.clone()),
        });
        watches.insert(key, Rc::downgrade(&watch));
        watch
    })
}
