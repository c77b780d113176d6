//! What the reader must not miss beside the headline: a contradiction, a replaced answer, trouble in asking.

use leptos::prelude::*;

use crate::view::card::{Card, part};

pub(crate) fn view(card: &ArcRwSignal<Card>) -> impl IntoView + use<> {
    let disagreement = part(card, |c| c.display.disagreement.clone());
    let superseded = part(card, |c| c.display.superseded.clone());
    let notice = part(card, |c| c.display.notice.clone());
    let note = |name: &'static str, text: String| view! { <p part=name class="note" data-note=name>{text}</p> };
    view! {
        <div class="notes">
            {move || disagreement.get().map(|text| note("disagreement", text))}
            {move || superseded.get().map(|text| note("superseded", text))}
            {move || {
                notice.get().map(|notice| {
                    view! {
                        <div part="notice" class="note" data-note="notice">
                            <strong>{notice.title}</strong>
                            <span>{notice.text}</span>
                        </div>
                    }
                })
            }}
        </div>
    }
}
