//! One reason: its facts, its words for each reader with the steps of each phase, its raw codes.

use anyhow::Result;

use super::markdown::{code, head, plain, row};
use super::raw_codes;
use super::table::Row;
use super::words::{GENERAL, LOCALES, PARTIES, PHASES, Words};

/// The section of one reason, under its code as heading.
pub(crate) fn section(reason: &Row, words: &Words, codes: &[&Row]) -> Result<String> {
    let name = reason.get("code");
    let mut text = format!(
        "### {name}\n\n**{}** · {}\n\n",
        plain(reason.get("label_zh")),
        plain(reason.get("meaning_en"))
    );
    text += &facts(reason);
    text.push('\n');
    text += &words_table(name, words)?;
    text.push('\n');
    text += &raw_codes::section(codes);
    Ok(text)
}

fn facts(reason: &Row) -> String {
    let name = reason.get("code");
    let public = reason.get("public_reason");
    let shown = if public == name {
        "see it".to_owned()
    } else {
        format!("do not see it, but [{public}](#{public})")
    };
    [
        ("category", code(reason.get("category"))),
        (
            "a `failed` report with it proves",
            raw_codes::evidence_words(reason.get("evidence")).to_owned(),
        ),
        ("acts next", actor(reason.get("who_acts_next"))),
        (
            "the same means again",
            retry_words(reason.get("retry_same_means")).to_owned(),
        ),
        ("usual time", usual_time(reason)),
        ("payer and merchant", shown),
    ]
    .map(|(what, value)| format!("- {what}: {value}\n"))
    .concat()
}

/// The party as documents name it, with the catalogue's finer role behind it.
fn actor(role: &str) -> String {
    match ACTORS.iter().find(|(known, _)| *known == role) {
        Some((_, party)) => format!("{} (in the catalogue: {})", code(party), code(role)),
        None => code(role),
    }
}

/// Roles that documents call by another name; `crates/protocol/build.rs` decides.
const ACTORS: [(&str, &str); 8] = [
    ("none", "nobody"),
    ("terminal", "merchant"),
    ("switch", "network"),
    ("payee_bank", "acquirer"),
    ("provider", "acquirer"),
    ("risk_team", "acquirer"),
    ("status_service", "acquirer"),
    ("regulator", "support"),
];

fn retry_words(retry: &str) -> &str {
    match retry {
        "yes" => "yes, once paying again is safe",
        "wait" => "later",
        "no" => "no, another one",
        other => other,
    }
}

fn usual_time(reason: &Row) -> String {
    let [time, source] =
        ["typical_resolution_time", "resolution_time_source"].map(|column| reason.get(column));
    match (time, source) {
        ("", _) => "not known".to_owned(),
        (time, "") => plain(time),
        (time, source) => format!("{} (source: {})", plain(time), plain(source)),
    }
}

/// Sentences and steps of all readers side by side in both languages. Phases that the reason does not name are left
/// out, but not for [`GENERAL`], which has no sentences of its own.
pub(crate) fn words_table(name: &str, words: &Words) -> Result<String> {
    let [en, zh] = LOCALES;
    let mut text = head(&["", en, zh]);
    for party in PARTIES {
        if name != GENERAL {
            let said = words.for_reader(&format!("reason.{name}"), party)?;
            text += &line(&format!("**{party}**"), said.map(plain));
        }
        for (phase, meaning) in PHASES {
            let Some(steps) = words.steps(name, party, phase) else {
                continue;
            };
            let mut cells = [String::new(), String::new()];
            for (index, step) in steps.iter().enumerate() {
                let said = words.for_reader(&format!("step.{step}"), party)?;
                for (cell, said) in cells.iter_mut().zip(said) {
                    let gap = if index == 0 { "" } else { "<br>" };
                    *cell += &format!("{gap}{}. {}", index + 1, plain(said));
                }
            }
            let when = if party == "support" {
                "in every phase"
            } else {
                meaning
            };
            text += &line(&format!("{party}, {when}"), cells);
        }
    }
    Ok(text)
}

fn line(what: &str, [en, zh]: [String; 2]) -> String {
    row([what.to_owned(), en, zh])
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::project::Project;

    #[test]
    fn roles_are_those_that_the_protocol_is_built_with() {
        let file = Project::locate()
            .expect("the project")
            .path("crates/protocol/build.rs");
        let text = std::fs::read_to_string(file).expect("readable");
        let mut others = 0;
        for (role, rest) in text.lines().filter_map(|line| {
            line.trim()
                .strip_prefix("(\"")?
                .split_once("\", \"NextActor::")
        }) {
            let party = rest
                .split_once('"')
                .map(|(party, _)| party.to_lowercase())
                .unwrap_or_default();
            match ACTORS.iter().find(|(known, _)| *known == role) {
                Some((_, known)) => {
                    others += 1;
                    assert_eq!(*known, party, "{role}");
                }
                None => assert_eq!(role, party, "{role} has another name on the wire"),
            }
        }
        assert_eq!(others, ACTORS.len(), "a role is no longer in build.rs");
    }
}
