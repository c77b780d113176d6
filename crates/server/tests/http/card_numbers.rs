//! Card numbers are refused without being repeated, wherever they stand.

use serde_json::{Value, json};

use crate::support::{TestApp, order};

const CARD: &str = "4111 1111 1111 1111";

#[tokio::test(flavor = "multi_thread")]
async fn a_report_with_a_card_number_anywhere_is_refused_without_echo() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let base = json!({ "transaction": tx.id, "id": "w1", "leg": "debit", "outcome": "succeeded",
                       "at": "2026-11-20T12:00:03+08:00" });
    let with = |field: &str, value: Value| {
        let mut report = base.clone();
        report[field] = value;
        report
    };
    for (report, at) in [
        (
            with("note", json!(format!("paid with {CARD}"))),
            "reports[0].note",
        ),
        (with("id", json!("4111111111111111")), "reports[0].id"),
        (with("leg", json!("4111-1111-1111-1111")), "reports[0].leg"),
        (
            with("code", json!({ "scheme": "x", "value": CARD })),
            "reports[0].code.value",
        ),
        (
            with("extra", json!({ "deep": [{ "pan": CARD }] })),
            "reports[0].extra.deep[0].pan",
        ),
        (
            with("pan", json!(4_111_111_111_111_111_u64)),
            "reports[0].pan",
        ),
        (with(CARD, json!(true)), "reports[0].(withheld)"),
        (
            with("note", json!(format!("{CARD} 12/29"))),
            "reports[0].note",
        ),
        // A field of a transaction, in a report like any other.
        (
            with("expires_at", json!({ "pan": CARD })),
            "reports[0].expires_at.pan",
        ),
    ] {
        let answer = app.report("wallet", json!([report])).await;
        let problem = answer.problem(422, "card-number");
        assert_eq!(problem["errors"][0]["at"], at);
        assert!(!answer.text().contains("1111"), "{problem}");
    }
    assert_eq!(app.snapshot(&tx).await["version"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn timestamps_and_amounts_are_not_card_numbers() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    // All of these pass the Luhn check.
    let report = json!({ "transaction": tx.id, "id": "1763611353121", "leg": "credit",
        "outcome": "succeeded", "at": "2026-11-20T12:00:03+08:00", "amount": 4_111_111_111_111_111_u64,
        "seen_ms": 1_763_611_353_121_u64 });
    let answer = app.report("acquirer", json!([report])).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_with_an_unmasked_account_is_refused_without_echo() {
    let app = TestApp::start().await;
    for field in [
        "payer_account",
        "payout_account",
        "merchant_name",
        "order_reference",
        "memo",
    ] {
        let mut order = order();
        order[field] = json!("6222021234567890128");
        let answer = app.post_order(&order).await;
        if answer.status == 422 {
            let problem = answer.problem(422, "card-number");
            assert_eq!(problem["errors"][0]["at"], field);
            assert!(!answer.text().contains("6222"));
        } else {
            panic!("{field}: {}", answer.text());
        }
    }
}
