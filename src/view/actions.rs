//! What a reader can do with the card: buttons, the code to hand it over, and what only the paper says. Not part of a
//! first picture.

use payment_status_display::{Handover, Tools};

use crate::view::el::{El, Fixed, el, text};

/// What stands behind the card.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Actions {
    /// `None` hides all of it.
    pub(crate) tools: Option<Tools>,
    /// What the last button did.
    pub(crate) note: String,
    /// Sound and vibration are on.
    pub(crate) alerts: bool,
    /// The backend makes hand-over codes, as far as we know.
    pub(crate) hands_over: bool,
    /// A code to scan.
    pub(crate) code: Option<Code>,
    /// The code to compare.
    pub(crate) match_code: String,
}

/// A code to scan, with the texts around it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) words: Handover,
    /// Modules on a side, quiet zone included.
    pub(crate) size: u64,
    /// The dark modules, as SVG path data.
    pub(crate) path: String,
}

pub(super) fn view(actions: &Actions) -> El {
    let tools = actions.tools.as_ref();
    let said = |pick: fn(&Tools) -> &str| tools.map_or("", pick);
    let show = tools.and_then(|t| t.show.as_deref()).unwrap_or_default();
    let paper: Fixed = &[("part", "paper"), ("class", "paper")];
    let buttons = vec![
        button("copy", said(|t| &t.copy)),
        button("show", show)
            .with("aria-expanded", flag(actions.code.is_some()))
            .hidden_while(show.is_empty() || !actions.hands_over),
        button("print", said(|t| &t.print)),
        button("proof", said(|t| &t.proof)),
        button("alert", said(|t| &t.alert)).with("aria-pressed", flag(actions.alerts)),
    ];
    el(
        "div",
        &[("part", "actions"), ("class", "actions")],
        vec![
            el("div", &[("class", "buttons")], buttons),
            text("p", &[("part", "note"), ("class", "quiet")], &actions.note)
                .hidden_while(actions.note.is_empty()),
            handover(actions),
            // Seen only where the host has the attribute for it: the sheet follows that at once.
            button("close", said(|t| &t.close)),
            text("p", paper, said(|t| &t.as_of)),
            text("p", paper, said(|t| &t.caveat)),
        ],
    )
    .hidden_while(tools.is_none())
}

fn button(does: &'static str, words: &str) -> El {
    let fixed: Fixed = &[("part", "action"), ("class", "action"), ("type", "button")];
    text("button", fixed, words).with("data-does", does)
}

fn flag(on: bool) -> &'static str {
    if on { "true" } else { "false" }
}

/// Dark on white in both themes: a camera reads nothing else for sure.
fn handover(actions: &Actions) -> El {
    let code = actions.code.as_ref();
    let said = |pick: fn(&Handover) -> &str| code.map_or("", |code| pick(&code.words));
    let size = code.map_or(0, |code| code.size).to_string();
    let path = el("path", &[], Vec::new()).with("d", code.map_or("", |code| &*code.path));
    let picture: Fixed = &[
        ("part", "handover-qr"),
        ("class", "qr"),
        ("role", "img"),
        ("shape-rendering", "crispEdges"),
    ];
    el(
        "div",
        &[("part", "handover"), ("class", "handover")],
        vec![
            text("p", &[], said(|h| &h.text)),
            el("svg", picture, vec![path])
                .with("viewBox", &["0 0 ", &size, " ", &size].concat())
                .with("aria-label", said(|h| &h.image)),
            text(
                "strong",
                &[("part", "handover-code"), ("class", "big"), ("dir", "ltr")],
                &actions.match_code,
            ),
            text("p", &[("class", "quiet")], said(|h| &h.not_pay)),
            text("p", &[("class", "quiet")], said(|h| &h.until)),
        ],
    )
    .hidden_while(code.is_none())
}

/// The time left, under the one who acts next.
pub(super) fn countdown(left: &str) -> El {
    let fixed: Fixed = &[("part", "countdown"), ("class", "quiet")];
    text("p", fixed, left).hidden_while(left.is_empty())
}
