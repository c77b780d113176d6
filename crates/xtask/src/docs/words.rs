//! The words that ship with the widget, read as it reads them: a text of the reader's own, else the one for any
//! reader, else the plain one.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

pub(crate) const LOCALES: [&str; 2] = ["en", "zh-CN"];
pub(crate) const PARTIES: [&str; 3] = ["payer", "merchant", "support"];
/// What is proven so far, and how the pages say it.
pub(crate) const PHASES: [(&str, &str); 3] = [
    ("open", "nothing is safe yet"),
    ("safe", "paying again is safe"),
    ("done", "the credit is proven"),
];

/// The reason whose steps stand in where a reason names none for a phase.
pub(crate) const GENERAL: &str = "_";

const FOLDER: &str = "crates/display/locales/reasons";

pub(crate) struct Words {
    /// In the order of [`LOCALES`].
    locales: [Texts; 2],
    steps: Texts,
}

type Texts = Map<String, Value>;

impl Words {
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let read = |name: &str| texts(root, &format!("{FOLDER}/{name}.json"));
        let [en, zh] = LOCALES;
        Ok(Self {
            locales: [read(en)?, read(zh)?],
            steps: read("steps")?,
        })
    }

    /// What `party` reads under `path`, in each of [`LOCALES`].
    pub(crate) fn for_reader(&self, path: &str, party: &str) -> Result<[&str; 2]> {
        let [en, zh] = &self.locales;
        let find = |texts| {
            text_for(texts, path, party)
                .with_context(|| format!("no text `{path}` for {party} in {FOLDER}"))
        };
        Ok([find(en)?, find(zh)?])
    }

    /// A plain text in each of [`LOCALES`].
    pub(crate) fn plain(&self, path: &str) -> Result<[&str; 2]> {
        self.for_reader(path, "any")
    }

    /// The steps that `reason` itself names; [`None`] where those of [`GENERAL`] hold.
    pub(crate) fn steps(&self, reason: &str, party: &str, phase: &str) -> Option<Vec<&str>> {
        let path = format!("steps.{reason}.{party}.{phase}");
        let steps = text(&self.steps, &path)?;
        Some(steps.split_whitespace().collect())
    }

    /// Whom a party asks when the time of `rule` has passed.
    pub(crate) fn whom_to_ask(&self, rule: &str, party: &str) -> Option<&str> {
        text(&self.steps, &format!("ask.{rule}.{party}"))
    }

    /// Every step that some reason names, sorted.
    pub(crate) fn step_ids(&self) -> Vec<&str> {
        let lists = self
            .steps
            .iter()
            .filter(|(key, _)| key.starts_with("steps."));
        let mut ids: Vec<&str> = lists
            .filter_map(|(_, list)| list.as_str())
            .flat_map(str::split_whitespace)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Every rule that has words, sorted.
    pub(crate) fn rules(&self) -> Vec<&str> {
        let [en, _] = &self.locales;
        en.keys()
            .filter_map(|key| key.strip_prefix("rule."))
            .collect()
    }
}

fn texts(root: &Path, path: &str) -> Result<Texts> {
    let bytes = fs::read(root.join(path)).with_context(|| path.to_owned())?;
    match serde_json::from_slice(&bytes).with_context(|| path.to_owned())? {
        Value::Object(texts) => Ok(texts),
        other => bail!("{path}: expected an object, got {other}"),
    }
}

fn text_for<'a>(texts: &'a Texts, path: &str, party: &str) -> Option<&'a str> {
    text(texts, &format!("{path}.{party}"))
        .or_else(|| text(texts, &format!("{path}.any")))
        .or_else(|| text(texts, path))
}

fn text<'a>(texts: &'a Texts, path: &str) -> Option<&'a str> {
    texts.get(path)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_readers_own_text_comes_first() {
        let Value::Object(texts) = json!({ "a.payer": "own", "a.any": "any", "b": "plain" }) else {
            unreachable!("an object was written")
        };
        assert_eq!(text_for(&texts, "a", "payer"), Some("own"));
        assert_eq!(text_for(&texts, "a", "support"), Some("any"));
        assert_eq!(text_for(&texts, "b", "support"), Some("plain"));
        assert_eq!(text_for(&texts, "c", "support"), None);
    }
}
