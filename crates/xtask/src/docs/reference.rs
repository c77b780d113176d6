//! References of the coverage tables: `reason:issuer_timeout`, `route:GET /v1/transactions`. Each is looked up where
//! the thing itself is defined, and becomes a link to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use super::markdown::{anchor, code};
use super::table;
use super::words::Words;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Reason,
    State,
    Answer,
    Step,
    Feature,
    Route,
    Doc,
}

impl Kind {
    /// In the order in which the page shows them.
    pub(crate) const ALL: [Self; 7] = [
        Self::Reason,
        Self::State,
        Self::Answer,
        Self::Step,
        Self::Feature,
        Self::Route,
        Self::Doc,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reason => "reason",
            Self::State => "state",
            Self::Answer => "answer",
            Self::Step => "step",
            Self::Feature => "feature",
            Self::Route => "route",
            Self::Doc => "doc",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) kind: Kind,
    pub(crate) value: String,
}

/// The references of one cell. They are separated by a space before the next kind, for a route has a space inside.
/// Words before the first kind come back as the error.
pub(crate) fn parse(cell: &str) -> Result<Vec<Reference>, String> {
    let mut found: Vec<Reference> = Vec::new();
    for word in cell.split_whitespace() {
        let start = Kind::ALL.into_iter().find_map(|kind| {
            let value = word.strip_prefix(kind.name())?.strip_prefix(':')?;
            Some((kind, value))
        });
        match (start, found.last_mut()) {
            (Some((kind, value)), _) => found.push(Reference {
                kind,
                value: value.to_owned(),
            }),
            (None, Some(last)) => {
                last.value.push(' ');
                last.value.push_str(word);
            }
            (None, None) => return Err(word.to_owned()),
        }
    }
    Ok(found)
}

/// Everything that can be referred to.
pub(crate) struct Index {
    root: PathBuf,
    reasons: BTreeSet<String>,
    states: BTreeSet<String>,
    steps: BTreeSet<String>,
    /// What each does, and the file that does or proves it.
    pub(crate) features: BTreeMap<String, (String, String)>,
    protocol: String,
}

impl Index {
    pub(crate) fn read(root: &Path, words: &Words) -> Result<Self> {
        let protocol = fs::read_to_string(root.join(PROTOCOL)).context(PROTOCOL)?;
        let mut features = BTreeMap::new();
        for row in table::read(root, "docs/coverage/features.csv", &["id", "what", "where"])? {
            let known = features.insert(
                row.get("id").to_owned(),
                (row.get("what").to_owned(), row.get("where").to_owned()),
            );
            if known.is_some() {
                anyhow::bail!("{}: `{}` stands twice", row.place, row.get("id"));
            }
        }
        Ok(Self {
            root: root.to_path_buf(),
            reasons: super::reasons::read(root)?
                .iter()
                .map(|row| row.get("code").to_owned())
                .collect(),
            states: states(root)?,
            steps: words.step_ids().into_iter().map(str::to_owned).collect(),
            features,
            protocol,
        })
    }

    /// True for a reason of the catalogue.
    pub(crate) fn has_reason(&self, code: &str) -> bool {
        self.reasons.contains(code)
    }

    pub(crate) fn reasons(&self) -> usize {
        self.reasons.len()
    }

    /// The link from a page of `docs/`, or [`None`] if there is no such thing.
    pub(crate) fn link(&self, reference: &Reference) -> Option<String> {
        let value = reference.value.as_str();
        let (text, target) = match reference.kind {
            Kind::Reason => (
                code(value),
                self.has_reason(value)
                    .then(|| format!("reasons.md#{value}"))?,
            ),
            Kind::State => (
                code(value),
                self.states
                    .contains(value)
                    .then(|| "protocol.md#rules".to_owned())?,
            ),
            Kind::Answer => (code(value), self.answer(value)?),
            Kind::Step => (
                code(value),
                self.steps
                    .contains(value)
                    .then(|| format!("reasons.md#step-{value}"))?,
            ),
            Kind::Feature => {
                let (_, file) = self.features.get(value)?;
                (code(value), self.file(file)?)
            }
            Kind::Route => (code(value), self.route(value)?),
            Kind::Doc => (code(value), self.file(value)?),
        };
        Some(format!("[{text}]({target})"))
    }

    /// From `docs/`.
    fn file(&self, path: &str) -> Option<String> {
        self.root.join(path).is_file().then(|| {
            path.strip_prefix("docs/")
                .map_or_else(|| format!("../{path}"), str::to_owned)
        })
    }

    /// A field of the documents that are answered.
    fn answer(&self, field: &str) -> Option<String> {
        let (_, documents) = self.protocol.split_once("\n## 3. ")?;
        let (documents, _) = documents.split_once("\n## 5. ")?;
        let (before, _) = documents.split_once(&format!("\"{field}\":"))?;
        section_of(&["## 3. ", before].concat())
    }

    /// A route is described in code font, alone or with its query: `GET /v1/transactions?…`.
    fn route(&self, route: &str) -> Option<String> {
        self.place_of(&format!("`{route}`"))
            .or_else(|| self.place_of(&format!("`{route}?")))
    }

    /// The section of the protocol in which `text` first stands.
    fn place_of(&self, text: &str) -> Option<String> {
        let (before, _) = self.protocol.split_once(text)?;
        section_of(before)
    }
}

/// The link to the last section that begins in this part of the protocol.
fn section_of(before: &str) -> Option<String> {
    let mut lines = before.lines().rev();
    let heading = lines.find_map(|line| line.strip_prefix("## "))?;
    Some(format!("protocol.md#{}", anchor(heading)))
}

/// The states are those that the screens have a label for; the display's tests see to it that these are all.
fn states(root: &Path) -> Result<BTreeSet<String>> {
    const LABELS: &str = "crates/display/locales/en.json";
    let bytes = fs::read(root.join(LABELS)).context(LABELS)?;
    let texts: BTreeMap<String, Value> = serde_json::from_slice(&bytes).context(LABELS)?;
    Ok(texts
        .keys()
        .filter_map(|key| key.strip_prefix("label."))
        .map(str::to_owned)
        .collect())
}

const PROTOCOL: &str = "docs/protocol.md";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_keeps_its_space() {
        let found = parse("reason:a route:GET /v1/x feature:b").unwrap_or_default();
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.kind, it.value.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (Kind::Reason, "a"),
                (Kind::Route, "GET /v1/x"),
                (Kind::Feature, "b")
            ]
        );
    }

    #[test]
    fn what_names_no_kind_is_refused() {
        assert_eq!(parse("reasons:a"), Err("reasons:a".to_owned()));
        assert_eq!(parse(""), Ok(Vec::new()));
    }
}
