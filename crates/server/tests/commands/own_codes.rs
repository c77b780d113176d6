//! An operator's own table of raw codes on the command line.

use std::io::Write as _;
use std::time::Duration;
use std::time::Instant;

use payment_status_protocol::code::Codes;
use serde_json::json;

use crate::{json_lines, lines, run};
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
