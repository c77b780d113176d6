use super::*;

fn meaning(scheme: &str, family: Option<&str>, value: &str) -> Meaning {
    Codes.look_up(&RawCode {
        scheme: scheme.into(),
        family: family.map(Into::into),
        value: value.into(),
    })
}

fn folds(row: &Row) -> bool {
    TABLES
        .spelling(row.scheme, row.family)
        .is_some_and(|line| line.folds)
}

#[test]
fn every_row_is_found_by_its_key() {
    assert_eq!(Codes::rows().len(), 2309);
    for row in Codes::rows() {
        for value in [row.value.to_owned(), format!(" {}\t", row.value)] {
            let found = meaning(
                &row.scheme.to_uppercase(),
                Some(&format!(" {} ", row.family.to_uppercase())),
                &value,
            );
            assert_eq!(found, row.said(), "{row:?}");
        }
    }
}

#[test]
fn every_row_is_found_in_another_case_where_its_family_folds_and_nowhere_else() {
    let mut others = 0;
    for row in Codes::rows() {
        for value in [row.value.to_uppercase(), row.value.to_lowercase()] {
            let found = meaning(row.scheme, Some(row.family), &value);
            if folds(row) {
                assert_eq!(found, row.said(), "{row:?}");
            } else if value != row.value {
                assert_eq!(found, Meaning::UNMAPPED, "{row:?}");
            }
            others += u32::from(value != row.value);
        }
    }
    assert!(others > 1000, "{others}");
}

#[test]
fn a_number_that_lost_its_zeros_is_found_where_its_family_has_a_width_and_nowhere_else() {
    let mut short = 0;
    for row in Codes::rows() {
        let zeros = row.value.len() - row.value.trim_start_matches('0').len();
        if zeros == 0 || !row.value.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        let has_width = TABLES
            .spelling(row.scheme, row.family)
            .is_some_and(|line| line.width.is_some());
        for stripped in (1..=zeros.min(row.value.len() - 1)).map(|n| &row.value[n..]) {
            let found = meaning(row.scheme, Some(row.family), stripped);
            let expected = if has_width {
                row.said()
            } else {
                Meaning::UNMAPPED
            };
            assert_eq!(found, expected, "{stripped} for {row:?}");
            short += 1;
        }
    }
    assert!(short > 40, "{short}");
}

/// `(scheme, family, value, the row that it means)`; `None`: it must stay unmapped.
type Case<'a> = (
    &'a str,
    Option<&'a str>,
    &'a str,
    Option<(&'a str, &'a str)>,
);

#[test]
fn codes_that_look_alike_stay_apart() {
    let cases: &[Case<'_>] = &[
        // Two digits decline, three approve.
        ("iso8583", Some("de39_1987"), "1", Some(("de39_1987", "01"))),
        (
            "iso8583",
            Some("de39_1987"),
            "01",
            Some(("de39_1987", "01")),
        ),
        ("iso8583", Some("de39_1987"), "001", None),
        (
            "iso8583",
            Some("de39_1993_action"),
            "1",
            Some(("de39_1993_action", "001")),
        ),
        (
            "iso8583",
            Some("de39_1993_action"),
            "01",
            Some(("de39_1993_action", "001")),
        ),
        ("iso8583", None, "001", Some(("de39_1993_action", "001"))),
        ("iso8583", None, "1", None),
        ("iso8583", None, "5", None),
        ("iso8583", None, "0", None),
        // A number is never cut, and nothing is no number.
        ("iso8583", Some("de39_1987"), "0005", None),
        ("iso8583", Some("de39_1987"), "", None),
        ("iso8583", Some("de39_1987"), "  ", None),
        ("iso8583", Some("de39_1987"), "+5", None),
        ("iso8583", Some("de39_1987"), "５", None),
        // Without a width zeros are neither added nor dropped.
        ("adyen", Some("refusal"), "5", Some(("refusal", "5"))),
        ("adyen", Some("refusal"), "05", None),
        (
            "chinaums",
            Some("pay_status"),
            "1",
            Some(("pay_status", "1")),
        ),
        ("chinaums", Some("pay_status"), "01", None),
        ("mpesa", Some("result"), "1", Some(("result", "1"))),
        ("mpesa", Some("result"), "01", None),
        (
            "ach",
            Some("nacha_return"),
            "r01",
            Some(("nacha_return", "R01")),
        ),
        ("ach", Some("nacha_return"), "R1", None),
        // An exact match in any family wins over another case.
        ("adyen", None, "PENDING", Some(("webhook", "PENDING"))),
        ("adyen", None, "Pending", Some(("result_code", "Pending"))),
        // `_`, `.` and `-` are part of a code.
        ("wechatpay", Some("v3_err"), "SYSTEMERROR", None),
        (
            "wechatpay",
            Some("v3_err"),
            "system_error",
            Some(("v3_err", "SYSTEM_ERROR")),
        ),
        ("wechatpay", Some("micropay_err"), "SYSTEM_ERROR", None),
        ("wechatpay", Some("micropay_err"), "NOT_ENOUGH", None),
        ("wechatpay", Some("v3_err"), "NOTENOUGH", None),
        ("wechatpay", Some("v3_err"), "NOAUTH", None),
        ("alipay", Some("pay_sub"), "ACQSYSTEM_ERROR", None),
        // One string, two opposite meanings.
        ("wechatpay", None, "NOTENOUGH", None),
        ("wechatpay", None, "notenough", None),
        ("unionpay", None, "04", None),
        ("unionpay", Some("de39"), "4", Some(("de39", "04"))),
        // What no table has.
        ("unionpay", Some("de39"), "no such code", None),
        ("unionpay", Some("no such family"), "04", None),
        ("unionpay", Some(""), "04", None),
        ("barter", None, "00", None),
    ];
    for (scheme, family, value, expected) in cases {
        let expected = expected.map(|(family, value)| {
            let row = ROWS
                .iter()
                .find(|row| row.scheme == *scheme && row.family == family && row.value == value);
            row.map(Row::said)
        });
        // A row that the case names must exist.
        assert_ne!(expected, Some(None), "{scheme} {family:?} {value:?}");
        assert_eq!(
            meaning(scheme, *family, value),
            expected.flatten().unwrap_or(Meaning::UNMAPPED),
            "{scheme} {family:?} {value:?}"
        );
    }
}

#[test]
fn without_a_family_only_what_all_families_agree_on_is_known() {
    for row in Codes::rows() {
        let same: Vec<&Row> = ROWS
            .iter()
            .filter(|other| other.scheme == row.scheme && other.value == row.value)
            .collect();
        let agree = same.iter().all(|other| other.said() == row.said());
        let found = meaning(row.scheme, None, row.value);
        let expected = if agree { row.said() } else { Meaning::UNMAPPED };
        assert_eq!(found, expected, "{same:?}");
    }
}

/// Two families of a scheme that no table has: one takes codes as they are, one folds and pads.
static STRICT_AND_LOOSE: Tables = Tables {
    rows: &[
        row("loose", "0A"),
        row("loose", "N1"),
        row("strict", "N1"),
        row("strict", "n1"),
        row("strict", "Q"),
    ],
    by_value: &[0, 1, 2, 3, 4],
    spellings: &[
        Spelling {
            scheme: "bank",
            family: "loose",
            folds: true,
            width: Some(2),
        },
        Spelling {
            scheme: "bank",
            family: "strict",
            folds: false,
            width: None,
        },
    ],
};

const fn row(family: &'static str, value: &'static str) -> Row {
    Row {
        scheme: "bank",
        family,
        value,
        object: "payment",
        meaning: "",
        reason: "issuer_declined",
        evidence: Evidence::None,
        confidence: "own",
        source: "",
        note: "",
    }
}

#[test]
fn a_family_decides_for_itself_how_its_codes_are_read() {
    let found = |family: Option<&str>, value: &str| -> Vec<(&str, &str)> {
        let code = RawCode {
            scheme: "bank".into(),
            family: family.map(Into::into),
            value: value.into(),
        };
        let rows = STRICT_AND_LOOSE.fitting(&code);
        rows.iter().map(|row| (row.family, row.value)).collect()
    };
    assert_eq!(found(Some("strict"), "n1"), [("strict", "n1")]);
    assert_eq!(found(Some("strict"), "N1"), [("strict", "N1")]);
    assert_eq!(found(Some("strict"), "q"), []);
    assert_eq!(found(None, "q"), []);
    assert_eq!(found(Some("loose"), "n1"), [("loose", "N1")]);
    assert_eq!(found(None, "N1"), [("loose", "N1"), ("strict", "N1")]);
    assert_eq!(found(None, "n1"), [("strict", "n1")]);
    // Only a number has lost zeros.
    assert_eq!(found(Some("loose"), "A"), []);
    assert_eq!(found(Some("loose"), "0a"), [("loose", "0A")]);
}
