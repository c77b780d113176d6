//! The pages in `docs/` are those that the data makes, and their links lead somewhere.

#![allow(clippy::expect_used)]

use std::collections::BTreeMap;

use super::*;

fn project() -> Project {
    Project::locate().expect("the project")
}

#[test]
fn the_committed_pages_are_up_to_date() {
    let project = project();
    let pages = pages(&project).expect("pages");
    let late: Vec<_> = pages
        .iter()
        .filter(|page| out_of_date(&project, page))
        .collect();
    check(&late).expect("up to date");
}

#[test]
fn a_late_page_is_named_with_what_to_do() {
    let page = Page {
        path: "docs/reasons.md",
        text: "another text".to_owned(),
    };
    assert!(out_of_date(&project(), &page));
    let error = check(&[&page]).expect_err("it is late").to_string();
    assert!(
        error.contains("docs/reasons.md") && error.contains("`cargo xtask docs`"),
        "{error}"
    );
}

/// Anchors of a page: those of its headings, and those that are written out.
fn anchors(text: &str) -> Vec<String> {
    let headings = text
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| markdown::anchor(line.trim_start_matches('#')));
    let written = text
        .split("<a ")
        .skip(1)
        .filter_map(|rest| {
            rest.strip_prefix("id=\"")
                .or_else(|| rest.strip_prefix("name=\""))
        })
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()));
    headings.chain(written).collect()
}

#[test]
fn every_link_leads_to_a_file_and_an_anchor_of_it() {
    let project = project();
    let pages = pages(&project).expect("pages");
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for page in &pages {
        for target in page
            .text
            .split("](")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once(')')?.0))
        {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() {
                page.path.to_owned()
            } else {
                format!("docs/{file}")
            };
            assert!(
                project.path(&path).is_file(),
                "{}: no file {target}",
                page.path
            );
            count += 1;
            if anchor.is_empty() {
                continue;
            }
            let anchors =
                known.entry(path.clone()).or_insert_with(|| {
                    let made = pages
                        .iter()
                        .find(|page| page.path == path)
                        .map(|page| page.text.clone());
                    anchors(&made.unwrap_or_else(|| {
                        fs::read_to_string(project.path(&path)).expect("readable")
                    }))
                });
            let found = anchors.iter().filter(|known| *known == anchor).count();
            assert_eq!(found, 1, "{}: {target} leads to {found} places", page.path);
        }
    }
    assert!(count > 500, "only {count} links were looked at");
}
