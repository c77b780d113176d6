//! The head: what was paid, and the sentence that answers the reader's first question.

use leptos::prelude::*;
use payment_status_display::Display;

use crate::view::icon;

pub(crate) fn view(display: &Display) -> AnyView {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let order = display
        .order_reference
        .as_ref()
        .map(|l| format!("{} {}", l.label, l.text));
    let explanation = display
        .explanation
        .iter()
        .map(|text| view! { <p>{text.clone()}</p> }.into_any());
    view! {
        <header part="header" class="head">
            <p part="payment" class="payment">
                <span part="payee">{text(&display.merchant_name)}</span>
                <span part="order">{text(&order)}</span>
                <span part="amount" class="amount">{text(&display.amount)}</span>
            </p>
            <div class="answer-first">
                {icon::view(display.icon)}
                <h2 part="headline" class="headline">{display.headline.clone()}</h2>
            </div>
            <div part="explanation" class="explanation">{explanation.collect::<Vec<_>>()}</div>
        </header>
    }
    .into_any()
}
