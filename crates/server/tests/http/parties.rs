//! `GET /v1/transactions/{id}/party`: what concerns one party alone.

use serde_json::json;

use crate::support::{SUPPORT_KEY, TestApp, coded, report};

#[tokio::test(flavor = "multi_thread")]
async fn each_party_sees_its_own_account_and_not_the_others() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let payer = app.get(&tx.path("party"), &tx.payer).await;
    assert_eq!(payer.status, 200);
    assert_eq!(
        payer.json(),
        json!({ "format": 1, "transaction": tx.id, "version": 0, "party": "payer",
                "account": "Wallet •••• 4417" })
    );
    let merchant = app.get(&tx.path("party"), &tx.merchant).await;
    assert_eq!(
        merchant.json(),
        json!({ "format": 1, "transaction": tx.id, "version": 0, "party": "merchant",
                "payout": { "status": "not_due", "account": "Bank •••• 9023" } })
    );
    let header = app.verify(&merchant, &merchant.body).await;
    assert_eq!((&header["txn"], &header["ver"]), (&json!(tx.id), &json!(0)));
    assert_eq!(merchant.header("cache-control"), "private, no-cache");
    let etag = merchant.header("etag");
    let again = app
        .get_with(&tx.path("party"), &tx.merchant, &[("if-none-match", &etag)])
        .await;
    assert_eq!(again.status, 304);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_payout_follows_the_credit_and_the_settlement() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let payout = async || app.get(&tx.path("party"), &tx.merchant).await.json()["payout"].clone();
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    assert_eq!(payout().await["status"], "not_due");
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    assert_eq!(payout().await["status"], "pending");
    let mut late = coded(
        "s1",
        "settlement",
        "failed",
        ("iso20022", "status_reason", "AC06"),
    );
    late["at"] = json!("2026-11-21T09:00:00+08:00");
    app.say(&tx, "settlement_bank", late).await;
    let failed = payout().await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["at"], "2026-11-21T01:00:00.000Z");
    assert!(failed["reason"].is_string(), "{failed}");
    app.say(
        &tx,
        "settlement_bank",
        report("s2", "settlement", "succeeded"),
    )
    .await;
    let paid = payout().await;
    assert_eq!(paid["status"], "paid_out");
    assert_eq!(paid.get("reason"), None);
    assert_eq!(app.snapshot(&tx).await["money_at"], "merchant");

    // How and when the merchant was paid is not in what both get; support reads it beside that.
    for token in [&tx.payer, &tx.merchant] {
        let shared = app.get(&tx.path("status"), token).await;
        assert_eq!(shared.json()["version"], 4);
        assert!(!String::from_utf8_lossy(&shared.body).contains("\"settlement"));
    }
    let detail = app.get(&tx.path("detail"), &tx.support).await.json();
    assert_eq!(
        detail["settlement"],
        json!([{ "attempt": "1", "leg": "settlement", "status": "succeeded",
                 "source": "settlement_bank", "at": "2026-11-20T04:00:03.000Z" }])
    );

    // Of another attempt the merchant holds money that nobody has paid out.
    let mut second = report("a2", "credit", "succeeded");
    second["attempt"] = json!("2");
    app.say(&tx, "acquirer", second).await;
    assert_eq!(payout().await["status"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payout_held_for_a_reason_of_supports_alone_names_none() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    let code = ("iso20022", "status_reason", "RR04");
    app.say(
        &tx,
        "settlement_bank",
        coded("s1", "settlement", "failed", code),
    )
    .await;
    let party = app.get(&tx.path("party"), &tx.merchant).await.json();
    assert_eq!(party["payout"]["status"], "failed");
    assert_eq!(party["payout"].get("reason"), None, "{party}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_full_refund_no_payout_is_due() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    app.say(&tx, "wallet", report("w2", "return", "succeeded"))
        .await;
    assert_eq!(app.snapshot(&tx).await["state"], "refunded");
    let party = app.get(&tx.path("party"), &tx.merchant).await.json();
    assert_eq!(party["payout"]["status"], "not_due");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_transaction_and_the_wrong_party_is_403_with_a_pointer() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    for credential in [tx.support.as_str(), SUPPORT_KEY] {
        let problem = app
            .get(&tx.path("party"), credential)
            .await
            .problem(403, "wrong-party");
        assert!(
            problem["detail"].as_str().unwrap().contains("/detail"),
            "{problem}"
        );
    }
    for credential in [&tx.payer, &tx.merchant] {
        app.get(&tx.path("detail"), credential)
            .await
            .problem(403, "wrong-party");
    }
}
