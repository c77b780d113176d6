//! What the reader must not miss beside the headline: a contradiction, a replaced answer, trouble in asking.

use leptos::prelude::*;
use payment_status_display::Display;

pub(crate) fn view(display: &Display) -> AnyView {
    let mut notes = Vec::new();
    let mut note = |part: &'static str, title: &str, text: &str| {
        let (title, text) = (title.to_owned(), text.to_owned());
        notes.push(
            view! { <p part=part class="note"><strong>{title}</strong>{text}</p> }.into_any(),
        );
    };
    if let Some(text) = &display.disagreement {
        note("disagreement", "", text);
    }
    if let Some(text) = &display.superseded {
        note("superseded", "", text);
    }
    if let Some(notice) = &display.notice {
        note("notice", &notice.title, &notice.text);
    }
    view! { <div class="notes">{notes}</div> }.into_any()
}
