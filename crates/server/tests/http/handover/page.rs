//! The page behind a handed-over address: its cookies behind TLS, and the language of who reads it.

use reqwest::Method;

use super::{code_path, form, hand_over, press};
use crate::support::{Options, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_cookies_are_secure_and_keep_to_the_public_path() {
    let app = TestApp::start_with(Options {
        public_url: Some("https://pay.example/live"),
        ..Options::default()
    })
    .await;
    let tx = app.create().await;
    let answer = hand_over(&app, &tx, &tx.merchant, "").await.json();
    let url = answer["url"].as_str().unwrap();
    let path = url.strip_prefix("https://pay.example/live").unwrap();
    let page = app.send(Method::GET, path, &[], "").await;
    let cookie = page.header("set-cookie");
    assert!(
        cookie.starts_with("__Secure-payment-status-form="),
        "{cookie}"
    );
    assert!(cookie.contains(&format!("; Path=/live{path};")), "{cookie}");
    assert!(
        cookie.ends_with("; HttpOnly; SameSite=Strict; Secure"),
        "{cookie}"
    );
    let form = form(&app, path).await;
    let from_elsewhere = [("origin", app.base.as_str())];
    assert_eq!(press(&app, path, &form, &from_elsewhere).await.status, 404);
    let answer = press(&app, path, &form, &[("origin", "https://pay.example")]).await;
    assert_eq!(answer.status, 303);
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Secure-payment-status-viewer=psv_"),
        "{cookie}"
    );
    assert!(
        cookie.contains(&format!("; Path=/live/status/{};", tx.id)),
        "{cookie}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_the_readers() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let path = code_path(&app, &tx, &tx.payer, "").await;
    let page = app
        .send(
            Method::GET,
            &path,
            &[("accept-language", "zh;q=0.9,en;q=0.5")],
            "",
        )
        .await;
    assert!(
        page.text().contains("<html lang=\"zh-CN\" dir=\"ltr\">"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("打开付款状态"));
    let wished = format!("{path}?lang=zh-CN");
    let form = form(&app, &wished).await;
    let answer = press(&app, &wished, &form, &[]).await;
    assert_eq!(
        answer.header("location"),
        format!("../status/{}?lang=zh-CN", tx.id)
    );
}
