//! The real binary on standard input and output: `decide`, `explain`, own codes, `serve` refused, `keys rotate`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use payment_status_protocol::code::Codes;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::RawCode;
use serde_json::{Value, json};

/// Runs a subcommand with this input; standard input is written from another thread.
fn run(arguments: &[&str], input: Vec<u8>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_payment-status-server"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn json_lines(values: &[Value]) -> Vec<u8> {
    values
        .iter()
        .map(|value| format!("{value}\n"))
        .collect::<String>()
        .into_bytes()
}

/// `(name, line, expected)` for each prefix that the fixtures name.
fn scenario_prefixes() -> Vec<(String, Value, Value)> {
    let mut prefixes = Vec::new();
    for file in ["scenarios.json", "more-scenarios.json"] {
        let path = format!("{}/../protocol/fixtures/{file}", env!("CARGO_MANIFEST_DIR"));
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let file: Value = serde_json::from_str(&text).unwrap();
        for scenario in file["scenarios"].as_array().unwrap() {
            for expect in scenario["expect"].as_array().unwrap() {
                let after = usize::try_from(expect["after"].as_u64().unwrap()).unwrap();
                let reports = &scenario["reports"].as_array().unwrap()[..after];
                prefixes.push((
                    format!("{} after {after}", scenario["id"]),
                    json!({ "transaction": scenario["transaction"], "reports": reports }),
                    expect.clone(),
                ));
            }
        }
    }
    assert!(prefixes.len() > 30, "the fixtures are there");
    prefixes
}

fn assert_expected(name: &str, verdict: &Value, expected: &Value) {
    for (field, value) in expected.as_object().unwrap() {
        if field != "after" {
            assert_eq!(&verdict[field], value, "{field} of {name}: {verdict}");
        }
    }
    for field in ["reason", "next_actor", "version"] {
        assert!(!verdict[field].is_null(), "{field} of {name}");
    }
}

#[test]
fn every_scenario_decides_as_expected_after_every_prefix() {
    let prefixes = scenario_prefixes();
    let input: Vec<Value> = prefixes.iter().map(|(_, line, _)| line.clone()).collect();
    let output = run(&["decide"], json_lines(&input));
    assert!(output.status.success());
    let verdicts = lines(&output);
    assert_eq!(verdicts.len(), prefixes.len());
    for ((name, _, expected), verdict) in prefixes.iter().zip(&verdicts) {
        assert_expected(name, verdict, expected);
    }
}

#[test]
fn shuffled_and_repeated_reports_decide_the_same() {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % u64::try_from(limit).unwrap()).unwrap()
    };
    let prefixes = scenario_prefixes();
    let mut input = Vec::new();
    for (_, line, _) in &prefixes {
        input.push(line.clone());
        for _ in 0..4 {
            let mut shuffled = line.clone();
            let reports = shuffled["reports"].as_array_mut().unwrap();
            for _ in 0..=reports.len() {
                if !reports.is_empty() {
                    reports.push(reports[below(reports.len())].clone());
                }
            }
            for last in (1..reports.len()).rev() {
                reports.swap(last, below(last + 1));
            }
            input.push(shuffled);
        }
    }
    let output = run(&["decide"], json_lines(&input));
    assert!(output.status.success());
    let verdicts = lines(&output);
    for (group, (name, _, expected)) in verdicts.chunks(5).zip(&prefixes) {
        for verdict in group {
            assert_expected(name, verdict, expected);
            assert_eq!(verdict, &group[0], "{name}");
        }
    }
}

#[test]
fn a_hundred_thousand_verdicts_take_seconds() {
    let prefixes = scenario_prefixes();
    let mut input = Vec::new();
    for (_, line, _) in prefixes.iter().cycle().take(100_000) {
        writeln!(input, "{line}").unwrap();
    }
    let began = Instant::now();
    let output = run(&["decide"], input);
    let took = began.elapsed();
    assert!(output.status.success());
    assert_eq!(
        output.stdout.iter().filter(|byte| **byte == b'\n').count(),
        100_000
    );
    println!("100,000 verdicts in {took:?}");
    assert!(took < Duration::from_secs(30), "{took:?}");
}

#[test]
fn a_bad_line_is_an_error_in_its_place_and_the_rest_is_answered() {
    let good = r#"{"transaction":{"amount":{"minor":100,"currency":"CNY"}},"reports":[]}"#;
    let report = |id: &str, rest: &str| {
        format!(
            r#"{{"transaction":{{"amount":{{"minor":100,"currency":"CNY"}}}},"reports":[{{"id":"{id}","source":"wallet","leg":"debit","outcome":"succeeded"{rest}}}]}}"#
        )
    };
    let one = r#"{"id":"w1","source":"wallet","leg":"debit","outcome":"succeeded"}"#;
    let other = one.replace("succeeded", "failed");
    let differs = good.replace("[]", &format!("[{one},{other}]"));
    let repeated = good.replace("[]", &format!("[{one},{one}]"));
    let bad: Vec<(Vec<u8>, &str)> = vec![
        (b"not json".to_vec(), "JSON"),
        (b"".to_vec(), "an empty line"),
        (b"\"\xff\xfe\"".to_vec(), "UTF-8"),
        (b"[]".to_vec(), "an object"),
        (b"{}".to_vec(), "reports"),
        (
            good.replace("100", "0").into_bytes(),
            "transaction.amount.minor",
        ),
        (
            good.replace("100", "1.5").into_bytes(),
            "transaction.amount.minor",
        ),
        (
            good.replace("CNY", "cny").into_bytes(),
            "transaction.amount.currency",
        ),
        (report("", "").into_bytes(), "reports[0].id"),
        (
            report("w1", r#","amount":"12""#).into_bytes(),
            "an integer ≥ 0",
        ),
        (report("w1", r#","at":"today""#).into_bytes(), "RFC 3339"),
        (
            report("w1", r#","code":{"scheme":"x"}"#).into_bytes(),
            "reports[0].code.value",
        ),
        (
            report("w1", r#","leg":"credit""#).into_bytes(),
            "one field twice",
        ),
        (differs.into_bytes(), "two bodies of wallet"),
        ("[".repeat(100_000).into_bytes(), "recursion"),
        (
            format!("\"{}\"", "x".repeat(5 << 20)).into_bytes(),
            "a longer line",
        ),
    ];
    let mut input = Vec::new();
    for (line, _) in &bad {
        input.extend_from_slice(line);
        input.push(b'\n');
        input.extend_from_slice(repeated.as_bytes());
        input.push(b'\n');
    }
    input.push(b'\n'); // one empty line at the very end is no question
    let output = run(&["decide"], input);
    assert_eq!(output.status.code(), Some(1));
    let answers = lines(&output);
    assert_eq!(answers.len(), bad.len() * 2);
    for (index, (pair, (_, says))) in answers.chunks(2).zip(&bad).enumerate() {
        let error = &pair[0]["error"];
        assert_eq!(error["line"], index * 2 + 1);
        for field in ["expected", "got", "detail"] {
            assert!(error[field].is_string(), "{field} in {error}");
        }
        assert!(error.to_string().contains(says), "{says} in {error}");
        assert_eq!(pair[1]["version"], 1);
        assert_eq!(pair[1]["charged"], "charged");
    }
}

#[test]
fn reports_without_time_and_transaction_are_enough_and_null_is_absent() {
    let line = json!({
        "transaction": { "amount": { "minor": 100, "currency": "CNY" }, "note": "x" },
        "reports": [
            { "id": "1", "source": "wallet", "leg": "debit", "outcome": "succeeded", "attempt": null },
            { "id": "2", "source": "acquirer", "leg": "credit", "outcome": "succeeded", "x": [1] }
        ]
    });
    let output = run(&["decide"], json_lines(&[line]));
    assert!(output.status.success(), "{output:?}");
    let verdict = &lines(&output)[0];
    assert_eq!(
        (&verdict["state"], &verdict["final"]),
        (&json!("paid"), &json!(true))
    );
}

#[test]
fn explain_says_what_a_raw_code_means_and_what_it_does_not_know() {
    let output = run(
        &["explain"],
        json_lines(&[
            json!({ "scheme": "unionpay", "family": "de39", "value": "98" }),
            json!({ "scheme": "unionpay", "family": "de39", "value": "43" }),
            json!({ "scheme": "barter", "value": "1" }),
        ]),
    );
    assert!(output.status.success());
    let answers = lines(&output);
    assert_eq!(answers[0]["scheme"], "unionpay");
    for field in [
        "reason",
        "category",
        "evidence",
        "next_actor",
        "typical_time",
        "meaning",
    ] {
        assert!(answers[0][field].is_string(), "{field} in {}", answers[0]);
    }
    assert_eq!(answers[1]["reason"], "card_lost_or_stolen");
    assert_eq!(answers[1]["public_reason"], "issuer_declined");
    assert_eq!(answers[1]["evidence"], "not_debited");
    assert_eq!(answers[2]["reason"], "unmapped_code");
    assert_eq!(answers[2]["evidence"], "none");

    let output = run(
        &["explain"],
        b"{\"scheme\":7}\n{\"scheme\":\"ach\",\"value\":\"R01\"}\n".to_vec(),
    );
    assert_eq!(output.status.code(), Some(1));
    let answers = lines(&output);
    assert_eq!(answers[0]["error"]["at"], "scheme");
    assert_eq!(answers[0]["error"]["got"], "7");
    assert_eq!(answers[1]["reason"], "insufficient_funds");
}

/// A built-in row and everything that is said of it.
#[test]
fn explain_says_all_that_the_catalogue_and_the_row_have() {
    let output = run(
        &["explain"],
        json_lines(&[json!({ "scheme": "ISO8583", "family": "de39_1987", "value": "5" })]),
    );
    let answer = &lines(&output)[0];
    let reason = Reason::from("issuer_declined");
    let facts = reason.facts().unwrap();
    let expected = json!({
        "scheme": "ISO8583", "family": "de39_1987", "value": "5",
        "reason": "issuer_declined", "public_reason": facts.public, "evidence": "not_debited",
        "category": facts.category, "next_actor": facts.next_actor,
        "retry_same_means": facts.retry_same_means, "typical_time": facts.typical_time,
        "source": facts.source, "meaning": facts.meaning,
        "table": "built_in",
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&answer[field], value, "{field} in {answer}");
    }
    let code = RawCode {
        scheme: "iso8583".into(),
        family: Some("de39_1987".into()),
        value: "05".into(),
    };
    let row = Codes::fitting(&code)[0];
    assert_eq!(
        answer["rows"],
        json!([{
            "table": "built_in", "family": "de39_1987", "value": "05",
            "reason": "issuer_declined", "evidence": "not_debited", "object": "payment",
            "meaning": row.meaning, "confidence": row.confidence, "source": row.source,
        }])
    );
    assert!(!row.meaning.is_empty() && !row.source.is_empty());
}

#[test]
fn explain_shows_the_rows_that_disagree_and_names_no_table_then() {
    let output = run(
        &["explain"],
        json_lines(&[
            json!({ "scheme": "unionpay", "value": "04" }),
            json!({ "scheme": "barter", "value": "1" }),
            json!({ "scheme": "adyen", "family": "refusal", "value": "22" }),
        ]),
    );
    let answers = lines(&output);
    assert_eq!(answers[0]["reason"], "unmapped_code");
    assert_eq!(answers[0].get("table"), None);
    let families: Vec<&Value> = (0..3).map(|i| &answers[0]["rows"][i]["family"]).collect();
    assert_eq!(families, ["de39", "online_gateway", "qr_api"]);
    assert_eq!(answers[1]["rows"], json!([]));
    assert_eq!(answers[2]["evidence"], "none");
    let note = answers[2]["rows"][0]["note"].as_str().unwrap();
    assert!(note.contains("no proof: FRAUD-CANCELLED"), "{note}");
}

fn own_codes(directory: &tempfile::TempDir, text: &str) -> String {
    let file = directory.path().join("own.csv");
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn an_own_table_comes_first_in_explain_and_decide() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = own_codes(
        &directory,
        "scheme,family,value,reason,evidence,note\n\
         citypay,result,E17,insufficient_funds,not_debited,manual 4.2\n\
         iso8583,de39_1987,05,issuer_timeout,,they do not know either\n",
    );
    let output = run(
        &["explain", "--codes", &file],
        json_lines(&[
            json!({ "scheme": "citypay", "family": "result", "value": "E17" }),
            json!({ "scheme": "iso8583", "family": "de39_1987", "value": "5" }),
            json!({ "scheme": "iso8583", "family": "de39_1987", "value": "51" }),
        ]),
    );
    assert!(output.status.success(), "{output:?}");
    let answers = lines(&output);
    let said: Vec<_> = answers
        .iter()
        .map(|answer| (&answer["reason"], &answer["evidence"], &answer["table"]))
        .collect();
    let (none, proof) = (&json!("none"), &json!("not_debited"));
    let (own, built_in) = (&json!("own"), &json!("built_in"));
    assert_eq!(
        said,
        [
            (&json!("insufficient_funds"), proof, own),
            (&json!("issuer_timeout"), none, own),
            (&json!("insufficient_funds"), proof, built_in),
        ]
    );
    assert_eq!(
        answers[0]["rows"],
        json!([{ "table": "own", "family": "result", "value": "E17", "reason": "insufficient_funds",
                 "evidence": "not_debited", "note": "manual 4.2" }])
    );
    assert_eq!(answers[0]["next_actor"], "payer");

    let failed = |scheme: &str, family: &str, value: &str| {
        let code = json!({ "scheme": scheme, "family": family, "value": value });
        json!({
            "transaction": { "amount": { "minor": 100, "currency": "CNY" } },
            "reports": [{ "id": "1", "source": "wallet", "leg": "debit", "outcome": "failed", "code": code }]
        })
    };
    let input = [
        failed("citypay", "result", "E17"),
        failed("iso8583", "de39_1987", "05"),
    ];
    for (arguments, states) in [
        (vec!["decide", "--codes", &file], ["declined", "checking"]),
        (vec!["decide"], ["checking", "declined"]),
    ] {
        let output = run(&arguments, json_lines(&input));
        let verdicts = lines(&output);
        for (verdict, state) in verdicts.iter().zip(states) {
            assert_eq!(verdict["state"], state, "{arguments:?} {verdict}");
        }
    }
}

#[test]
fn a_bad_own_table_stops_every_command_with_all_its_faults() {
    let directory = tempfile::TempDir::new().unwrap();
    let file = own_codes(
        &directory,
        "scheme,family,value,reason,evidence\n\
         citypay,result,E17,insuficient_funds,not_debited\n\
         adyen,refusal,22,risk_declined,not_debited\n",
    );
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        directory.path().join("x.db").to_str().unwrap(),
        "--credentials",
        directory.path().join("c.toml").to_str().unwrap(),
        "--codes",
        &file,
    ]
    .map(str::to_owned);
    // The two that end by themselves first: a server that does start would wait for ever.
    let mut commands: Vec<Vec<String>> = ["decide", "explain"]
        .map(|command| [command, "--codes", &file].map(str::to_owned).to_vec())
        .to_vec();
    commands.push(serve.to_vec());
    for command in commands {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let output = run(&arguments, Vec::new());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        for part in [
            "own.csv line 2, reason: expected a canonical reason (did you mean insufficient_funds?), got \"insuficient_funds\"",
            "own.csv line 3, evidence: expected none: the built-in row adyen/refusal/22 proves nothing",
        ] {
            assert!(said.contains(part), "{part} in {said}");
        }
    }
    // Refused before anything is made.
    assert!(!directory.path().join("x.db").exists() && !directory.path().join("c.toml").exists());

    let output = run(&["explain", "--codes", "/nonexistent/own.csv"], Vec::new());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--codes /nonexistent/own.csv: "), "{said}");
    assert_eq!(output.status.code(), Some(1));
}

/// Hits, other cases, lost zeros, no family, and misses of four kinds.
#[test]
fn a_hundred_thousand_explanations_take_seconds() {
    let directory = tempfile::TempDir::new().unwrap();
    let mut table = String::from("scheme,family,value,reason\n");
    for number in 0..2_000 {
        table += &format!("citypay,result,E{number},issuer_declined\n");
    }
    let file = own_codes(&directory, &table);
    let mut input = Vec::new();
    for (number, row) in Codes::rows().iter().cycle().take(100_000).enumerate() {
        let (family, value) = match number / Codes::rows().len() % 8 {
            0 => (Some(row.family), row.value.to_owned()),
            1 => (Some(row.family), row.value.to_lowercase()),
            2 => (
                Some(row.family),
                row.value.trim_start_matches('0').to_owned() + " ",
            ),
            3 => (None, row.value.to_owned()),
            4 => (None, row.value.to_lowercase()),
            5 => (Some("no such family"), row.value.to_owned()),
            6 => (Some(row.family), format!("{}?", row.value)),
            _ => (None, format!("?{}", row.value)),
        };
        let code = json!({ "scheme": row.scheme, "family": family, "value": value });
        writeln!(input, "{code}").unwrap();
    }
    for arguments in [vec!["explain"], vec!["explain", "--codes", &file]] {
        let began = Instant::now();
        let output = run(&arguments, input.clone());
        let took = began.elapsed();
        assert!(output.status.success());
        assert_eq!(
            output.stdout.iter().filter(|byte| **byte == b'\n').count(),
            100_000
        );
        println!("100,000 codes with {arguments:?} in {took:?}");
        assert!(took < Duration::from_secs(30), "{took:?}");
    }
}

#[test]
fn a_bad_credentials_file_stops_the_start_with_its_lines() {
    let directory = tempfile::TempDir::new().unwrap();
    let credentials = directory.path().join("c.toml");
    std::fs::write(
        &credentials,
        "[[source]]\nsource = \"wallet\"\nsecret = \"hunter2\"\n",
    )
    .unwrap();
    let output = run(
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--database",
            directory.path().join("x.db").to_str().unwrap(),
            "--credentials",
            credentials.to_str().unwrap(),
        ],
        Vec::new(),
    );
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("c.toml") && said.contains("line 3: secret:"),
        "{said}"
    );
    assert!(!said.contains("hunter2"));
}

#[test]
fn keys_rotate_needs_a_database_that_exists() {
    let output = run(
        &["keys", "rotate", "--database", "/nonexistent/x.db"],
        Vec::new(),
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("/nonexistent/x.db does not exist")
    );
}
