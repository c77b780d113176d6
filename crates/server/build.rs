//! Takes every locale of the display crate into the binary: no code lists them.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const LOCALES: &str = "../display/locales";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={LOCALES}");
    println!("cargo::rerun-if-changed=build.rs");
    let folder = fs::canonicalize(LOCALES)?;
    let mut tags = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|e| e == "json")
            && let Some(tag) = file.file_stem().and_then(|stem| stem.to_str())
        {
            tags.push(tag.to_owned());
        }
    }
    tags.sort();
    let mut code = String::from("pub(super) const FILES: &[(&str, &str, &str)] = &[\n");
    for tag in tags {
        let [core, reasons] = [&folder, &folder.join("reasons")]
            .map(|folder| folder.join(format!("{tag}.json")).display().to_string());
        code += &format!("    ({tag:?}, include_str!({core:?}), include_str!({reasons:?})),\n");
    }
    let steps = folder.join("reasons/steps.json").display().to_string();
    code += &format!("];\npub(super) const STEPS: &str = include_str!({steps:?});\n");
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("locales.rs"), code)?;
    Ok(())
}
