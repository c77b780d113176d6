//! The second half: the other bodies, over the memory, globals and tables of the first.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, FunctionSection,
    ImportSection, StartSection, TypeSection,
};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

use super::first::{shared, table_type, there_type};
use super::late::Texts;
use super::module::Module;
use super::plan::Plan;
use super::{MODULE, THERE};

pub(super) fn encode(
    wasm: &[u8],
    module: &Module<'_>,
    plan: &Plan,
    texts: &Texts<'_>,
) -> Result<Vec<u8>> {
    let moved = module.defined().map(|(function, _)| function);
    let numbers: BTreeMap<u32, u32> = moved.filter(|f| !plan.stays(*f)).zip(0..).collect();
    let mut rest = Rest {
        module,
        plan,
        texts,
        table: u32::try_from(module.tables.len())?,
        numbers,
    };
    rest.encode(wasm)
        .map_err(|error| anyhow!("the second half: {error}"))
}

struct Rest<'m, 'a> {
    module: &'m Module<'a>,
    plan: &'m Plan,
    texts: &'m Texts<'a>,
    table: u32,
    numbers: BTreeMap<u32, u32>,
}

type Outcome<T> = Result<T, Error<anyhow::Error>>;

impl Reencode for Rest<'_, '_> {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        let number = self.numbers.get(&function).copied();
        number.ok_or_else(|| {
            Error::UserError(anyhow!("function {function} is not in the second half"))
        })
    }
}

impl Rest<'_, '_> {
    fn encode(&mut self, wasm: &[u8]) -> Outcome<Vec<u8>> {
        let own = |error: anyhow::Error| Error::UserError(error);
        let mut types = TypeSection::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::TypeSection(section) = payload? {
                self.parse_type_section(&mut types, section)?;
            }
        }
        let imports = self.imports()?;

        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        for (function, body) in self.module.defined() {
            if self.plan.stays(function) {
                continue;
            }
            functions.function(self.module.type_of(function).map_err(own)?.0);
            self.body(&mut code, body)?;
        }
        // The start says that this half is there: its table has been filled before.
        functions.function(self.module.plain_type().map_err(own)?);
        let mut start = wasm_encoder::Function::new([]);
        let there = u32::try_from(self.module.globals.len()).map_err(|e| own(e.into()))?;
        start.instructions().i32_const(1).global_set(there).end();
        code.function(&start);
        let function_index = u32::try_from(self.numbers.len()).map_err(|e| own(e.into()))?;

        let mut elements = ElementSection::new();
        let first_slot = i32::try_from(self.plan.from_first.len()).map_err(|e| own(e.into()))?;
        let called: Outcome<Vec<u32>> = self
            .plan
            .from_rest
            .iter()
            .map(|f| self.function_index(*f))
            .collect();
        elements.active(
            Some(self.table),
            &ConstExpr::i32_const(first_slot),
            Elements::Functions(called?.into()),
        );

        let mut encoded = wasm_encoder::Module::new();
        encoded
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&StartSection { function_index })
            .section(&elements)
            .section(&code);
        if !self.texts.late.is_empty() {
            let mut data = DataSection::new();
            for text in &self.texts.late {
                data.active(
                    0,
                    &ConstExpr::i32_const(text.address),
                    text.bytes.iter().copied(),
                );
            }
            encoded.section(&data);
        }
        Ok(encoded.finish())
    }

    fn imports(&mut self) -> Outcome<ImportSection> {
        let mut imports = ImportSection::new();
        for (index, memory) in self.module.memories.iter().enumerate() {
            imports.import(
                MODULE,
                &shared("m", index),
                EntityType::Memory(self.memory_type(*memory)?),
            );
        }
        for (index, global) in self.module.globals.iter().enumerate() {
            imports.import(
                MODULE,
                &shared("g", index),
                EntityType::Global(self.global_type(*global)?),
            );
        }
        imports.import(MODULE, THERE, EntityType::Global(there_type()));
        for (index, table) in self.module.tables.iter().enumerate() {
            imports.import(
                MODULE,
                &shared("c", index),
                EntityType::Table(self.table_type(*table)?),
            );
        }
        let own = shared("c", self.module.tables.len());
        imports.import(MODULE, &own, EntityType::Table(table_type(self.plan)));
        Ok(imports)
    }

    /// A body in which calls of the first half go through the table.
    fn body(&mut self, code: &mut CodeSection, body: &FunctionBody<'_>) -> Outcome<()> {
        let mut moved = self.new_function_with_parsed_locals(body)?;
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } if self.plan.stays(function_index) => {
                    let (kind, _) = self
                        .module
                        .type_of(function_index)
                        .map_err(Error::UserError)?;
                    let slot = self
                        .plan
                        .slots
                        .get(&function_index)
                        .context("a call without a slot");
                    let slot = i32::try_from(*slot.map_err(Error::UserError)?)
                        .map_err(|e| Error::UserError(e.into()))?;
                    moved
                        .instructions()
                        .i32_const(slot)
                        .call_indirect(self.table, kind);
                }
                other => {
                    moved.instruction(&self.instruction(other)?);
                }
            }
        }
        code.function(&moved);
        Ok(())
    }
}
