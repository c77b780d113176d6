//! Tokens: per transaction and party, expiring, revocable.

use reqwest::Method;
use sqlx::Connection as _;

use crate::support::{Answer, MERCHANT_KEY, OTHER_MERCHANT_KEY, TestApp, Transaction};

async fn ask(app: &TestApp, method: Method, tx: &Transaction, party: &str, key: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str())];
    app.send(method, &tx.path(&format!("tokens/{party}")), &headers, "")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_ends_every_token_of_one_party_and_a_new_one_can_be_issued() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let path = tx.status_path();
    let issued = ask(&app, Method::POST, &tx, "payer", MERCHANT_KEY).await;
    assert_eq!(issued.status, 201);
    assert_eq!(issued.header("cache-control"), "no-store");
    let second = issued.json()["token"].as_str().unwrap().to_owned();
    assert!(issued.json()["expires_at"].is_string());
    assert_eq!(
        app.get(&path, &second).await.body,
        app.get(&path, &tx.payer).await.body
    );

    let revoked = ask(&app, Method::DELETE, &tx, "payer", MERCHANT_KEY).await;
    assert_eq!((revoked.status.as_u16(), revoked.body.len()), (204, 0));
    app.get(&path, &tx.payer).await.problem(404, "not-found");
    app.get(&path, &second).await.problem(404, "not-found");
    assert_eq!(app.get(&path, &tx.merchant).await.status, 200);
    let third = ask(&app, Method::POST, &tx, "payer", MERCHANT_KEY)
        .await
        .json();
    assert_eq!(
        app.get(&path, third["token"].as_str().unwrap())
            .await
            .status,
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_may_issue_and_revoke() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    for method in [Method::POST, Method::DELETE] {
        for (party, key) in [("payer", OTHER_MERCHANT_KEY), ("landlord", MERCHANT_KEY)] {
            ask(&app, method.clone(), &tx, party, key)
                .await
                .problem(404, "not-found");
        }
        for key in [tx.merchant.as_str(), "psm_wrong"] {
            ask(&app, method.clone(), &tx, "payer", key)
                .await
                .problem(401, "credentials-missing");
        }
    }
    assert_eq!(app.get(&tx.status_path(), &tx.payer).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_answers_like_a_wrong_one_and_no_token_is_stored() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let url = format!("sqlite://{}", app.database().display());
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE tokens SET expires_ms = 1000")
        .execute(&mut database)
        .await
        .unwrap();
    app.get(&tx.status_path(), &tx.payer)
        .await
        .problem(404, "not-found");
    let file = [
        std::fs::read(app.database()).unwrap(),
        std::fs::read(app.path().join("test.db-wal")).unwrap(),
    ]
    .concat();
    for token in [&tx.payer, &tx.merchant, &tx.support] {
        assert!(
            !file
                .windows(token.len())
                .any(|bytes| bytes == token.as_bytes())
        );
    }
}
