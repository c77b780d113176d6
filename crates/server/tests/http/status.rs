//! `GET /v1/transactions/{id}/status`: the same signed bytes for everybody.

use reqwest::Method;
use sha2::{Digest as _, Sha256};

use crate::support::{MERCHANT_KEY, SUPPORT_KEY, TestApp, now_s, report};

#[tokio::test(flavor = "multi_thread")]
async fn payer_merchant_and_support_get_the_same_bytes_with_a_signature_over_them() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    let payer = app.get(&tx.status_path(), &tx.payer).await;
    for credential in [&tx.merchant, &tx.support, &SUPPORT_KEY.to_owned()] {
        let other = app.get(&tx.status_path(), credential).await;
        assert_eq!(other.status, 200);
        assert_eq!(other.body, payer.body);
        assert_eq!(other.header("etag"), payer.header("etag"));
    }
    let header = app.verify(&payer, &payer.body).await;
    assert_eq!(header["alg"], "EdDSA");
    assert_eq!(header["b64"], false);
    assert_eq!(header["crit"], serde_json::json!(["b64"]));
    assert_eq!(header["txn"], tx.id);
    assert_eq!(header["ver"], 1);
    assert!((now_s() - header["iat"].as_i64().unwrap()).abs() <= 2);
    assert_eq!(payer.header("cache-control"), "private, no-cache");
    assert_eq!(payer.header("content-type"), "application/json");
    assert_eq!(payer.header("retry-after"), "2");
    assert!(payer.headers.contains_key("date"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entity_tag_is_the_version_and_the_start_of_the_hash() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let answer = app.get(&tx.status_path(), &tx.payer).await;
    let hash = Sha256::digest(&answer.body);
    let hex: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(answer.header("etag"), format!("\"0-{hex}\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_current_version_gets_304_with_a_fresh_signature() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let first = app.get(&tx.status_path(), &tx.payer).await;
    let etag = first.header("etag");
    let again = app
        .get_with(&tx.status_path(), &tx.merchant, &[("if-none-match", &etag)])
        .await;
    assert_eq!(again.status, 304);
    assert!(again.body.is_empty());
    assert_eq!(again.header("etag"), etag);
    assert_eq!(again.header("cache-control"), "private, no-cache");
    app.verify(&again, &first.body).await;

    app.say(&tx, "wallet", report("w1", "debit", "pending"))
        .await;
    let next = app
        .get_with(&tx.status_path(), &tx.payer, &[("if-none-match", &etag)])
        .await;
    assert_eq!(next.status, 200);
    assert_eq!(next.json()["version"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_and_a_missing_transaction_get_one_answer() {
    let app = TestApp::start().await;
    let (tx, other) = (app.create().await, app.create().await);
    let missing = "/v1/transactions/tx_00000000000000000000000000";
    let mut answers = Vec::new();
    for document in ["status", "party", "detail"] {
        for (path, credential) in [
            (tx.path(document), other.payer.as_str()),
            (tx.path(document), "pst_nobody"),
            (tx.path(document), MERCHANT_KEY),
            (format!("{missing}/{document}"), tx.payer.as_str()),
            (format!("{missing}/{document}"), SUPPORT_KEY),
            (format!("{missing}/{document}"), "pst_nobody"),
            (
                format!("/v1/transactions/nonsense/{document}"),
                tx.payer.as_str(),
            ),
            (
                format!("/v1/transactions/%ff/{document}"),
                tx.payer.as_str(),
            ),
        ] {
            let mut answer = app.get(&path, credential).await;
            answer.problem(404, "not-found");
            answer.headers.remove("date");
            answers.push((answer.body, format!("{:?}", answer.headers)));
        }
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_credential_the_answer_is_401_whether_or_not_the_transaction_exists() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    for path in [
        tx.status_path(),
        "/v1/transactions/tx_00000000000000000000000000/status".into(),
    ] {
        for headers in [
            &[][..],
            &[("authorization", "Basic eDp5")],
            &[("authorization", "Bearer ")],
        ] {
            let answer = app.send(Method::GET, &path, headers, "").await;
            answer.problem(401, "credentials-missing");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_url_opens_nothing() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let path = format!("{}?token={}", tx.status_path(), tx.payer);
    app.send(Method::GET, &path, &[], "")
        .await
        .problem(401, "credentials-missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_method_is_405_and_an_unknown_path_404_both_as_problems() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let answer = app.send(Method::PUT, &tx.status_path(), &[], "").await;
    answer.problem(405, "method-not-allowed");
    app.send(Method::GET, "/v1/nothing", &[], "")
        .await
        .problem(404, "not-found");
    app.send(Method::GET, "/", &[], "")
        .await
        .problem(404, "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_without_waiting_is_slowed_down() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let path = tx.status_path();
    let mut slowed = None;
    for _ in 0..400 {
        let answer = app.get(&path, &tx.payer).await;
        if answer.status == 429 {
            slowed = Some(answer);
            break;
        }
    }
    let slowed = slowed.expect("slowed down within 400 asks");
    slowed.problem(429, "slow-down");
    assert_eq!(slowed.header("retry-after"), "1");
    assert_eq!(app.get(&path, &tx.merchant).await.status, 200);
    // A wish to wait frees nobody who is answered at once; who really waits is not counted.
    let etag = app.get(&path, &tx.merchant).await.header("etag").to_owned();
    let held = [("if-none-match", etag.as_str()), ("prefer", "wait=1")];
    let asks: [(&[(&str, &str)], u16); 3] = [
        (&[("prefer", "wait=55")], 429),
        (
            &[("if-none-match", etag.as_str()), ("prefer", "wait=0")],
            429,
        ),
        (&held, 304),
    ];
    for (headers, status) in asks {
        let mut answers = Vec::new();
        for _ in 0..30 {
            answers.push(
                app.get_with(&path, &tx.payer, headers)
                    .await
                    .status
                    .as_u16(),
            );
            if status == 304 || answers.last() == Some(&429) {
                break;
            }
        }
        assert_eq!(answers.last(), Some(&status), "{headers:?}");
    }
    for _ in 0..30 {
        app.get(&path, &tx.payer).await;
    }
    app.get(&tx.path("party"), &tx.payer)
        .await
        .problem(429, "slow-down");
}
