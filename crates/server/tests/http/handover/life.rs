//! How long a code lives, and how many of them.

use reqwest::Method;
use sqlx::Connection as _;

use super::{code_path, form, hand_over, opened, press};
use crate::support::{MERCHANT_KEY, Options, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_revoked_token_has_handed_over_goes_with_it() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    // By the payer to the merchant's words, and by the merchant to the payer's.
    let by_payer = opened(&app, &code_path(&app, &tx, &tx.payer, "").await).await;
    let by_merchant = opened(
        &app,
        &code_path(&app, &tx, &tx.merchant, r#"{"party":"merchant"}"#).await,
    )
    .await;
    let waiting = code_path(&app, &tx, &tx.payer, "").await;
    let bearer = format!("Bearer {MERCHANT_KEY}");
    let headers = [("authorization", bearer.as_str())];
    let revoked = app
        .send(Method::DELETE, &tx.path("tokens/payer"), &headers, "")
        .await;
    assert_eq!(revoked.status, 204);
    let page = |cookie: &str| {
        let (app, path, cookie) = (&app, by_payer.1.clone(), cookie.to_owned());
        async move {
            app.send(Method::GET, &path, &[("cookie", &cookie)], "")
                .await
                .status
        }
    };
    assert_eq!(page(&by_payer.0).await, 404);
    assert_eq!(page(&by_merchant.0).await, 200);
    assert_eq!(app.send(Method::GET, &waiting, &[], "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_survives_a_restart_expires_and_is_cleared_away() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let path = code_path(&app, &tx, &tx.payer, "").await;
    let app = app.restart(Options::default()).await;
    assert_eq!(app.send(Method::GET, &path, &[], "").await.status, 200);
    let ready = form(&app, &path).await;

    let url = format!("sqlite://{}", app.database().display());
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE handovers SET expires_ms = 1000")
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(app.send(Method::GET, &path, &[], "").await.status, 404);
    assert_eq!(press(&app, &path, &ready, &[]).await.status, 404);

    code_path(&app, &tx, &tx.payer, "").await;
    let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM handovers")
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(left, 1);

    // Neither code nor token stands in the file.
    let path = code_path(&app, &tx, &tx.payer, "").await;
    let (cookie, _) = opened(&app, &path).await;
    let file = [
        std::fs::read(app.database()).unwrap(),
        std::fs::read(app.path().join("test.db-wal")).unwrap(),
    ]
    .concat();
    for secret in [
        path.trim_start_matches("/handover/"),
        cookie.split_once('=').unwrap().1,
    ] {
        assert!(
            !file
                .windows(secret.len())
                .any(|bytes| bytes == secret.as_bytes())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_eight_codes_of_a_transaction_wait() {
    let app = TestApp::start().await;
    let (tx, other) = (app.create().await, app.create().await);
    let mut paths = Vec::new();
    for _ in 0..8 {
        paths.push(code_path(&app, &tx, &tx.payer, "").await);
    }
    let refused = hand_over(&app, &tx, &tx.merchant, "").await;
    refused.problem(429, "slow-down");
    let wait_s: u32 = refused.header("retry-after").parse().unwrap();
    assert!((290..=300).contains(&wait_s), "{wait_s}");
    code_path(&app, &other, &other.payer, "").await;
    // One that is opened makes room.
    opened(&app, &paths[0]).await;
    code_path(&app, &tx, &tx.payer, "").await;
}
