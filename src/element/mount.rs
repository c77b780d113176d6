//! One element on the page: parses its attributes, follows its watch, keeps its view current.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Function;
use payment_status_display::{Depth, Display, Freshness, Situation, display, live_line};
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use web_sys::{HtmlElement, ShadowRoot};

use crate::browser::clock::{Seconds, now_ms};
use crate::browser::listener::Listener;
use crate::browser::page::{absolute, is_hidden};
use crate::browser::sheets;
use crate::config::{self, Attributes, Config, parse};
use crate::element::events::Told;
use crate::element::evidence::{self, Shown};
use crate::element::follow;
use crate::element::late::Late;
use crate::element::locale::{Locale, Part, Wanted};
use crate::element::own::Own;
use crate::element::shared;
use crate::element::situation::{freshness, trouble};
use crate::failure::Failure;
use crate::renewal::continued;
use crate::topic::Subscription;
use crate::view::{Card, Mounted};
use crate::watch::progress::{Event, Progress};
use crate::watch::{Watch, watch};

thread_local! {
    /// A card of this page has shown a verdict. The first one does so at a glance: it pays for all that the browser
    /// and the wasm do for the first time.
    static GLANCED: Cell<bool> = const { Cell::new(false) };
}

/// How often the age of a card is written that nobody sees.
const FAR_EVERY_S: u64 = 30;

pub(super) struct Element {
    pub(super) host: HtmlElement,
    /// The loader's function that fetches a file of words.
    pub(super) words: Function,
    pub(super) state: RefCell<State>,
    told: RefCell<Told>,
}

type Configured = Option<Result<Config, Failure>>;

/// What is on the page; every field gives back on drop what it took.
#[derive(Default)]
pub(super) struct State {
    pub(super) attributes: Option<Attributes>,
    /// `None` while there is no token yet.
    pub(super) config: Configured,
    pub(super) watch: Option<(Rc<Watch>, Subscription)>,
    /// What was known before the token was renewed. The new watch starts without memory; this screen has one.
    pub(super) known: Option<Rc<Progress>>,
    pub(super) wanted_locale: Option<Wanted>,
    pub(super) locale: Option<Rc<Locale>>,
    pub(super) own: Option<Rc<Own>>,
    /// The version that was last put on the page.
    pub(super) shown_version: Option<u64>,
    /// The version that a person can have seen by now, with all that follows behind its first picture.
    pub(super) followed_version: Option<u64>,
    /// The story on the page is of an earlier configuration: it must not stand a moment under the new one's verdict.
    pub(super) tells_another: bool,
    /// The locale whose reasons were asked for.
    pub(super) reasons_asked: Option<Box<str>>,
    pub(super) shown: Option<Mounted>,
    /// What stood on the screen under this configuration, in order.
    pub(super) seen: Vec<Shown>,
    /// What was added to the card after its first picture.
    pub(super) late: Option<Late>,
    /// On the button that asks at once.
    pub(super) check: Option<Listener>,
    pub(super) seconds: Option<(Rc<Seconds>, Subscription)>,
}

impl Element {
    pub(super) fn new(host: HtmlElement, words: Function) -> Self {
        Self {
            host,
            words,
            state: RefCell::default(),
            told: RefCell::default(),
        }
    }

    pub(super) fn configure(self: &Rc<Self>, attributes: Attributes, locale: Wanted) {
        {
            let state = self.state.borrow();
            let same_attributes = state.attributes.as_ref() == Some(&attributes);
            if same_attributes && state.wanted_locale.as_ref() == Some(&locale) {
                return;
            }
        }
        let waits = attributes.token.as_deref() == Some("");
        let config = (!waits).then(|| parse(&attributes, absolute));

        let known = self.progress();
        let (new_config, new_locale) = {
            let mut state = self.state.borrow_mut();
            let new_config = state.config != config;
            let new_locale = state.wanted_locale.as_ref() != Some(&locale);
            state.attributes = Some(attributes);
            state.wanted_locale = Some(locale.clone());
            if new_config {
                state.watch = None;
                if only_the_token_differs(&state.config, &config) {
                    state.known = Some(Rc::clone(&known));
                    // What the old token could not open is asked for again.
                    if state.own.as_ref().and_then(|own| own.version()) != state.shown_version {
                        state.shown_version = None;
                    }
                } else {
                    // The old answer belongs to the old configuration and must not be seen under the new one.
                    (state.known, state.own) = (None, None);
                    (state.shown_version, state.followed_version) = (None, None);
                    state.tells_another = state.shown.is_some();
                    state.seen.clear();
                }
                state.config = config.clone();
            }
            (new_config, new_locale)
        };
        if new_config && self.state.borrow().known.is_none() {
            self.told.borrow_mut().withdraw(&self.host, &known);
        }
        if new_config && let Some(Ok(config)) = &config {
            let watch = watch(config);
            let element = Rc::downgrade(self);
            let subscription = watch.subscribe(move || refresh(&element));
            self.state.borrow_mut().watch = Some((watch, subscription));
        }
        if new_locale {
            follow::load_words(self, locale, Part::Core);
        }
        self.refresh();
    }

    /// Brings the page up to date: events first, so that a host that reacts is never behind its screen.
    pub(super) fn refresh(self: &Rc<Self>) {
        let progress = self.progress();
        self.told.borrow_mut().tell(&self.host, &progress);

        let Some(locale) = self.state.borrow().locale.clone() else {
            return;
        };
        if locale.has_reasons {
            shared::refresh(self, &progress, &locale);
        } else {
            self.draw(&self.card(&progress, &locale), &progress);
        }
    }

    /// Puts a card on the page, and what follows it on its way.
    pub(super) fn draw(self: &Rc<Self>, card: &Card, progress: &Progress) {
        self.show(card);
        {
            let mut state = self.state.borrow_mut();
            state.tells_another = false;
            if let Some(held) = &progress.held {
                evidence::remember(&mut state.seen, held);
            }
        }
        self.follow(version(progress), card.depth == Depth::Glance);
    }

    /// A second went by. Whatever else happens draws the card by itself, so while it is live only the age is written,
    /// and that only where it can be seen: a page with a thousand cards must not draw them all every second.
    fn tick(self: &Rc<Self>) {
        let progress = self.progress();
        if let Freshness::Live { age_s } = freshness(&progress) {
            let mut state = self.state.borrow_mut();
            let state = &mut *state;
            if let (Some(mounted), Some(locale), Some(Ok(config))) =
                (&mut state.shown, &state.locale, &state.config)
                && mounted.is_live()
            {
                let late = state.late.as_ref();
                // Who has the page read aloud hears of cards that nobody sees.
                if age_s % FAR_EVERY_S == 0 || late.is_none_or(|late| !late.is_far()) {
                    let (party, words) = (&config.party, &locale.words);
                    mounted.say_freshness(live_line(age_s, party, words, &*locale.formats));
                }
                // Nothing else changes with a second, but for the time left and a code that runs out.
                if late.is_none_or(|late| !late.is_due(&progress)) {
                    return;
                }
            }
        }
        self.refresh();
    }

    fn show(self: &Rc<Self>, card: &Card) {
        if let Some(mounted) = &mut self.state.borrow_mut().shown {
            mounted.show(card);
            return;
        }
        self.mount(card);
    }

    /// The situation, or for a wrong set-up the failure that says which attribute.
    pub(super) fn progress(&self) -> Rc<Progress> {
        let state = self.state.borrow();
        match (&state.watch, &state.config) {
            (Some((watch, _)), _) => match &state.known {
                Some(known) => Rc::new(continued(known, &watch.progress())),
                None => watch.progress(),
            },
            (None, Some(Err(failure))) => {
                Rc::new(Progress::default().advance(Event::Failed(*failure), now_ms()))
            }
            (None, _) => Rc::default(),
        }
    }

    pub(super) fn card(&self, progress: &Progress, locale: &Locale) -> Card {
        let state = self.state.borrow();
        // Also while there is no token yet, or another attribute is wrong: a till must not speak to the payer.
        let party = state.attributes.as_ref().and_then(config::party);
        let party = party.unwrap_or(Party::Payer);
        let held = progress.held.as_ref();
        let depth = if Self::is_whole(&state, progress) {
            Depth::Story
        } else if held.is_none() || GLANCED.replace(true) {
            Depth::Picture
        } else {
            Depth::Glance
        };
        let situation = Situation {
            snapshot: held.map(|h| &*h.snapshot),
            match_code: held.map(|h| &*h.match_code),
            freshness: freshness(progress),
            trouble: progress.trouble.map(trouble),
            earlier: progress.earlier.as_ref(),
            party_document: state.own.as_deref().and_then(Own::as_document),
            server_time: held.map(|h| Time::from_ms(h.signed_at_s.saturating_mul(1000))),
            depth,
        };
        let display: Display = display(&situation, &party, &locale.words, &*locale.formats);
        let verified = held.map(|h| (&*h.snapshot, &*h.match_code));
        Card::new(display, verified, &locale.tag, depth)
    }

    /// With the story.
    pub(super) fn is_whole(state: &State, progress: &Progress) -> bool {
        state.tells_another || state.followed_version == version(progress)
    }

    fn mount(self: &Rc<Self>, card: &Card) {
        let Some(root) = shadow_root(&self.host) else {
            return;
        };
        sheets::adopt(&root);
        let mounted = Mounted::new(&root, card);
        let element = Rc::downgrade(self);
        let check = root.query_selector("[part=check]").ok().flatten();
        let check =
            check.map(|button| Listener::new(&button, "click", move || check_now(&element)));
        let seconds = Seconds::shared();
        let element = Rc::downgrade(self);
        let ticking = seconds.subscribe(move || {
            if let (false, Some(element)) = (is_hidden(), element.upgrade()) {
                element.tick();
            }
        });
        let mut state = self.state.borrow_mut();
        state.shown = Some(mounted);
        state.check = check;
        state.seconds = Some((seconds, ticking));
    }
}

/// The same payment, reader and keys under another token.
fn only_the_token_differs(old: &Configured, new: &Configured) -> bool {
    let (Some(Ok(old)), Some(Ok(new))) = (old, new) else {
        return false;
    };
    let renewed = Config {
        token: new.token.clone(),
        ..old.clone()
    };
    renewed == *new
}

fn version(progress: &Progress) -> Option<u64> {
    progress.held.as_ref().map(|held| held.snapshot.version)
}

fn refresh(element: &Weak<Element>) {
    if let Some(element) = element.upgrade() {
        element.refresh();
    }
}

fn check_now(element: &Weak<Element>) {
    if let Some(element) = element.upgrade()
        && let Some((watch, _)) = &element.state.borrow().watch
    {
        watch.check_now();
    }
}

/// An element that is connected again keeps its root.
fn shadow_root(host: &HtmlElement) -> Option<ShadowRoot> {
    host.shadow_root().or_else(|| {
        host.attach_shadow(&web_sys::ShadowRootInit::new(web_sys::ShadowRootMode::Open))
            .ok()
    })
}
