//! A sentence that is missing fails the build, with the file and the key. What the sentences say is the tests' business:
//! they get a table of every locale file, so that a new file is held to the rules without being named anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use payment_status_protocol::deadline;
use payment_status_protocol::reason::Reason;

type Words = BTreeMap<String, String>;

const CORE: &str = "locales";
const REASONS: &str = "locales/reasons";
/// The locale that the others are held against.
const REFERENCE: &str = "en.json";
/// Which steps belong to a reason: no language.
const STEPS: &str = "steps.json";
const READERS: [&str; 3] = ["payer", "merchant", "support"];
/// Unicode CLDR: which of them a language needs is its own affair.
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build.rs");
    let mut faults = Vec::new();

    let core = folder(CORE)?;
    let mut reasons = folder(REASONS)?;
    let steps = reasons
        .remove(STEPS)
        .ok_or("locales/reasons/steps.json is missing")?;
    for name in core.keys().filter(|name| !reasons.contains_key(*name)) {
        faults.push(format!("{REASONS}/{name} is missing"));
    }
    for name in reasons.keys().filter(|name| !core.contains_key(*name)) {
        faults.push(format!("{CORE}/{name} is missing"));
    }
    for (folder, files) in [(CORE, &core), (REASONS, &reasons)] {
        let reference = files
            .get(REFERENCE)
            .ok_or("the reference locale is missing")?;
        for (name, words) in files {
            for lacking in lacking(reference, words) {
                faults.push(format!("{folder}/{name} lacks {lacking}"));
            }
        }
    }
    for (name, words) in &reasons {
        for lacking in unexplained(words, &steps) {
            faults.push(format!("{REASONS}/{name} lacks {lacking}"));
        }
    }
    for fault in &faults {
        println!("cargo::error={fault}");
    }
    let table = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?).join("locales.rs");
    fs::write(table, for_tests(core.keys())?)?;
    Ok(())
}

/// `LOCALES`, which the tests include: the files of every locale, in the order of their names.
fn for_tests<'a>(
    names: impl ExactSizeIterator<Item = &'a String>,
) -> Result<String, Box<dyn Error>> {
    let mut table = format!(
        "pub(super) const LOCALES: [(&str, Files); {}] = [\n",
        names.len()
    );
    for name in names {
        let tag = name.trim_end_matches(".json");
        let text = |folder| {
            format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{folder}/{name}\"))")
        };
        let (core, reasons) = (text(CORE), text(REASONS));
        writeln!(
            table,
            "    (\"{tag}\", Files {{ core: {core}, reasons: {reasons} }}),"
        )?;
    }
    table.push_str("];\n");
    Ok(table)
}

/// Every file of a folder. A text that is not a string, or a key that stands in a tree, is an error.
fn folder(path: &str) -> Result<BTreeMap<String, Words>, Box<dyn Error>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        if file.extension().is_some_and(|e| e == "json") {
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.insert(name, read(&file)?);
        }
    }
    Ok(files)
}

fn read(file: &Path) -> Result<Words, Box<dyn Error>> {
    let text = fs::read_to_string(file)?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", file.display()).into())
}

/// What the reference says to somebody and `words` do not.
fn lacking(reference: &Words, words: &Words) -> BTreeSet<String> {
    let mut lacking = BTreeSet::new();
    for key in reference.keys() {
        let (topic, last) = key.rsplit_once('.').unwrap_or(("", key));
        let is_there = if PLURALS.contains(&last) {
            answers(words, topic, "other")
        } else if READERS.contains(&last) || last == "any" {
            READERS
                .iter()
                .all(|reader| !answers(reference, topic, reader) || answers(words, topic, reader))
        } else {
            READERS.iter().all(|reader| answers(words, key, reader))
        };
        if !is_there && !is_inside(key) {
            lacking.insert(key.clone());
        }
    }
    lacking
}

/// `state.paid.payer.0`: the reader stands inside; the tests know these paths.
fn is_inside(key: &str) -> bool {
    key.starts_with("state.")
}

/// A reader's own text, or the one for any reader, or the only one.
fn answers(words: &Words, topic: &str, reader: &str) -> bool {
    [
        &*format!("{topic}.{reader}"),
        &*format!("{topic}.any"),
        topic,
    ]
    .iter()
    .any(|key| words.contains_key(*key))
}

/// Reasons, steps and rules of the catalogue that have no words.
fn unexplained(words: &Words, steps: &Words) -> BTreeSet<String> {
    let mut lacking = BTreeSet::new();
    for reader in READERS {
        for reason in Reason::all() {
            if !answers(words, &format!("reason.{reason}"), reader) {
                lacking.insert(format!("reason.{reason} for {reader}"));
            }
            if !steps.contains_key(&format!("steps.{reason}.{reader}.open")) {
                lacking.insert(format!("steps.{reason}.{reader}.open in {STEPS}"));
            }
        }
        let of_reader = steps
            .iter()
            .filter(|(key, _)| key.split('.').nth(2) == Some(reader));
        for (key, ids) in of_reader.filter(|(key, _)| key.starts_with("steps.")) {
            for id in ids
                .split(' ')
                .filter(|id| !answers(words, &format!("step.{id}"), reader))
            {
                lacking.insert(format!("step.{id} for {reader}, which {key} takes"));
            }
        }
    }
    for rule in deadline::rules() {
        if !words.contains_key(&format!("rule.{}", rule.name)) {
            lacking.insert(format!("rule.{}", rule.name));
        }
    }
    lacking
}
