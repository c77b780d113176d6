//! `decide`: a verdict for each line.

use std::io::Write as _;
use std::time::Duration;
use std::time::Instant;

use serde_json::Value;
use serde_json::json;

use crate::{json_lines, lines, run};
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
fn fields_that_no_rule_reads_are_read_as_the_server_reads_them() {
    let line = |reports: &str| {
        format!(
            r#"{{"transaction":{{"amount":{{"minor":1,"currency":"CNY"}}}},"reports":[{reports}]}}"#
        )
    };
    let report = |rest: &str| {
        format!(r#"{{"id":"a","source":"issuer","leg":"debit","outcome":"failed"{rest}}}"#)
    };
    let two = |a: &str, b: &str| line(&[report(a), report(b)].join(","));
    let cases = [
        (line(&report(r#","z":1,"z":2"#)), Some("twice")),
        (two(r#","z":1"#, r#","z":2"#), Some("two bodies")),
        (two(r#","transaction":"tx_a""#, ""), Some("two bodies")),
        (two(r#","attempt":"1""#, ""), Some("two bodies")),
        (two(r#","z":1"#, r#", "z": 1, "amount": null"#), None),
    ];
    let input: String = cases.iter().map(|(line, _)| format!("{line}\n")).collect();
    let answers = lines(&run(&["decide"], input.into_bytes()));
    for ((line, expected), answer) in cases.iter().zip(&answers) {
        match expected {
            Some(words) => assert!(
                answer["error"].to_string().contains(words),
                "{line}: {answer}"
            ),
            None => assert_eq!(answer["version"], 1, "{line}: {answer}"),
        }
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
