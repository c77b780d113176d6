//! The head: what was paid, and the sentence that answers the reader's first question.

use leptos::prelude::*;

use crate::view::card::{Card, part};
use crate::view::icon;
use crate::view::list::rows;

pub(crate) fn view(card: &ArcRwSignal<Card>) -> impl IntoView + use<> {
    let amount = part(card, |c| c.display.amount.clone());
    let payee = part(card, |c| c.display.merchant_name.clone());
    let order = part(card, |c| c.display.order_reference.as_ref().map(|l| format!("{} {}", l.label, l.text)));
    let headline = part(card, |c| c.display.headline.clone());
    let icon_id = part(card, |c| c.display.icon);
    let explanation = part(card, |c| c.display.explanation.clone());
    view! {
        <header part="head" class="head">
            <p part="payment" class="payment">
                <span part="payee">{move || payee.get()}</span>
                <span part="order" class="order">{move || order.get()}</span>
                <span part="amount" class="amount">{move || amount.get()}</span>
            </p>
            <div class="answer-first">
                {icon::view(icon_id)}
                <h2 part="headline" class="headline">{move || headline.get()}</h2>
            </div>
            <div part="explanation" class="explanation">{rows(explanation, |text| view! { <p>{text}</p> }.into_any())}</div>
        </header>
    }
}
