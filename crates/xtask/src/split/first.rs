//! The first half: the wasm without the bodies that can wait.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    RefType, TableSection, TableType, ValType,
};
use wasmparser::Parser;

use super::late::Texts;
use super::module::Module;
use super::plan::Plan;
use super::{FETCH, MODULE, THERE};

/// Names of what the second half needs of the first; binaryen's own names have no `$`.
pub(super) fn shared(kind: &str, index: usize) -> String {
    format!("${kind}{index}")
}

pub(super) fn encode(
    wasm: &[u8],
    module: &Module<'_>,
    plan: &Plan,
    texts: &Texts<'_>,
) -> Result<Vec<u8>> {
    let mut first = First {
        module,
        texts,
        plan,
        fetch: module.imported_functions,
        there: u32::try_from(module.globals.len())?,
        table: u32::try_from(module.tables.len())?,
        plain: module.plain_type()?,
        need: 0,
        numbers: numbers(module, plan),
    };
    // Behind all others, of which one is the import that is added.
    first.need = u32::try_from(first.numbers.len())? + 1;
    let mut encoded = wasm_encoder::Module::new();
    first
        .parse_core_module(&mut encoded, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the first half: {error}"))?;
    Ok(encoded.finish())
}

/// The new number of every function that is here, itself or its stand-in. The import that is added stands behind the others.
fn numbers(module: &Module<'_>, plan: &Plan) -> BTreeMap<u32, u32> {
    let imported = (0..module.imported_functions).map(|function| (function, function));
    let defined = module.defined().map(|(function, _)| function);
    let here = defined.filter(|f| plan.stays(*f) || plan.stand_ins.contains(f));
    imported
        .chain(here.zip(module.imported_functions + 1..))
        .collect()
}

struct First<'m, 'a> {
    module: &'m Module<'a>,
    texts: &'m Texts<'a>,
    plan: &'m Plan,
    /// The added import, global, table.
    fetch: u32,
    there: u32,
    table: u32,
    plain: u32,
    /// The function behind all others: fetches the second half if it is not there.
    need: u32,
    numbers: BTreeMap<u32, u32>,
}

type Outcome<T = ()> = Result<T, Error<anyhow::Error>>;

impl First<'_, '_> {
    /// Does what `function` of the second half does, whose arguments are on the stack.
    fn call(&self, function: u32, code: &mut Function) -> Result<()> {
        let (kind, _) = self.module.type_of(function)?;
        let slot = self.plan.slots.get(&function);
        let slot = i32::try_from(*slot.context("a function without a slot")?)?;
        code.instructions()
            .call(self.need)
            .i32_const(slot)
            .call_indirect(self.table, kind);
        Ok(())
    }

    /// Stands where something refers to `function` of the second half, or calls it in several places.
    fn stand_in(&self, function: u32) -> Result<Function> {
        let (_, signature) = self.module.type_of(function)?;
        let mut body = Function::new([]);
        for parameter in (0..).take(signature.params().len()) {
            body.instructions().local_get(parameter);
        }
        self.call(function, &mut body)?;
        body.instructions().end();
        Ok(body)
    }

    /// Fetches the second half if it is not there.
    fn fetching(&self) -> Function {
        let mut body = Function::new([]);
        body.instructions()
            .global_get(self.there)
            .i32_eqz()
            .if_(BlockType::Empty)
            .call(self.fetch)
            .end()
            .end();
        body
    }

    /// A body as it is, but for calls of the second half.
    fn body(&mut self, body: &wasmparser::FunctionBody<'_>) -> Outcome<Function> {
        let mut function = self.new_function_with_parsed_locals(body)?;
        for operator in body.get_operators_reader()? {
            match operator? {
                wasmparser::Operator::Call { function_index }
                    if self.plan.is_called_once(function_index) =>
                {
                    self.call(function_index, &mut function)
                        .map_err(Error::UserError)?;
                }
                other => {
                    function.instruction(&self.instruction(other)?);
                }
            }
        }
        Ok(function)
    }
}

impl Reencode for First<'_, '_> {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        let number = self.numbers.get(&function).copied();
        number.ok_or_else(|| {
            Error::UserError(anyhow!("function {function} is not in the first half"))
        })
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Outcome {
        utils::parse_import_section(self, imports, section)?;
        imports.import(MODULE, FETCH, EntityType::Function(self.plain));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Outcome {
        for (function, kind) in (self.module.imported_functions..).zip(section) {
            if self.numbers.contains_key(&function) {
                functions.function(kind?);
            }
        }
        functions.function(self.plain);
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: wasmparser::TableSectionReader<'_>,
    ) -> Outcome {
        utils::parse_table_section(self, tables, section)?;
        tables.table(table_type(self.plan));
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Outcome {
        utils::parse_global_section(self, globals, section)?;
        globals.global(there_type(), &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Outcome {
        utils::parse_export_section(self, exports, section)?;
        let module = self.module;
        for (kind, name, count) in [
            (ExportKind::Memory, "m", module.memories.len()),
            (ExportKind::Global, "g", module.globals.len()),
            (ExportKind::Table, "c", module.tables.len() + 1),
        ] {
            for (index, number) in (0..count).zip(0..) {
                exports.export(&shared(name, index), kind, number);
            }
        }
        exports.export(THERE, ExportKind::Global, self.there);
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: wasmparser::ElementSectionReader<'_>,
    ) -> Outcome {
        utils::parse_element_section(self, elements, section)?;
        let called: Outcome<Vec<u32>> = self
            .plan
            .from_first
            .iter()
            .map(|function| self.function_index(*function))
            .collect();
        elements.active(
            Some(self.table),
            &ConstExpr::i32_const(0),
            Elements::Functions(called?.into()),
        );
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Outcome {
        for (function, body) in (self.module.imported_functions..).zip(section) {
            let body = body?;
            if self.plan.stays(function) {
                code.function(&self.body(&body)?);
            } else if self.plan.stand_ins.contains(&function) {
                code.function(&self.stand_in(function).map_err(Error::UserError)?);
            }
        }
        code.function(&self.fetching());
        Ok(())
    }

    fn data_count(&mut self, _: u32) -> Outcome<u32> {
        u32::try_from(self.texts.first.len()).map_err(|e| Error::UserError(e.into()))
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: wasmparser::DataSectionReader<'_>,
    ) -> Outcome {
        for text in &self.texts.first {
            data.active(
                0,
                &ConstExpr::i32_const(text.address),
                text.bytes.iter().copied(),
            );
        }
        Ok(())
    }

    /// Names and notes stay out of what is shipped.
    fn parse_custom_section(
        &mut self,
        _: &mut wasm_encoder::Module,
        _: wasmparser::CustomSectionReader<'_>,
    ) -> Outcome {
        Ok(())
    }
}

/// The table through which the halves call one another.
pub(super) fn table_type(plan: &Plan) -> TableType {
    TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: plan.table_size(),
        maximum: Some(plan.table_size()),
        shared: false,
    }
}

pub(super) fn there_type() -> GlobalType {
    GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    }
}
