//! Writes into the loader what it compares its files with: the sum of the wasm, the integrity value of the glue, and
//! for each language the sum of the words of the first picture. Those words in turn carry the sums of the words that
//! come later, so that a first view does not pay for what it does not load.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::digest::{sha256_base64, short_sum};
use crate::embed::{EmbedFile, LOCALES, REASONS, REST};

const LOADER: &str = "payment-status.js";
const GLUE: &str = "payment-status-widget.js";
const WASM: &str = "payment-status-widget_bg.wasm";
/// Where the loader's table begins, minified or not.
const TABLE: &str = r#"".js":"#;

/// The same files with the sums in their places.
pub(crate) fn baked(mut files: Vec<EmbedFile>) -> Result<Vec<EmbedFile>> {
    let later = Map::from_iter(files.iter().filter_map(|file| {
        let name = file.name.strip_prefix(LOCALES)?.strip_suffix(".json")?;
        let is_later = file.name.starts_with(REASONS);
        is_later.then(|| (name.to_owned(), short_sum(&file.bytes).into()))
    }));
    for file in &mut files {
        if let Some(tag) = language(file) {
            file.bytes = with_later(file, &tag, &later)?;
        }
    }
    let table = table(&files)?;
    let loader = files.iter_mut().find(|file| file.name == LOADER);
    let loader = loader.with_context(|| format!("no {LOADER}"))?;
    loader.bytes = with_table(std::str::from_utf8(&loader.bytes)?, &table)?.into_bytes();
    Ok(files)
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

fn table(files: &[EmbedFile]) -> Result<String> {
    let bytes = |name: &str| {
        let file = files.iter().find(|file| file.name == name);
        let bytes = file.map(|file| file.bytes.as_slice());
        bytes.with_context(|| format!("no {name}"))
    };
    // The order counts: the loader takes all after the first three for languages.
    let mut rows = vec![
        // The shortest that browsers take; the release manifest has a longer one.
        (".js".to_owned(), sha256_integrity(bytes(GLUE)?)),
        (".wasm".to_owned(), short_sum(bytes(WASM)?)),
        (".rest".to_owned(), short_sum(bytes(REST)?)),
    ];
    for file in files {
        rows.extend(language(file).map(|tag| (tag, short_sum(&file.bytes))));
    }
    let row = |(name, sum): &(String, String)| format!("{}:{}", json!(name), json!(sum));
    Ok(rows.iter().map(row).collect::<Vec<_>>().join(","))
}

fn sha256_integrity(bytes: &[u8]) -> String {
    ["sha256-", &sha256_base64(bytes)].concat()
}

fn with_table(loader: &str, table: &str) -> Result<String> {
    let mut places = loader.match_indices(TABLE);
    let (Some((start, _)), None) = (places.next(), places.next()) else {
        bail!("{LOADER}: its table of sums is not where it was");
    };
    let (before, rest) = loader.split_at(start);
    let end = rest
        .find('}')
        .with_context(|| format!("{LOADER}: its table of sums has no end"))?;
    Ok([before.trim_end(), table, &rest[end..]].concat())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;
    use std::path::Path;

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
    fn the_loader_gets_the_sums_of_what_it_loads() {
        let files = baked(files()).unwrap();
        let loader = std::str::from_utf8(&files[0].bytes).unwrap();
        let [wasm, rest] = [b"wasm", b"rest"].map(|bytes| short_sum(bytes));
        let start = format!(
            r#"{{".js":"{}",".wasm":"{wasm}",".rest":"{rest}","pt-BR":""#,
            sha256_integrity(b"glue")
        );
        assert!(loader.contains(&start));
        assert!(loader.contains(&short_sum(&files[4].bytes)));
        assert!(loader.contains("export class PaymentStatus") && !loader.contains("zh-CN"));
    }

    #[test]
    fn the_first_words_vouch_for_the_later_ones() {
        let files = baked(files()).unwrap();
        let words: Value = serde_json::from_slice(&files[4].bytes).unwrap();
        assert_eq!(words["locale"], "pt-BR");
        assert_eq!(words["integrity"]["reasons/steps"], short_sum(b"{ }"));
        assert_eq!(words["integrity"]["reasons/pt-BR"], short_sum(b"{}"));
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
        let start = SOURCE.find(TABLE).unwrap();
        let end = start + SOURCE[start..].find('}').unwrap();
        let members = SOURCE[start..end].split(',').skip(3);
        let mut listed: Vec<&str> = members
            .map(|member| member.split(':').next().unwrap().trim().trim_matches('"'))
            .filter(|name| !name.is_empty())
            .collect();
        listed.sort_unstable();
        assert_eq!(listed, languages);
    }
}
