//! `docs/coverage.md`: every cause and every remedy with what covers it, or why nothing does.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::coverage::{Coverage, Line, OBSERVABLE};
use super::markdown::{code, head, plain, row};
use super::reference::{Index, Kind, Reference};
use super::words::Words;
use crate::project::Project;

pub(crate) const PATH: &str = "docs/coverage.md";

/// The whole page.
pub(crate) fn page(project: &Project) -> Result<String> {
    let words = Words::read(&project.root)?;
    let index = Index::read(&project.root, &words)?;
    let Coverage { causes, remedies } = Coverage::read(&project.root, &index)?;

    let mut text = String::from(
        "# Coverage\n\n\
         Written by `cargo xtask docs` from `docs/coverage/*.csv`. Do not edit.\n\n\
         Why a payment that one side calls paid and the other failed comes about, what people do about it, and what of this project answers each.\n\
         *Partly*: the note says, after \"Not here:\", what this project does not have.\n\n",
    );
    text += &totals(&causes, &remedies, &index);
    text += "\n## Causes\n\n";
    for (value, meaning) in OBSERVABLE {
        text += &format!("- `{value}`: {meaning}\n");
    }
    text.push('\n');
    text += &table(
        &causes,
        &index,
        ["cause_en", "cause_zh"],
        Some("observable"),
    )?;
    text += "\n## Remedies\n\n";
    text += &table(&remedies, &index, ["remedy_en", "remedy_zh"], None)?;
    text += "\n## Features\n\nWhat the tables above call a feature, with the file that does or proves it.\n\n";
    text += &head(&["feature", "what", "where"]);
    for (id, (what, place)) in &index.features {
        let reference = Reference {
            kind: Kind::Doc,
            value: place.clone(),
        };
        let link = index
            .link(&reference)
            .with_context(|| format!("docs/coverage/features.csv: `{id}`: no file {place}"))?;
        text += &row([code(id), plain(what), link]);
    }
    Ok(text)
}

fn totals(causes: &[Line], remedies: &[Line], index: &Index) -> String {
    let mut text = head(&[
        "",
        "all",
        "covered",
        "of these partly",
        "not covered, with the reason",
    ]);
    for (value, _) in OBSERVABLE {
        let of_kind = causes
            .iter()
            .filter(|line| line.row.get("observable") == value);
        text += &total(&format!("causes, `{value}`"), of_kind);
    }
    text += &total("**causes**", causes);
    text += &total("**remedies**", remedies);
    let named: BTreeSet<&str> = causes
        .iter()
        .flat_map(|line| &line.covered_by)
        .filter(|found| found.kind == Kind::Reason)
        .map(|found| found.value.as_str())
        .collect();
    let all = index.reasons();
    text + &format!(
        "\nCauses name {} of the {all} [reasons](reasons.md); no cause of this list names the other {}.\n",
        named.len(),
        all - named.len()
    )
}

fn total<'a>(what: &str, lines: impl IntoIterator<Item = &'a Line>) -> String {
    let (mut all, mut covered, mut partly) = (0, 0, 0);
    for line in lines {
        all += 1;
        if !line.covered_by.is_empty() {
            covered += 1;
            partly += usize::from(line.is_partly());
        }
    }
    row([
        what.to_owned(),
        all.to_string(),
        covered.to_string(),
        partly.to_string(),
        (all - covered).to_string(),
    ])
}

/// One line a row; `[en, zh]` are the columns with its words.
fn table(
    lines: &[Line],
    index: &Index,
    [en, zh]: [&str; 2],
    extra: Option<&str>,
) -> Result<String> {
    let titles = [
        Some("id"),
        Some("what"),
        extra,
        Some("covered by"),
        Some("note"),
    ];
    let mut text = head(&titles.into_iter().flatten().collect::<Vec<_>>());
    for line in lines {
        let id = line.row.get("id");
        let cells = [
            Some(format!("<a id=\"{}\"></a>{id}", id.to_lowercase())),
            Some(format!(
                "{}<br>{}",
                plain(line.row.get(en)),
                plain(line.row.get(zh))
            )),
            extra.map(|column| code(line.row.get(column))),
            Some(links(line, index)?),
            Some(plain(line.row.get("note"))),
        ];
        text += &row(cells.into_iter().flatten());
    }
    Ok(text)
}

/// `reason: a, b<br>state: c`.
fn links(line: &Line, index: &Index) -> Result<String> {
    let mut groups = Vec::new();
    for kind in Kind::ALL {
        let mut links = Vec::new();
        for found in line.covered_by.iter().filter(|found| found.kind == kind) {
            links.push(index.link(found).context("references were checked")?);
        }
        if !links.is_empty() {
            groups.push(format!("{}: {}", kind.name(), links.join(", ")));
        }
    }
    Ok(groups.join("<br>"))
}
