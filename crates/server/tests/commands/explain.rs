//! `explain`: what a raw code means.

use payment_status_protocol::code::Codes;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::RawCode;
use serde_json::Value;
use serde_json::json;

use crate::{json_lines, lines, run};
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
