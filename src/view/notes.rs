//! What the reader must not miss beside the headline: a contradiction, a replaced answer, trouble in asking.

use payment_status_display::Display;

use crate::view::el::{El, el, text};

pub(crate) fn view(display: &Display) -> El {
    let notice = display.notice.as_ref().map(|n| (&*n.title, &*n.text));
    let found = [
        (
            "disagreement",
            display.disagreement.as_deref().map(|text| ("", text)),
        ),
        (
            "superseded",
            display.superseded.as_deref().map(|text| ("", text)),
        ),
        ("notice", notice),
    ];
    let notes = found
        .into_iter()
        .filter_map(|(part, note)| note.map(|(title, said)| (part, title, said)));
    let note = |(part, title, said): (&'static str, &str, &str)| {
        el(
            "div",
            &[("class", "note")],
            vec![text("strong", &[], title), text("p", &[], said)],
        )
        .with("part", part)
    };
    el("div", &[("class", "notes")], notes.map(note).collect())
}
