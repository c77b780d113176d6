//! Handing a transaction over: an address that opens once, on another device, for looking alone.

mod life;
mod page;

use reqwest::Method;

use crate::support::{Answer, MERCHANT_KEY, SUPPORT_KEY, TestApp, Transaction};

const HTML: &str = "text/html; charset=utf-8";

pub(crate) async fn hand_over(app: &TestApp, tx: &Transaction, token: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    app.send(
        Method::POST,
        &tx.path("handover"),
        &headers,
        body.to_owned(),
    )
    .await
}

/// The path of the address that was handed out.
pub(crate) async fn code_path(app: &TestApp, tx: &Transaction, token: &str, body: &str) -> String {
    let answer = hand_over(app, tx, token, body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let url = answer.json()["url"].as_str().unwrap().to_owned();
    url[url.find("/handover/").unwrap()..].to_owned()
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

/// What the page's form sends, with its cookie.
struct Form {
    cookie: String,
    proof: String,
}

async fn form(app: &TestApp, path: &str) -> Form {
    let page = app.send(Method::GET, path, &[], "").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let cookie = page.header("set-cookie");
    Form {
        cookie: cookie.split(';').next().unwrap().to_owned(),
        proof: between(&page.text(), "name=\"proof\" value=\"", "\"").to_owned(),
    }
}

async fn press(app: &TestApp, path: &str, form: &Form, more: &[(&str, &str)]) -> Answer {
    let mut headers = vec![
        ("cookie", form.cookie.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    headers.extend_from_slice(more);
    // Without following: the answer itself is looked at.
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let mut request = http
        .post(format!("{}{path}", app.base))
        .body(format!("proof={}", form.proof));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let response = request.send().await.unwrap();
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body: response.bytes().await.unwrap().to_vec(),
    }
}

/// Opens an address: the cookie of the device and the path of the status page.
pub(crate) async fn opened(app: &TestApp, path: &str) -> (String, String) {
    let form = form(app, path).await;
    let answer = press(app, path, &form, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let cookie = answer.header("set-cookie");
    let location = answer.header("location");
    (
        cookie.split(';').next().unwrap().to_owned(),
        location.trim_start_matches("..").to_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_party_gets_an_address_and_its_qr_code() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    for (token, body, party) in [
        (&tx.payer, "", "merchant"),
        (&tx.merchant, "{}", "payer"),
        (&tx.payer, r#"{"party":"payer"}"#, "payer"),
        (&tx.support, r#"{"party":"merchant"}"#, "merchant"),
        (&SUPPORT_KEY.to_owned(), r#"{"party":"payer"}"#, "payer"),
    ] {
        let answer = hand_over(&app, &tx, token, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        let document = answer.json();
        assert_eq!(document["party"], party);
        let url = document["url"].as_str().unwrap();
        let code = url
            .strip_prefix(&format!("{}/handover/", app.base))
            .unwrap();
        assert_eq!(code.len(), 26);
        // The address carries no token, not even the transaction.
        for secret in [&tx.id[3..], "pst_", "psv_"] {
            assert!(!url.contains(secret), "{url}");
        }
        let size = document["qr"]["size"].as_u64().unwrap();
        assert!((29..=45).contains(&size), "{size}");
        assert!(document["qr"]["path"].as_str().unwrap().starts_with('M'));
        assert!(document["expires_at"].is_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_or_asks_for_what_is_not_there_is_refused() {
    let app = TestApp::start().await;
    let (tx, other) = (app.create().await, app.create().await);
    hand_over(&app, &tx, &other.payer, "")
        .await
        .problem(404, "not-found");
    hand_over(&app, &tx, MERCHANT_KEY, "")
        .await
        .problem(404, "not-found");
    let answer = app.send(Method::POST, &tx.path("handover"), &[], "").await;
    answer.problem(401, "credentials-missing");
    for (token, body) in [
        (&tx.payer, r#"{"party":"support"}"#),
        (&tx.payer, r#"{"party":7}"#),
        (&tx.payer, "[]"),
        (&tx.support, ""),
    ] {
        let problem = hand_over(&app, &tx, token, body).await;
        let problem = problem.problem(422, "handover-invalid");
        assert!(problem["errors"][0]["expected"].is_string(), "{problem}");
    }
    hand_over(&app, &tx, &tx.payer, "{")
        .await
        .problem(400, "json-invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_opens_once_and_only_by_the_pages_own_form() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let path = code_path(&app, &tx, &tx.payer, "").await;

    // A preview looks as often as it likes.
    for _ in 0..3 {
        let page = app.send(Method::GET, &path, &[], "").await;
        assert_eq!(
            (page.status.as_u16(), page.header("content-type")),
            (200, HTML.to_owned())
        );
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-robots-tag"), "noindex");
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        assert!(page.text().contains("Open the status"));
        assert!(!page.text().contains("<script"));
    }
    app.send(Method::HEAD, &path, &[], "").await;

    // Another site's form: no cookie, a foreign cookie, or the browser says who sends it.
    let own = form(&app, &path).await;
    let attempts = [
        (
            Form {
                cookie: "a=b".to_owned(),
                proof: own.proof.clone(),
            },
            vec![],
        ),
        (
            Form {
                cookie: own.cookie.clone(),
                proof: "A".repeat(22),
            },
            vec![],
        ),
        (
            Form {
                cookie: "payment-status-form=".to_owned(),
                proof: String::new(),
            },
            vec![],
        ),
        (
            Form {
                cookie: own.cookie.clone(),
                proof: own.proof.clone(),
            },
            vec![("sec-fetch-site", "cross-site")],
        ),
        (
            Form {
                cookie: own.cookie.clone(),
                proof: own.proof.clone(),
            },
            vec![("sec-fetch-site", "same-site")],
        ),
        (
            Form {
                cookie: own.cookie.clone(),
                proof: own.proof.clone(),
            },
            vec![("origin", "https://evil.example")],
        ),
    ];
    for (form, more) in &attempts {
        let answer = press(&app, &path, form, more).await;
        assert_eq!(answer.status, 404, "{more:?}");
        assert!(answer.headers.get("set-cookie").is_none());
    }

    // Under `no-referrer` a browser sends `Origin: null` with our own form.
    let more = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    let answer = press(&app, &path, &own, &more).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("location"), format!("../status/{}", tx.id));
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("payment-status-viewer=psv_"), "{cookie}");
    let attributes = format!(
        "Path=/status/{}; Max-Age=604800; HttpOnly; SameSite=Strict",
        tx.id
    );
    assert!(cookie.ends_with(&attributes), "{cookie}");

    // Used, unknown and malformed: one answer.
    let used = app.send(Method::GET, &path, &[], "").await;
    let unknown = app
        .send(
            Method::GET,
            &format!("/handover/{}", "0".repeat(26)),
            &[],
            "",
        )
        .await;
    let malformed = app
        .send(Method::GET, "/handover/%ff?lang=en&lang=%ff", &[], "")
        .await;
    let pressed = press(&app, &path, &own, &[]).await;
    for answer in [&unknown, &malformed, &pressed] {
        assert_eq!(answer.status, 404);
        assert_eq!(answer.text(), used.text());
    }
    for words in [
        "This code cannot be opened any more",
        "Ask the other person to show a new code.",
        "Nothing can be said about this transaction until a verified answer arrives.",
    ] {
        assert!(used.text().contains(words), "{}", used.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_open_at_one_time_one_gets_in() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    for _ in 0..5 {
        let path = code_path(&app, &tx, &tx.payer, "").await;
        let form = form(&app, &path).await;
        let (a, b) = tokio::join!(
            press(&app, &path, &form, &[]),
            press(&app, &path, &form, &[])
        );
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 404]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_let_in_reads_the_status_and_nothing_else() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let path = code_path(&app, &tx, &tx.payer, "").await;
    let (cookie, page) = opened(&app, &path).await;
    assert_eq!(page, format!("/status/{}", tx.id));
    let viewer = cookie.split_once('=').unwrap().1.to_owned();

    let status = app.get(&tx.status_path(), &viewer).await;
    assert_eq!(
        status.body,
        app.get(&tx.status_path(), &tx.payer).await.body
    );
    app.get(&tx.path("party"), &viewer)
        .await
        .problem(403, "wrong-party");
    app.get(&tx.path("detail"), &viewer)
        .await
        .problem(403, "wrong-party");
    hand_over(&app, &tx, &viewer, "")
        .await
        .problem(403, "wrong-party");
    app.get("/v1/transactions", &viewer)
        .await
        .problem(401, "credentials-missing");
    let other = app.create().await;
    app.get(&other.status_path(), &viewer)
        .await
        .problem(404, "not-found");

    // And the page takes no party's own token, though it opens more.
    let forged = format!("payment-status-viewer={}", tx.payer);
    let answer = app
        .send(Method::GET, &page, &[("cookie", &forged)], "")
        .await;
    assert_eq!(answer.status, 404);
}
