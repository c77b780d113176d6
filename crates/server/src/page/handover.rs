//! The page behind a QR code: a button, because whoever only looks ahead (a chat's preview, a scanner) must not use the code up.

use maud::{Markup, html};

use super::frame::{self, said};
use super::locales::Choice;

/// The field of the form that repeats the cookie.
pub(crate) const PROOF_FIELD: &str = "proof";

/// With the button. `proof` is repeated by the form; `lang` is kept if it was asked for.
pub(crate) fn open(choice: &Choice, proof: &str, action: &str) -> Markup {
    let words = &choice.locale.words;
    let title = said(words, &["page", "title"]);
    let body = html! {
        section.card data-tone="progress" {
            header.head { h1 { (title) } }
            div.part {
                p { (said(words, &["page", "open_text"])) }
                form method="post" action=(action) {
                    input type="hidden" name=(PROOF_FIELD) value=(proof);
                    button type="submit" { (said(words, &["page", "open"])) }
                }
            }
        }
    };
    frame::page(choice, &title, &body)
}

/// The same for a code that was used, has expired or never was.
pub(crate) fn gone(choice: &Choice) -> Markup {
    let words = &choice.locale.words;
    let sentences = [&["page", "gone_advice"], &["blank", "any"]].map(|path| said(words, path));
    frame::notice(choice, &said(words, &["page", "gone"]), &sentences)
}
