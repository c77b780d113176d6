//! What was taken back as proof stays taken back: the list in the decision and the tables agree.
#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]

use payment_status_protocol::code::{CodeBook as _, Codes};
use payment_status_protocol::reason::{Evidence, Reason};
use payment_status_protocol::report::RawCode;

const DECISION: &str = include_str!("../../../docs/adr/0008-evidence-taken-back.md");

#[test]
fn no_row_that_was_taken_back_proves_anything() {
    let (_, rows) = DECISION.split_once("## The rows").expect("the chapter");
    let mut count = 0;
    for row in rows.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = row.split('`').skip(1).step_by(2);
        let mut cell = || cells.next().expect("three codes in a row");
        let code = RawCode {
            scheme: cell().into(),
            family: Some(cell().into()),
            value: cell().into(),
        };
        let meaning = Codes.look_up(&code);
        assert_eq!(meaning.evidence, Evidence::None, "{code:?}");
        assert_ne!(meaning.reason, Reason::UNMAPPED_CODE, "{code:?}");
        count += 1;
    }
    assert_eq!(count, 40);
}
