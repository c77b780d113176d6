//! The style sheets: constructed once per page and adopted by every shadow root, because a strict
//! `style-src` forbids style elements and attributes but not constructed sheets.

use std::cell::OnceCell;

use js_sys::{Array, Reflect};
use web_sys::{CssStyleSheet, ShadowRoot};

const STYLES: &str = concat!(
    include_str!("../../style/tokens.css"),
    "@media(prefers-color-scheme:dark){:host(:not([theme=light])){",
    include_str!("../../style/dark.css"),
    "}}:host([theme=dark]){",
    include_str!("../../style/dark.css"),
    "}",
    include_str!("../../style/card.css"),
    include_str!("../../style/headline.css"),
    include_str!("../../style/answers.css"),
    include_str!("../../style/trail.css"),
    include_str!("../../style/details.css"),
    include_str!("../../style/footer.css"),
);

/// What comes after the first picture: the story, buttons, the reader's own colours (until then the browser's), and paper. By its marks the second half of the wasm brings it
/// (docs/adr/0012-two-halves.md).
const LATE_STYLES: &str = concat!(
    "/*late>*/",
    include_str!("../../style/story.css"),
    include_str!("../../style/actions.css"),
    include_str!("../../style/forced.css"),
    include_str!("../../style/print.css"),
    "/*<late*/",
);

thread_local! {
    static SHEETS: OnceCell<Array> = const { OnceCell::new() };
    static ALL_SHEETS: OnceCell<Array> = const { OnceCell::new() };
}

/// Gives the shadow root the widget's styles. Without support for constructed sheets the card stays
/// readable, unstyled.
pub(crate) fn adopt(root: &ShadowRoot) {
    SHEETS.with(|sheets| {
        let sheets = sheets.get_or_init(|| constructed(STYLES));
        let _ = Reflect::set(root, &"adoptedStyleSheets".into(), sheets);
    });
}

/// Adds the styles of what comes after the first picture.
pub(crate) fn adopt_late(root: &ShadowRoot) {
    ALL_SHEETS.with(|sheets| {
        let sheets = sheets.get_or_init(|| {
            let all = constructed(LATE_STYLES);
            SHEETS.with(|first| first.get().map_or(all.clone(), |first| first.concat(&all)))
        });
        let _ = Reflect::set(root, &"adoptedStyleSheets".into(), sheets);
    });
}

fn constructed(styles: &str) -> Array {
    let sheets = Array::new();
    if let Ok(sheet) = CssStyleSheet::new()
        && sheet.replace_sync(styles).is_ok()
    {
        sheets.push(&sheet);
    }
    sheets
}
