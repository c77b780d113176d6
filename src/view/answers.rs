//! The reader's questions with their answers: was I charged, may I pay again, may I hand over.

use payment_status_display::Display;
use payment_status_display::display::Answer;

use crate::view::el::{El, el, text};

pub(crate) fn view(display: &Display) -> El {
    el(
        "dl",
        &[("part", "answers"), ("class", "answers")],
        display.answers.iter().map(answer).collect(),
    )
}

fn answer(answer: &Answer) -> El {
    let said = vec![
        text("dt", &[], &answer.label),
        text("dd", &[], &answer.text),
    ];
    el("div", &[("part", "answer"), ("class", "answer")], said)
        .with("data-question", answer.question.id())
        .with("data-tone", answer.tone.id())
}
