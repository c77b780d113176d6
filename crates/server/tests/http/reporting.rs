//! `POST /v1/reports`: what is taken, once, whole or not at all.

use serde_json::json;

use crate::support::{SUPPORT_KEY, TestApp, coded, report};

#[tokio::test(flavor = "multi_thread")]
async fn the_phone_paid_and_the_terminal_failed_ends_as_paid_not_confirmed() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let wechat = ("wechatpay", "trade_state", "SUCCESS");
    assert_eq!(
        app.say(&tx, "wallet", coded("w1", "debit", "succeeded", wechat))
            .await,
        1
    );
    assert_eq!(app.snapshot(&tx).await["state"], "processing");
    let no_answer = ("unionpay", "de39", "98");
    assert_eq!(
        app.say(
            &tx,
            "terminal",
            coded("t1", "confirmation", "failed", no_answer)
        )
        .await,
        2
    );
    assert_eq!(app.snapshot(&tx).await["state"], "debited_not_credited");
    assert_eq!(
        app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
            .await,
        3
    );
    let snapshot = app.snapshot(&tx).await;
    assert_eq!(snapshot["state"], "paid_not_confirmed");
    assert_eq!(snapshot["charged"], "charged");
    assert_eq!(snapshot["pay_again"], "do_not");
    assert_eq!(snapshot["release"], "release");
    assert_eq!(snapshot["money_at"], "acquirer");
    assert_eq!(snapshot["final"], true);
    assert_eq!(snapshot["broken_leg"], "confirmation");
    assert_eq!(snapshot["legs"].as_array().unwrap().len(), 3);
    assert_eq!(snapshot["timeline"][0]["standing"], "authority");
    assert!(
        !snapshot.to_string().contains("SUCCESS"),
        "raw codes stay with support"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_report_again_gets_the_same_answer_again() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let mut first = report("w1", "debit", "pending");
    first["transaction"] = json!(tx.id);
    first["at"] = json!("2026-11-20T12:00:03+08:00");
    let once = app.report("wallet", json!([first])).await;
    app.say(&tx, "wallet", report("w2", "debit", "succeeded"))
        .await;
    // Another order of fields, and the source spelled out: the same body.
    let again = format!(
        r#"{{"reports":[{{"source":"wallet","at":"2026-11-20T12:00:03+08:00","outcome":"pending",
            "leg":"debit","id":"w1","transaction":"{}"}}]}}"#,
        tx.id
    );
    let twice = app.report_body("wallet", again).await;
    assert_eq!(once.status, 200);
    assert_eq!(once.body, twice.body);
    assert_eq!(once.json()["accepted"][0]["version"], 1);
    assert_eq!(app.snapshot(&tx).await["version"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_with_another_body_is_refused_and_nothing_of_the_batch_is_stored() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "pending"))
        .await;
    let with = |id: &str, outcome: &str| {
        json!({ "transaction": tx.id, "id": id, "leg": "debit", "outcome": outcome,
                "at": "2026-11-20T12:00:03+08:00" })
    };
    let answer = app
        .report(
            "wallet",
            json!([with("w2", "succeeded"), with("w1", "succeeded")]),
        )
        .await;
    let problem = answer.problem(409, "report-differs");
    assert_eq!(problem["errors"][0]["at"], "reports[1].id");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 1);
    assert_eq!(app.snapshot(&tx).await["version"], 1);
    // An unknown field is part of the body.
    let mut noted = with("w1", "pending");
    noted["note"] = json!("x");
    app.report("wallet", json!([noted]))
        .await
        .problem(409, "report-differs");
    // Another source may use the same id.
    assert_eq!(
        app.say(&tx, "issuer", report("w1", "debit", "pending"))
            .await,
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_unique_over_all_transactions_of_a_source() {
    let app = TestApp::start().await;
    let (one, other) = (app.create().await, app.create().await);
    app.say(&one, "wallet", report("w1", "debit", "pending"))
        .await;
    let mut moved = report("w1", "debit", "pending");
    moved["transaction"] = json!(other.id);
    moved["at"] = json!("2026-11-20T12:00:03+08:00");
    app.report("wallet", json!([moved]))
        .await
        .problem(409, "report-differs");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_one_version_of_each_transaction_it_touches() {
    let app = TestApp::start().await;
    let (one, other) = (app.create().await, app.create().await);
    let line = |tx: &str, id: &str, leg: &str| {
        json!({ "transaction": tx, "id": id, "leg": leg, "outcome": "succeeded",
                "at": "2026-11-20T12:00:03+08:00" })
    };
    let batch = json!([
        line(&one.id, "b1", "debit"),
        line(&other.id, "b2", "debit"),
        line(&one.id, "b3", "credit"),
        line(&one.id, "b1", "debit"),
    ]);
    let answer = app.report("wallet", batch).await;
    assert_eq!(answer.status, 200);
    let accepted = answer.json()["accepted"].clone();
    let got: Vec<(String, u64)> = accepted
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["id"].as_str().unwrap().to_owned(),
                line["version"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        got,
        [
            ("b1".into(), 2),
            ("b2".into(), 1),
            ("b3".into(), 2),
            ("b1".into(), 2)
        ]
    );
    assert_eq!(app.snapshot(&one).await["state"], "paid");
    assert_eq!(app.snapshot(&other).await["state"], "processing");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_report_of_a_batch_is_named_and_nothing_is_stored() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let answer = app
        .report(
            "wallet",
            json!([
                { "transaction": tx.id, "id": "w1", "leg": "debit", "outcome": "succeeded",
                  "at": "2026-11-20T12:00:03+08:00" },
                { "transaction": tx.id, "id": "w2", "leg": "debit", "outcome": "succeeded",
                  "at": "yesterday", "amount": "12" },
                { "transaction": "tx_none", "id": "", "leg": 7, "outcome": "succeeded",
                  "at": "2026-11-20T12:00:03", "source": "issuer", "code": { "scheme": "x" } },
                "four"
            ]),
        )
        .await;
    let problem = answer.problem(422, "report-invalid");
    let places: Vec<&str> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["at"].as_str().unwrap())
        .collect();
    for at in [
        "reports[1].at",
        "reports[1].amount",
        "reports[2].transaction",
        "reports[2].id",
        "reports[2].leg",
        "reports[2].at",
        "reports[2].source",
        "reports[2].code.value",
        "reports[3]",
    ] {
        assert!(places.contains(&at), "{at} in {places:?}");
    }
    assert_eq!(places.len(), 9);
    let amount = &problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["at"] == "reports[1].amount");
    assert_eq!(amount.unwrap()["expected"], "an integer ≥ 0");
    assert_eq!(amount.unwrap()["got"], "\"12\"");
    assert_eq!(app.snapshot(&tx).await["version"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_about_a_transaction_that_does_not_exist_is_refused() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let line = |tx: &str, id: &str| {
        json!({ "transaction": tx, "id": id, "leg": "debit", "outcome": "succeeded",
                "at": "2026-11-20T12:00:03+08:00" })
    };
    let missing = "tx_00000000000000000000000000";
    let answer = app
        .report("wallet", json!([line(&tx.id, "w1"), line(missing, "w2")]))
        .await;
    let problem = answer.problem(422, "report-invalid");
    assert_eq!(problem["errors"][0]["at"], "reports[1].transaction");
    assert_eq!(app.snapshot(&tx).await["version"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_words_and_fields_are_kept_verbatim_and_prove_nothing() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let body = format!(
        r#"{{"reports":[{{ "transaction": "{}", "id": "q1", "leg": "teleport", "outcome": "mostly",
            "at": "2026-11-20T12:00:03+08:00", "code": {{"scheme": "Barter", "value": " Ünknown "}},
            "weather": {{"sky": ["blue", 1.50, null]}} }}]}}"#,
        tx.id
    );
    let answer = app.report_body("quantum_bank", body.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let snapshot = app.snapshot(&tx).await;
    assert_eq!(snapshot["charged"], "unknown");
    assert_eq!(snapshot["timeline"][0]["leg"], "teleport");
    assert_eq!(snapshot["timeline"][0]["outcome"], "mostly");
    assert_eq!(snapshot["timeline"][0]["source"], "quantum_bank");
    let detail = app.get(&tx.path("detail"), SUPPORT_KEY).await;
    // Byte for byte, spaces and the trailing zero included.
    let sent = body.split_once('[').unwrap().1.strip_suffix("]}").unwrap();
    assert!(detail.text().contains(sent), "{}", detail.text());
    assert_eq!(detail.json()["reports"][0]["reason"], "unmapped_code");
    assert_eq!(detail.json()["reports"][0]["standing"], "claim");
}

#[tokio::test(flavor = "multi_thread")]
async fn order_duplicates_and_batches_do_not_change_the_verdict() {
    let app = TestApp::start().await;
    let reports = [
        ("wallet", report("1", "debit", "succeeded")),
        ("terminal", report("2", "confirmation", "failed")),
        ("acquirer", report("3", "credit", "pending")),
        ("acquirer", report("4", "credit", "succeeded")),
    ];
    let mut seen = Vec::new();
    for (round, order) in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]]
        .into_iter()
        .enumerate()
    {
        let tx = app.create().await;
        for index in order.into_iter().chain(order) {
            let (source, mut report) = reports[index].clone();
            report["id"] = json!(format!("{round}-{index}"));
            app.say(&tx, source, report).await;
        }
        let snapshot = app.snapshot(&tx).await;
        assert_eq!(snapshot["version"], 4);
        seen.push([
            snapshot["state"].clone(),
            snapshot["reason"].clone(),
            snapshot["legs"].clone(),
            snapshot["release"].clone(),
            snapshot["pay_again"].clone(),
        ]);
    }
    assert!(seen.iter().all(|verdict| *verdict == seen[0]), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_texts_are_kept_and_recognised_again() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    for (number, id) in [
        "a\u{0}b",
        "付款 🧾",
        "'; DROP TABLE reports; --",
        "\u{202e}rtl",
        " ",
    ]
    .into_iter()
    .enumerate()
    {
        let version = number as u64 + 1;
        for _ in 0..2 {
            assert_eq!(
                app.say(&tx, "wallet", report(id, "debit", "pending")).await,
                version
            );
        }
        let detail = app.get(&tx.path("detail"), SUPPORT_KEY).await.json();
        assert_eq!(detail["reports"][number]["report"]["id"], id);
    }
    let problem = app
        .report("wallet", json!([{ "id": "x".repeat(129) }]))
        .await;
    problem.problem(422, "report-invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_reports_of_one_transaction_each_get_a_version_of_their_own() {
    let app = std::sync::Arc::new(TestApp::start().await);
    let tx = std::sync::Arc::new(app.create().await);
    let senders: Vec<_> = (0..40)
        .map(|number| {
            let (app, tx) = (app.clone(), tx.clone());
            tokio::spawn(async move {
                app.say(
                    &tx,
                    "wallet",
                    report(&format!("w{number}"), "debit", "pending"),
                )
                .await
            })
        })
        .collect();
    let mut versions = Vec::new();
    for sender in senders {
        versions.push(sender.await.unwrap());
    }
    versions.sort_unstable();
    assert_eq!(versions, (1..=40).collect::<Vec<u64>>());
}
