//! The pieces of the card, in the order in which they are read.

use maud::{Markup, html};
use payment_status_display::Display;
use payment_status_display::display::{Icon, Line, Timeline, Trail};

/// What was paid, the sentence that answers the reader's first question, and when that was true.
pub(super) fn head(display: &Display, as_of: &str) -> Markup {
    html! {
        header.head {
            p.payment {
                @if let Some(name) = &display.merchant_name { span { (name) } }
                @if let Some(Line { label, text }) = &display.order_reference {
                    span { (label) " " (text) }
                }
                @if let Some(amount) = &display.amount { strong.amount { (amount) } }
            }
            div.first {
                svg.icon viewBox="0 0 24 24" aria-hidden="true" data-icon=(display.icon.id()) {
                    path d=(drawing(display.icon)) {}
                }
                h1 { (display.headline) }
            }
            @for sentence in &display.explanation { p { (sentence) } }
            // Not "checked 3 seconds ago": a page that has stopped coming anew would go on saying so.
            p.as-of { (as_of) }
        }
    }
}

/// What must not be missed beside the headline.
pub(super) fn notes(display: &Display) -> Markup {
    html! {
        @for note in [&display.disagreement, &display.superseded].into_iter().flatten() {
            p.note { (note) }
        }
    }
}

/// The reader's questions.
pub(super) fn answers(display: &Display) -> Markup {
    html! {
        @if !display.answers.is_empty() {
            dl.answers {
                @for answer in &display.answers {
                    div data-question=(answer.question.id()) data-tone=(answer.tone.id()) {
                        dt { (answer.label) }
                        dd { (answer.text) }
                    }
                }
            }
        }
    }
}

/// Where the money is: a list that says it in words; the sheet draws the line between.
pub(super) fn trail(trail: &Trail, heading: &str) -> Markup {
    html! {
        section.part.trail {
            h2 { (heading) }
            p { (trail.caption) }
            ol {
                @for station in &trail.stations {
                    li data-place=(station.place.id()) data-standing=(station.standing.id())
                        data-broken[station.broken] { (station.text) }
                }
            }
        }
    }
}

/// Why it is so, what to do, and who acts next.
pub(super) fn why(display: &Display) -> Markup {
    let headings = &display.headings;
    html! {
        @if let Some(reason) = &display.reason {
            section.part data-code=(reason.code) { h2 { (headings.reason) } p { (reason.text) } }
        }
        @if !display.steps.is_empty() {
            section.part {
                h2 { (headings.steps) }
                ol.steps { @for step in &display.steps { li { (step) } } }
            }
        }
        @if let Some(next) = &display.next {
            section.part.next data-overdue[next.is_overdue] {
                h2 { (headings.next) }
                p { (next.text) @if let Some(by) = &next.by { " " (by) } }
            }
        }
    }
}

/// The code to compare with the other screen.
pub(super) fn match_code(display: &Display) -> Markup {
    html! {
        @if let Some(code) = &display.match_code {
            section.part.match {
                h2 { (code.label) }
                p.code { strong { bdi { (code.code) } } }
                p.quiet { (code.hint) }
            }
        }
    }
}

/// The whole story. Open: the page comes anew every few seconds and would close it under the reader's eyes.
pub(super) fn story(display: &Display) -> Markup {
    html! {
        details.part open {
            summary { (display.headings.details) }
            @if let Some(timeline) = &display.timeline { (entries(timeline)) }
            @if let Some(version) = &display.version { p.quiet { (version) } }
        }
    }
}

fn entries(timeline: &Timeline) -> Markup {
    html! {
        h2 { (timeline.heading) }
        ol.timeline {
            @for entry in &timeline.entries {
                li data-tone=(entry.tone.id()) {
                    @if let Some(time) = &entry.time { span.time { (time) } " " }
                    b { (entry.source) } " "
                    span { (entry.text) }
                    @if let Some(claim) = &entry.claim { " " i { (claim) } }
                }
            }
        }
    }
}

/// Strokes on a 24 × 24 grid, as on the widget's card.
fn drawing(icon: Icon) -> &'static str {
    match icon {
        Icon::Check => "M5 12.5l4.5 4.5L19 7.5",
        Icon::Clock => "M12 4a8 8 0 100 16 8 8 0 000-16zM12 8v4.5l3 2",
        Icon::Search => "M10.5 4.5a6 6 0 100 12 6 6 0 000-12zM15 15l5 5",
        Icon::Stop => {
            "M8 12V6.5a1.5 1.5 0 013 0V11M11 11V5a1.5 1.5 0 013 0v6M14 11V6.5a1.5 1.5 0 013 0V14a6 6 0 01-6 6c-3 0-4.5-2-6.5-6a1.5 1.5 0 012.5-1.5L8 14"
        }
        Icon::Cross => "M7 7l10 10M17 7L7 17",
        Icon::Return => "M9 6L4.5 10.5 9 15M5 10.5h9a5 5 0 010 10h-3",
        Icon::Duplicate => "M8 8h11v11H8zM5 16V5h11",
        Icon::Shield => "M12 4l7 2.5v5c0 4-3 7-7 8.5-4-1.5-7-4.5-7-8.5v-5zM9 12l2.2 2.2L15 10.5",
        Icon::Scales => "M12 4v16M8 20h8M5 8h14M5 8l-2.5 6h5zM19 8l-2.5 6h5z",
        Icon::Connecting => "M5.5 12h.01M12 12h.01M18.5 12h.01",
        Icon::Unreachable => "M4 9.5a12 12 0 0116 0M7.5 13a7 7 0 019 0M12 17h.01M5 20L19 4",
        Icon::Warning => "M12 4.5l8.5 15h-17zM12 10v4.5M12 17h.01",
    }
}
