//! The names of functions, without what changes from one build to the next.

use std::collections::BTreeMap;

use anyhow::Result;
use wasmparser::{KnownCustom, Name, Parser, Payload};

/// The names in the wasm's own list, by function.
pub(crate) fn of(wasm: &[u8]) -> Result<BTreeMap<u32, String>> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CustomSection(section) = payload? else {
            continue;
        };
        let KnownCustom::Name(list) = section.as_known() else {
            continue;
        };
        for part in list {
            if let Name::Function(functions) = part? {
                for function in functions {
                    let function = function?;
                    names.insert(function.index, in_common(function.name));
                }
            }
        }
    }
    Ok(names)
}

/// `core[1234abcd]::fmt::write[2]` is `core::fmt::write`: the hash of a crate and the number of a copy say nothing.
pub(crate) fn in_common(name: &str) -> String {
    let mut common = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('[') {
        common.push_str(before);
        match after.split_once(']') {
            Some((inside, behind))
                if !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                rest = behind;
            }
            _ => {
                common.push('[');
                rest = after;
            }
        }
    }
    common.push_str(rest);
    common
}
