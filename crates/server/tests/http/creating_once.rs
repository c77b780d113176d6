//! `Idempotency-Key` on `POST /v1/transactions`.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, MERCHANT_KEY, OTHER_MERCHANT_KEY, TestApp, in_ms, order, report};

async fn post(app: &TestApp, key: &str, idempotency: &[&str], body: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let mut headers = vec![
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    headers.extend(idempotency.iter().map(|key| ("idempotency-key", *key)));
    app.send(Method::POST, "/v1/transactions", &headers, body.to_owned())
        .await
}

async fn how_many(app: &TestApp) -> usize {
    let list = app
        .get("/v1/transactions", crate::support::SUPPORT_KEY)
        .await
        .json();
    list["transactions"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_comes_again_is_one_transaction_with_tokens_that_all_work() {
    let app = TestApp::start().await;
    let body = order().to_string();
    let first = post(&app, MERCHANT_KEY, &["a-1"], &body).await;
    assert_eq!(first.status, 201);
    let first = first.json();
    // As the draft writes it, and with the fields in another sequence.
    let Value::Object(fields) = order() else {
        unreachable!()
    };
    let fields: Vec<String> = fields
        .iter()
        .rev()
        .map(|(name, value)| format!("{}: {value}", json!(name)))
        .collect();
    let turned = format!("{{ {}, \"note\": null }}", fields.join(", "));
    assert_ne!(turned, body);
    let again = post(&app, MERCHANT_KEY, &["\"a-1\""], &turned).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.header("cache-control"), "no-store");
    let again = again.json();
    for same in ["transaction", "status_url", "expires_at"] {
        assert_eq!(first[same], again[same]);
    }
    assert_eq!(how_many(&app).await, 1);
    let status = format!(
        "/v1/transactions/{}/status",
        first["transaction"].as_str().unwrap()
    );
    for answer in [&first, &again] {
        for party in ["payer", "merchant", "support"] {
            let token = answer["tokens"][party].as_str().unwrap();
            assert_eq!(app.get(&status, token).await.status, 200, "{party}");
        }
    }
    assert_ne!(first["tokens"]["payer"], again["tokens"]["payer"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_one_time_make_one() {
    let app = TestApp::start().await;
    let body = order().to_string();
    let ask = || post(&app, MERCHANT_KEY, &["at-once"], &body);
    let (a, b, c, d, e, f) = tokio::join!(ask(), ask(), ask(), ask(), ask(), ask());
    let answers = [a, b, c, d, e, f];
    let created = answers.iter().filter(|answer| answer.status == 201);
    assert_eq!(created.count(), 1);
    let ids: Vec<Value> = answers
        .iter()
        .map(|a| a.json()["transaction"].clone())
        .collect();
    assert!(
        ids.iter().all(|id| id.is_string() && *id == ids[0]),
        "{ids:?}"
    );
    assert_eq!(how_many(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_its_order_and_its_merchant() {
    let app = TestApp::start().await;
    let body = order().to_string();
    let first = post(&app, MERCHANT_KEY, &["k"], &body).await.json();
    let mut other = order();
    other["amount"]["minor"] = json!(12801);
    let problem = post(&app, MERCHANT_KEY, &["k"], &other.to_string())
        .await
        .problem(422, "idempotency-key-reused");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains(first["transaction"].as_str().unwrap())
    );
    assert_eq!(how_many(&app).await, 1);
    // Another merchant's key of that name is another key; without one each request is an order of its own.
    let elsewhere = post(&app, OTHER_MERCHANT_KEY, &["k"], &body).await;
    assert_eq!(elsewhere.status, 201);
    assert_ne!(elsewhere.json()["transaction"], first["transaction"]);
    for _ in 0..2 {
        assert_eq!(post(&app, MERCHANT_KEY, &[], &body).await.status, 201);
    }
    assert_eq!(how_many(&app).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_has_ended_meanwhile_is_found_again() {
    let app = TestApp::start().await;
    let mut order = order();
    order["expires_at"] = json!(in_ms(400));
    let body = order.to_string();
    let first = post(&app, MERCHANT_KEY, &["late"], &body).await;
    assert_eq!(first.status, 201);
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    let again = post(&app, MERCHANT_KEY, &["late"], &body).await;
    assert_eq!(again.status, 200);
    assert_eq!(again.json()["transaction"], first.json()["transaction"]);
    // Refused without a key: what this test rests on.
    post(&app, MERCHANT_KEY, &[], &body)
        .await
        .problem(422, "transaction-invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_key_creates_nothing() {
    let app = TestApp::start().await;
    let body = order().to_string();
    let long = "k".repeat(256);
    for keys in [
        &[""][..],
        &["\"\""],
        &["a b"],
        &["a\"b"],
        &[&long],
        &["a", "b"],
    ] {
        post(&app, MERCHANT_KEY, keys, &body)
            .await
            .problem(400, "idempotency-key-invalid");
    }
    assert_eq!(how_many(&app).await, 0);
    assert_eq!(
        post(&app, MERCHANT_KEY, &[&long[1..]], &body).await.status,
        201
    );
    // An order that was refused has not used its key up.
    post(&app, MERCHANT_KEY, &["x"], "{}")
        .await
        .problem(422, "transaction-invalid");
    assert_eq!(post(&app, MERCHANT_KEY, &["x"], &body).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_reported_meanwhile_is_what_the_new_tokens_show() {
    let app = TestApp::start().await;
    let body = order().to_string();
    post(&app, MERCHANT_KEY, &["r"], &body).await;
    let again = post(&app, MERCHANT_KEY, &["r"], &body).await.json();
    let tx = crate::support::Transaction {
        id: again["transaction"].as_str().unwrap().to_owned(),
        payer: again["tokens"]["payer"].as_str().unwrap().to_owned(),
        merchant: again["tokens"]["merchant"].as_str().unwrap().to_owned(),
        support: again["tokens"]["support"].as_str().unwrap().to_owned(),
    };
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    assert_eq!(app.snapshot(&tx).await["charged"], "charged");
}
