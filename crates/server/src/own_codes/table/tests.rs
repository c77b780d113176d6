#![allow(clippy::unwrap_used)]

use payment_status_protocol::reason::{Evidence, Reason};

use super::*;
use crate::new_report::MAX_CODE;
use crate::own_codes::OwnCodes;

const HEADER: &str = "scheme,family,value,reason,evidence,note\n";

fn parse(rows: &str) -> Result<OwnCodes, Vec<String>> {
    OwnCodes::parse(format!("{HEADER}{rows}").as_bytes())
        .map_err(|faults| faults.iter().map(Fault::to_string).collect())
}

#[test]
fn the_first_four_columns_are_enough_in_any_order() {
    let own = OwnCodes::parse(b"reason,value,family,scheme\nissuer_declined,E17,Result,CityPay\n");
    let own = own.unwrap();
    let row = own.get("citypay", Some("result"), "E17").unwrap();
    assert_eq!(
        (&row.reason, row.evidence),
        (&Reason::ISSUER_DECLINED, Evidence::None)
    );
    assert_eq!(row.note, "");
}

#[test]
fn what_editors_leave_behind_is_read() {
    let text = "\u{feff}scheme, family ,value,reason\r\n\r\n citypay,\"result\",\" E17 \",issuer_declined\r\n";
    let own = OwnCodes::parse(text.as_bytes()).unwrap();
    assert!(own.get("citypay", Some("result"), "E17").is_some());
    assert!(OwnCodes::parse(HEADER.as_bytes()).unwrap().is_empty());
}

#[test]
fn every_fault_names_its_line_and_column_and_what_was_expected() {
    let long = "x".repeat(MAX_CODE + 1);
    let cases: &[(&str, &str)] = &[
        (
            "citypay,result,E17,insuficient_funds,,",
            "line 2, reason: expected a canonical reason (did you mean insufficient_funds?), got \"insuficient_funds\"",
        ),
        (
            "citypay,result,E17,solar_flare,,",
            "line 2, reason: expected a canonical reason, got \"solar_flare\"",
        ),
        (
            "citypay,result,E17,,,",
            "line 2, reason: expected a canonical reason, got \"\"",
        ),
        (
            "citypay,result,E17,issuer_declined,maybe,",
            "line 2, evidence: expected none, not_debited or never_sent, got \"maybe\"",
        ),
        (
            ",result,E17,issuer_declined,,",
            "line 2, scheme: expected 1 to 128 characters, got \"\"",
        ),
        (
            "citypay,result,  ,issuer_declined,,",
            "line 2, value: expected 1 to 128 characters, got \"\"",
        ),
        (
            &format!("citypay,{long},E17,issuer_declined,,"),
            "line 2, family: expected 0 to 128 characters, got \"xxx",
        ),
        (
            &format!("citypay,result,{long},issuer_declined,,"),
            "line 2, value: expected 1 to 128 characters, got \"xxx",
        ),
        (
            "citypay,result,E17,issuer_declined",
            "line 2, row: expected 6 fields, as in the header, got 4 fields",
        ),
        (
            "# a comment",
            "line 2, row: expected 6 fields, as in the header, got 1 fields",
        ),
        (
            "citypay,result,E17,issuer_declined,,\n\nCityPay,RESULT, E17 ,issuer_timeout,,",
            "line 4, value: expected a code that no other row has (line 2 has it), got \"E17\"",
        ),
        // The same code in two spellings of its family.
        (
            "iso8583,de39_1987,05,issuer_declined,,\niso8583,de39_1987,5,issuer_declined,,",
            "line 3, value: expected a code that no other row has (line 2 has it), got \"5\"",
        ),
        (
            "citypay,result,E17,unmapped_code,not_debited,",
            "line 2, evidence: expected none: unmapped_code does not go with a proof, got not_debited",
        ),
        (
            "citypay,result,E17,payment_succeeded,not_debited,",
            "line 2, evidence: expected none: payment_succeeded does not go with a proof",
        ),
        (
            "citypay,result,E17,result_unknown,never_sent,",
            "line 2, evidence: expected none: result_unknown does not go with a proof, got never_sent",
        ),
    ];
    for (rows, expected) in cases {
        let faults = parse(rows).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with(expected), "{expected}\n{}", faults[0]);
    }
}

#[test]
fn a_proof_that_the_built_in_tables_do_not_see_is_refused_in_every_spelling() {
    for row in [
        "iso8583,de39_1987,17,cancelled_by_payer,not_debited,",
        "ISO8583,DE39_1987,17,cancelled_by_payer,not_debited,",
        "iso20022,status_reason,ds24,payment_expired,not_debited,",
        "iso8583,de39_1987,6,issuer_declined,never_sent,",
        "unionpay,,04,card_lost_or_stolen,not_debited,",
        "ach,,r01,insufficient_funds,not_debited,",
        "mpesa,,1037,payment_expired,not_debited,",
    ] {
        let faults = parse(row).unwrap_err();
        assert!(
            faults.len() == 1
                && faults[0].starts_with("line 2, evidence: expected none: the built-in row "),
            "{faults:?}"
        );
    }
    let faults = parse("adyen,refusal,22,risk_declined,not_debited,").unwrap_err();
    for part in [
        "adyen/refusal/22",
        "FRAUD-CANCELLED",
        "https://docs.adyen.com/development-resources/refusal-reasons",
    ] {
        assert!(faults[0].contains(part), "{part} in {}", faults[0]);
    }
}

#[test]
fn a_proof_may_be_taken_away_kept_or_given_to_a_code_of_ones_own() {
    for row in [
        "iso8583,de39_1987,05,issuer_declined,none,",
        "iso8583,de39_1987,05,insufficient_funds,not_debited,",
        "citypay,result,E17,insufficient_funds,not_debited,",
        "citypay,,E17,request_not_sent_is_no_reason_here,,"
            .replace("request_not_sent_is_no_reason_here", "unmapped_code")
            .as_str(),
    ] {
        assert!(parse(row).is_ok(), "{row}: {:?}", parse(row));
    }
}

#[test]
fn a_wrong_header_is_said_before_any_row() {
    for (header, expected) in [
        (
            "",
            vec![
                "line 1, scheme:",
                "line 1, family:",
                "line 1, value:",
                "line 1, reason:",
            ],
        ),
        (
            "scheme;family;value;reason",
            vec![
                "line 1, scheme: expected this column in the header, got nothing",
                "line 1, family:",
                "line 1, value:",
                "line 1, reason:",
                "line 1, row: expected no column but scheme, family",
            ],
        ),
        (
            "scheme,family,value,reason,proof",
            vec![
                "line 1, row: expected no column but scheme, family, value, reason, evidence, note, got \"proof\"",
            ],
        ),
        (
            "scheme,family,value,reason,scheme",
            vec!["line 1, row: expected each column once, got \"scheme\""],
        ),
    ] {
        let faults = OwnCodes::parse(format!("{header}\n").as_bytes()).unwrap_err();
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        for (fault, expected) in faults.iter().zip(expected) {
            assert!(
                fault.to_string().starts_with(expected),
                "{expected}\n{fault}"
            );
        }
    }
    let faults = OwnCodes::parse(b"scheme,family,value,reason\n\na,b,c,\xff\n").unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "line 3, row: expected UTF-8 text, got other bytes"
    );
}

#[test]
fn a_line_is_counted_as_an_editor_counts_it() {
    let text = "\u{feff}scheme,family,value,reason,note\r\n\r\n\
                a,b,1,issuer_declined,\"two\r\nlines\"\r\n\r\na,b,2,solar_flare,\r\na,b,3,solar_flare,";
    let faults = OwnCodes::parse(text.as_bytes()).unwrap_err();
    let lines: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [6, 7], "{faults:?}");
    let faults = OwnCodes::parse("\u{feff}scheme,family,value,reason\na,b,1,x\n".as_bytes());
    assert_eq!(faults.unwrap_err()[0].line, 2);
}

#[test]
fn all_faults_are_said_at_once_up_to_twenty() {
    let error = |count: usize| {
        let rows = "citypay,result,,no_such_reason,maybe,\n".repeat(count);
        let faults = OwnCodes::parse(format!("{HEADER}{rows}").as_bytes()).unwrap_err();
        crate::own_codes::OwnCodesError::Invalid("own.csv".into(), faults).to_string()
    };
    // Three in a line: value, reason, evidence.
    let said = error(6);
    assert_eq!(said.lines().count(), 1 + 18, "{said}");
    assert!(said.contains("own.csv line 7, evidence"), "{said}");
    let said = error(10);
    assert_eq!(said.lines().count(), 1 + 20 + 1, "{said}");
    assert!(said.ends_with("and 10 more"), "{said}");
}
