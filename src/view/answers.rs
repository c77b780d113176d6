//! The reader's questions with their answers: was I charged, may I pay again, may I hand over.

use leptos::prelude::*;
use payment_status_display::display::Answer;

use crate::view::card::{Card, part};
use crate::view::list::rows;

pub(crate) fn view(card: &ArcRwSignal<Card>) -> impl IntoView + use<> {
    let answers = part(card, |c| c.display.answers.clone());
    view! { <dl part="answers" class="answers">{rows(answers, answer)}</dl> }
}

fn answer(answer: Answer) -> AnyView {
    view! {
        <div part="answer" class="answer" data-question=answer.question.id() data-tone=answer.tone.id()>
            <dt>{answer.label}</dt>
            <dd>{answer.text}</dd>
        </div>
    }
    .into_any()
}
