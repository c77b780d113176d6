//! What a version said stays said: bytes, acknowledgements, superseded verdicts.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use sqlx::Connection as _;

use crate::support::{Options, SUPPORT_KEY, TestApp, report};

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_final_verdict_is_named_with_the_report_that_replaced_it() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    assert_eq!(app.snapshot(&tx).await.get("superseded"), None);
    let mut refund = report("w1", "return", "succeeded");
    refund["transaction"] = json!(tx.id);
    refund["at"] = json!("2026-11-21T12:00:00Z");
    let mut note = report("w2", "network", "pending");
    note["transaction"] = json!(tx.id);
    note["at"] = json!("2026-11-21T12:00:01Z");
    assert_eq!(
        app.report("wallet", json!([refund, note])).await.status,
        200
    );
    let snapshot = app.snapshot(&tx).await;
    assert_eq!(snapshot["state"], "refunded");
    assert_eq!(
        snapshot["superseded"],
        json!({ "version": 1, "state": "paid", "charged": "charged", "source": "wallet",
                "leg": "return", "outcome": "succeeded", "at": "2026-11-21T12:00:00.000Z" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_about_the_payout_is_not_named_as_what_changed_the_verdict() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let mut refused = report("i1", "debit", "failed");
    refused["attempt"] = json!("2");
    app.say(&tx, "issuer", refused).await;
    assert_eq!(app.snapshot(&tx).await["state"], "declined");
    app.say(&tx, "settlement_bank", report("s1", "settlement", "failed"))
        .await;
    let snapshot = app.snapshot(&tx).await;
    assert_eq!(snapshot["state"], "checking");
    assert!(!snapshot.to_string().contains("\"settlement"), "{snapshot}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_serves_the_same_bytes() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    let before = app.get(&tx.status_path(), &tx.payer).await;
    let app = app.restart(Options::default()).await;
    let after = app.get(&tx.status_path(), &tx.payer).await;
    assert_eq!(after.body, before.body);
    assert_eq!(after.header("etag"), before.header("etag"));
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_the_servers_own_and_never_go_back() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let first = app.snapshot(&tx).await;
    app.say(&tx, "wallet", report("w1", "debit", "pending"))
        .await;
    let second = app.snapshot(&tx).await;
    let updated =
        |snapshot: &serde_json::Value| snapshot["updated_at"].as_str().unwrap().to_owned();
    assert_eq!(updated(&first), first["created_at"].as_str().unwrap());
    assert!(updated(&second) >= updated(&first));
    assert!(
        !updated(&second).starts_with("2026-11-20T04:00:03"),
        "not the report's own time"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_and_snapshots_cannot_be_changed_even_in_the_file() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "pending"))
        .await;
    let url = format!("sqlite://{}", app.database().display());
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    for sql in [
        "UPDATE reports SET outcome = 'failed'",
        "DELETE FROM reports",
        "UPDATE snapshots SET body = x'00'",
        "DELETE FROM snapshots",
    ] {
        assert!(
            sqlx::query(sql).execute(&mut database).await.is_err(),
            "{sql}"
        );
    }
    let mode = std::fs::metadata(app.database())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let detail = app.get(&tx.path("detail"), SUPPORT_KEY).await.json();
    assert_eq!(detail["history"].as_array().unwrap().len(), 2);
}
