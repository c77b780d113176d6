//! Health, metrics and CORS.

use reqwest::Method;
use serde_json::json;

use crate::support::{Options, TestApp, coded, report};

#[tokio::test(flavor = "multi_thread")]
async fn live_answers_and_ready_has_written() {
    let app = TestApp::start().await;
    for (path, status) in [("/health/live", "live"), ("/health/ready", "ready")] {
        let answer = app.send(Method::GET, path, &[], "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({ "status": status }));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_reports_codes_answers_and_commits() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "pending"))
        .await;
    app.say(&tx, "wallet", report("w1", "debit", "pending"))
        .await;
    app.say(
        &tx,
        "issuer",
        coded("i1", "debit", "pending", ("unionpay", "de39", "??")),
    )
    .await;
    app.say(
        &tx,
        "issuer",
        coded("i2", "debit", "pending", ("made up", "x", "1")),
    )
    .await;
    // Known codes do not count, whatever they say; a repeated report does not count again.
    for code in [
        ("unionpay", "de39", "51"),
        ("unionpay", "DE39", "5"),
        ("adyen", "refusal", "0"),
    ] {
        let id = format!("i-{}", code.2);
        app.say(&tx, "issuer", coded(&id, "debit", "pending", code))
            .await;
    }
    let unmapped = ("Barter-1", "x", "1");
    for id in ["b1", "b1", "b2"] {
        app.say(&tx, "issuer", coded(id, "debit", "pending", unmapped))
            .await;
    }
    app.report("quantum_bank", json!([]))
        .await
        .problem(422, "report-invalid");
    let answer = app.send(Method::GET, "/metrics", &[], "").await;
    assert!(
        answer
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    let text = answer.text();
    for line in [
        "payment_status_reports_accepted_total{source=\"wallet\"} 2",
        "payment_status_reports_accepted_total{source=\"issuer\"} 8",
        "payment_status_reports_refused_total{source=\"other\",code=\"report-invalid\"} 1",
        "payment_status_unmapped_codes_total{scheme=\"unionpay\"} 1",
        "payment_status_unmapped_codes_total{scheme=\"other\"} 1",
        "payment_status_unmapped_codes_total{scheme=\"barter-1\"} 2",
        "payment_status_answers_total{route=\"/v1/reports\",status=\"422\"} 1",
        "payment_status_answers_total{route=\"/v1/transactions\",status=\"201\"} 1",
        "payment_status_parked_requests 0",
        "payment_status_commit_seconds_count ",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let adyen = "payment_status_unmapped_codes_total{scheme=\"adyen\"}";
    assert!(!text.contains(adyen), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_schemes_do_not_fill_the_metrics() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let mut reports = Vec::new();
    for number in 0..100 {
        let scheme = format!("made-up-{number}");
        let mut report = coded(&scheme, "debit", "pending", (&scheme, "x", "1"));
        report["transaction"] = json!(tx.id);
        report["at"] = json!("2026-11-20T12:00:03+08:00");
        reports.push(report);
    }
    assert_eq!(app.report("issuer", json!(reports)).await.status, 200);
    app.say(
        &tx,
        "issuer",
        coded("late", "debit", "pending", ("wechatpay", "x", "1")),
    )
    .await;
    let text = app.send(Method::GET, "/metrics", &[], "").await.text();
    let series: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("payment_status_unmapped_codes_total"))
        .collect();
    // 50 places, 16 of them kept for the built-in schemes; then `other`, and `wechatpay` in its place.
    assert_eq!(series.len(), 34 + 1 + 1, "{series:?}");
    for line in [
        "payment_status_unmapped_codes_total{scheme=\"other\"} 66",
        "payment_status_unmapped_codes_total{scheme=\"wechatpay\"} 1",
    ] {
        assert!(series.contains(&line), "{line} in {series:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configured_site_may_read_from_the_browser_and_others_may_not() {
    let options = Options {
        cors_origins: vec!["https://shop.example"],
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let tx = app.create().await;
    let ours = ("origin", "https://shop.example");
    let answer = app.get_with(&tx.status_path(), &tx.payer, &[ours]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://shop.example"
    );
    assert_eq!(answer.header("timing-allow-origin"), "https://shop.example");
    let exposed = answer
        .header("access-control-expose-headers")
        .to_lowercase();
    for name in [
        "etag",
        "payment-status-signature",
        "date",
        "retry-after",
        "preference-applied",
    ] {
        assert!(exposed.contains(name), "{exposed}");
    }
    assert!(
        answer
            .headers
            .get_all("vary")
            .iter()
            .any(|v| v.to_str().unwrap().contains("origin"))
    );

    let foreign = ("origin", "https://evil.example");
    let answer = app.get_with(&tx.status_path(), &tx.payer, &[foreign]).await;
    assert_eq!(answer.headers.get("access-control-allow-origin"), None);

    let preflight = [
        ours,
        ("access-control-request-method", "GET"),
        (
            "access-control-request-headers",
            "authorization,if-none-match,prefer",
        ),
    ];
    let answer = app
        .send(Method::OPTIONS, &tx.status_path(), &preflight, "")
        .await;
    assert_eq!(answer.status, 200);
    let allowed = answer.header("access-control-allow-headers").to_lowercase();
    for name in ["authorization", "if-none-match", "prefer", "content-type"] {
        assert!(allowed.contains(name), "{allowed}");
    }
    assert_eq!(answer.header("access-control-max-age"), "7200");
    let keys = app
        .send(Method::GET, "/.well-known/jwks.json", &[ours], "")
        .await;
    assert_eq!(
        keys.header("access-control-allow-origin"),
        "https://shop.example"
    );
    let metrics = app.send(Method::GET, "/metrics", &[ours], "").await;
    assert_eq!(metrics.headers.get("access-control-allow-origin"), None);
    // A refusal is readable too: the widget must tell a wrong token from a broken network.
    let refused = app.get_with(&tx.status_path(), "pst_wrong", &[ours]).await;
    refused.problem(404, "not-found");
    assert_eq!(
        refused.header("access-control-allow-origin"),
        "https://shop.example"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_configured_sites_no_other_site_may_read() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let answer = app
        .get_with(
            &tx.status_path(),
            &tx.payer,
            &[("origin", "https://shop.example")],
        )
        .await;
    assert_eq!(answer.headers.get("access-control-allow-origin"), None);
}
