//! Evidence packs: a genuine one is proven, and everything else is refused with its reason.

mod altered;
mod forged;

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;

use crate::support::{TestApp, Transaction, in_ms, report};

/// What a screen keeps of one answer.
#[derive(Clone)]
struct Seen {
    body: String,
    signature: String,
}

async fn see(app: &TestApp, tx: &Transaction) -> Seen {
    let answer = app.get(&tx.status_path(), &tx.payer).await;
    Seen {
        body: answer.text(),
        signature: answer.header("payment-status-signature"),
    }
}

fn code_of(body: &str) -> String {
    payment_status_protocol::match_code::match_code(&Sha256::digest(body.as_bytes()).into())
}

fn shown(seen: &Seen) -> Value {
    let body: Value = serde_json::from_str(&seen.body).unwrap();
    json!({
        "version": body["version"], "match_code": code_of(&seen.body),
        "signatures": [seen.signature], "body": seen.body,
    })
}

fn pack_of(transaction: &str, keys: &Value, seen: &[Seen]) -> Value {
    json!({
        "format": "payment-status-evidence/1", "transaction": transaction,
        "src": format!("https://pay.example/v1/transactions/{transaction}/status"),
        "party": "payer", "locale": "en", "saved_at": in_ms(0), "keys": keys,
        "shown": seen.iter().map(shown).collect::<Vec<_>>(),
    })
}

/// A payment that was processing, then paid; both answers were seen.
async fn paid(app: &TestApp) -> (Transaction, Value) {
    let tx = app.create().await;
    // Ids are unique over all transactions.
    let id = |name: &str| format!("{name}-{}", tx.id);
    app.say(&tx, "wallet", report(&id("w"), "debit", "succeeded"))
        .await;
    let first = see(app, &tx).await;
    app.say(&tx, "acquirer", report(&id("a"), "credit", "succeeded"))
        .await;
    let second = see(app, &tx).await;
    let pack = pack_of(&tx.id, &app.jwks().await, &[first, second]);
    (tx, pack)
}

struct Checked {
    status: i32,
    lines: Vec<Value>,
    text: String,
}

impl Checked {
    #[track_caller]
    fn refused(&self, reason: &str) {
        let last = self.lines.last().unwrap_or_else(|| panic!("{}", self.text));
        assert_eq!(
            (self.status, &last["reason"]),
            (1, &json!(reason)),
            "{}",
            self.text
        );
        assert_eq!(last["result"], "refused");
        assert!(last["detail"].as_str().unwrap().len() > 5);
        assert_eq!(self.lines.len(), 1, "nothing of a refused pack is said");
    }
}

/// Runs the real binary on these bytes.
fn verify(app: &TestApp, file: &[u8], arguments: &[&str]) -> Checked {
    let path = app.path().join("evidence.json");
    std::fs::write(&path, file).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_payment-status-server"))
        .args(["verify", path.to_str().unwrap(), "--json"])
        .args(arguments)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Checked {
        status: output.status.code().unwrap(),
        lines: text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
        text: text + &String::from_utf8_lossy(&output.stderr),
    }
}

async fn keys_file(app: &TestApp) -> String {
    let path = app.path().join("keys.json");
    std::fs::write(&path, app.jwks().await.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

fn database(app: &TestApp) -> String {
    app.database().to_str().unwrap().to_owned()
}

/// A signer whose key is trusted, so that nothing but the header is wrong.
struct Forge {
    key: SigningKey,
    jwks: Value,
}

impl Forge {
    fn new(kid: &str, seed: u8) -> Self {
        let key = SigningKey::from_bytes(&[seed; 32]);
        let x = URL_SAFE_NO_PAD.encode(key.verifying_key().to_bytes());
        let jwks = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid }] });
        Self { key, jwks }
    }

    fn sign(&self, header: &str, body: &str) -> String {
        let header = URL_SAFE_NO_PAD.encode(header);
        let signature = self.key.sign(format!("{header}.{body}").as_bytes());
        format!("{header}..{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_many_attempts_is_proven_too() {
    let app = TestApp::start().await;
    let (tx, _) = paid(&app).await;
    for attempt in 2..40 {
        for (source, leg, outcome) in [
            ("issuer", "debit", "failed"),
            ("terminal", "confirmation", "failed"),
        ] {
            let mut said = report(&format!("{leg}-{attempt}"), leg, outcome);
            said["attempt"] = json!(attempt.to_string());
            app.say(&tx, source, said).await;
        }
    }
    let pack = pack_of(&tx.id, &app.jwks().await, &[see(&app, &tx).await]).to_string();
    assert!(pack.len() > 10 * 1024, "{}", pack.len());
    let checked = verify(&app, pack.as_bytes(), &["--keys", &keys_file(&app).await]);
    assert_eq!(checked.status, 0, "{}", checked.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_genuine_pack_is_proven_by_keys_and_by_the_store() {
    let app = TestApp::start().await;
    let (tx, pack) = paid(&app).await;
    let (keys, database) = (keys_file(&app).await, database(&app));
    let file = pack.to_string();
    assert!(file.len() < 10_000, "{}", file.len());
    for arguments in [
        vec!["--keys", &keys],
        vec!["--database", &database, "--current"],
        vec![
            "--keys",
            &keys,
            "--database",
            &database,
            "--transaction",
            &tx.id,
            "--order",
            "A-1042",
        ],
    ] {
        let checked = verify(&app, file.as_bytes(), &arguments);
        assert_eq!(checked.status, 0, "{}", checked.text);
        let [first, second, end] = &checked.lines[..] else {
            panic!("{}", checked.text);
        };
        assert_eq!(first["state"], "processing");
        assert_eq!(
            (&second["state"], &second["release"]),
            (&json!("paid"), &json!("release"))
        );
        assert_eq!(second["match_code"], pack["shown"][1]["match_code"]);
        assert_eq!(
            (&end["result"], &end["transaction"]),
            (&json!("genuine"), &json!(tx.id))
        );
        assert_eq!(
            end["compared_with_store"],
            arguments.contains(&"--database")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_that_was_overtaken_says_what_is_current() {
    let app = TestApp::start().await;
    let (tx, pack) = paid(&app).await;
    app.say(&tx, "issuer", report("r1", "return", "succeeded"))
        .await;
    let (keys, database) = (keys_file(&app).await, database(&app));
    let file = pack.to_string();
    let checked = verify(&app, file.as_bytes(), &["--database", &database]);
    assert_eq!(checked.status, 3, "{}", checked.text);
    let end = checked.lines.last().unwrap();
    assert_eq!(
        (&end["result"], &end["current"]["state"]),
        (&json!("superseded"), &json!("refunded"))
    );
    assert_eq!(end["current"]["version"], 3);
    verify(
        &app,
        file.as_bytes(),
        &["--database", &database, "--current"],
    )
    .refused("superseded");
    assert_eq!(verify(&app, file.as_bytes(), &["--keys", &keys]).status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_genuine_pack_of_another_payment_is_refused_as_such() {
    let app = TestApp::start().await;
    let (_, pack) = paid(&app).await;
    let other = app.create().await;
    let keys = keys_file(&app).await;
    let file = pack.to_string();
    verify(
        &app,
        file.as_bytes(),
        &["--keys", &keys, "--transaction", &other.id],
    )
    .refused("other-transaction");
    verify(
        &app,
        file.as_bytes(),
        &["--keys", &keys, "--order", "A-1043"],
    )
    .refused("other-order");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_usage_is_no_verdict() {
    let app = TestApp::start().await;
    let (_, pack) = paid(&app).await;
    let file = pack.to_string();
    let keys = keys_file(&app).await;
    for arguments in [
        &[][..],
        &["--keys", "/nowhere.json"],
        &["--database", "/nowhere.db"],
        &["--keys", &keys, "--current"],
        &["--keys", &keys, "--transaction", "tx_1"],
    ] {
        let checked = verify(&app, file.as_bytes(), arguments);
        assert_eq!(
            (checked.status, checked.lines.len()),
            (2, 0),
            "{arguments:?} {}",
            checked.text
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_refuses_what_it_never_served_and_what_was_replayed() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    app.say(&tx, "wallet", report("w1", "debit", "succeeded"))
        .await;
    let Seen { body, .. } = see(&app, &tx).await;
    app.say(&tx, "acquirer", report("a1", "credit", "succeeded"))
        .await;
    let forge = Forge::new("leaked", 7);
    let keys = app.path().join("leaked.json");
    std::fs::write(&keys, forge.jwks.to_string()).unwrap();
    let (keys, database) = (keys.to_str().unwrap().to_owned(), database(&app));
    let check = |body: &str, version: u64, iat: i64| {
        let id = &tx.id;
        let header = format!(
            r#"{{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"leaked","txn":"{id}","ver":{version},"iat":{iat}}}"#
        );
        let signature = forge.sign(&header, body);
        let mut pack = pack_of(
            id,
            &forge.jwks,
            &[Seen {
                body: body.to_owned(),
                signature,
            }],
        );
        pack["saved_at"] = json!(in_ms(3_600_000));
        verify(
            &app,
            pack.to_string().as_bytes(),
            &["--keys", &keys, "--database", &database],
        )
    };
    let now = crate::support::now_s();
    assert_eq!(check(&body, 1, now).status, 3);
    // Signed a minute after version 2 existed: an old answer served as if it were current.
    check(&body, 1, now + 60).refused("replayed");
    check(
        &body.replace("\"state\":\"processing\"", "\"state\":\"checking\""),
        1,
        now,
    )
    .refused("stored-differs");
    check(&body.replace("\"version\":1", "\"version\":9"), 9, now).refused("not-stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retired_key_still_proves_and_signs_nothing_more() {
    let app = TestApp::start().await;
    let (_, pack) = paid(&app).await;
    let database = database(&app);
    payment_status_server::commands::keys::rotate(&app.database())
        .await
        .unwrap();
    let file = pack.to_string();
    assert_eq!(
        verify(&app, file.as_bytes(), &["--database", &database]).status,
        0
    );
    // Retired a minute before it signed: whoever signed had the erased half.
    let url = format!("sqlite://{database}");
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(
        "UPDATE signing_keys SET retired_ms = retired_ms - 60000 WHERE retired_ms IS NOT NULL",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    verify(&app, file.as_bytes(), &["--database", &database]).refused("key-retired");
}
