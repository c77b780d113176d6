//! One element on the page: parses its attributes, follows its watch, keeps its view current.
//!
//! The loader (`www/payment-status.js`) makes a [`Handle`] when the element is connected and frees it
//! when the element is gone; everything here is given back by that drop.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use payment_status_display::{Display, Freshness, Situation, Trouble, display};
use payment_status_protocol::party::Party;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};

use crate::browser::clock::{Seconds, chance, now_ms, sleep_ms};
use crate::browser::page::{absolute, is_hidden, is_online};
use crate::browser::sheets;
use crate::config::{Attributes, Config, parse};
use crate::element::events::Told;
use crate::element::locale::{self, Locale};
use crate::element::own::{self, Own};
use crate::failure::Failure;
use crate::topic::Subscription;
use crate::view::{Card, Mounted};
use crate::watch::progress::{Event, Progress};
use crate::watch::schedule::{Asked, STALE_AFTER_S, wait_ms};
use crate::watch::{Watch, watch};

/// Time for the browser to draw a new verdict before anything else is done about it.
const FIRST_PICTURE_MS: f64 = 50.0;

/// What the loader holds of one element.
#[wasm_bindgen]
pub struct Handle {
    element: Rc<Element>,
}

#[wasm_bindgen]
impl Handle {
    /// `base` is the loader's own address: the words lie beside it.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HtmlElement, base: String) -> Self {
        Self {
            element: Rc::new(Element {
                host,
                base,
                state: RefCell::default(),
                told: RefCell::default(),
            }),
        }
    }

    /// Takes all attributes at once; only what differs has an effect.
    pub fn configure(
        &self,
        src: Option<String>,
        party: Option<String>,
        token: Option<String>,
        locale: Option<String>,
        keys: Option<String>,
    ) {
        self.element.configure(Attributes {
            src,
            party,
            token,
            locale,
            keys,
        });
    }
}

struct Element {
    host: HtmlElement,
    base: String,
    state: RefCell<State>,
    told: RefCell<Told>,
}

/// What is on the page; every field gives back on drop what it took.
#[derive(Default)]
struct State {
    attributes: Option<Attributes>,
    config: Option<Result<Config, Failure>>,
    watch: Option<(Rc<Watch>, Subscription)>,
    wanted_locale: Option<(&'static str, Box<str>)>,
    locale: Option<Rc<Locale>>,
    own: Option<Own>,
    /// The version that was last put on the page.
    shown_version: Option<u64>,
    /// The version that a person can have seen by now, with all that follows behind its first picture.
    followed_version: Option<u64>,
    shown: Option<Mounted>,
    seconds: Option<(Rc<Seconds>, Subscription)>,
}

impl Element {
    fn configure(self: &Rc<Self>, attributes: Attributes) {
        if self.state.borrow().attributes.as_ref() == Some(&attributes) {
            return;
        }
        let config = parse(&attributes, absolute);
        let wishes = [
            attributes.locale.clone(),
            self.nearest_lang(),
            browser_language(),
        ];
        let locale = locale::file_for(wishes.iter().flatten().map(String::as_str));

        let (new_config, new_locale) = {
            let mut state = self.state.borrow_mut();
            state.attributes = Some(attributes);
            let new_config = state.config.as_ref() != Some(&config);
            let new_locale = state.wanted_locale.as_ref() != Some(&locale);
            state.wanted_locale = Some(locale.clone());
            if new_config {
                // The old answer belongs to the old configuration and must not be seen under the new one.
                state.watch = None;
                state.own = None;
                (state.shown_version, state.followed_version) = (None, None);
                state.config = Some(config.clone());
            }
            (new_config, new_locale)
        };
        if new_config && let Ok(config) = &config {
            let watch = watch(config);
            let element = Rc::downgrade(self);
            let subscription = watch.subscribe(move || refresh(&element));
            self.state.borrow_mut().watch = Some((watch, subscription));
        }
        if new_locale {
            wasm_bindgen_futures::spawn_local(load_locale(Rc::downgrade(self), locale));
        }
        self.refresh();
    }

    /// Brings the page up to date: events first, so that a host that reacts is never behind its screen.
    fn refresh(self: &Rc<Self>) {
        let progress = self.progress();
        self.told.borrow_mut().tell(&self.host, &progress);

        let Some(locale) = self.state.borrow().locale.clone() else {
            return;
        };
        let card = self.card(&progress, &locale);
        self.show(&card);
        self.follow(version(&progress));
    }

    fn show(self: &Rc<Self>, card: &Card) {
        if let Some(mounted) = &mut self.state.borrow_mut().shown {
            mounted.show(card);
            return;
        }
        self.mount(card);
    }

    /// The situation, or for a wrong set-up the failure that says which attribute.
    fn progress(&self) -> Rc<Progress> {
        let state = self.state.borrow();
        match (&state.watch, &state.config) {
            (Some((watch, _)), _) => watch.progress(),
            (None, Some(Err(failure))) => {
                Rc::new(Progress::default().advance(Event::Failed(*failure), now_ms()))
            }
            (None, _) => Rc::default(),
        }
    }

    fn card(&self, progress: &Progress, locale: &Locale) -> Card {
        let state = self.state.borrow();
        let party = match &state.config {
            Some(Ok(config)) => config.party.clone(),
            Some(Err(_)) | None => Party::Payer,
        };
        let held = progress.held.as_ref();
        let whole = state.followed_version == version(progress);
        let situation = Situation {
            snapshot: held.map(|h| &*h.snapshot),
            match_code: held.map(|h| &*h.match_code),
            freshness: freshness(progress),
            trouble: progress.trouble.map(trouble),
            earlier: progress.earlier.as_ref(),
            party_document: state.own.as_ref().map(Own::as_document),
            story: whole,
        };
        let display: Display = display(&situation, &party, &locale.words, &locale.formats);
        Card::new(display, held.map(|h| &*h.snapshot), &locale.tag, whole)
    }

    fn mount(self: &Rc<Self>, card: &Card) {
        let Some(root) = shadow_root(&self.host) else {
            return;
        };
        sheets::adopt(&root);
        let mounted = Mounted::new(&root, card);
        let seconds = Seconds::shared();
        let element = Rc::downgrade(self);
        let ticking = seconds.subscribe(move || {
            if !is_hidden() {
                refresh(&element);
            }
        });
        let mut state = self.state.borrow_mut();
        state.shown = Some(mounted);
        state.seconds = Some((seconds, ticking));
    }

    /// Once per version, after its first picture: what everybody reads at once must wait neither for what concerns
    /// one reader nor for the story that is read on demand.
    fn follow(self: &Rc<Self>, version: Option<u64>) {
        let mut state = self.state.borrow_mut();
        if state.shown_version == version {
            return;
        }
        state.shown_version = version;
        drop(state);
        let element = Rc::downgrade(self);
        wasm_bindgen_futures::spawn_local(async move {
            sleep_ms(FIRST_PICTURE_MS).await;
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
            element.refresh();
            if let Some(Ok(config)) = config {
                element.ask_for_own(config);
            }
        });
    }

    /// Asks for the reader's own document, which belongs to one version of the shared one.
    fn ask_for_own(self: &Rc<Self>, config: Config) {
        let element = Rc::downgrade(self);
        wasm_bindgen_futures::spawn_local(async move {
            let own = own::fetch(&config).await;
            let Some(element) = element.upgrade() else {
                return;
            };
            {
                let mut state = element.state.borrow_mut();
                let still_wanted = state.config == Some(Ok(config));
                let (true, Some(own)) = (still_wanted, own) else {
                    return;
                };
                if state
                    .own
                    .as_ref()
                    .is_some_and(|held| held.version() > own.version())
                {
                    return;
                }
                state.own = Some(own);
            }
            element.refresh();
        });
    }

    fn nearest_lang(&self) -> Option<String> {
        let with_lang = self.host.closest("[lang]").ok().flatten()?;
        with_lang
            .get_attribute("lang")
            .filter(|lang| !lang.is_empty())
    }
}

fn version(progress: &Progress) -> Option<u64> {
    progress.held.as_ref().map(|held| held.snapshot.version)
}

fn refresh(element: &Weak<Element>) {
    if let Some(element) = element.upgrade() {
        element.refresh();
    }
}

fn browser_language() -> Option<String> {
    web_sys::window()?.navigator().language()
}

/// An element that is connected again keeps its root.
fn shadow_root(host: &HtmlElement) -> Option<ShadowRoot> {
    host.shadow_root().or_else(|| {
        host.attach_shadow(&web_sys::ShadowRootInit::new(web_sys::ShadowRootMode::Open))
            .ok()
    })
}

/// Loads the words, again and again while the network is bad: until then the light-DOM text stays.
async fn load_locale(element: Weak<Element>, (file, tag): (&'static str, Box<str>)) {
    let mut failures = 0;
    loop {
        let Some(base) = element.upgrade().map(|e| e.base.clone()) else {
            return;
        };
        let loaded = locale::load(file, &tag, &base).await;
        let Some(element) = element.upgrade() else {
            return;
        };
        let wanted = element
            .state
            .borrow()
            .wanted_locale
            .as_ref()
            .is_some_and(|(f, t)| (*f, &**t) == (file, &*tag));
        if !wanted {
            return;
        }
        match loaded {
            Ok(locale) => {
                element.state.borrow_mut().locale = Some(locale);
                element.refresh();
                return;
            }
            Err(failure) => {
                failures += 1;
                let asked = Asked::Failed {
                    failure,
                    failures,
                    retry_after_ms: None,
                };
                sleep_ms(wait_ms(asked, chance()).unwrap_or(1000.0)).await;
            }
        }
    }
}

fn freshness(progress: &Progress) -> Freshness {
    let Some(age_s) = progress.age_s(now_ms()) else {
        return Freshness::Connecting;
    };
    if progress.trouble == Some(Failure::Offline) || !is_online() {
        Freshness::Offline { age_s }
    } else if progress.trouble.is_some() || age_s > STALE_AFTER_S {
        Freshness::Stale { age_s }
    } else {
        Freshness::Live { age_s }
    }
}

fn trouble(failure: Failure) -> Trouble<'static> {
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
