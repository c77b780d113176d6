//! A genuine pack, changed: refused with the reason, or nothing that was proven is different.

use std::process::Command;

use payment_status_server::evidence::{Expected, Pack, Refusal, TrustedKeys, prove};
use serde_json::{Value, json};

use super::{code_of, database, keys_file, paid, verify};
use crate::support::TestApp;

/// Every byte of the file (of the long signed body every third), changed: refused, or nothing that was proven is
/// different.
#[tokio::test(flavor = "multi_thread")]
async fn no_single_byte_changes_what_is_proven() {
    let app = TestApp::start().await;
    let (_, mut pack) = paid(&app).await;
    // One answer: unoptimised, each signature takes some ten milliseconds.
    pack["shown"].as_array_mut().unwrap().remove(0);
    let keys = TrustedKeys::from_jwks(app.jwks().await.to_string().as_bytes()).unwrap();
    let file = pack.to_string().into_bytes();
    let proven = |bytes: &[u8]| -> Result<String, Refusal> {
        let proven = prove(&Pack::read(bytes)?, &keys, &Expected::default())?;
        Ok(format!("{proven:?}"))
    };
    let genuine = proven(&file).unwrap();
    let changed = |at: usize| {
        let mut bytes = file.clone();
        match at % 4 {
            0 => bytes[at] ^= 1,
            1 => bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' },
            2 => drop(bytes.remove(at)),
            _ => bytes.insert(at, bytes[at]),
        }
        bytes
    };
    let body = file
        .windows(8)
        .position(|bytes| bytes == b"\"body\":\"")
        .unwrap()
        + 8;
    let inside = body..body + pack["shown"][0]["body"].to_string().len() - 2;
    let survivors = &|part: usize| {
        let ats =
            (0..file.len()).filter(|at| at % 2 == part && (!inside.contains(at) || at % 3 == 0));
        let survived = ats.filter(|at| match proven(&changed(*at)) {
            Err(_) => false,
            Ok(said) => {
                assert_eq!(said, genuine, "byte {at}");
                true
            }
        });
        survived.count()
    };
    let survived: usize = std::thread::scope(|scope| {
        let halves = [0, 1].map(|part| scope.spawn(move || survivors(part)));
        halves.map(|half| half.join().unwrap()).iter().sum()
    });
    // What nobody has signed may change: the party's language, the time of saving, where the screen asked.
    assert!(survived < 200, "{survived} of {}", file.len());
    for length in 0..file.len() {
        assert!(proven(&file[..length]).is_err(), "cut to {length}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_is_named() {
    let app = TestApp::start().await;
    let (tx, pack) = paid(&app).await;
    let (_, foreign) = paid(&app).await;
    let keys = keys_file(&app).await;
    type Change = fn(&mut Value, &Value);
    let changes: [(&str, Change); 16] = [
        ("wrong-format", |p, _| {
            p["format"] = json!("payment-status-evidence/2")
        }),
        ("wrong-format", |p, _| {
            drop(p.as_object_mut().unwrap().remove("keys"))
        }),
        ("wrong-format", |p, _| p["shown"] = json!([])),
        ("wrong-format", |p, _| p["party"] = json!("landlord")),
        ("signature-invalid", |p, _| {
            let body = p["shown"][1]["body"]
                .as_str()
                .unwrap()
                .replace("12800", "12801");
            p["shown"][1]["match_code"] = json!(code_of(&body));
            p["shown"][1]["body"] = json!(body);
        }),
        ("signature-invalid", |p, _| {
            // White space is a change too: the signature is over bytes.
            let body = format!("{} ", p["shown"][0]["body"].as_str().unwrap());
            p["shown"][0]["body"] = json!(body);
        }),
        ("signature-invalid", |p, _| {
            let body = p["shown"][0]["body"].take();
            p["shown"][0]["body"] = p["shown"][1]["body"].take();
            p["shown"][1]["body"] = body;
        }),
        ("version-went-back", |p, _| {
            p["shown"].as_array_mut().unwrap().reverse()
        }),
        ("version-went-back", |p, _| {
            let again = p["shown"][1].clone();
            p["shown"].as_array_mut().unwrap().push(again);
        }),
        ("match-code-differs", |p, _| {
            p["shown"][0]["match_code"] = json!("000-000")
        }),
        ("header-differs", |p, _| p["shown"][0]["version"] = json!(7)),
        ("header-differs", |p, f| {
            p["shown"][0] = f["shown"][0].clone()
        }),
        ("header-differs", |p, f| {
            p["transaction"] = f["transaction"].clone()
        }),
        ("pack-differs", |p, f| p["src"] = f["src"].clone()),
        ("pack-differs", |p, _| {
            p["saved_at"] = json!("2020-01-01T00:00:00Z")
        }),
        ("key-differs", |p, _| p["keys"] = json!({ "keys": [] })),
    ];
    for (at, (reason, change)) in changes.iter().enumerate() {
        let mut changed = pack.clone();
        change(&mut changed, &foreign);
        let checked = verify(&app, changed.to_string().as_bytes(), &["--keys", &keys]);
        println!("{at}: {}", checked.text);
        checked.refused(reason);
    }

    let text = pack.to_string();
    let twice = text.replacen("\"party\":", "\"party\":\"merchant\",\"party\":", 1);
    verify(&app, twice.as_bytes(), &["--keys", &keys]).refused("not-json");
    verify(&app, &text.as_bytes()[..text.len() - 1], &["--keys", &keys]).refused("not-json");
    verify(
        &app,
        &[text.as_bytes(), &[b' '; 1 << 20]].concat(),
        &["--keys", &keys],
    )
    .refused("too-large");
    verify(&app, b"\xff\xfe{}", &["--keys", &keys]).refused("not-json");
    std::fs::remove_file(app.path().join("evidence.json")).unwrap();
    let gone = Command::new(env!("CARGO_BIN_EXE_payment-status-server"))
        .args(["verify", "/nowhere/evidence.json", "--keys", &keys])
        .output()
        .unwrap();
    assert_eq!(gone.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&gone.stdout).starts_with("refused: unreadable: "));

    // An entry that was taken out leaves a smaller pack: a screen need not have seen every version.
    let mut fewer = pack.clone();
    fewer["shown"].as_array_mut().unwrap().pop();
    let database = database(&app);
    let checked = verify(
        &app,
        fewer.to_string().as_bytes(),
        &["--database", &database],
    );
    assert_eq!(
        (checked.status, &checked.lines[1]["current"]["state"]),
        (3, &json!("paid"))
    );
    drop(tx);
}
