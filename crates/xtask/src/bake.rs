//! Lets each file vouch for the next. The loader gets the integrity value of the glue; the glue the sums of both halves of
//! the wasm and of the words of each language's first picture; those words the sums of the words that come later, so that
//! a first view does not pay for what it does not load.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::digest::{sha256_base64, short_sum};
use crate::embed::{EmbedFile, LOCALES, REASONS, REST};

const LOADER: &str = "payment-status.js";
const GLUE: &str = "payment-status-widget.js";
const WASM: &str = "payment-status-widget_bg.wasm";
/// Behind this the loader has an empty text for the glue's integrity value, minified or not.
const INTEGRITY: &str = "static integrity";

/// The same files with the sums in their places.
pub(crate) fn baked(mut files: Vec<EmbedFile>) -> Result<Vec<EmbedFile>> {
    let later = Map::from_iter(files.iter().filter_map(|file| {
        let name = file.name.strip_prefix(LOCALES)?.strip_suffix(".json")?;
        let is_later = file.name.starts_with(REASONS);
        is_later.then(|| (name.to_owned(), words_sum(&file.bytes).into()))
    }));
    for file in &mut files {
        if let Some(tag) = language(file) {
            file.bytes = with_later(file, &tag, &later)?;
        }
    }
    let sums = sums(&files)?;
    let glue = named(&mut files, GLUE)?;
    glue.bytes.extend_from_slice(sums.as_bytes());
    // The shortest that browsers take; the release manifest has a longer one.
    let integrity = ["sha256-", &sha256_base64(&glue.bytes)].concat();
    let loader = named(&mut files, LOADER)?;
    loader.bytes = with_integrity(std::str::from_utf8(&loader.bytes)?, &integrity)?.into_bytes();
    Ok(files)
}

fn named<'a>(files: &'a mut [EmbedFile], name: &str) -> Result<&'a mut EmbedFile> {
    let file = files.iter_mut().find(|file| file.name == name);
    file.with_context(|| format!("no {name}"))
}

/// The sum of words: the first 108 bits. There are twenty of them in everybody's first view.
fn words_sum(bytes: &[u8]) -> String {
    short_sum(bytes).chars().take(18).collect()
}

/// The language whose first words the file holds.
fn language(file: &EmbedFile) -> Option<String> {
    let name = file.name.strip_prefix(LOCALES)?.strip_suffix(".json")?;
    (!name.contains('/')).then(|| name.to_owned())
}

/// First words with the sums of the later ones in their member `integrity`.
fn with_later(file: &EmbedFile, tag: &str, later: &Map<String, Value>) -> Result<Vec<u8>> {
    let mut sums = Map::new();
    for name in [format!("reasons/{tag}"), "reasons/steps".to_owned()] {
        let sum = later.get(&name).cloned();
        sums.insert(
            name.clone(),
            sum.with_context(|| format!("no {LOCALES}{name}.json"))?,
        );
    }
    let text = std::str::from_utf8(&file.bytes)?;
    let rest = text
        .strip_prefix('{')
        .with_context(|| format!("{}: an object was expected", file.name))?;
    Ok([
        r#"{"integrity":"#,
        &Value::from(sums).to_string(),
        ",",
        rest,
    ]
    .concat()
    .into_bytes())
}

/// What the glue exports: the sum of each file that it vouches for.
fn sums(files: &[EmbedFile]) -> Result<String> {
    let of = |name: &str| {
        let file = files.iter().find(|file| file.name == name);
        let sum = file.map(|file| short_sum(&file.bytes));
        sum.with_context(|| format!("no {name}"))
    };
    let mut sums = Map::new();
    sums.insert(".wasm".to_owned(), of(WASM)?.into());
    sums.insert(".rest".to_owned(), of(REST)?.into());
    for file in files {
        sums.extend(language(file).map(|tag| (tag, words_sum(&file.bytes).into())));
    }
    Ok(format!("\nexport const sums={};\n", Value::from(sums)))
}

fn with_integrity(loader: &str, integrity: &str) -> Result<String> {
    let mut places = loader.match_indices(INTEGRITY);
    let (Some((start, _)), None) = (places.next(), places.next()) else {
        bail!("{LOADER}: the place of its integrity value is not where it was");
    };
    let (before, rest) = loader.split_at(start + INTEGRITY.len());
    let (equals, after) = rest
        .split_once("\"\"")
        .filter(|(equals, _)| equals.trim() == "=")
        .with_context(|| format!("{LOADER}: its integrity value is not empty"))?;
    Ok([before, equals, "\"", integrity, "\"", after].concat())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde_json::json;

    use super::*;

    const SOURCE: &str = include_str!("../../../www/payment-status.js");

    fn file(name: &str, text: &str) -> EmbedFile {
        EmbedFile {
            name: name.into(),
            bytes: text.into(),
        }
    }

    fn files() -> Vec<EmbedFile> {
        vec![
            file(LOADER, SOURCE),
            file(GLUE, "glue"),
            file(WASM, "wasm"),
            file(REST, "rest"),
            file("locales/pt-BR.json", r#"{"locale":"pt-BR"}"#),
            file("locales/reasons/pt-BR.json", "{}"),
            file("locales/reasons/steps.json", "{ }"),
        ]
    }

    #[test]
    fn the_loader_vouches_for_the_glue_and_the_glue_for_the_rest() {
        let files = baked(files()).unwrap();
        let text = |index: usize| std::str::from_utf8(&files[index].bytes).unwrap();
        let integrity = ["sha256-", &sha256_base64(&files[1].bytes)].concat();
        assert!(text(0).contains(&format!("static integrity = \"{integrity}\";")));
        let sums: Value = serde_json::from_str(
            text(1)
                .strip_prefix("glue\nexport const sums=")
                .and_then(|text| text.strip_suffix(";\n"))
                .unwrap(),
        )
        .unwrap();
        assert_eq!(
            sums,
            json!({
                ".wasm": short_sum(b"wasm"), ".rest": short_sum(b"rest"),
                "pt-BR": words_sum(&files[4].bytes),
            })
        );
        // What has been filled in is not filled in again.
        assert!(baked(files).is_err());
    }

    #[test]
    fn the_first_words_vouch_for_the_later_ones() {
        let files = baked(files()).unwrap();
        let words: Value = serde_json::from_slice(&files[4].bytes).unwrap();
        assert_eq!(words["locale"], "pt-BR");
        assert_eq!(words["integrity"]["reasons/steps"], words_sum(b"{ }"));
        assert_eq!(words["integrity"]["reasons/pt-BR"], words_sum(b"{}"));
    }

    #[test]
    fn a_language_without_its_reasons_is_refused() {
        let without = files()
            .into_iter()
            .filter(|file| !file.name.contains("reasons/pt"));
        assert!(baked(without.collect()).is_err());
    }

    #[test]
    fn the_loaders_own_table_lists_the_languages_there_are() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../display/locales");
        let names = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name());
        let mut languages: Vec<String> = names
            .filter_map(|name| Some(name.to_str()?.strip_suffix(".json")?.to_owned()))
            .collect();
        languages.sort();
        let list = SOURCE.split_once("const LANGUAGES = \"").unwrap().1;
        let list = list.split_once('"').unwrap().0;
        let mut listed: Vec<&str> = list.split(' ').collect();
        listed.sort_unstable();
        assert_eq!(listed, languages);
    }
}
