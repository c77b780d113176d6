//! The raw codes that mean a reason, scheme by scheme.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::markdown::{code, count, head, plain, row};
use super::table::{self, Row};
use crate::digest;

const FOLDER: &str = "crates/protocol/data/codes";
const COLUMNS: [&str; 7] = [
    "scheme", "family", "value", "object", "meaning", "reason", "evidence",
];

/// Every raw code of every scheme, sorted by scheme, family and value.
pub(crate) fn read(root: &Path) -> Result<Vec<Row>> {
    let mut codes = Vec::new();
    for file in digest::files_below(&root.join(FOLDER))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".csv") {
            codes.extend(table::read(root, &format!("{FOLDER}/{name}"), &COLUMNS)?);
        }
    }
    codes.sort_by_key(|code| key(code).map(str::to_owned));
    Ok(codes)
}

fn key(code: &Row) -> [&str; 3] {
    ["scheme", "family", "value"].map(|column| code.get(column))
}

/// True if a `failed` report with this code proves something.
pub(crate) fn proves(code: &Row) -> bool {
    code.get("evidence") != "none"
}

/// What `evidence` proves, in words.
pub(crate) fn evidence_words(evidence: &str) -> &str {
    match evidence {
        "none" => "nothing",
        "not_debited" => "nothing was taken from the payer",
        "never_sent" => "nothing was sent, so nothing was taken from the payer",
        other => other,
    }
}

/// How many schemes these codes are of.
pub(crate) fn schemes<'a>(codes: impl IntoIterator<Item = &'a Row>) -> usize {
    let names: BTreeSet<&str> = codes.into_iter().map(|code| code.get("scheme")).collect();
    names.len()
}

/// The raw codes of one reason, folded; a sentence if there are none.
pub(crate) fn section(codes: &[&Row]) -> String {
    if codes.is_empty() {
        return "No raw code of the tables means this.\n".to_owned();
    }
    let proving = codes.iter().filter(|code| proves(code)).count();
    let mut text = format!(
        "<details><summary>{} of {}, {proving} of them proving</summary>\n\n",
        count(codes.len(), "raw code"),
        count(schemes(codes.iter().copied()), "scheme"),
    );
    text += &head(&["scheme and family", "value and meaning"]);
    for family in codes.chunk_by(|one, next| family(one) == family(next)) {
        let Some(first) = family.first() else {
            continue;
        };
        let values: Vec<String> = family.iter().map(|code| value(code)).collect();
        text += &row([code(&self::family(first)), values.join("<br>")]);
    }
    text + "\n</details>\n"
}

/// `unionpay de39`, or the scheme alone.
fn family(code: &Row) -> String {
    let [scheme, family, _] = key(code);
    [scheme, family].join(" ").trim_end().to_owned()
}

/// The value with its meaning; what it talks about if that is not the payment; in bold what it proves.
fn value(found: &Row) -> String {
    let mut text = format!(
        "{} {}",
        code(found.get("value")),
        plain(found.get("meaning"))
    );
    if found.get("object") != "payment" {
        text += &format!(" ({})", plain(found.get("object")));
    }
    if proves(found) {
        text += &format!(" **{}**", found.get("evidence"));
    }
    text
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn a_proving_code_is_marked_and_a_family_may_be_missing() {
        let text = "scheme,family,value,object,meaning,reason,evidence\n\
                    a,f,1,payment,x|y,r,not_debited\na,f,2,refund,z,r,none\nb,,3,payment,w,r,none\n";
        let codes = table::rows("c.csv", text, &COLUMNS).expect("rows");
        let section = section(&codes.iter().collect::<Vec<_>>());
        for part in [
            "3 raw codes of 2 schemes, 1 of them proving",
            "| `a f` | `1` x\\|y **not_debited**<br>`2` z (refund) |",
            "| `b` | `3` w |",
        ] {
            assert!(section.contains(part), "{part}: {section}");
        }
    }
}
