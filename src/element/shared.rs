//! One card's content for every element that shows the same: on a page with a thousand cards a change is put into words
//! once for each kind of reader, not once for each card.

use std::cell::RefCell;
use std::rc::Rc;

use payment_status_display::{Depth, Freshness};
use payment_status_protocol::party::Party;

use crate::browser::clock::sleep_ms;
use crate::browser::task::spawn;
use crate::element::late;
use crate::element::locale::Locale;
use crate::element::mount::Element;
use crate::element::own::Own;
use crate::element::situation::freshness;
use crate::view::Card;
use crate::watch::progress::Progress;

/// All that a card is made of. What is shared is compared by its place, and held, so that no other comes to that place.
struct Key {
    progress: Rc<Progress>,
    locale: Rc<Locale>,
    own: Option<Rc<Own>>,
    party: Option<Party>,
    is_whole: bool,
    freshness: Freshness,
}

impl Key {
    fn is(&self, other: &Self) -> bool {
        let same_own = match (&self.own, &other.own) {
            (Some(own), Some(other)) => Rc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        };
        same_own
            && Rc::ptr_eq(&self.progress, &other.progress)
            && Rc::ptr_eq(&self.locale, &other.locale)
            && self.party == other.party
            && self.is_whole == other.is_whole
            && self.freshness == other.freshness
    }
}

/// How long a card is kept for others: what follows a change comes to each card by itself, in turn.
const KEPT_MS: f64 = 1000.0;

thread_local! {
    /// The card that was made last.
    static LAST: RefCell<Option<(Key, Rc<Card>)>> = const { RefCell::new(None) };
}

/// Draws the card, and what is added to it. Never inlined: nothing of it is part of a first view.
#[inline(never)]
pub(super) fn refresh(element: &Rc<Element>, progress: &Rc<Progress>, locale: &Rc<Locale>) {
    let card = card(element, progress, locale);
    let focused = late::focused_check(element);
    element.draw(&card, progress);
    if let Some(check) = focused {
        // Nothing to keep where there is no card.
        let _ = late::keep_focus(element, &check);
    }
    late::refresh(element, progress, locale, &card.display);
}

/// The card that was made last, if it is the same.
fn card(element: &Element, progress: &Rc<Progress>, locale: &Rc<Locale>) -> Rc<Card> {
    let key = {
        let state = element.state.borrow();
        let config = state.config.as_ref();
        Key {
            progress: Rc::clone(progress),
            locale: Rc::clone(locale),
            own: state.own.clone(),
            party: config.and_then(|config| Some(config.as_ref().ok()?.party.clone())),
            is_whole: Element::is_whole(&state, progress),
            freshness: freshness(progress),
        }
    };
    let same = LAST.with_borrow(|last| {
        let (known, card) = last.as_ref()?;
        known.is(&key).then(|| Rc::clone(card))
    });
    same.unwrap_or_else(|| {
        let card = Rc::new(element.card(progress, locale));
        // A glance is one card's, for a moment.
        if card.depth != Depth::Glance {
            let before = LAST.replace(Some((key, Rc::clone(&card))));
            if before.is_none() {
                spawn(async {
                    sleep_ms(KEPT_MS).await;
                    drop(LAST.take());
                });
            }
        }
        card
    })
}
