//! A wasm that tells what of it runs: only for `cargo xtask profile`.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, EntityType, ImportSection, TypeSection, ValType};
use wasmparser::Parser;

use super::body::{Body, bodies};
use super::module::Module;
use super::ran::Place;
use super::{HIT, MODULE};

/// `wasm` with a call of [`HIT`] at the beginning of every stretch, with the number of its place in the list.
pub(crate) fn probed(wasm: &[u8]) -> Result<(Vec<u8>, Vec<Place>)> {
    let module = Module::read(wasm)?;
    let mut probe = Probe {
        hit: module.imported_functions,
        kind: u32::try_from(module.types.len())?,
        names: module.names,
        bodies: bodies(wasm)?,
        places: Vec::new(),
    };
    let mut encoded = wasm_encoder::Module::new();
    probe
        .parse_core_module(&mut encoded, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the probed wasm: {error}"))?;
    Ok((encoded.finish(), probe.places))
}

struct Probe<'a> {
    hit: u32,
    kind: u32,
    names: BTreeMap<u32, String>,
    bodies: Vec<Body<'a>>,
    places: Vec<Place>,
}

type Outcome<T = ()> = Result<T, Error<anyhow::Error>>;

impl Reencode for Probe<'_> {
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
        let bodies = std::mem::take(&mut self.bodies);
        for ((function, body), steps) in (self.hit..).zip(section).zip(bodies) {
            let body = body?;
            let name = self.names.get(&function).cloned().unwrap_or_default();
            let mut probed = self.new_function_with_parsed_locals(&body)?;
            let mut told = None;
            for step in &steps.steps {
                if step.reachable && told != Some(step.stretch) {
                    told = Some(step.stretch);
                    let number = i32::try_from(self.places.len());
                    let number = number.map_err(|e| Error::UserError(e.into()))?;
                    probed.instructions().i32_const(number).call(self.hit);
                    let (name, shape, stretch) = (name.clone(), steps.shape, step.stretch);
                    self.places.push(Place {
                        name,
                        shape,
                        stretch,
                    });
                }
                probed.instruction(&self.instruction(step.operator.clone())?);
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
