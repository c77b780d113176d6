//! Takes every locale of the display crate into the binary: no code lists them.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const LOCALES: &str = "../display/locales";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={LOCALES}");
    println!("cargo::rerun-if-changed=build.rs");
    let mut tags = Vec::new();
    for entry in fs::read_dir(LOCALES)? {
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
        let [core, reasons] = [tag.clone(), format!("reasons/{tag}")].map(|name| included(&name));
        code += &format!("    ({tag:?}, {core}, {reasons}),\n");
    }
    let steps = included("reasons/steps");
    code += &format!("];\npub(super) const STEPS: &str = {steps};\n");
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("locales.rs"), code)?;
    Ok(())
}

/// Names no folder of this machine: the code is the same wherever it is built.
fn included(name: &str) -> String {
    format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{LOCALES}/{name}.json\"))")
}
