//! Why, who acts next, the code to compare, and on demand the whole story.

use leptos::prelude::*;
use payment_status_display::Display;
use payment_status_display::display::Entry;

pub(crate) fn view(display: &Display) -> AnyView {
    let headings = &display.headings;
    let mut why = Vec::new();
    if let Some(reason) = &display.reason {
        why.push(line("reason", &headings.reason, &reason.text, &reason.code));
    }
    if let Some(next) = &display.next {
        let text = [next.text.as_str(), next.by.as_deref().unwrap_or_default()].join(" ");
        why.push(line("next", &headings.next, text.trim_end(), ""));
    }
    if let Some(code) = &display.match_code {
        let (label, code, hint) = (code.label.clone(), code.code.clone(), code.hint.clone());
        why.push(
            view! {
                <div part="match" class="match">
                    <p>{label}" "<strong part="match-code">{code}</strong></p>
                    <p class="hint">{hint}</p>
                </div>
            }
            .into_any(),
        );
    }

    let entries: Vec<AnyView> = display
        .timeline
        .iter()
        .flat_map(|t| &t.entries)
        .map(entry)
        .collect();
    let account = display
        .account
        .as_ref()
        .map(|l| [&*l.label, &*l.text].join(" "))
        .unwrap_or_default();
    let has_story = !entries.is_empty() || !account.is_empty();
    view! {
        <div class="why">{why}</div>
        <details part="details" class="details" hidden=!has_story>
            <summary>{headings.details.clone()}</summary>
            <h3>{headings.timeline.clone()}</h3>
            <ol part="timeline" class="timeline">{entries}</ol>
            <p part="account" class="quiet">{account}</p>
            <p part="version" class="quiet">{display.version.clone().unwrap_or_default()}</p>
        </details>
    }
    .into_any()
}

fn line(part: &'static str, heading: &str, text: &str, code: &str) -> AnyView {
    let (heading, text, code) = (heading.to_owned(), text.to_owned(), code.to_owned());
    view! {
        <div part=part class="line" data-code=code>
            <h3>{heading}</h3>
            <p>{text}</p>
        </div>
    }
    .into_any()
}

fn entry(entry: &Entry) -> AnyView {
    let standing = if entry.claim.is_some() {
        "claim"
    } else {
        "counts"
    };
    view! {
        <li data-tone=entry.tone.id() data-standing=standing>
            <span class="time">{entry.time.clone().unwrap_or_default()}</span>
            <span class="said">
                <b>{entry.source.clone()}</b>" "{entry.text.clone()}" "
                <i>{entry.claim.clone().unwrap_or_default()}</i>
            </span>
        </li>
    }
    .into_any()
}
