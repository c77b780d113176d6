//! Bodies that cannot be read, and what the answer says of them.

use reqwest::Method;
use serde_json::json;

use crate::support::{MERCHANT_KEY, TestApp, order};

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_json_is_named_with_line_and_column() {
    let app = TestApp::start().await;
    for (body, start) in [
        ("{\n  \"reports\": [,]\n}", "Line 2, column 15: "),
        ("", "Line 1, column 0: "),
        ("{\"reports\":[]} trailing", "Line 1, column 16: "),
        (
            "{\"reports\":[],\"reports\":[]}",
            "Line 1, column 27: an object names one field twice.",
        ),
    ] {
        let problem = app
            .report_body("wallet", body)
            .await
            .problem(400, "json-invalid");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with(start), "{body}: {detail}");
    }
    let not_utf8 = b"{\"reports\": [\"\xff\"]}".to_vec();
    app.report_body("wallet", not_utf8)
        .await
        .problem(400, "json-invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_nesting_is_refused_and_the_server_lives_on() {
    let app = TestApp::start().await;
    let deep = format!("{{\"reports\":{}", "[".repeat(60_000));
    app.report_body("wallet", deep)
        .await
        .problem(400, "json-invalid");
    let tx = app.create().await;
    let nested = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let body = format!(
        r#"{{"reports":[{{"transaction":"{}","id":"w1","leg":"debit","outcome":"failed",
            "at":"2026-11-20T12:00:03Z","x":{nested}}}]}}"#,
        tx.id
    );
    app.report_body("wallet", body)
        .await
        .problem(400, "json-invalid");
    assert_eq!(app.snapshot(&tx).await["version"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_64_kib_is_refused_and_exactly_64_kib_is_read() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let body_of = |length: usize| {
        let start = format!(
            r#"{{"reports":[{{"transaction":"{}","id":"w1","leg":"debit","outcome":"succeeded","at":"2026-11-20T12:00:03Z","x":""#,
            tx.id
        );
        let end = r#""}]}"#;
        format!(
            "{start}{}{end}",
            "x".repeat(length - start.len() - end.len())
        )
    };
    let too_large = app.report_body("wallet", body_of(64 * 1024 + 1)).await;
    too_large.problem(413, "body-too-large");
    app.report_body("wallet", "x".repeat(3 * 1024 * 1024 / 2))
        .await
        .problem(413, "body-too-large");
    assert_eq!(app.snapshot(&tx).await["version"], 0);
    assert_eq!(
        app.report_body("wallet", body_of(64 * 1024)).await.status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_to_a_hundred_reports_come_in_a_message() {
    let app = TestApp::start().await;
    let many = vec![json!({}); 101];
    for (reports, got) in [
        (json!([]), "an array of 0"),
        (json!(many), "an array of 101"),
        (json!("x"), "\"x\""),
    ] {
        let problem = app
            .report("wallet", reports)
            .await
            .problem(422, "report-invalid");
        assert_eq!(problem["errors"][0]["at"], "reports");
        assert_eq!(problem["errors"][0]["got"], got);
    }
    let problem = app
        .report_body("wallet", "[1]")
        .await
        .problem(422, "report-invalid");
    assert_eq!(problem["errors"][0]["at"], "body");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_declared_json_is_read() {
    let app = TestApp::start().await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let auth = ("authorization", bearer.as_str());
    for headers in [vec![auth], vec![auth, ("content-type", "text/plain")]] {
        let answer = app
            .send(
                Method::POST,
                "/v1/transactions",
                &headers,
                order().to_string(),
            )
            .await;
        answer.problem(415, "media-type");
    }
    let headers = [auth, ("content-type", "Application/JSON; charset=utf-8")];
    let answer = app
        .send(
            Method::POST,
            "/v1/transactions",
            &headers,
            order().to_string(),
        )
        .await;
    assert_eq!(answer.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_values_and_secrets_are_not_repeated_in_full() {
    let app = TestApp::start().await;
    let secret = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQ";
    let answer = app
        .report(
            "wallet",
            json!([{ "id": "x".repeat(500), "leg": 1, "at": secret }]),
        )
        .await;
    let problem = answer.problem(422, "report-invalid");
    assert!(!answer.text().contains(secret), "{problem}");
    assert!(answer.text().contains("(500 characters)"), "{problem}");
    assert!(answer.text().len() < 2000);
}
