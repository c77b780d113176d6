//! The head: what was paid, and the sentence that answers the reader's first question.

use payment_status_display::Display;

use crate::view::el::{El, Fixed, el, labelled, text};
use crate::view::icon;

pub(crate) fn view(display: &Display) -> El {
    let order = display.order_reference.as_ref();
    let order = order.map_or(("", ""), |line| (&*line.label, &*line.text));
    let payment = vec![
        text(
            "span",
            &[("part", "payee")],
            display.merchant_name.as_deref().unwrap_or_default(),
        ),
        labelled("span", &[("part", "order")], order.0, order.1),
        text(
            "span",
            &[("part", "amount"), ("class", "amount")],
            display.amount.as_deref().unwrap_or_default(),
        ),
    ];
    let headline: Fixed = &[
        ("part", "headline"),
        ("class", "headline"),
        ("role", "heading"),
        ("aria-level", "2"),
    ];
    let explanation = display
        .explanation
        .iter()
        .map(|sentence| text("p", &[], sentence))
        .collect();
    el(
        "div",
        &[("part", "header"), ("class", "head")],
        vec![
            el("p", &[("part", "payment"), ("class", "payment")], payment),
            el(
                "div",
                &[("class", "answer-first")],
                vec![
                    icon::view(display.icon),
                    text("p", headline, &display.headline),
                ],
            ),
            el(
                "div",
                &[("part", "explanation"), ("class", "explanation")],
                explanation,
            ),
        ],
    )
}
