//! The direction of imports (ARCHITECTURE.md). A file that imports against it fails here by name.

#![allow(clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::fs;
use std::path::{Path, PathBuf};

/// Crates that only the browser half may name.
const BROWSER: &[&str] = &[
    "leptos",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "gloo_net",
];

/// What each part of the widget may import from this crate; a longer path is looked for first.
const ALLOWED: &[(&str, &[&str])] = &[
    ("src/failure.rs", &[]),
    ("src/steady.rs", &[]),
    ("src/topic.rs", &[]),
    ("src/config.rs", &["failure"]),
    ("src/renewal.rs", &["failure", "watch"]),
    ("src/client/retry_after.rs", &[]),
    ("src/verify/jws.rs", &[]),
    ("src/watch/plan.rs", &["failure", "watch"]),
    ("src/watch/plan", &["failure", "watch"]),
    ("src/watch/progress.rs", &["failure", "watch"]),
    ("src/watch/schedule.rs", &["failure"]),
    ("src/browser", &["steady", "topic", "browser"]),
    ("src/client", &["browser", "client", "config", "failure"]),
    (
        "src/verify",
        &["browser", "client", "config", "failure", "verify"],
    ),
    (
        "src/watch",
        &[
            "browser", "client", "config", "failure", "topic", "verify", "watch",
        ],
    ),
    ("src/view", &["view"]),
    (
        "src/element",
        &[
            "browser", "client", "config", "element", "failure", "renewal", "topic", "verify",
            "view", "watch",
        ],
    ),
    ("src/lib.rs", &[]),
];

/// Built on every target, so they must not name the browser.
const PURE: &[&str] = &[
    "src/failure.rs",
    "src/steady.rs",
    "src/topic.rs",
    "src/config.rs",
    "src/renewal.rs",
    "src/client/retry_after.rs",
    "src/verify/jws.rs",
    "src/watch/plan.rs",
    "src/watch/progress.rs",
    "src/watch/schedule.rs",
    "crates/protocol/src",
    "crates/display/src",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder` with its path from the root and its code without comments.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).expect("UTF-8");
                let code: String = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .flat_map(|line| [line, "\n"])
                    .collect();
                let name = path.strip_prefix(root()).expect("below the root");
                found.push((name.to_string_lossy().replace('\\', "/"), code));
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

/// The identifiers that follow `start` in `code`, `{a, b}` lists included.
fn named_after<'a>(code: &'a str, start: &'a str) -> Vec<&'a str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word = |text: &'a str| &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())];
    let mut names = Vec::new();
    for (index, _) in code.match_indices(start) {
        let before = code[..index].chars().next_back().unwrap_or(' ');
        if is_word(before) || before == ':' {
            continue;
        }
        let rest = &code[index + start.len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(
                list.split('}')
                    .next()
                    .unwrap_or_default()
                    .split(',')
                    .map(|n| word(n.trim())),
            ),
            None => names.push(word(rest)),
        }
    }
    names
}

fn names_crate(code: &str, name: &str) -> bool {
    !named_after(code, &format!("{name}::")).is_empty()
}

#[test]
fn the_widgets_modules_import_downwards_only() {
    for (file, code) in sources("src") {
        let rule = ALLOWED
            .iter()
            .find(|(place, _)| file == *place || file.starts_with(&format!("{place}/")));
        let (_, allowed) =
            rule.unwrap_or_else(|| panic!("{file} has no place in the layers: add it to ALLOWED"));
        for module in named_after(&code, "crate::") {
            assert!(allowed.contains(&module), "{file} imports crate::{module}");
        }
    }
}

#[test]
fn pure_modules_know_no_browser_and_no_server() {
    for place in PURE {
        let files = if Path::new(place).extension().is_some() {
            sources("src")
                .into_iter()
                .filter(|(file, _)| file == place)
                .collect()
        } else {
            sources(place)
        };
        assert!(!files.is_empty(), "{place} is gone");
        for (file, code) in files {
            for name in BROWSER.iter().chain(&["tokio", "sqlx", "axum"]) {
                assert!(!names_crate(&code, name), "{file} names {name}");
            }
        }
    }
}

#[test]
fn only_the_view_renders_and_only_through_leptos() {
    for (file, code) in sources("src") {
        if !file.starts_with("src/view/") {
            assert!(!names_crate(&code, "leptos"), "{file} names leptos");
        }
    }
}

#[test]
fn the_crates_depend_in_one_direction() {
    for (folder, forbidden) in [
        (
            "crates/protocol/src",
            &[
                "payment_status_display",
                "payment_status_server",
                "payment_status_widget",
            ][..],
        ),
        (
            "crates/display/src",
            &["payment_status_server", "payment_status_widget"],
        ),
        (
            "crates/server/src",
            &["payment_status_widget", "leptos", "wasm_bindgen"],
        ),
        ("src", &["payment_status_server", "sqlx", "axum", "tokio"]),
    ] {
        for (file, code) in sources(folder) {
            for name in forbidden {
                assert!(!names_crate(&code, name), "{file} names {name}");
            }
        }
    }
}

/// `forget` leaks; the widget owns everything that it takes from the browser.
#[test]
fn nothing_is_forgotten() {
    for (file, code) in sources("src") {
        assert!(
            !code.contains(".forget()") && !code.contains("mem::forget"),
            "{file} forgets a value"
        );
    }
}
