//! The reader's questions with their answers: was I charged, may I pay again, may I hand over.

use leptos::prelude::*;
use payment_status_display::Display;
use payment_status_display::display::Answer;

pub(crate) fn view(display: &Display) -> AnyView {
    let answers: Vec<AnyView> = display.answers.iter().map(answer).collect();
    view! { <dl part="answers" class="answers">{answers}</dl> }.into_any()
}

fn answer(answer: &Answer) -> AnyView {
    view! {
        <div part="answer" class="answer" data-question=answer.question.id() data-tone=answer.tone.id()>
            <dt>{answer.label.clone()}</dt>
            <dd>{answer.text.clone()}</dd>
        </div>
    }
    .into_any()
}
