//! The words of one locale, fetched once per page and only when an element speaks it. Which there are, and which
//! one fits a reader, is the loader's business: it knows the files.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use payment_status_display::Words;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::browser::intl::IntlFormats;
use crate::browser::json::Json;
use crate::failure::Failure;

/// The file of words, and the language tag that it was chosen for: en-GB and en-US write dates differently.
pub(crate) type Wanted = (Box<str>, Box<str>);

/// Words and formats of one locale.
pub(crate) struct Locale {
    pub(crate) tag: Box<str>,
    pub(crate) words: Words,
    pub(crate) formats: Rc<IntlFormats>,
    /// With the words of the reasons.
    pub(crate) has_reasons: bool,
}

thread_local! {
    static LOCALES: RefCell<Vec<Rc<Locale>>> = const { RefCell::new(Vec::new()) };
}

/// How much of a locale.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What a first picture needs.
    Core,
    /// That, and the reasons with their steps.
    Whole,
}

/// Loads what is missing of `wanted` through the loader's function `words`.
pub(crate) async fn load(
    (file, tag): &Wanted,
    words: &Function,
    part: Part,
) -> Result<Rc<Locale>, Failure> {
    let told = |locale: &Rc<Locale>| locale.has_reasons || part == Part::Core;
    let known = known_locale(tag);
    let (mut all, formats, missing) = match &known {
        Some(locale) if told(locale) => return Ok(Rc::clone(locale)),
        // Which steps belong to a reason is the same in every language.
        Some(locale) => (
            locale.words.clone(),
            Rc::clone(&locale.formats),
            &[["reasons/", file], ["reasons/", "steps"]][..],
        ),
        None => (
            Words::default(),
            Rc::new(IntlFormats::new(tag)),
            &[["", file]][..],
        ),
    };
    let mut files = Vec::new();
    for name in missing {
        files.push(fetched(&name.concat(), words).await?);
    }
    // Whoever waited for the same files and came first has put the words together for all.
    if let Some(locale) = known_locale(tag).filter(told) {
        return Ok(locale);
    }
    for file in files {
        all = all.with(Words::from(file.lines()));
    }
    // JSON all the same, but somebody else's: a card of empty sentences is worse than the page's own words.
    all.get(&["heading", "card"]).ok_or(Failure::Unreadable)?;
    let locale = Rc::new(Locale {
        tag: tag.clone(),
        words: all,
        formats,
        has_reasons: known.is_some(),
    });
    LOCALES.with_borrow_mut(|locales| {
        locales.retain(|known| known.tag != locale.tag);
        locales.push(Rc::clone(&locale));
    });
    Ok(locale)
}

/// Every cause of a failure is "no words yet" to the reader.
async fn fetched(name: &str, words: &Function) -> Result<Json, Failure> {
    let file = words.call1(&JsValue::UNDEFINED, &name.into());
    let file = file.map_err(|_| Failure::Internal)?;
    let file = JsFuture::from(Promise::resolve(&file)).await;
    let file = file.map_err(|_| Failure::Unreachable)?;
    Ok(Json::from(file))
}

fn known_locale(tag: &str) -> Option<Rc<Locale>> {
    LOCALES.with_borrow(|locales| locales.iter().find(|l| *l.tag == *tag).cloned())
}
