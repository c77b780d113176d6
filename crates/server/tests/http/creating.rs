//! `POST /v1/transactions`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{MERCHANT_KEY, SUPPORT_KEY, TestApp, in_ms, order};

#[tokio::test(flavor = "multi_thread")]
async fn an_order_becomes_a_transaction_with_a_token_for_each_party() {
    let app = TestApp::start().await;
    let answer = app.post_order(&order()).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let created = answer.json();
    let id = created["transaction"].as_str().unwrap();
    assert!(id.starts_with("tx_") && id.len() == 29, "{id}");
    assert_eq!(
        created["status_url"],
        format!("/v1/transactions/{id}/status")
    );
    assert_eq!(
        answer.header("location"),
        format!("/v1/transactions/{id}/status")
    );
    for party in ["payer", "merchant", "support"] {
        let token = created["tokens"][party].as_str().unwrap();
        assert!(token.starts_with("pst_") && token.len() == 47, "{token}");
    }
    assert!(
        created["expires_at"].as_str().unwrap() < created["tokens_expire_at"].as_str().unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_transaction_awaits_payment_at_version_zero() {
    let app = TestApp::start().await;
    let transaction = app.create().await;
    let snapshot = app.snapshot(&transaction).await;
    assert_eq!(snapshot["format"], 1);
    assert_eq!(snapshot["version"], 0);
    assert_eq!(snapshot["state"], "awaiting_payment");
    assert_eq!(snapshot["pay_again"], "wait");
    assert_eq!(
        snapshot["amount"],
        json!({ "minor": 12800, "currency": "CNY", "exponent": 2 })
    );
    assert_eq!(snapshot["order_reference"], "A-1042");
    assert_eq!(snapshot["merchant_name"], "Corner Bakery");
    assert!(!snapshot.to_string().contains("4417") && !snapshot.to_string().contains("9023"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_of_an_order_is_named_with_what_came() {
    let app = TestApp::start().await;
    let problem = app
        .post_order(&json!({
            "order_reference": "", "amount": { "minor": 0, "currency": "yuan" },
            "expires_at": "tomorrow", "merchant_name": 7
        }))
        .await
        .problem(422, "transaction-invalid");
    let errors = problem["errors"].as_array().unwrap();
    let line = |at: &str| {
        errors
            .iter()
            .find(|error| error["at"] == at)
            .unwrap_or(&Value::Null)
    };
    assert_eq!(errors.len(), 5, "{problem}");
    assert_eq!(line("order_reference")["got"], "\"\"");
    assert_eq!(line("amount.minor")["expected"], "an integer ≥ 1");
    assert_eq!(line("amount.minor")["got"], "0");
    assert_eq!(line("amount.currency")["got"], "\"yuan\"");
    assert_eq!(line("expires_at")["got"], "\"tomorrow\"");
    assert_eq!(line("merchant_name")["got"], "7");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_expires_in_the_future_and_within_thirty_days() {
    let app = TestApp::start().await;
    for expires_at in [in_ms(-1000), in_ms(31 * 24 * 3600 * 1000)] {
        let mut order = order();
        order["expires_at"] = json!(expires_at);
        let problem = app
            .post_order(&order)
            .await
            .problem(422, "transaction-invalid");
        assert_eq!(problem["errors"][0]["at"], "expires_at");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_merchant_key_creates() {
    let app = TestApp::start().await;
    let json = ("content-type", "application/json");
    let body = order().to_string();
    let answer = app
        .send(Method::POST, "/v1/transactions", &[json], body.clone())
        .await;
    answer.problem(401, "credentials-missing");
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    for key in [SUPPORT_KEY, "psm_wrong", &MERCHANT_KEY.to_lowercase()] {
        let bearer = format!("Bearer {key}");
        let headers = [json, ("authorization", bearer.as_str())];
        app.send(Method::POST, "/v1/transactions", &headers, body.clone())
            .await
            .problem(401, "credentials-missing");
    }
}
