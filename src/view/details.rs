//! Why, who acts next, the code to compare, and on demand the whole story.

use leptos::prelude::*;
use payment_status_display::display::{Entry, Line};

use crate::view::card::{Card, part};
use crate::view::list::rows;

pub(crate) fn view(card: &ArcRwSignal<Card>) -> impl IntoView + use<> {
    let reason = part(card, |c| c.display.reason.clone().map(|r| (c.display.headings.reason.clone(), r)));
    let next = part(card, |c| c.display.next.clone().map(|n| (c.display.headings.next.clone(), n)));
    let code = part(card, |c| c.display.match_code.clone());
    let summary = part(card, |c| c.display.headings.details.clone());
    let timeline_heading = part(card, |c| c.display.headings.timeline.clone());
    let has_story = part(card, |c| c.display.timeline.is_some() || c.display.account.is_some());
    let entries = part(card, |c| c.display.timeline.as_ref().map(|t| t.entries.clone()).unwrap_or_default());
    let account = part(card, |c| c.display.account.clone());
    let version = part(card, |c| c.display.version.clone());
    view! {
        <div class="why">
            {move || {
                reason.get().map(|(heading, reason)| {
                    view! {
                        <div part="reason" class="line" data-reason=reason.code>
                            <h3>{heading}</h3>
                            <p>{reason.text}</p>
                        </div>
                    }
                })
            }}
            {move || {
                next.get().map(|(heading, next)| {
                    view! {
                        <div part="next" class="line">
                            <h3>{heading}</h3>
                            <p>{next.text}" "{next.by}</p>
                        </div>
                    }
                })
            }}
            {move || {
                code.get().map(|code| {
                    view! {
                        <div part="match" class="match">
                            <p class="code"><span>{code.label}</span>" "<strong part="match-code">{code.code}</strong></p>
                            <p class="hint">{code.hint}</p>
                        </div>
                    }
                })
            }}
        </div>
        <details part="details" class="details" hidden=move || !has_story.get()>
            <summary>{move || summary.get()}</summary>
            <h3>{move || timeline_heading.get()}</h3>
            <ol part="timeline" class="timeline">{rows(entries, entry)}</ol>
            {move || account.get().map(line)}
            <p part="version" class="quiet">{move || version.get()}</p>
        </details>
    }
}

fn entry(entry: Entry) -> AnyView {
    let is_claim = entry.claim.as_ref().map(|_| "");
    view! {
        <li data-tone=entry.tone.id() data-claim=is_claim>
            <span class="time">{entry.time}</span>
            <span class="said">
                <b>{entry.source}</b>" "{entry.text}" "<i>{entry.claim}</i>
            </span>
        </li>
    }
    .into_any()
}

fn line(line: Line) -> impl IntoView {
    view! { <p part="account" class="quiet">{line.label}" "{line.text}</p> }
}
