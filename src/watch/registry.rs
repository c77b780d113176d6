//! One watch per transaction and token on the page, however many elements show it.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::browser::page::shares_connection;
use crate::config::{Config, Keys, Token};
use crate::verify::KeySource;
use crate::watch::{Target, Watch};

type Key = (Box<str>, Token, Keys);

thread_local! {
    static WATCHES: RefCell<Vec<(Key, Weak<Watch>)>> = const { RefCell::new(Vec::new()) };
}

/// More watches than this leave no connection for anything else: a browser opens six to one HTTP/1.1
/// server, and each parked request holds one.
const PARKED_AT_MOST: usize = 4;

/// True if the page watches so many transactions that parking at `url` would block its other requests.
pub(crate) fn is_crowded(url: &str) -> bool {
    let live = |watches: &Vec<(Key, Weak<Watch>)>| {
        watches.iter().filter(|(_, w)| w.strong_count() > 0).count()
    };
    WATCHES.with_borrow(live) > PARKED_AT_MOST && !shares_connection(url)
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
