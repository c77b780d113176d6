//! The style sheets: constructed once per page and adopted by every shadow root, because a strict
//! `style-src` forbids style elements and attributes but not constructed sheets.

use std::cell::OnceCell;

use js_sys::{Array, Reflect};
use web_sys::{CssStyleSheet, ShadowRoot};

const STYLES: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/card.css"),
    include_str!("../../style/headline.css"),
    include_str!("../../style/answers.css"),
    include_str!("../../style/trail.css"),
    include_str!("../../style/details.css"),
    include_str!("../../style/footer.css"),
);

thread_local! {
    static SHEETS: OnceCell<Array> = const { OnceCell::new() };
}

/// Gives the shadow root the widget's styles. Without support for constructed sheets the card stays
/// readable, unstyled.
pub(crate) fn adopt(root: &ShadowRoot) {
    SHEETS.with(|sheets| {
        let sheets = sheets.get_or_init(|| {
            let sheets = Array::new();
            if let Ok(sheet) = CssStyleSheet::new()
                && sheet.replace_sync(STYLES).is_ok()
            {
                sheets.push(&sheet);
            }
            sheets
        });
        let _ = Reflect::set(root, &"adoptedStyleSheets".into(), sheets);
    });
}
