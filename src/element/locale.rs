//! The words of one locale, fetched once per page and only when an element speaks it.

use std::cell::RefCell;
use std::rc::Rc;

use payment_status_display::Words;

use crate::browser::intl::IntlFormats;
use crate::browser::json::Json;
use crate::browser::page::absolute_from;
use crate::client::{self, Ask, Cache};
use crate::failure::Failure;

/// Words and formats of one locale.
pub(crate) struct Locale {
    pub(crate) tag: Box<str>,
    pub(crate) words: Words,
    pub(crate) formats: IntlFormats,
}

thread_local! {
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

/// Loads `file` from beside the loader. `base` is the loader's own address.
pub(crate) async fn load(file: &'static str, tag: &str, base: &str) -> Result<Rc<Locale>, Failure> {
    if let Some(locale) =
        LOCALES.with_borrow(|locales| locales.iter().find(|l| *l.tag == *tag).cloned())
    {
        return Ok(locale);
    }
    let url =
        absolute_from(&["locales/", file, ".json"].concat(), base).ok_or(Failure::Internal)?;
    let ask = Ask {
        url: &url,
        token: None,
        etag: None,
        park_s: None,
        cache: Cache::AsServed,
    };
    let answer = client::ask(&ask).await?;
    if answer.status != 200 {
        return Err(Failure::Unreachable);
    }
    let words = Json::parse(&answer.body).ok_or(Failure::Internal)?.texts();
    let words = words.into_iter().collect();
    let locale = Rc::new(Locale {
        tag: tag.into(),
        words,
        formats: IntlFormats::new(tag),
    });
    LOCALES.with_borrow_mut(|locales| locales.push(Rc::clone(&locale)));
    Ok(locale)
}
