//! What comes to the card after its first picture: buttons, time left, sound. Called only once the words of the reasons
//! are there, so that none of it is in the way of an answer.

use std::rc::Rc;

use payment_status_display::display::{Display, FreshnessKind, Question, Tone};
use payment_status_display::{Countdown, Tools, countdown};
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use wasm_bindgen::JsCast;
use web_sys::ShadowRoot;

use crate::browser::clock::now_ms;
use crate::browser::listener::Listener;
use crate::browser::reach::{call, get, object};
use crate::browser::sight::Sight;
use crate::element::alert::{self, Alert};
use crate::element::deeds;
use crate::element::locale::Locale;
use crate::element::mount::Element;
use crate::view::{Actions, Added};
use crate::watch::progress::{Progress, Verified};

/// What was added to one card.
pub(super) struct Late {
    buttons: Added,
    left: Added,
    /// What the buttons show now.
    actions: Actions,
    /// What they should show.
    pub(super) wanted: Actions,
    /// Until when the code can be opened.
    pub(super) code_until: Option<Time>,
    made_for: Option<MadeFor>,
    clock: Clock,
    pub(super) alert: Alert,
    /// State and permissions that were last on the screen.
    verdict: Option<[Box<str>; 3]>,
    sight: Option<Sight>,
    _clicks: Vec<Listener>,
}

/// What the words were made for: they are not made anew each second.
#[derive(PartialEq)]
struct MadeFor {
    transaction: TransactionId,
    version: u64,
    signed_at_s: i64,
    locale: Box<str>,
    party: Party,
}

/// One deadline's countdown.
#[derive(Default)]
struct Clock {
    /// The deadline, and how long it was until then when this screen first knew (ms).
    at: Option<(Time, i64)>,
    shown: Option<Countdown>,
}

impl Late {
    fn new(element: &Rc<Element>, root: &ShadowRoot) -> Option<Self> {
        let find = |part| root.query_selector(part).ok().flatten();
        let (card, next) = (find("[part=card]")?, find("[part=next]")?);
        let wanted = Actions {
            alerts: alert::is_remembered(),
            hands_over: true,
            ..Actions::default()
        };
        let left = Added::countdown(&next);
        let buttons = Added::actions(&card, &wanted);
        Some(Self {
            buttons,
            left,
            actions: wanted.clone(),
            wanted,
            code_until: None,
            made_for: None,
            clock: Clock::default(),
            alert: Alert::default(),
            verdict: None,
            sight: Sight::of(&element.host),
            _clicks: deeds::listen(element, root),
        })
    }

    /// Nobody sees this card now.
    #[inline(never)]
    pub(super) fn is_far(&self) -> bool {
        self.sight.as_ref().is_some_and(Sight::is_far)
    }

    /// Has time alone changed anything but the age? Of a card that nobody sees: anything that is said aloud, or taken
    /// away.
    #[inline(never)]
    pub(super) fn is_due(&self, progress: &Progress) -> bool {
        let Some(now) = server_time(progress) else {
            return false;
        };
        let counts = |(deadline, whole_ms): (Time, i64)| {
            let left_ms = deadline.as_ms().saturating_sub(now.as_ms());
            let (before, after) = (self.clock.shown, countdown(left_ms, whole_ms));
            before.is_some_and(|before| {
                before.moments != after.moments || (before != after && !self.is_far())
            })
        };
        self.clock.at.is_some_and(counts) || self.code_until.is_some_and(|until| now >= until)
    }

    /// Writes only what differs.
    pub(super) fn show(&mut self) {
        if self.actions != self.wanted {
            self.actions = self.wanted.clone();
            self.buttons.show_actions(&self.actions);
        }
    }

    /// Of another payment nothing may stay: not a code to scan, not "copied".
    fn is_about(&mut self, held: &Verified, party: &Party, locale: &Locale) -> bool {
        let now = MadeFor {
            transaction: held.snapshot.transaction.clone(),
            version: held.snapshot.version,
            signed_at_s: held.signed_at_s,
            locale: locale.tag.clone(),
            party: party.clone(),
        };
        let before = self.made_for.replace(now);
        let (Some(before), Some(now)) = (before, &self.made_for) else {
            return false;
        };
        if before.transaction != now.transaction || before.party != now.party {
            self.wanted = Actions {
                alerts: self.wanted.alerts,
                hands_over: true,
                ..Actions::default()
            };
            (self.code_until, self.verdict) = (None, None);
            self.clock = Clock::default();
        }
        before == *now
    }

    /// Sound and vibration when the verdict changes on the screen, never when it first appears.
    fn alert(&mut self, held: &Verified, display: &Display) {
        let snapshot = &held.snapshot;
        let verdict = [
            snapshot.state.as_str(),
            snapshot.pay_again.as_str(),
            snapshot.release.as_str(),
        ]
        .map(Box::from);
        let before = self.verdict.replace(verdict);
        if before.is_some() && before != self.verdict && self.wanted.alerts {
            self.alert.tell(may_act(display));
        }
    }

    /// Brings the time left up to date; answers what is to be said aloud.
    fn count(&mut self, progress: &Progress, display: &Display, locale: &Locale) -> Option<String> {
        let text = |clock: &Clock| {
            let shown = clock.shown?.shown_s;
            let duration = shown.map(|left_s| locale.formats.stretch_s(left_s));
            let (words, formats) = (&locale.words, &*locale.formats);
            Some(Tools::time_left(
                words,
                formats,
                &display.party,
                duration.as_deref(),
            ))
        };
        let Some((deadline, left_ms)) = awaited(progress, display) else {
            if self.clock.shown.take().is_some() {
                self.left.show_countdown("");
            }
            return None;
        };
        let whole_ms = match self.clock.at {
            Some((at, whole_ms)) if at == deadline => whole_ms,
            _ => {
                self.clock = Clock {
                    at: Some((deadline, left_ms)),
                    shown: None,
                };
                left_ms
            }
        };
        let now = countdown(left_ms, whole_ms);
        let before = self.clock.shown.replace(now);
        if before == Some(now) {
            return None;
        }
        let text = text(&self.clock)?;
        self.left.show_countdown(&text);
        before
            .is_some_and(|before| before.moments < now.moments)
            .then_some(text)
    }
}

/// Brings what was added to the card up to date. Never inlined, nor what else is called from a picture here: it would
/// be part of the wasm's first half.
#[inline(never)]
pub(super) fn refresh(
    element: &Rc<Element>,
    progress: &Progress,
    locale: &Locale,
    display: &Display,
) {
    let said = {
        let mut state = element.state.borrow_mut();
        if state.late.is_none() {
            let root = element.host.shadow_root();
            state.late = root.and_then(|root| Late::new(element, &root));
        }
        let Some(late) = &mut state.late else {
            return;
        };
        update(late, progress, locale, display)
    };
    if let Some(said) = said {
        element.say(&said);
    }
}

/// The button that asks at once, while it has the focus.
#[inline(never)]
pub(super) fn focused_check(element: &Element) -> Option<web_sys::Element> {
    let root = element.host.shadow_root()?;
    // In a shadow root nothing else can have it than an element.
    let focused = Some(get(&root, "activeElement")).filter(|focused| focused.is_object());
    let focused: web_sys::Element = focused?.unchecked_into();
    (focused.get_attribute("part").as_deref() == Some("check")).then_some(focused)
}

/// A button that went away with the focus on it would leave the reader at the top of the page: the line above it says
/// what came of it.
#[inline(never)]
pub(super) fn keep_focus(element: &Element, check: &web_sys::Element) -> Option<()> {
    if check.has_attribute("hidden") {
        let root = element.host.shadow_root()?;
        let line = root.query_selector("[part=freshness]").ok()??;
        line.set_attribute("tabindex", "-1").ok()?;
        call(&line, "focus", &[object(&[("preventScroll", true.into())])]);
    }
    Some(())
}

fn update(
    late: &mut Late,
    progress: &Progress,
    locale: &Locale,
    display: &Display,
) -> Option<String> {
    let (Some(held), Some(now)) = (&progress.held, server_time(progress)) else {
        // Not a word of another payment while this one's first answer is awaited.
        late.wanted.tools = None;
        late.show();
        return None;
    };
    let (party, formats) = (&display.party, &*locale.formats);
    if !late.is_about(held, party, locale) || late.wanted.tools.is_none() {
        let signed = Time::from_ms(held.signed_at_s.saturating_mul(1000));
        late.wanted.tools = Tools::new(&locale.words, formats, party, &held.snapshot, signed);
        late.wanted.match_code = held.match_code.to_string();
    }
    if late.code_until.is_some_and(|until| now >= until) {
        (late.code_until, late.wanted.code) = (None, None);
    }
    late.show();
    late.alert(held, display);
    late.count(progress, display, locale)
}

/// The server's time now: when it signed its last answer, and what has passed here since we heard it.
pub(super) fn server_time(progress: &Progress) -> Option<Time> {
    let held = progress.held.as_ref()?;
    let since_ms = (now_ms() - progress.heard_ms).max(0.0);
    Some(Time::from_ms(
        held.signed_at_s
            .saturating_mul(1000)
            .saturating_add(since_ms as i64),
    ))
}

/// The deadline that is still awaited, and the milliseconds until then. Without contact nobody is asking, so nothing is
/// counted; once the server itself says that it has passed, the line above says whom to ask.
fn awaited(progress: &Progress, display: &Display) -> Option<(Time, i64)> {
    let deadline = progress.held.as_ref()?.snapshot.resolve_by.as_ref()?.at;
    let left_ms = deadline
        .as_ms()
        .saturating_sub(server_time(progress)?.as_ms());
    let heard = display.freshness.kind == FreshnessKind::Live;
    let is_overdue = display.next.as_ref().is_some_and(|next| next.is_overdue);
    (heard && !is_overdue).then_some((deadline, left_ms))
}

/// May this reader go on: hand over, or pay again, or leave?
fn may_act(display: &Display) -> bool {
    let question = match display.party {
        Party::Merchant | Party::Support => Question::Release,
        Party::Payer | Party::Other(_) => {
            if display.tone == Tone::Done {
                return true;
            }
            Question::PayAgain
        }
    };
    let mut answers = display.answers.iter();
    answers.any(|answer| answer.question == question && answer.tone == Tone::Done)
}

impl Element {
    /// Says something aloud, through the card's one live region.
    pub(super) fn say(&self, text: &str) {
        let root = self.host.shadow_root();
        let region = root.and_then(|root| root.query_selector("[role=status]").ok().flatten());
        if let Some(node) = region.and_then(|region| region.first_child()) {
            let same = node.node_value().as_deref() == Some(text);
            // The same words again are heard only if they are not the same text.
            let again = if same { "\u{a0}" } else { "" };
            node.set_node_value(Some(&[text, again].concat()));
        }
    }
}
