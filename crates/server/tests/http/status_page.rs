//! The page without script: who may see it, in which language, and how it keeps itself fresh.

use reqwest::Method;
use serde_json::json;
use sqlx::Connection as _;

use crate::handover::{code_path, opened};
use crate::support::{Answer, Options, TestApp, Transaction, report};

async fn page(app: &TestApp, tx: &Transaction, cookie: &str, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![("cookie", cookie)];
    headers.extend_from_slice(more);
    app.send(Method::GET, &format!("/status/{}", tx.id), &headers, "")
        .await
}

async fn let_in(app: &TestApp, tx: &Transaction, party: &str) -> String {
    let body = json!({ "party": party }).to_string();
    let path = code_path(app, tx, &tx.support, &body).await;
    opened(app, &path).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_the_document_says_in_the_words_of_its_party() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let (payer, merchant) = (
        let_in(&app, &tx, "payer").await,
        let_in(&app, &tx, "merchant").await,
    );
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    app.say(&tx, "terminal", report("t1", "confirmation", "failed"))
        .await;
    let snapshot = app.get(&tx.status_path(), &tx.payer).await;
    let hash = <sha2::Sha256 as sha2::Digest>::digest(&snapshot.body);
    let code = payment_status_protocol::match_code::match_code(&hash.into());
    for (cookie, words) in [
        (
            &payer,
            ["You have paid", "Do not pay again", "May I pay again?"],
        ),
        (
            &merchant,
            [
                "The customer has paid",
                "You can hand over the goods",
                "May I hand over the goods?",
            ],
        ),
    ] {
        let answer = page(&app, &tx, cookie, &[]).await;
        assert_eq!(answer.status, 200);
        let text = answer.text();
        for said in
            words
                .into_iter()
                .chain([&*code, "CN¥128.00", "A-1042", "Corner Bakery", "Version 3"])
        {
            assert!(text.contains(said), "{said}: {text}");
        }
        // Accounts stay with the party's own token.
        for private in ["4417", "9023", "•"] {
            assert!(!text.contains(private), "{private}");
        }
        assert_eq!(answer.header("refresh"), "60");
        assert!(text.contains("This page checks again every 60 seconds."));
        assert!(
            text.contains("Status as of ") && text.contains(" UTC</p>"),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_kept_to_this_reader_and_this_moment() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let cookie = let_in(&app, &tx, "payer").await;
    let answer = page(&app, &tx, &cookie, &[]).await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    assert_eq!(answer.header("vary"), "accept-language, cookie");
    let text = answer.text();
    assert!(
        !text.contains("<script") && !text.contains(" style="),
        "{text}"
    );
    let sheet = text
        .split_once("href=\"..")
        .unwrap()
        .1
        .split_once('"')
        .unwrap()
        .0;
    let sheet = app.send(Method::GET, sheet, &[], "").await;
    assert_eq!(sheet.status, 200);
    assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_and_a_foreign_transaction_look_the_same() {
    let app = TestApp::start().await;
    let (tx, other) = (app.create().await, app.create().await);
    let cookie = let_in(&app, &tx, "payer").await;
    let foreign = page(&app, &other, &cookie, &[]).await;
    assert_eq!(foreign.status, 404);
    let path = "/status/tx_00000000000000000000000000";
    let mut others = vec![page(&app, &tx, "a=b", &[]).await];
    for path in [path, "/status/nothing"] {
        others.push(
            app.send(Method::GET, path, &[("cookie", &cookie)], "")
                .await,
        );
        others.push(app.send(Method::GET, path, &[], "").await);
    }
    for answer in others {
        assert_eq!(answer.status, 404);
        assert_eq!(answer.text(), foreign.text());
        assert_eq!(
            answer.headers.keys().collect::<Vec<_>>(),
            foreign.headers.keys().collect::<Vec<_>>()
        );
    }
    assert!(foreign.text().contains("This status cannot be opened"));
}

#[tokio::test(flavor = "multi_thread")]
async fn while_something_happens_it_comes_anew_quickly() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let cookie = let_in(&app, &tx, "payer").await;
    app.say(&tx, "wallet", report("w1", "debit", "pending"))
        .await;
    assert_eq!(page(&app, &tx, &cookie, &[]).await.header("refresh"), "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_from_outside_stay_texts() {
    let app = TestApp::start().await;
    let mut order = crate::support::order();
    order["merchant_name"] = json!("<img src=x onerror=alert(1)>");
    order["order_reference"] = json!("\"><script>&amp;");
    let tx = app.create_from(&order).await;
    let cookie = let_in(&app, &tx, "payer").await;
    let text = page(&app, &tx, &cookie, &[]).await.text();
    assert!(
        !text.contains("<img") && !text.contains("<script"),
        "{text}"
    );
    assert!(
        text.contains("&lt;img src=x onerror=alert(1)&gt;"),
        "{text}"
    );
    assert!(text.contains("&quot;&gt;&lt;script&gt;&amp;amp;"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn language_and_time_zone_are_said() {
    let app = TestApp::start_with(Options {
        time_zone: "Asia/Shanghai",
        ..Options::default()
    })
    .await;
    let tx = app.create().await;
    let cookie = let_in(&app, &tx, "merchant").await;
    let answer = page(&app, &tx, &cookie, &[("accept-language", "zh-CN")]).await;
    let text = answer.text();
    assert!(text.contains("<html lang=\"zh-CN\" dir=\"ltr\">"), "{text}");
    assert!(text.contains("¥128.00") && text.contains("UTC+8"), "{text}");
    assert!(text.contains("本页每 3 秒自动查询一次。"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_or_revoked_cookie_opens_nothing() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let cookie = let_in(&app, &tx, "payer").await;
    assert_eq!(page(&app, &tx, &cookie, &[]).await.status, 200);
    let url = format!("sqlite://{}", app.database().display());
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE tokens SET expires_ms = 1000 WHERE handed_by IS NOT NULL")
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(page(&app, &tx, &cookie, &[]).await.status, 404);
}
