//! When the store cannot be written nothing is acknowledged, and afterwards it goes on.

use reqwest::Method;
use serde_json::json;
use sqlx::Connection as _;

use crate::support::{TestApp, report};

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_store_is_503_and_the_same_report_is_taken_later() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let url = format!("sqlite://{}", app.database().display());
    let mut locking = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut locking)
        .await
        .unwrap();

    let mut one = report("w1", "debit", "succeeded");
    one["transaction"] = json!(tx.id);
    one["at"] = json!("2026-11-20T12:00:03+08:00");
    let (refused, ready, live) = tokio::join!(
        app.report("wallet", json!([one])),
        app.send(Method::GET, "/health/ready", &[], ""),
        app.send(Method::GET, "/health/live", &[], ""),
    );
    refused.problem(503, "store-unavailable");
    assert_eq!(refused.header("retry-after"), "1");
    ready.problem(503, "store-unavailable");
    assert_eq!(live.status, 200);
    assert_eq!(app.snapshot(&tx).await["version"], 0, "reading goes on");

    sqlx::query("ROLLBACK").execute(&mut locking).await.unwrap();
    let taken = app.report("wallet", json!([one])).await;
    assert_eq!(taken.status, 200, "{}", taken.text());
    assert_eq!(app.snapshot(&tx).await["version"], 1);
    assert_eq!(
        app.send(Method::GET, "/health/ready", &[], "").await.status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_file_ends_and_says_why() {
    let app = TestApp::start().await;
    let (database, credentials) = (app.database(), app.path().join("other.toml"));
    let second = tokio::task::spawn_blocking(move || {
        std::process::Command::new(env!("CARGO_BIN_EXE_payment-status-server"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(database)
            .arg("--credentials")
            .arg(credentials)
            .output()
            .unwrap()
    });
    let output = tokio::time::timeout(std::time::Duration::from_secs(30), second)
        .await
        .expect("it ends by itself")
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("is in use by another payment-status-server"),
        "{said}"
    );
    // The first one goes on.
    app.create().await;
}
