//! What follows the first picture of a verdict: the story, the words of the reasons, the reader's own document.

use std::rc::{Rc, Weak};

use crate::browser::clock::{chance, sleep_ms};
use crate::browser::loader::rest;
use crate::browser::page::is_hidden;
use crate::browser::sheets;
use crate::browser::task::spawn;
use crate::config::Config;
use crate::element::locale::{self, Part, Wanted};
use crate::element::mount::Element;
use crate::element::own::{self, Own};
use crate::failure::Failure;
use crate::watch::schedule::{FIRST_PICTURE_MS, retry_ms};

/// How often the reader's own document is asked for again: within a minute.
const OWN_RETRIES: u32 = 6;

/// How often it is looked whether somebody sees the page again.
const HIDDEN_MS: f64 = 30_000.0;

impl Element {
    /// Once per version, after its first picture: what everybody reads at once must wait neither for what concerns
    /// one reader nor for the story that is read on demand. After a glance the picture follows first.
    pub(super) fn follow(self: &Rc<Self>, version: Option<u64>, is_glance: bool) {
        let mut state = self.state.borrow_mut();
        if state.shown_version == version {
            return;
        }
        state.shown_version = version;
        drop(state);
        let element = Rc::downgrade(self);
        spawn(async move {
            sleep_ms(FIRST_PICTURE_MS).await;
            if is_glance && let Some(element) = element.upgrade() {
                element.refresh();
            }
            rest().await;
            let Some(element) = element.upgrade() else {
                return;
            };
            let config = {
                let mut state = element.state.borrow_mut();
                if state.shown_version != version {
                    return;
                }
                state.followed_version = version;
                state.config.clone()
            };
            if let Some(root) = element.host.shadow_root() {
                sheets::adopt_late(&root);
            }
            element.refresh();
            element.ask_for_reasons();
            if let Some(Ok(config)) = config {
                element.ask_for_own(config, version);
            }
        });
    }

    /// Asks for the reader's own document, which belongs to one version of the shared one; a few times more while it
    /// cannot be had, because nothing else would bring it before the next version.
    fn ask_for_own(self: &Rc<Self>, config: Config, version: Option<u64>) {
        let element = Rc::downgrade(self);
        spawn(async move {
            let mut failures = 0;
            loop {
                let own = own::fetch(&config, version).await;
                {
                    let Some(element) = followed(&element, &config, version) else {
                        return;
                    };
                    failures += 1;
                    if !own.may_come() || failures > OWN_RETRIES {
                        element.take_own(own);
                        return;
                    }
                }
                pause_after(failures).await;
                while is_hidden() && followed(&element, &config, version).is_some() {
                    sleep_ms(HIDDEN_MS).await;
                }
                if followed(&element, &config, version).is_none() {
                    return;
                }
            }
        });
    }

    fn take_own(self: &Rc<Self>, own: Rc<Own>) {
        let mut state = self.state.borrow_mut();
        let held = state.own.as_ref();
        // What has no document has no version either, which is less than any.
        if held.is_none_or(|held| held.version() <= own.version()) {
            state.own = Some(own);
            drop(state);
            self.refresh();
        }
    }

    /// Asks for the words of the reasons, once per locale.
    fn ask_for_reasons(self: &Rc<Self>) {
        let mut state = self.state.borrow_mut();
        let spoken = state.locale.as_ref();
        if spoken.is_none_or(|l| l.has_reasons || state.reasons_asked.as_ref() == Some(&l.tag)) {
            return;
        }
        state.reasons_asked = spoken.map(|locale| locale.tag.clone());
        if let Some(wanted) = state.wanted_locale.clone() {
            drop(state);
            load_words(self, wanted, Part::Whole);
        }
    }
}

/// The element, if it is still there and shows `version` under `config`.
fn followed(element: &Weak<Element>, config: &Config, version: Option<u64>) -> Option<Rc<Element>> {
    let element = element.upgrade()?;
    let is_same = {
        let state = element.state.borrow();
        state.config == Some(Ok(config.clone())) && state.followed_version == version
    };
    is_same.then_some(element)
}

async fn pause_after(failures: u32) {
    let pause = retry_ms(Failure::Unreachable, failures, 0.0, chance());
    sleep_ms(pause.unwrap_or(1000.0)).await;
}

/// Loads words, again and again while the network is bad: until then the light-DOM text stays, or the card does
/// without its reasons.
pub(super) fn load_words(element: &Rc<Element>, wanted: Wanted, part: Part) {
    spawn(load(Rc::downgrade(element), wanted, part));
}

async fn load(element: Weak<Element>, wanted: Wanted, part: Part) {
    let mut failures = 0;
    loop {
        let Some(words) = element.upgrade().map(|e| e.words.clone()) else {
            return;
        };
        let loaded = locale::load(&wanted, &words, part).await;
        let Some(element) = element.upgrade() else {
            return;
        };
        {
            let mut state = element.state.borrow_mut();
            if state.wanted_locale.as_ref() != Some(&wanted) {
                // Asked for again when it is spoken again.
                state.reasons_asked = None;
                return;
            }
            if let Ok(locale) = &loaded {
                state.locale = Some(Rc::clone(locale));
            }
        }
        if loaded.is_ok() {
            element.refresh();
            if element.state.borrow().followed_version.is_some() {
                // After a change of language: the reasons that were there are the other one's.
                element.ask_for_reasons();
            }
            return;
        }
        // An element that is gone must not be held by one who sleeps.
        drop(element);
        failures += 1;
        pause_after(failures).await;
    }
}
