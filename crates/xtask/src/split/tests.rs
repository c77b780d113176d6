//! The halves of a small program: both valid, and each function in its place.

#![allow(clippy::unwrap_used)]

mod gathered;
mod together;

use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType,
    NameMap, NameSection, RefType, TableSection, TableType, TypeSection, ValType,
};
use wasmparser::{Parser, Payload, Validator};

use super::{FETCH, Place, Ran, split};

const NAMES: [&str; 5] = ["imported", "core[1a2b]::first", "late", "later", "idle"];

/// `first` (exported) calls `late`, which calls `imported` and `later`, which calls `first`.
fn program() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("a", "b", EntityType::Function(1));
    let mut functions = FunctionSection::new();
    functions.function(1).function(1).function(1).function(0);
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 2,
        maximum: None,
        shared: false,
    });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    globals.global(
        GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        },
        &ConstExpr::i32_const(7),
    );
    let mut exports = ExportSection::new();
    exports.export("c", ExportKind::Func, 1);
    let mut elements = ElementSection::new();
    elements.active(
        None,
        &ConstExpr::i32_const(0),
        Elements::Functions(vec![1, 3].into()),
    );
    let mut code = CodeSection::new();
    for callees in [vec![2], vec![0, 3], vec![1]] {
        let mut body = Function::new([]);
        let mut instructions = body.instructions();
        instructions.local_get(0);
        for callee in callees {
            instructions.call(callee);
        }
        instructions.end();
        code.function(&body);
    }
    let mut idle = Function::new([]);
    idle.instructions().end();
    code.function(&idle);
    let mut names = NameSection::new();
    let mut map = NameMap::new();
    for (index, name) in (0..).zip(NAMES) {
        map.append(index, name);
    }
    names.functions(&map);
    let mut module = wasm_encoder::Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&tables)
        .section(&memories)
        .section(&globals)
        .section(&exports)
        .section(&elements)
        .section(&code)
        .section(&names);
    module.finish()
}

/// What ran where nothing is known but the names.
fn all_of(names: &[&str]) -> Ran {
    let mut ran = Ran::default();
    for name in names {
        let name = (*name).to_owned();
        ran.insert(Place {
            name,
            shape: 0,
            stretch: 0,
        });
    }
    ran
}

/// How many functions a half imports and defines.
fn counted(wasm: &[u8]) -> (Vec<String>, u32) {
    let (mut imported, mut defined) = (Vec::new(), 0);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.unwrap() {
            Payload::ImportSection(section) => {
                imported.extend(
                    section
                        .into_imports()
                        .map(|import| import.unwrap().name.to_owned()),
                );
            }
            Payload::FunctionSection(section) => defined = section.count(),
            _ => {}
        }
    }
    (imported, defined)
}

#[test]
fn both_halves_are_valid_and_each_function_is_in_its_place() {
    let wasm = program();
    let halves = split(&wasm, &all_of(&["core::first"])).unwrap();
    Validator::new().validate_all(&halves.first).unwrap();
    Validator::new().validate_all(&halves.rest).unwrap();
    let (imported, defined) = counted(&halves.first);
    assert_eq!(imported, ["b", FETCH]);
    // `first`, a stand-in for `later`, to which a table refers, and what fetches the second half.
    assert_eq!(defined, 3);
    let (imported, defined) = counted(&halves.rest);
    assert!(
        imported.iter().all(|name| name.starts_with('$')),
        "{imported:?}"
    );
    // `late`, `later`, the idle one and the start.
    assert_eq!(defined, 4);
}

#[test]
fn where_all_is_first_nothing_has_a_stand_in() {
    let wasm = program();
    let halves = split(&wasm, &all_of(&["core::first", "late", "later", "idle"])).unwrap();
    Validator::new().validate_all(&halves.first).unwrap();
    let (_, defined) = counted(&halves.first);
    // With what would fetch.
    assert_eq!(defined, 5);
}

#[test]
fn a_wasm_without_names_is_not_cut() {
    let wasm = program();
    let mut bare = Vec::new();
    // The name section is the last one: cut it off where it begins.
    for payload in Parser::new(0).parse_all(&wasm) {
        if let Payload::CustomSection(section) = payload.unwrap() {
            let header = 2; // id and a length below 128
            bare = wasm[..usize::try_from(section.range().start).unwrap() - header].to_vec();
        }
    }
    assert!(split(&bare, &Ran::default()).is_err());
}
