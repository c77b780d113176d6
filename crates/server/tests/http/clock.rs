//! The server's own clock: limits pass as reports, and a restart catches up.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Connection as _;

use crate::support::{
    Options, SUPPORT_KEY, TestApp, Transaction, eventually, in_ms, order, report,
};

async fn becomes(app: &TestApp, tx: &Transaction, state: &str) -> Value {
    eventually(async || app.snapshot(tx).await["state"] == state).await;
    app.snapshot(tx).await
}

fn quick() -> Options {
    Options {
        answer_limit: Duration::from_millis(300),
        ..Options::default()
    }
}

fn order_for(ms: i64) -> Value {
    let mut order = order();
    order["expires_at"] = json!(in_ms(ms));
    order
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_nobody_paid_expires() {
    let app = TestApp::start().await;
    let order = order_for(400);
    let tx = app.create_from(&order).await;
    assert_eq!(app.snapshot(&tx).await["state"], "awaiting_payment");
    let snapshot = becomes(&app, &tx, "expired").await;
    assert_eq!(snapshot["version"], 1);
    assert_eq!(snapshot["release"], "do_not");
    assert_eq!(
        snapshot["charged"], "unknown",
        "nobody has proven that no money moved"
    );
    let detail = app.get(&tx.path("detail"), SUPPORT_KEY).await.json();
    let report = &detail["reports"][0]["report"];
    assert_eq!(report["id"], format!("clock:{}:order", tx.id));
    assert_eq!(report["source"], "clock");
    assert_eq!(
        report["code"],
        json!({ "scheme": "order", "family": "order", "value": "expired" })
    );
    assert_eq!(report["at"], order["expires_at"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_or_declined_order_does_not_expire() {
    let app = TestApp::start().await;
    let (paid, declined) = (
        app.create_from(&order_for(400)).await,
        app.create_from(&order_for(400)).await,
    );
    app.say(&paid, "wallet", report("w1", "debit", "succeeded"))
        .await;
    app.say(&declined, "wallet", report("w2", "debit", "failed"))
        .await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(app.snapshot(&paid).await["version"], 1);
    let snapshot = app.snapshot(&declined).await;
    // Without a raw code an authority's word stands; either way the clock adds nothing to a final verdict.
    assert_eq!(
        snapshot["final"] == true,
        snapshot["version"] == 1,
        "{snapshot}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_without_an_answer_is_checked_when_the_limit_passes() {
    let app = TestApp::start_with(quick()).await;
    let tx = app.create().await;
    app.say(&tx, "terminal", report("t1", "debit", "pending"))
        .await;
    assert_eq!(app.snapshot(&tx).await["state"], "processing");
    let snapshot = becomes(&app, &tx, "checking").await;
    assert_eq!(snapshot["version"], 2);
    assert_eq!(snapshot["pay_again"], "wait");
    let line = snapshot["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .find(|l| l["source"] == "clock")
        .unwrap();
    assert_eq!(
        (&line["leg"], &line["outcome"]),
        (&json!("debit"), &json!("unknown"))
    );
    assert_eq!(line["standing"], "authority");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debit_without_a_credit_is_named_when_the_limit_passes() {
    let app = TestApp::start_with(quick()).await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    let snapshot = becomes(&app, &tx, "debited_not_credited").await;
    assert_eq!(snapshot["version"], 2);
    assert_eq!(snapshot["charged"], "charged");
    assert_eq!(snapshot["pay_again"], "do_not");
    // Said once; a late answer still settles it.
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(app.snapshot(&tx).await["version"], 2);
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    assert_eq!(app.snapshot(&tx).await["state"], "paid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_that_stays_pending_does_not_hide_that_the_limit_passed() {
    let app = TestApp::start_with(quick()).await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    app.say(&tx, "acquirer", report("a1", "credit", "pending"))
        .await;
    let snapshot = becomes(&app, &tx, "debited_not_credited").await;
    assert_eq!(snapshot["charged"], "charged");
    assert_eq!(snapshot["broken_leg"], "network");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_time_keeps_the_clock_silent() {
    let app = TestApp::start_with(quick()).await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let snapshot = app.snapshot(&tx).await;
    assert_eq!(
        (&snapshot["state"], &snapshot["version"]),
        (&json!("paid"), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_down_when_a_limit_passed_catches_up() {
    let app = TestApp::start().await;
    let tx = app.create_from(&order_for(500)).await;
    let app = app
        .restart_after(Duration::from_millis(800), Options::default())
        .await;
    let snapshot = becomes(&app, &tx, "expired").await;
    assert_eq!(snapshot["version"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_cannot_be_read_does_not_stop_the_clock_of_the_others() {
    let app = TestApp::start().await;
    let broken = app.create_from(&order_for(300)).await;
    let tx = app.create_from(&order_for(600)).await;
    let url = format!("sqlite://{}", app.database().display());
    let mut damaging = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE transactions SET currency = 'no' WHERE id = ?")
        .bind(&broken.id)
        .execute(&mut damaging)
        .await
        .unwrap();
    becomes(&app, &tx, "expired").await;
}
