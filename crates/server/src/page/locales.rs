//! Every locale of the display crate, and which of them suits a reader.

use std::sync::LazyLock;

use axum::http::{HeaderMap, header};
use icu_locale::{LanguageIdentifier, LocaleExpander};
use payment_status_display::Words;
use serde_json::{Map, Value};

mod files {
    include!(concat!(env!("OUT_DIR"), "/locales.rs"));
}

/// The words of one locale.
#[derive(Debug)]
pub(crate) struct Locale {
    /// The name of its file: `zh-CN`.
    pub(crate) tag: &'static str,
    pub(crate) words: Words,
    /// With likely script and region filled in: `zh-Hans-CN`.
    likely: LanguageIdentifier,
}

/// Words, and how numbers and times are written beside them.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) locale: &'static Locale,
    /// The reader's own wish where it is the same language in the same script: `en-GB` writes dates differently
    /// from `en`.
    pub(crate) format_tag: LanguageIdentifier,
}

/// Where nobody asks for a language that there is.
const DEFAULT: &str = "en";

/// More wishes than any browser sends.
const MAX_WISHES: usize = 32;

static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(|| {
    let steps = texts(files::STEPS);
    files::FILES
        .iter()
        .map(|(tag, core, reasons)| Locale {
            tag,
            words: texts(core).with(texts(reasons)).with(steps.clone()),
            likely: likely(&tag.parse().unwrap_or(LanguageIdentifier::UNKNOWN)),
        })
        .collect()
});

/// Every locale there is.
pub(crate) fn all() -> &'static [Locale] {
    &LOCALES
}

/// By `?lang=`, then by `Accept-Language`, then English. `None` only if there is no locale at all.
pub(crate) fn choose(lang: Option<&str>, headers: &HeaderMap) -> Option<Choice> {
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    lang.into_iter()
        .chain(by_preference(accepted))
        .take(MAX_WISHES)
        .chain([DEFAULT])
        .find_map(|wish| wish.parse().ok().and_then(|wish| fitting(&wish)))
        .or_else(|| {
            let locale = all().first()?;
            Some(Choice {
                locale,
                format_tag: locale.likely.clone(),
            })
        })
}

/// The locale nearest to one wish: the same language, better in the same script, best in the same region.
fn fitting(wish: &LanguageIdentifier) -> Option<Choice> {
    let wished = likely(wish);
    let nearness = |locale: &&Locale| {
        let same_script = locale.likely.script == wished.script;
        let same_region = locale.likely.region == wished.region;
        (same_script, same_script && same_region)
    };
    let locale = all()
        .iter()
        .filter(|locale| locale.likely.language == wished.language)
        .max_by_key(nearness)?;
    let format_tag = if locale.likely.script == wished.script {
        wish.clone()
    } else {
        locale.likely.clone()
    };
    Some(Choice { locale, format_tag })
}

/// The languages of an `Accept-Language`, most wanted first (RFC 9110, section 12.5.4).
fn by_preference(accepted: &str) -> Vec<&str> {
    let mut wishes: Vec<(f32, &str)> = accepted
        .split(',')
        .take(MAX_WISHES)
        .filter_map(|item| {
            let (tag, weight) = item.split_once(';').unwrap_or((item, ""));
            let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
            let weight: f32 = weight.parse().ok()?;
            (weight > 0.0).then_some((weight, tag.trim()))
        })
        .collect();
    // Stable: of two alike the first stays first.
    wishes.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    wishes.into_iter().map(|(_, tag)| tag).collect()
}

fn likely(tag: &LanguageIdentifier) -> LanguageIdentifier {
    let mut likely = tag.clone();
    LocaleExpander::new_extended().maximize(&mut likely);
    likely
}

/// The build of the display crate has read every file: one that cannot be read does not come this far.
fn texts(json: &str) -> Words {
    let texts: Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    texts
        .iter()
        .filter_map(|(key, text)| Some((key.as_str(), text.as_str()?)))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn chosen(lang: Option<&str>, accepted: &str) -> (&'static str, String) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
        let choice = choose(lang, &headers).unwrap();
        (choice.locale.tag, choice.format_tag.to_string())
    }

    #[test]
    fn every_locale_of_the_display_crate_is_here() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../display/locales");
        let files = std::fs::read_dir(folder)
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().extension().is_some())
            .count();
        assert_eq!(all().len(), files);
        for locale in all() {
            assert!(
                locale.words.get(&["page", "title"]).is_some(),
                "{}",
                locale.tag
            );
            assert!(
                locale.words.get(&["locale"]) == Some(locale.tag),
                "{}",
                locale.tag
            );
        }
    }

    #[test]
    fn the_query_comes_before_the_header_and_english_last() {
        assert_eq!(chosen(Some("zh-CN"), "en").0, "zh-CN");
        assert_eq!(chosen(Some("tlh"), "zh-CN").0, "zh-CN");
        assert_eq!(chosen(None, "").0, "en");
        assert_eq!(chosen(Some("<script>"), "*").0, "en");
        assert_eq!(chosen(None, "en;q=0.2, zh;q=0.9").0, "zh-CN");
        assert_eq!(chosen(None, "zh;q=0, en;q=0.1").0, "en");
    }

    #[test]
    fn the_nearest_script_and_region_win() {
        assert_eq!(chosen(None, "en-GB"), ("en", "en-GB".to_owned()));
        assert_eq!(
            chosen(None, "zh-Hans-SG"),
            ("zh-CN", "zh-Hans-SG".to_owned())
        );
        // Whoever reads traditional characters gets them as soon as there are words in them.
        let (words, format) = chosen(None, "zh-HK");
        assert!(if words == "zh-CN" {
            format == "zh-Hans-CN"
        } else {
            format == "zh-HK"
        });
    }
}
