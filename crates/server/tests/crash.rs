//! The real binary under load, killed without warning: every acknowledged report survives (P11).
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use payment_status_protocol::code::Codes;
use payment_status_protocol::decide::{Reports, decide};
use payment_status_protocol::money::Amount;
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::Snapshot;
use payment_status_server::webhook::WebhookSecret;
use serde_json::{Value, json};

const MERCHANT_KEY: &str = "psm_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const SUPPORT_KEY: &str = "pss_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SOURCES: [&str; 4] = ["wallet", "issuer", "acquirer", "terminal"];
const LEGS: [&str; 4] = ["debit", "credit", "confirmation", "return"];
const OUTCOMES: [&str; 4] = ["pending", "succeeded", "failed", "unknown"];
const SENDERS: usize = 8;
const REPORTS_PER_SENDER: usize = 200;

struct Server {
    process: Child,
    base: String,
}

impl Server {
    fn start(directory: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_payment-status-server"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(directory.join("test.db"))
            .arg("--credentials")
            .arg(directory.join("credentials.toml"))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let base = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self { process, base }
    }
}

impl Drop for Server {
    /// SIGKILL: the process gets no chance to finish anything.
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

async fn post_report(
    http: &reqwest::Client,
    base: &str,
    source: &str,
    body: &str,
) -> Result<Value, reqwest::Error> {
    let timestamp_s = payment_status_server::time::now().as_ms() / 1000;
    let signature = WebhookSecret::parse(SECRET)
        .unwrap()
        .sign("m1", timestamp_s, body.as_bytes());
    let response = http
        .post(format!("{base}/v1/reports"))
        .header("content-type", "application/json")
        .header("payment-status-source", source)
        .header("webhook-id", "m1")
        .header("webhook-timestamp", timestamp_s.to_string())
        .header("webhook-signature", signature)
        .body(body.to_owned())
        .send()
        .await?;
    let status = response.status();
    let answer: Value = response.json().await?;
    assert_eq!(status, 200, "{answer}");
    Ok(answer["accepted"][0].clone())
}

async fn create(http: &reqwest::Client, base: &str) -> String {
    let answer: Value = http
        .post(format!("{base}/v1/transactions"))
        .bearer_auth(MERCHANT_KEY)
        .json(&json!({ "order_reference": "A", "amount": { "minor": 100, "currency": "CNY" } }))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    answer["transaction"].as_str().unwrap().to_owned()
}

/// One sender: reports until its count is done or the server is gone. Returns `(source, body, ack)`.
async fn send_reports(
    http: reqwest::Client,
    base: String,
    transactions: Arc<Vec<String>>,
    sender: usize,
    acknowledged: Arc<AtomicUsize>,
) -> Vec<(&'static str, String, Value)> {
    let mut kept = Vec::new();
    for number in 0..REPORTS_PER_SENDER {
        let mix = number * 7 + sender * 3;
        let source = SOURCES[mix % 4];
        let body = json!({ "reports": [{
            "transaction": transactions[(number + sender) % transactions.len()],
            "id": format!("{sender}-{number}"), "attempt": format!("{}", 1 + mix % 2),
            "leg": LEGS[(mix / 2) % 4], "outcome": OUTCOMES[(mix / 5) % 4],
            "at": "2026-11-20T12:00:03+08:00", "note": format!("by {sender}")
        }]})
        .to_string();
        match post_report(&http, &base, source, &body).await {
            Ok(ack) => {
                acknowledged.fetch_add(1, Ordering::SeqCst);
                kept.push((source, body, ack));
            }
            Err(_) => break,
        }
    }
    kept
}

async fn check_transaction(
    http: &reqwest::Client,
    base: &str,
    transaction: &str,
) -> HashMap<String, u64> {
    let detail: Value = http
        .get(format!("{base}/v1/transactions/{transaction}/detail"))
        .bearer_auth(SUPPORT_KEY)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let lines = detail["reports"].as_array().unwrap();
    let reports: Vec<Report> = lines
        .iter()
        .map(|line| {
            let mut report = line["report"].clone();
            report["source"] = line["source"].clone();
            serde_json::from_value(report).unwrap()
        })
        .collect();
    let snapshot: Snapshot = serde_json::from_value(detail["snapshot"].clone()).unwrap();
    let amount = Amount {
        minor: snapshot.amount.minor,
        currency: snapshot.amount.currency,
    };
    let verdict = decide(&amount, &Reports::try_from(reports).unwrap(), &Codes);
    assert_eq!(snapshot.version, verdict.version, "{transaction}");
    assert_eq!(
        (
            &snapshot.state,
            &snapshot.charged,
            &snapshot.pay_again,
            &snapshot.release
        ),
        (
            &verdict.state,
            &verdict.charged,
            &verdict.pay_again,
            &verdict.release
        ),
    );
    assert_eq!(
        (&snapshot.money_at, snapshot.is_final),
        (&verdict.money_at, verdict.is_final)
    );
    lines
        .iter()
        .map(|line| {
            let key = format!("{}/{}", line["source"], line["report"]["id"]);
            (key, line["version"].as_u64().unwrap())
        })
        .collect()
}

async fn kill_and_check(kill_after: usize) {
    let directory = tempfile::TempDir::new().unwrap();
    let mut credentials = format!(
        "[[merchant]]\nname = \"m\"\nkey = \"{MERCHANT_KEY}\"\n\
         [[support]]\nname = \"s\"\nkey = \"{SUPPORT_KEY}\"\n"
    );
    for source in SOURCES {
        credentials += &format!("[[source]]\nsource = \"{source}\"\nsecret = \"{SECRET}\"\n");
    }
    std::fs::write(directory.path().join("credentials.toml"), credentials).unwrap();
    let http = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap();

    let server = Server::start(directory.path());
    let mut transactions = Vec::new();
    for _ in 0..5 {
        transactions.push(create(&http, &server.base).await);
    }
    let transactions = Arc::new(transactions);
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            tokio::spawn(send_reports(
                http.clone(),
                server.base.clone(),
                Arc::clone(&transactions),
                sender,
                Arc::clone(&acknowledged),
            ))
        })
        .collect();
    while acknowledged.load(Ordering::SeqCst) < kill_after {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(server);
    let mut kept = Vec::new();
    for sender in senders {
        kept.extend(sender.await.unwrap());
    }
    assert!(kept.len() >= kill_after && kept.len() < SENDERS * REPORTS_PER_SENDER);

    let server = Server::start(directory.path());
    let mut stored = HashMap::new();
    for transaction in transactions.iter() {
        stored.extend(check_transaction(&http, &server.base, transaction).await);
    }
    for (source, _, ack) in &kept {
        let key = format!("\"{source}\"/{}", ack["id"]);
        assert_eq!(stored.get(&key).copied(), ack["version"].as_u64(), "{key}");
    }
    println!(
        "killed after {} acknowledged, {} stored",
        kept.len(),
        stored.len()
    );
    // A sender that repeats what was acknowledged gets the same answer.
    for (source, body, ack) in kept.iter().step_by(10) {
        assert_eq!(
            &post_report(&http, &server.base, source, body)
                .await
                .unwrap(),
            ack
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_report_survives_kill_9_under_load() {
    let began = Instant::now();
    for kill_after in [40, 137, 400] {
        kill_and_check(kill_after).await;
    }
    println!("three crashes in {:?}", began.elapsed());
}
