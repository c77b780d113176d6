//! Who may report: Standard Webhooks signatures.

use payment_status_server::webhook::WebhookSecret;
use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, SECOND_WALLET_SECRET, TestApp, Transaction, now_s, report, sign};

async fn post(app: &TestApp, body: &str, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("content-type", "application/json")];
    all.extend_from_slice(headers);
    app.send(Method::POST, "/v1/reports", &all, body.to_owned())
        .await
}

fn body_for(tx: &Transaction) -> String {
    let mut one = report("w1", "debit", "succeeded");
    one["transaction"] = json!(tx.id);
    one["at"] = json!("2026-11-20T12:00:03+08:00");
    json!({ "reports": [one] }).to_string()
}

async fn post_at(app: &TestApp, body: &str, timestamp_s: i64) -> Answer {
    let (timestamp, signature) = sign("m1", timestamp_s, body.as_bytes());
    let headers = [
        ("payment-status-source", "wallet"),
        ("webhook-id", "m1"),
        ("webhook-timestamp", timestamp.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    post(app, body, &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_good_for_five_minutes_either_way() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let body = body_for(&tx);
    for off_s in [-310, 310, -86_400, i64::MIN / 2] {
        let problem = post_at(&app, &body, now_s() + off_s)
            .await
            .problem(401, "signature-expired");
        assert!(
            problem["detail"].as_str().unwrap().contains("300 s"),
            "{problem}"
        );
    }
    assert_eq!(app.snapshot(&tx).await["version"], 0);
    for off_s in [-290, 290, 0] {
        assert_eq!(
            post_at(&app, &body, now_s() + off_s).await.status,
            200,
            "{off_s}"
        );
    }
    assert_eq!(app.snapshot(&tx).await["version"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_of_another_body_id_time_or_source_does_not_fit() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let body = body_for(&tx);
    let (timestamp, good) = sign("m1", now_s(), body.as_bytes());
    let (_, of_other_body) = sign("m1", now_s(), b"{}");
    let later = (now_s() + 7).to_string();
    for (source, id, timestamp, signature) in [
        ("wallet", "m1", timestamp.as_str(), of_other_body.as_str()),
        ("wallet", "m2", &timestamp, &good),
        ("wallet", "m1", &later, &good),
        ("wallet", "m1", &timestamp, "v1,"),
        ("wallet", "m1", &timestamp, "v1,%%%"),
        ("wallet", "m1", &timestamp, "v1,AAAA v2,BBBB"),
    ] {
        let headers = [
            ("payment-status-source", source),
            ("webhook-id", id),
            ("webhook-timestamp", timestamp),
            ("webhook-signature", signature),
        ];
        post(&app, &body, &headers)
            .await
            .problem(401, "signature-invalid");
    }
    assert_eq!(app.snapshot(&tx).await["version"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_without_a_secret_may_not_report_not_even_the_clock() {
    let app = TestApp::start().await;
    let body = body_for(&app.create().await);
    let (timestamp, signature) = sign("m1", now_s(), body.as_bytes());
    for source in ["nobody", "clock", "Wallet"] {
        let headers = [
            ("payment-status-source", source),
            ("webhook-id", "m1"),
            ("webhook-timestamp", timestamp.as_str()),
            ("webhook-signature", signature.as_str()),
        ];
        post(&app, &body, &headers)
            .await
            .problem(401, "source-unknown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_missing_or_malformed_header_is_named() {
    let app = TestApp::start().await;
    let body = body_for(&app.create().await);
    let problem = post(&app, &body, &[])
        .await
        .problem(401, "credentials-missing");
    for name in [
        "payment-status-source",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    ] {
        assert!(
            problem["detail"].as_str().unwrap().contains(name),
            "{problem}"
        );
    }
    let (timestamp, signature) = sign("a.b", now_s(), body.as_bytes());
    let headers = [
        ("payment-status-source", "wallet"),
        ("webhook-id", "a.b"),
        ("webhook-timestamp", timestamp.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    let problem = post(&app, &body, &headers)
        .await
        .problem(401, "credentials-missing");
    assert!(
        !problem["detail"]
            .as_str()
            .unwrap()
            .contains("webhook-timestamp")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_secret_is_rotated_both_are_good_and_several_signatures_may_come() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let body = body_for(&tx);
    let second = WebhookSecret::parse(SECOND_WALLET_SECRET).unwrap();
    let signature = format!("v1,AAAA {}", second.sign("m1", now_s(), body.as_bytes()));
    let timestamp = now_s().to_string();
    let headers = [
        ("payment-status-source", "wallet"),
        ("webhook-id", "m1"),
        ("webhook-timestamp", timestamp.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    assert_eq!(post(&app, &body, &headers).await.status, 200);
}
