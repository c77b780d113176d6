//! The words of one locale, fetched once per page and only when an element speaks it.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use payment_status_display::Words;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::browser::intl::IntlFormats;
use crate::browser::json::Json;
use crate::browser::page::absolute_from;
use crate::client::{self, Ask, Cache};
use crate::failure::Failure;

/// Words and formats of one locale.
pub(crate) struct Locale {
    pub(crate) tag: Box<str>,
    pub(crate) words: Words,
    pub(crate) formats: Rc<IntlFormats>,
    /// With the words of the reasons.
    pub(crate) has_reasons: bool,
}

thread_local! {
    /// Files on their way: many elements of one page wait for the same one.
    static FILES: RefCell<Vec<(String, Promise)>> = const { RefCell::new(Vec::new()) };
    static LOCALES: RefCell<Vec<Rc<Locale>>> = const { RefCell::new(Vec::new()) };
}

/// The words' file for the first wish that there are words for; English where there is none.
pub(crate) fn file_for<'a>(wishes: impl Iterator<Item = &'a str>) -> (&'static str, Box<str>) {
    for wish in wishes {
        let language = wish.split('-').next().unwrap_or_default();
        let file = if language.eq_ignore_ascii_case("zh") {
            "zh-CN"
        } else if language.eq_ignore_ascii_case("en") {
            "en"
        } else {
            continue;
        };
        // The wish itself goes to `Intl`: en-GB and en-US write dates differently.
        return (file, wish.into());
    }
    ("en", "en".into())
}

/// How much of a locale.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What a first picture needs.
    Core,
    /// That, and the reasons with their steps.
    Whole,
}

/// Loads `file` from beside the loader. `base` is the loader's own address.
pub(crate) async fn load(
    file: &'static str,
    tag: &str,
    base: &str,
    part: Part,
) -> Result<Rc<Locale>, Failure> {
    let known = known(tag);
    let (mut all, formats, missing) = match &known {
        Some(locale) if locale.has_reasons || part == Part::Core => return Ok(Rc::clone(locale)),
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
    for [folder, name] in missing {
        all = all.with(&words(&["locales/", folder, name, ".json"], base).await?);
    }
    let locale = Rc::new(Locale {
        tag: tag.into(),
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

async fn words(path: &[&str], base: &str) -> Result<Words, Failure> {
    let url = absolute_from(&path.concat(), base).ok_or(Failure::Internal)?;
    let file = FILES.with_borrow_mut(|files| {
        if let Some((_, file)) = files.iter().find(|(known, _)| *known == url) {
            return file.clone();
        }
        let file = future_to_promise(fetch(url.clone()));
        files.push((url, file.clone()));
        file
    });
    let file = JsFuture::from(file).await;
    let file = file.map_err(|_| Failure::Unreachable)?;
    Ok(Json::from(file).texts().into_iter().collect())
}

/// Ends with the parsed file; every cause of a failure is "no words yet" to the reader.
async fn fetch(url: String) -> Result<JsValue, JsValue> {
    let ask = Ask {
        url: &url,
        token: None,
        etag: None,
        park_s: None,
        cache: Cache::AsServed,
    };
    let answer = client::ask(&ask).await.ok();
    // Whoever comes later finds the locale, or tries again.
    FILES.with_borrow_mut(|files| files.retain(|(known, _)| *known != url));
    let body = answer.filter(|answer| answer.status == 200);
    let parsed = body.and_then(|answer| Json::parse(&answer.body));
    parsed.map(JsValue::from).ok_or(JsValue::UNDEFINED)
}

fn known(tag: &str) -> Option<Rc<Locale>> {
    LOCALES.with_borrow(|locales| locales.iter().find(|l| *l.tag == *tag).cloned())
}
