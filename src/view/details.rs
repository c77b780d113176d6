//! Why, who acts next, the code to compare, and on demand the whole story.

use payment_status_display::Display;
use payment_status_display::display::Entry;

use crate::view::el::{El, Fixed, el, text};

pub(crate) fn view(display: &Display, told: bool) -> [El; 3] {
    [why(display), match_code(display), story(display, told)]
}

fn why(display: &Display) -> El {
    let headings = &display.headings;
    let mut lines = Vec::new();
    if let Some(reason) = &display.reason {
        lines.push(line("reason", &headings.reason, &reason.text, &reason.code));
    }
    if let Some(next) = &display.next {
        let said = [&next.text, next.by.as_deref().unwrap_or_default()].join(" ");
        lines.push(line("next", &headings.next, said.trim_end(), ""));
    }
    el("div", &[("class", "why")], lines)
}

fn line(part: &str, heading: &str, said: &str, code: &str) -> El {
    el(
        "div",
        &[("class", "line")],
        vec![text("h3", &[], heading), text("p", &[], said)],
    )
    .with("part", part)
    .with("data-code", code)
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
            text("strong", &[("part", "match-code")], said(|c| &c.code)),
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
    let timeline = if told {
        el(list.0, list.1, entries().map(entry).collect())
    } else {
        el(list.0, list.1, Vec::new()).left_alone()
    };
    let account = display
        .account
        .as_ref()
        .map(|l| [&*l.label, &*l.text].join(" "))
        .unwrap_or_default();
    let nothing = entries().next().is_none() && account.is_empty();
    el(
        "details",
        &[("part", "details"), ("class", "details")],
        vec![
            text("summary", &[], &headings.details),
            text("h3", &[], &headings.timeline),
            timeline,
            text("p", &[("part", "account"), ("class", "quiet")], &account),
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
