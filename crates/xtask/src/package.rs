//! What `cargo xtask dist` makes of the deployed files: the npm package, and the list of everything in it.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

use crate::compress::brotli;
use crate::digest::{integrity, sha256_hex};
use crate::embed::{EmbedFile, deployed_files};
use crate::project::{Project, VERSION};

pub(crate) const NAME: &str = "payment-status";
pub(crate) const RELEASE: &str = "release.json";
const LOADER: &str = "payment-status.js";
const ELEMENT: &str = "element.js";

/// Files of the project that go into the package as they are: where they are, and their names in it.
const COPIED: [(&str, &str); 8] = [
    ("www/package/README.md", "README.md"),
    ("www/package/custom-elements.json", "custom-elements.json"),
    ("www/package/index.js", "index.js"),
    ("www/package/react.d.ts", "react.d.ts"),
    ("www/package/vue.d.ts", "vue.d.ts"),
    ("www/payment-status.d.ts", "payment-status.d.ts"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
];

/// A file with its brotli copy.
pub(crate) struct Packed {
    pub(crate) file: EmbedFile,
    pub(crate) brotli: Vec<u8>,
}

/// All files of the package, by name; the last is the release's list of the others.
pub(crate) fn files(project: &Project) -> Result<Vec<Packed>> {
    let mut files = deployed_files(&project.dist())?;
    let loader = files.iter().find(|file| file.name == LOADER);
    let loader = loader.with_context(|| format!("no {LOADER}"))?;
    let element = without_registration(std::str::from_utf8(&loader.bytes)?)?;
    files.push(named(ELEMENT, element));
    for (place, name) in COPIED {
        let path = project.path(place);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        files.push(named(name, text));
    }
    files.push(named("package.json", package_json(project)?));
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut packed = files.into_iter().map(pack).collect::<Result<Vec<_>>>()?;
    packed.push(pack(named(RELEASE, release(&packed)))?);
    Ok(packed)
}

/// The loader as a module that registers nothing, and whose own import a bundler leaves alone: the address is known
/// only at run time.
fn without_registration(loader: &str) -> Result<String> {
    let element = loader.trim_end().strip_suffix("define();");
    let element =
        element.with_context(|| format!("{LOADER} does not end with its registration"))?;
    let [before, after] = element.split("import(").collect::<Vec<_>>()[..] else {
        bail!("{LOADER}: one import() was expected");
    };
    Ok([
        before,
        "import(/* webpackIgnore: true */ /* @vite-ignore */ ",
        after,
        "\n",
    ]
    .concat())
}

/// `www/package.json` in this version.
fn package_json(project: &Project) -> Result<String> {
    let path = project.path("www/package.json");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let found: Value = serde_json::from_str(&text)?;
    if found["version"] != VERSION {
        bail!(
            "{}: version {} instead of {VERSION}",
            path.display(),
            found["version"]
        );
    }
    Ok(text)
}

fn named(name: &str, text: String) -> EmbedFile {
    EmbedFile {
        name: name.to_owned(),
        bytes: text.into_bytes(),
    }
}

fn pack(file: EmbedFile) -> Result<Packed> {
    let brotli = brotli(&file.bytes)?;
    Ok(Packed { file, brotli })
}

/// Sizes in bytes; both hashes are of the file as a browser sees it, unpacked.
fn release(files: &[Packed]) -> String {
    let entry = |Packed { file, brotli }: &Packed| {
        let about = json!({
            "bytes": file.bytes.len(),
            "brotli_bytes": brotli.len(),
            "sha256": sha256_hex(&file.bytes),
            "integrity": integrity(&file.bytes),
            "type": media_type(&file.name),
        });
        (file.name.clone(), about)
    };
    let files: Map<String, Value> = files.iter().map(entry).collect();
    let release = json!({ "format": 1, "name": NAME, "version": VERSION, "files": files });
    format!("{release:#}\n")
}

/// What the file is to be served as.
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("md") => "text/markdown",
        _ => "text/plain",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_class_alone_registers_nothing() {
        let loader = "export function define(){}const a=()=>import(x);define();\n";
        let element = without_registration(loader).unwrap();
        assert!(element.contains("import(/* webpackIgnore: true */ /* @vite-ignore */ x)"));
        assert!(!element.contains("define();"));
    }

    #[test]
    fn a_loader_of_another_form_does_not_ship() {
        for loader in ["import(x);", "define();", "import(x);import(y);define();"] {
            assert!(without_registration(loader).is_err(), "{loader}");
        }
    }

    #[test]
    fn the_loader_names_this_version() {
        let loader = include_str!("../../../www/payment-status.js");
        assert!(loader.contains(&format!("const VERSION = \"{VERSION}\";")));
    }
}
