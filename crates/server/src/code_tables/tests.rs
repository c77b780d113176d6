#![allow(clippy::unwrap_used)]

use payment_status_protocol::reason::{Evidence, Reason};

use super::*;

fn tables(rows: &str) -> CodeTables {
    let text = format!("scheme,family,value,reason,evidence\n{rows}");
    CodeTables::new(OwnCodes::parse(text.as_bytes()).unwrap())
}

fn code(scheme: &str, family: Option<&str>, value: &str) -> RawCode {
    RawCode {
        scheme: scheme.into(),
        family: family.map(Into::into),
        value: value.into(),
    }
}

fn meaning(tables: &CodeTables, family: Option<&str>, value: &str) -> (String, Evidence) {
    let found = tables.look_up(&code("iso8583", family, value));
    (found.reason.to_string(), found.evidence)
}

#[test]
fn an_own_code_is_found_exactly_as_written_and_trimmed() {
    let tables = tables("CityPay,Result,E17,insufficient_funds,not_debited\n");
    let of = |scheme, family, value| tables.look_up(&code(scheme, family, value)).reason;
    assert_eq!(
        of("citypay", Some("result"), "E17"),
        Reason::INSUFFICIENT_FUNDS
    );
    assert_eq!(
        of(" CITYPAY ", Some(" RESULT "), " E17 "),
        Reason::INSUFFICIENT_FUNDS
    );
    assert_eq!(of("citypay", None, "E17"), Reason::INSUFFICIENT_FUNDS);
    for (family, value) in [
        (Some("result"), "e17"),
        (Some("result"), "E017"),
        (Some("other"), "E17"),
        (None, "e17"),
    ] {
        assert_eq!(
            of("citypay", family, value),
            Reason::UNMAPPED_CODE,
            "{family:?} {value}"
        );
    }
}

#[test]
fn without_an_own_row_the_built_in_tables_answer_as_ever() {
    let tables = tables("citypay,result,E17,insufficient_funds,\n");
    for row in Codes::rows() {
        let code = code(row.scheme, Some(row.family), row.value);
        assert_eq!(tables.look_up(&code), Codes.look_up(&code));
        let code = RawCode {
            family: None,
            ..code
        };
        assert_eq!(tables.look_up(&code), Codes.look_up(&code));
        assert_eq!(CodeTables::default().look_up(&code), Codes.look_up(&code));
    }
}

#[test]
fn a_proof_that_is_taken_away_is_gone_in_every_spelling_of_the_code() {
    let de39 = Some("de39_1987");
    for row in ["05", "5"] {
        let tables = tables(&format!("iso8583,de39_1987,{row},provider_timeout,\n"));
        let expected = ("provider_timeout".to_owned(), Evidence::None);
        for value in ["05", "5", " 05 "] {
            assert_eq!(meaning(&tables, de39, value), expected, "{row} {value}");
        }
        assert_eq!(meaning(&tables, None, "05"), expected, "{row}");
        assert_eq!(tables.fitting(&code("iso8583", None, "05")).len(), 1);
        // Its neighbours are as they were.
        assert_eq!(
            meaning(&tables, Some("de39_1993_action"), "5").0,
            "payment_succeeded"
        );
    }
    let tables = tables("ach,nacha_return,r01,payer_account_blocked,\n");
    for value in ["R01", "r01"] {
        for family in [Some("nacha_return"), None] {
            let found = tables.look_up(&code("ach", family, value)).reason;
            assert_eq!(
                found.as_str(),
                "payer_account_blocked",
                "{family:?} {value}"
            );
        }
    }
}

#[test]
fn without_a_family_own_and_built_in_rows_must_agree() {
    // `51` stands in one built-in family of iso8583 and proves.
    let before = meaning(&CodeTables::default(), None, "51");
    assert_eq!(
        before,
        ("insufficient_funds".to_owned(), Evidence::NotDebited)
    );
    let disagrees = tables("iso8583,our_gateway,51,issuer_timeout,\n");
    assert_eq!(
        meaning(&disagrees, None, "51"),
        ("unmapped_code".to_owned(), Evidence::None)
    );
    let agrees = tables("iso8583,our_gateway,51,insufficient_funds,not_debited\n");
    assert_eq!(meaning(&agrees, None, "51"), before);
    assert_eq!(agrees.fitting(&code("iso8583", None, "51")).len(), 2);
}

#[test]
fn a_row_without_a_family_answers_for_reports_without_one_and_for_no_other() {
    let tables = tables("unionpay,,04,card_lost_or_stolen,\nach,,R01,payer_account_blocked,\n");
    let of = |scheme, family, value| tables.look_up(&code(scheme, family, value)).reason;
    assert_eq!(of("unionpay", None, "04"), Reason::CARD_LOST_OR_STOLEN);
    assert_eq!(
        of("unionpay", Some("online_gateway"), "04"),
        Codes
            .look_up(&code("unionpay", Some("online_gateway"), "04"))
            .reason
    );
    // Also where the built-in row is found by another case.
    assert_eq!(of("ach", None, "r01").as_str(), "payer_account_blocked");
    assert_eq!(
        of("ach", Some("nacha_return"), "R01"),
        Reason::INSUFFICIENT_FUNDS
    );
}

#[test]
fn a_code_is_known_where_a_row_decides_even_if_it_says_unmapped() {
    let tables = tables("citypay,result,E0,unmapped_code,\n");
    assert_eq!(
        tables.known(&code("citypay", Some("result"), "E0")),
        Some(Meaning::UNMAPPED)
    );
    assert_eq!(tables.known(&code("citypay", Some("result"), "E1")), None);
    // Rows that disagree decide nothing.
    assert_eq!(tables.known(&code("unionpay", None, "04")), None);
    assert_eq!(tables.fitting(&code("unionpay", None, "04")).len(), 3);
}

#[test]
fn every_scheme_with_a_row_is_known() {
    let tables = tables(
        "citypay,a,1,issuer_declined,\ncitypay,b,1,issuer_declined,\nach,x,1,issuer_declined,\n",
    );
    let schemes: Vec<&str> = tables.schemes().collect();
    assert_eq!(schemes.len(), 16 + 2);
    assert!(schemes.contains(&"citypay") && schemes.contains(&"wechatpay"));
}
