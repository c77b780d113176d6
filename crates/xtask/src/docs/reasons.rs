//! `docs/reasons.md`: every reason with its words and raw codes, then the steps and the deadlines.

use std::path::Path;

use anyhow::Result;

use super::markdown::{anchor, code, head, plain, row, title};
use super::table::{self, Row};
use super::words::{GENERAL, LOCALES, PARTIES, PHASES, Words};
use super::{deadlines, raw_codes, reason};
use crate::project::Project;

pub(crate) const PATH: &str = "docs/reasons.md";

const COLUMNS: [&str; 10] = [
    "code",
    "public_reason",
    "category",
    "evidence",
    "retry_same_means",
    "who_acts_next",
    "typical_resolution_time",
    "resolution_time_source",
    "label_zh",
    "meaning_en",
];

/// The canonical reasons, in the order of the catalogue.
pub(crate) fn read(root: &Path) -> Result<Vec<Row>> {
    table::read(root, "crates/protocol/data/reasons.csv", &COLUMNS)
}

/// The whole page.
pub(crate) fn page(project: &Project) -> Result<String> {
    let root = &project.root;
    let reasons = read(root)?;
    let codes = raw_codes::read(root)?;
    let words = Words::read(root)?;
    let rules = deadlines::read(root)?;
    let categories = categories(&reasons);

    let mut text = introduction(&reasons, &codes, &rules);
    text += &contents(&categories);
    text += "\n## General steps\n\nThese hold in a phase for which a reason names no steps of its own.\n\n";
    text += &reason::words_table(GENERAL, &words)?;
    for (category, members) in &categories {
        text += &format!("\n## {}\n", category_title(category));
        for member in members {
            let meaning = codes
                .iter()
                .filter(|code| code.get("reason") == member.get("code"));
            text.push('\n');
            text += &reason::section(member, &words, &meaning.collect::<Vec<_>>())?;
        }
    }
    text += "\n## Steps\n\nEvery step, in the words of each reader that it is for.\n\n";
    text += &steps(&words)?;
    text += "\n## Deadlines\n\nBy when a state should be over. A time that has passed leads to a check and to somebody who can be asked, \
             never to a verdict.\nWhere no rule is known there is no time.\n\n";
    text += &deadlines::chapter(&rules, &words)?;
    Ok(text)
}

fn introduction(reasons: &[Row], codes: &[Row], rules: &[Row]) -> String {
    let proving = codes.iter().filter(|code| raw_codes::proves(code)).count();
    let phases = PHASES.map(|(phase, meaning)| format!("`{phase}`: {meaning}"));
    format!(
        "# Reasons\n\n\
         Written by `cargo xtask docs` from `crates/protocol/data` and `crates/display/locales/reasons`. Do not edit.\n\n\
         A reason says why a transaction is as it is. The raw codes of the schemes are kept verbatim, and each of them means one reason.\n\
         There are {reasons} reasons and {codes} raw codes of {schemes} schemes; {proving} of the raw codes prove something. {rules} deadlines come from published rules.\n\n\
         How to read a reason:\n\n\
         - *A `failed` report with it proves*: what follows for the payer when somebody who may say so reports a failed debit with this reason. It is the default;\n  \
           a raw code in the table below may prove more or less. [The rules](protocol.md#rules) say who may say so.\n\
         - *Acts next*: who usually does. A verdict can name somebody else.\n\
         - *The same means again*: whether it is useful to try the same card or wallet. Whether it is safe is said by the verdict alone.\n\
         - The words are those of the screens. The verdict chooses the phase, never the reason: {phases}. Support's steps are the same in every phase.\n  \
           A phase that is not listed has the [general steps](#general-steps).\n\
         - A raw code is a scheme, a family and a value together, and is about the payment unless something else stands behind it. In **bold** stands what a `failed` report\n  \
           with it proves: `not_debited`, nothing was taken from the payer; `never_sent`, nothing even left the terminal.\n\n",
        reasons = reasons.len(),
        codes = codes.len(),
        schemes = raw_codes::schemes(codes),
        rules = rules.len(),
        phases = phases.join("; "),
    )
}

/// Categories in the order in which the catalogue first names them, with their reasons.
fn categories(reasons: &[Row]) -> Vec<(&str, Vec<&Row>)> {
    let mut categories: Vec<(&str, Vec<&Row>)> = Vec::new();
    for reason in reasons {
        let category = reason.get("category");
        match categories.iter_mut().find(|(known, _)| *known == category) {
            Some((_, members)) => members.push(reason),
            None => categories.push((category, vec![reason])),
        }
    }
    categories
}

/// With a word more, so that no category has the anchor of a reason.
fn category_title(category: &str) -> String {
    format!("Category: {}", title(category).to_lowercase())
}

fn contents(categories: &[(&str, Vec<&Row>)]) -> String {
    let mut text = String::from("## Contents\n\n- [General steps](#general-steps)\n");
    for (category, members) in categories {
        let title = category_title(category);
        let links = members.iter().map(|member| {
            let name = member.get("code");
            format!("[{name}](#{name})")
        });
        text += &format!(
            "- [{title}](#{}): {}\n",
            anchor(&title),
            links.collect::<Vec<_>>().join(", ")
        );
    }
    text + "- [Steps](#steps)\n- [Deadlines](#deadlines)\n"
}

/// A line for each step and reader; a step that a reader never gets has no line for that reader.
fn steps(words: &Words) -> Result<String> {
    let [en, zh] = LOCALES;
    let mut text = head(&["step", "reader", en, zh]);
    for step in words.step_ids() {
        let mut name = format!("<a id=\"step-{step}\"></a>{}", code(step));
        for party in PARTIES {
            // Not an error here: whether a step has words for whom it is given to was asked with each reason.
            let Ok([en, zh]) = words.for_reader(&format!("step.{step}"), party) else {
                continue;
            };
            text += &row([name, party.to_owned(), plain(en), plain(zh)]);
            name = String::new();
        }
    }
    Ok(text)
}
