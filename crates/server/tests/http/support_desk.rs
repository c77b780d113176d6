//! What support reads: the detail of one transaction, the list, the change feed.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{MERCHANT_KEY, SUPPORT_KEY, TestApp, Transaction, coded, order, report};

#[tokio::test(flavor = "multi_thread")]
async fn the_detail_shows_raw_codes_exact_reasons_and_every_version() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let stolen = ("unionpay", "de39", "43");
    app.say(&tx, "issuer", coded("i1", "debit", "failed", stolen))
        .await;
    let public = app.snapshot(&tx).await;
    assert_eq!(public["state"], "declined");
    assert_eq!(public["reason"], "issuer_declined");
    for credential in [tx.support.as_str(), SUPPORT_KEY] {
        let answer = app.get(&tx.path("detail"), credential).await;
        assert_eq!(answer.status, 200);
        let detail = answer.json();
        assert_eq!(detail["format"], 1);
        assert_eq!(detail["version"], 1);
        assert_eq!(detail["reason"], "card_lost_or_stolen");
        assert_eq!(detail["snapshot"], public);
        let line = &detail["reports"][0];
        assert_eq!(line["reason"], "card_lost_or_stolen");
        assert_eq!(line["standing"], "authority");
        assert_eq!(line["version"], 1);
        assert_eq!(line["source"], "issuer");
        assert!(line["received_at"].is_string());
        assert_eq!(line["report"]["code"]["value"], "43");
        assert_eq!(line["report"]["at"], "2026-11-20T12:00:03+08:00");
        let history = detail["history"].as_array().unwrap();
        assert_eq!(history.len(), 2);
        assert_eq!(
            (&history[0]["version"], &history[0]["state"]),
            (&json!(0), &json!("awaiting_payment"))
        );
        let code = history[1]["match_code"].as_str().unwrap();
        assert!(code.len() == 7 && code.as_bytes()[3] == b'-', "{code}");
        app.verify(&answer, &answer.body).await;
    }
}

async fn list(app: &TestApp, query: &str) -> Value {
    let answer = app
        .get(&format!("/v1/transactions{query}"), SUPPORT_KEY)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn references(list: &Value) -> Vec<&str> {
    let lines = list["transactions"].as_array().unwrap();
    lines
        .iter()
        .map(|line| line["order_reference"].as_str().unwrap())
        .collect()
}

/// Four orders; the first is debited, the second paid.
async fn four_orders() -> (TestApp, Vec<Transaction>) {
    let app = TestApp::start().await;
    let mut transactions = Vec::new();
    for reference in ["A-1", "B-2", "A-3", "C_4%"] {
        let mut order = order();
        order["order_reference"] = json!(reference);
        transactions.push(app.create_from(&order).await);
    }
    let debited = report("w1", "debit", "succeeded");
    app.say(&transactions[0], "wallet", debited).await;
    let credited = report("a1", "credit", "succeeded");
    app.say(&transactions[1], "acquirer", credited).await;
    (app, transactions)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_newest_change_first_and_names_the_broken_leg() {
    let (app, transactions) = four_orders().await;

    let all = list(&app, "").await;
    assert_eq!(all["feed"], 6);
    assert_eq!(references(&all), ["B-2", "A-1", "C_4%", "A-3"]);
    let line = &all["transactions"][0];
    assert_eq!(line["feed"], 6);
    assert_eq!(line["transaction"], transactions[1].id);
    assert_eq!(
        line["amount"],
        json!({ "minor": 12800, "currency": "CNY", "exponent": 2 })
    );
    for (field, value) in [
        ("state", json!("paid")),
        ("charged", json!("charged")),
        ("pay_again", json!("do_not")),
        ("release", json!("release")),
        ("final", json!(true)),
        ("version", json!(1)),
        ("merchant_name", json!("Corner Bakery")),
    ] {
        assert_eq!(line[field], value, "{field}");
    }
    for field in ["reason", "next_actor", "match_code", "updated_at"] {
        assert!(line[field].is_string(), "{field} in {line}");
    }

    assert!(line["broken_leg"].is_null(), "nothing broke: {line}");
    let c = &transactions[3];
    app.say(c, "wallet", report("w2", "debit", "succeeded"))
        .await;
    app.say(c, "acquirer", report("a2", "credit", "failed"))
        .await;
    let broken = list(&app, "?state=debited_not_credited").await;
    assert_eq!(broken["transactions"][0]["broken_leg"], "credit");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_filters_and_searches() {
    let (app, transactions) = four_orders().await;

    assert_eq!(
        references(&list(&app, "?state=paid,processing").await),
        ["B-2", "A-1"]
    );
    assert_eq!(references(&list(&app, "?q=a-").await), ["A-1", "A-3"]);
    assert_eq!(references(&list(&app, "?q=_4%25").await), ["C_4%"]);
    assert_eq!(
        references(&list(&app, &format!("?q={}", transactions[2].id)).await),
        ["A-3"]
    );
    // By the code on a screen, also one that has not changed since, and as people type it.
    let before = app.snapshot(&transactions[0]).await;
    let shown = |all: &Value| {
        all["transactions"][0]["match_code"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let code = shown(&list(&app, &format!("?q={}", transactions[0].id)).await);
    assert_eq!(
        references(&list(&app, &format!("?q={}", code.to_lowercase())).await),
        [before["order_reference"].as_str().unwrap()]
    );
    assert_eq!(
        references(&list(&app, "?open=true").await),
        ["A-1", "C_4%", "A-3"]
    );
    assert_eq!(references(&list(&app, "?limit=1").await), ["B-2"]);
    assert_eq!(
        references(&list(&app, "?open=true&state=processing&q=1&limit=9").await),
        ["A-1"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_goes_on_after_the_last_line_that_was_read() {
    let app = TestApp::start().await;
    for reference in ["A", "B", "C"] {
        let mut order = order();
        order["order_reference"] = json!(reference);
        app.create_from(&order).await;
    }
    let first = list(&app, "?since=0&limit=2").await;
    assert_eq!(
        (references(&first), &first["feed"]),
        (vec!["A", "B"], &json!(2))
    );
    let second = list(&app, "?since=2&limit=2").await;
    assert_eq!(
        (references(&second), &second["feed"]),
        (vec!["C"], &json!(3))
    );
    let third = list(&app, "?since=3").await;
    assert_eq!((references(&third).len(), &third["feed"]), (0, &json!(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_parks_until_something_that_fits_changes() {
    let app = TestApp::start().await;
    let (one, other) = (app.create().await, app.create().await);
    let path = "/v1/transactions?since=2&state=paid";
    let (answer, ()) = tokio::join!(
        app.get_with(path, SUPPORT_KEY, &[("prefer", "wait=20")]),
        async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            app.say(&one, "wallet", report("w1", "debit", "succeeded"))
                .await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            app.say(&other, "acquirer", report("a1", "credit", "succeeded"))
                .await;
        }
    );
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("preference-applied"), "wait=20");
    let list = answer.json();
    assert_eq!(list["feed"], 4);
    assert_eq!(list["transactions"][0]["transaction"], other.id);
    assert_eq!(list["transactions"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_without_a_change_answers_with_an_empty_list_after_the_time() {
    let app = TestApp::start().await;
    app.create().await;
    let began = Instant::now();
    let answer = app
        .get_with(
            "/v1/transactions?since=1",
            SUPPORT_KEY,
            &[("prefer", "wait=1")],
        )
        .await;
    assert_eq!(answer.json(), json!({ "feed": 1, "transactions": [] }));
    assert!((900..3000).contains(&began.elapsed().as_millis()));
    // A number from another life of the database is answered at once with the current one.
    let began = Instant::now();
    let answer = app
        .get_with(
            "/v1/transactions?since=900",
            SUPPORT_KEY,
            &[("prefer", "wait=20")],
        )
        .await;
    assert_eq!(answer.json()["feed"], 1);
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_parameter_is_named_and_others_may_not_list() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let problem = app
        .get(
            "/v1/transactions?state=paid,glorious&limit=0&since=-1&open=maybe",
            SUPPORT_KEY,
        )
        .await
        .problem(400, "query-invalid");
    let places: Vec<&Value> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["at"])
        .collect();
    assert_eq!(places, ["state", "limit", "since", "open"]);
    for credential in [MERCHANT_KEY, tx.support.as_str(), "pss_wrong"] {
        app.get("/v1/transactions", credential)
            .await
            .problem(401, "credentials-missing");
    }
}
