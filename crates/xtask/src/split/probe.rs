//! A wasm that tells which of its functions run: only for `cargo xtask profile`.

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, EntityType, ImportSection, TypeSection, ValType};
use wasmparser::Parser;

use super::module::Module;
use super::{HIT, MODULE};

/// `wasm` with a call of [`HIT`] at the beginning of every function, with the function's number in `wasm`.
pub(crate) fn probed(wasm: &[u8]) -> Result<Vec<u8>> {
    let module = Module::read(wasm)?;
    let mut probe = Probe {
        hit: module.imported_functions,
        kind: u32::try_from(module.types.len())?,
    };
    let mut encoded = wasm_encoder::Module::new();
    probe
        .parse_core_module(&mut encoded, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the probed wasm: {error}"))?;
    Ok(encoded.finish())
}

struct Probe {
    hit: u32,
    kind: u32,
}

type Outcome<T = ()> = Result<T, Error<anyhow::Error>>;

impl Reencode for Probe {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        Ok(if function < self.hit {
            function
        } else {
            function + 1
        })
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Outcome {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([ValType::I32], []);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Outcome {
        utils::parse_import_section(self, imports, section)?;
        imports.import(MODULE, HIT, EntityType::Function(self.kind));
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Outcome {
        for (function, body) in (self.hit..).zip(section) {
            let body = body?;
            let mut probed = self.new_function_with_parsed_locals(&body)?;
            let number = i32::try_from(function).map_err(|e| Error::UserError(e.into()))?;
            probed.instructions().i32_const(number).call(self.hit);
            let mut reader = body.get_operators_reader()?;
            while !reader.eof() {
                probed.instruction(&self.parse_instruction(&mut reader)?);
            }
            code.function(&probed);
        }
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        _: &mut wasm_encoder::Module,
        _: wasmparser::CustomSectionReader<'_>,
    ) -> Outcome {
        Ok(())
    }
}
