//! What `build.rs` refuses: a table that a look-up could not trust.
#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]
#![expect(dead_code, reason = "the build script uses what these tests do not")]

#[path = "../build/codes.rs"]
mod codes;
#[path = "../build/rows.rs"]
mod rows;

const HEADER: &str = "scheme,family,value,object,meaning,reason,evidence,confidence,source,note\n";

/// The tables of these lines (`scheme,family,value,object,reason,evidence`) and spellings.
fn build(lines: &[&str], spelling: &[&str]) -> Result<String, String> {
    let mut table = HEADER.to_owned();
    for line in lines {
        let [scheme, family, value, object, reason, evidence]: [&str; 6] = line
            .split(',')
            .collect::<Vec<_>>()
            .try_into()
            .expect("six columns");
        table +=
            &format!("{scheme},{family},{value},{object},Words,{reason},{evidence},own,here,\n");
    }
    let spelling = format!("scheme,family,case,width\n{}\n", spelling.join("\n"));
    codes::tables(
        &rows::rows_of("codes.csv", table.as_bytes())?,
        &rows::rows_of("spelling.csv", spelling.as_bytes())?,
        &["issuer_declined", "payment_succeeded"],
    )
}

const DECLINED: &str = "bank,answer,05,payment,issuer_declined,not_debited";
const FOLD: &str = "bank,answer,fold,2";

#[test]
fn a_good_table_builds() {
    let source = build(&[DECLINED], &[FOLD]).expect("a good table");
    assert!(
        source.contains("value: \"05\"") && source.contains("width: Some(2)"),
        "{source}"
    );
}

#[test]
fn a_table_that_a_look_up_could_not_trust_fails_the_build() {
    let cases: &[(&[&str], &[&str], &str)] = &[
        (
            &[DECLINED],
            &[],
            "codes.csv row 2: the family \"answer\" of \"bank\" has no line in spelling.csv",
        ),
        (
            &[DECLINED],
            &[FOLD, "bank,other,exact,exact"],
            "spelling.csv row 3: bank/other has no row",
        ),
        (
            &[DECLINED],
            &[FOLD, FOLD],
            "spelling.csv row 3: (\"bank\", \"answer\") stands twice",
        ),
        (&[DECLINED], &["bank,answer,loose,2"], "case must be one of"),
        (
            &[DECLINED],
            &["bank,answer,fold,two"],
            "width must be exact or a number from 1 to 9, got \"two\"",
        ),
        (&[DECLINED], &["bank,answer,fold,0"], "width must be exact"),
        (
            &[DECLINED, DECLINED],
            &[FOLD],
            "codes.csv row 3: [\"bank\", \"answer\", \"05\"] stands twice",
        ),
        (
            &[
                "bank,answer,N1,payment,issuer_declined,none",
                "bank,answer,n1,payment,payment_succeeded,none",
            ],
            &[FOLD],
            "codes.csv row 3: \"n1\" and \"N1\" of bank/answer differ only by case",
        ),
        (
            &[DECLINED, "bank,answer,5,payment,payment_succeeded,none"],
            &[FOLD],
            "codes.csv row 3: \"5\" has fewer digits than the width of bank/answer",
        ),
        (
            &["bank,answer,05,payment,no_such,none"],
            &[FOLD],
            "reason \"no_such\" is not in reasons.csv",
        ),
        (
            &["bank,answer,05,payment,issuer_declined,maybe"],
            &[FOLD],
            "evidence must be one of",
        ),
        (
            &["bank,answer,05,refund,issuer_declined,not_debited"],
            &[FOLD],
            "object \"refund\" cannot prove a debit",
        ),
        (
            &["bank,answer,,payment,issuer_declined,none"],
            &[FOLD],
            "codes.csv row 2: value is empty",
        ),
        (
            &["Bank,answer,05,payment,issuer_declined,none"],
            &["Bank,answer,fold,2"],
            "scheme and family are lower case",
        ),
    ];
    for (lines, spelling, message) in cases {
        let error = build(lines, spelling).expect_err(message);
        assert!(error.contains(message), "{message} in {error}");
    }
}

#[test]
fn a_family_that_does_not_fold_may_tell_cases_apart() {
    let lines = [
        "bank,answer,N1,payment,issuer_declined,none",
        "bank,answer,n1,payment,payment_succeeded,none",
    ];
    assert!(build(&lines, &["bank,answer,exact,exact"]).is_ok());
}
