//! An operator's own table: it decides, it is counted as known, and what was said before it stays said.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::support::{Options, SUPPORT_KEY, TestApp, coded, in_ms, order, report};

const E17: (&str, &str, &str) = ("citypay", "result", "E17");

fn with_codes(own_codes: &'static str) -> Options {
    Options {
        own_codes,
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_code_decides_names_the_reason_and_is_not_counted_as_unmapped() {
    for (own_codes, state, pay_again, reason, unmapped) in [
        ("", "checking", "wait", "unmapped_code", true),
        (
            "citypay,result,E17,insufficient_funds,not_debited\n",
            "declined",
            "safe",
            "insufficient_funds",
            false,
        ),
        (
            "citypay,result,E17,issuer_timeout,\n",
            "checking",
            "wait",
            "issuer_timeout",
            false,
        ),
        (
            "citypay,result,E17,unmapped_code,none\n",
            "checking",
            "wait",
            "unmapped_code",
            false,
        ),
    ] {
        let app = TestApp::start_with(with_codes(own_codes)).await;
        let tx = app.create().await;
        app.say(&tx, "wallet", coded("w1", "debit", "failed", E17))
            .await;
        let snapshot = app.snapshot(&tx).await;
        assert_eq!(snapshot["state"], state, "{own_codes}");
        assert_eq!(snapshot["pay_again"], pay_again, "{own_codes}");
        let detail = app.get(&tx.path("detail"), SUPPORT_KEY).await.json();
        assert_eq!(detail["reports"][0]["reason"], reason, "{own_codes}");
        let metrics = app.send(Method::GET, "/metrics", &[], "").await.text();
        let counted = metrics.contains("unmapped_codes_total{scheme=\"citypay\"} 1");
        assert_eq!(counted, unmapped, "{own_codes}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_own_code_has_settled_stays_settled_when_more_comes_and_when_the_order_runs_out() {
    let options = with_codes("citypay,result,E17,insufficient_funds,not_debited\n");
    let app = TestApp::start_with(options).await;
    let mut order = order();
    order["expires_at"] = json!(in_ms(400));
    let tx = app.create_from(&order).await;
    app.say(&tx, "wallet", coded("w1", "debit", "failed", E17))
        .await;
    app.say(&tx, "support", report("s1", "debit", "pending"))
        .await;
    tokio::time::sleep(Duration::from_millis(800)).await;
    let snapshot = app.snapshot(&tx).await;
    assert_eq!(snapshot["state"], "declined");
    assert_eq!(snapshot.get("superseded"), None);
    assert_eq!(snapshot["version"], 2, "the clock adds nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_merchant_reads_the_own_reason_of_a_late_payout() {
    let app = TestApp::start_with(with_codes("citypay,result,E17,settlement_delayed,\n")).await;
    let tx = app.create().await;
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    let late = coded("s1", "settlement", "pending", E17);
    app.say(&tx, "settlement_bank", late).await;
    let party = app.get(&tx.path("party"), &tx.merchant).await.json();
    assert_eq!(party["payout"]["reason"], "settlement_delayed", "{party}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_table_changes_nothing_that_was_said_and_speaks_from_the_next_report_on() {
    let options = with_codes("citypay,result,E17,insufficient_funds,not_debited\n");
    let app = TestApp::start_with(options).await;
    let tx = app.create().await;
    app.say(&tx, "wallet", coded("w1", "debit", "failed", E17))
        .await;
    let before = app.get(&tx.status_path(), &tx.payer).await;
    assert_eq!(before.json()["state"], "declined");

    let app = app
        .restart(with_codes("citypay,result,E17,issuer_timeout,\n"))
        .await;
    let after = app.get(&tx.status_path(), &tx.payer).await;
    assert_eq!(
        after.body, before.body,
        "the same version is the same bytes"
    );
    let detail = app.get(&tx.path("detail"), SUPPORT_KEY).await.json();
    assert_eq!(detail["reason"], "insufficient_funds", "what was decided");
    assert_eq!(
        detail["reports"][0]["reason"], "issuer_timeout",
        "what it means today"
    );
    // The same report again is no new report.
    app.say(&tx, "wallet", coded("w1", "debit", "failed", E17))
        .await;
    let after = app.get(&tx.status_path(), &tx.payer).await;
    assert_eq!(after.body, before.body);

    // Support's word has no authority: it only makes the server decide again.
    let version = app
        .say(&tx, "support", report("look-again", "debit", "pending"))
        .await;
    assert_eq!(version, 2);
    let snapshot = app.snapshot(&tx).await;
    assert_eq!(snapshot["state"], "checking");
    assert_eq!(snapshot["pay_again"], "wait");
    let superseded = &snapshot["superseded"];
    assert_eq!(
        (
            &superseded["version"],
            &superseded["state"],
            &superseded["source"]
        ),
        (&json!(1), &json!("declined"), &json!("support"))
    );
}
