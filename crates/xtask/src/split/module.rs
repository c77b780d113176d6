//! What has to be known of a wasm before it can be cut.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use wasmparser::{
    ElementItems, FuncType, FunctionBody, GlobalType, MemoryType, Operator, Parser, Payload,
    TableType, TypeRef,
};

/// A module in parts. Functions are numbered as in the wasm: the imported ones first.
pub(super) struct Module<'a> {
    pub(super) types: Vec<FuncType>,
    /// The type of each function.
    pub(super) functions: Vec<u32>,
    pub(super) imported_functions: u32,
    pub(super) bodies: Vec<FunctionBody<'a>>,
    pub(super) tables: Vec<TableType>,
    pub(super) memories: Vec<MemoryType>,
    pub(super) globals: Vec<GlobalType>,
    pub(super) names: std::collections::BTreeMap<u32, String>,
    /// Functions that something else than a call refers to: exports, tables, the start.
    pub(super) referred: BTreeSet<u32>,
    fills_tables: bool,
}

impl<'a> Module<'a> {
    pub(super) fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut module = Self {
            types: Vec::new(),
            functions: Vec::new(),
            imported_functions: 0,
            bodies: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            names: super::names::of(wasm)?,
            referred: BTreeSet::new(),
            fills_tables: false,
        };
        for payload in Parser::new(0).parse_all(wasm) {
            module.take(payload?)?;
        }
        if !module.fills_tables {
            bail!("the wasm fills no table: the halves fill theirs beside it");
        }
        if module.names.is_empty() {
            bail!("the wasm has no names: it cannot be said which functions the first view runs");
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for kind in section.into_iter_err_on_gc_types() {
                    self.types.push(kind?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let TypeRef::Func(kind) = import?.ty else {
                        bail!("the wasm imports something else than functions");
                    };
                    self.functions.push(kind);
                    self.imported_functions += 1;
                }
            }
            Payload::FunctionSection(section) => {
                for kind in section {
                    self.functions.push(kind?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == wasmparser::ExternalKind::Func {
                        self.referred.insert(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => {
                self.referred.insert(func);
            }
            Payload::ElementSection(section) => {
                self.fills_tables = true;
                for element in section {
                    let ElementItems::Functions(functions) = element?.items else {
                        bail!("a table is filled with expressions");
                    };
                    for function in functions {
                        self.referred.insert(function?);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            _ => {}
        }
        Ok(())
    }

    /// The functions that have a body here, with it.
    pub(super) fn defined(&self) -> impl Iterator<Item = (u32, &FunctionBody<'a>)> {
        (self.imported_functions..).zip(&self.bodies)
    }

    pub(super) fn type_of(&self, function: u32) -> Result<(u32, &FuncType)> {
        let index = *self
            .functions
            .get(usize::try_from(function)?)
            .context("a function without a type")?;
        let kind = self.types.get(usize::try_from(index)?);
        Ok((index, kind.context("a type that is not there")?))
    }

    /// The type of a function that takes and gives nothing.
    pub(super) fn plain_type(&self) -> Result<u32> {
        let place = self
            .types
            .iter()
            .position(|kind| kind.params().is_empty() && kind.results().is_empty());
        Ok(u32::try_from(
            place.context("no function takes and gives nothing")?,
        )?)
    }
}

/// The functions that `body` calls, and whether it does anything else with functions.
pub(super) fn calls(body: &FunctionBody<'_>) -> Result<(Vec<u32>, bool)> {
    let (mut called, mut refers) = (Vec::new(), false);
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index } => called.push(function_index),
            Operator::RefFunc { .. } | Operator::ReturnCall { .. } => refers = true,
            _ => {}
        }
    }
    Ok((called, refers))
}
