//! Why, who acts next, the code to compare, and on demand the whole story.

use payment_status_display::Display;
use payment_status_display::display::Entry;

use crate::view::el::{El, Fixed, el, labelled, text};

pub(crate) fn view(display: &Display, told: bool) -> [El; 3] {
    [why(display), match_code(display), story(display, told)]
}

/// Three lines that stay in their places; what has nothing to say is hidden.
fn why(display: &Display) -> El {
    let headings = &display.headings;
    let reason = display.reason.as_ref();
    let reason = (
        reason.map_or("", |r| &*r.text),
        reason.map_or("", |r| &*r.code),
    );
    let next = display.next.as_ref();
    let said = next.map_or_else(String::new, |next| {
        [&next.text, next.by.as_deref().unwrap_or_default()].join(" ")
    });
    let overdue = next.is_some_and(|next| next.is_overdue);
    let steps: Vec<El> = display.steps.iter().map(|s| text("li", &[], s)).collect();
    let nothing_to_do = steps.is_empty();
    let lines = vec![
        line(&headings.reason, text("p", &[], reason.0))
            .with("part", "reason")
            .with("data-code", reason.1)
            .hidden_while(reason.0.is_empty()),
        line(&headings.steps, el("ol", &[("class", "steps")], steps))
            .with("part", "steps")
            .hidden_while(nothing_to_do),
        line(&headings.next, text("p", &[], said.trim_end()))
            .with("part", "next")
            .with("data-overdue", if overdue { "true" } else { "" })
            .hidden_while(said.is_empty()),
    ];
    el("div", &[("class", "why")], lines).hidden_while(said.is_empty())
}

fn line(heading: &str, said: El) -> El {
    el(
        "div",
        &[("class", "line")],
        vec![text("h3", &[], heading), said],
    )
}

fn match_code(display: &Display) -> El {
    let code = display.match_code.as_ref();
    let said =
        |pick: fn(&payment_status_display::display::MatchCode) -> &str| code.map_or("", pick);
    el(
        "div",
        &[("part", "match"), ("class", "match")],
        vec![
            text("span", &[], said(|c| &c.label)),
            text(
                "strong",
                &[("part", "match-code"), ("dir", "ltr")],
                said(|c| &c.code),
            ),
            text("p", &[("class", "hint")], said(|c| &c.hint)),
        ],
    )
    .hidden_while(code.is_none())
}

/// The whole story, closed until somebody opens it. While it is not `told` yet the page keeps what it has of it.
fn story(display: &Display, told: bool) -> El {
    let headings = &display.headings;
    let entries = || display.timeline.iter().flat_map(|t| &t.entries);
    let list: (&str, Fixed) = ("ol", &[("part", "timeline"), ("class", "timeline")]);
    let heading = display.timeline.as_ref().map_or("", |t| &*t.heading);
    let (heading, timeline) = if told {
        let entries = entries().map(entry).collect();
        (text("h3", &[], heading), el(list.0, list.1, entries))
    } else {
        (
            text("h3", &[], "").left_alone(),
            el(list.0, list.1, Vec::new()).left_alone(),
        )
    };
    let own = display.own.as_ref();
    let own = own.map_or(("", ""), |line| (&*line.label, &*line.text));
    let nothing = entries().next().is_none() && own.1.is_empty();
    el(
        "details",
        &[("part", "details"), ("class", "details")],
        vec![
            text("summary", &[], &headings.details),
            heading,
            timeline,
            labelled(
                "p",
                &[("part", "account"), ("class", "quiet")],
                own.0,
                own.1,
            ),
            text(
                "p",
                &[("part", "version"), ("class", "quiet")],
                display.version.as_deref().unwrap_or_default(),
            ),
        ],
    )
    .hidden_while(told && nothing)
}

fn entry(entry: &Entry) -> El {
    let said = vec![
        text(
            "span",
            &[("class", "time")],
            entry.time.as_deref().unwrap_or_default(),
        ),
        text("b", &[], &entry.source),
        text("span", &[], &entry.text),
        text("i", &[], entry.claim.as_deref().unwrap_or_default()),
    ];
    el("li", &[], said).with("data-tone", entry.tone.id()).with(
        "data-standing",
        if entry.claim.is_some() {
            "claim"
        } else {
            "counts"
        },
    )
}
