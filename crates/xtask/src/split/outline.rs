//! Moves what did not run, though it stands in a function that did, into functions of its own.

use std::collections::BTreeMap;
use std::mem;

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction, TypeSection, ValType};
use wasmparser::{FuncType, Operator, Parser};

use super::body::{Body, bodies};
use super::cold::{Part, parts};
use super::module::Module;
use super::ran::Ran;
use super::types::Types;

/// `wasm` with every larger part that did not run in a function behind all others. These functions have no names.
pub(super) fn outline(wasm: &[u8], ran: &Ran) -> Result<Vec<u8>> {
    let module = Module::read(wasm)?;
    let mut outline = Outline {
        next: u32::try_from(module.functions.len())?,
        types: Types::of(&module.types),
        bodies: Vec::new(),
        functions: Vec::new(),
    };
    let mut moved = Vec::new();
    for ((function, _), body) in module.defined().zip(bodies(wasm)?) {
        let name = module.names.get(&function);
        let ran = name.and_then(|name| ran.stretches(name, body.shape));
        let parts = ran.map_or_else(|| Ok(Vec::new()), |ran| parts(&body, ran))?;
        moved.push((body, parts));
    }
    for (body, parts) in &moved {
        let rewritten = outline
            .function(body, parts)
            .map_err(|error| anyhow!("a function in parts: {error}"))?;
        outline.bodies.push(rewritten);
    }
    let mut encoded = wasm_encoder::Module::new();
    outline
        .parse_core_module(&mut encoded, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the wasm with its parts moved: {error}"))?;
    Ok(encoded.finish())
}

type Outcome<T = ()> = Result<T, Error<anyhow::Error>>;

struct Outline {
    /// The number of the next new function.
    next: u32,
    types: Types,
    /// The functions of the wasm, in their order.
    bodies: Vec<Function>,
    /// The new ones, with their types.
    functions: Vec<(u32, Function)>,
}

impl Outline {
    fn function(&mut self, body: &Body<'_>, parts: &[Part]) -> Outcome<Function> {
        let parameters = body.parameters;
        let declared = body.locals.iter().skip(parameters);
        let declared: Vec<ValType> = self.val_types(declared.copied().collect())?;
        let mut function = Function::new_with_locals_types(declared);
        let mut at = 0;
        for part in parts {
            self.copy(body, at..part.steps.start, &mut function, |local| {
                Some(local)
            })?;
            let (number, kind) = (self.next, self.kind(part, body)?);
            self.next += 1;
            let moved = self.moved(body, part)?;
            self.functions.push((kind, moved));
            for local in &part.needs {
                function.instruction(&Instruction::LocalGet(*local));
            }
            function.instruction(&Instruction::Call(number));
            for local in part.changes.iter().rev() {
                function.instruction(&Instruction::LocalSet(*local));
            }
            if part.ends {
                function.instruction(&Instruction::Unreachable);
            }
            at = part.steps.end;
        }
        self.copy(body, at..body.steps.len(), &mut function, |local| {
            Some(local)
        })?;
        Ok(function)
    }

    /// The function that `part` becomes: what it takes from the stack comes first, then what it needs of the locals.
    fn moved(&mut self, body: &Body<'_>, part: &Part) -> Outcome<Function> {
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        let mut free = u32::try_from(part.takes.len()).map_err(|e| Error::UserError(e.into()))?;
        let mut own = Vec::new();
        let named =
            part.steps
                .clone()
                .filter_map(|number| match body.steps.get(number)?.operator {
                    Operator::LocalGet { local_index }
                    | Operator::LocalSet { local_index }
                    | Operator::LocalTee { local_index } => Some(local_index),
                    _ => None,
                });
        let mut place = |local: u32| {
            *places.entry(local).or_insert_with(|| {
                free += 1;
                free - 1
            })
        };
        for local in &part.needs {
            place(*local);
        }
        let needed = part.takes.len() + part.needs.len();
        for local in named {
            if place(local) as usize == needed + own.len() {
                own.push(body.local(local).map_err(Error::UserError)?);
            }
        }
        let mut function = Function::new_with_locals_types(self.val_types(own)?);
        for (taken, _) in (0..).zip(&part.takes) {
            function.instruction(&Instruction::LocalGet(taken));
        }
        self.copy(body, part.steps.clone(), &mut function, |local| {
            places.get(&local).copied()
        })?;
        for local in &part.changes {
            let place = places.get(local).context("a local without a place");
            function.instruction(&Instruction::LocalGet(*place.map_err(Error::UserError)?));
        }
        function.instruction(&Instruction::End);
        Ok(function)
    }

    fn copy(
        &mut self,
        body: &Body<'_>,
        steps: std::ops::Range<usize>,
        function: &mut Function,
        place: impl Fn(u32) -> Option<u32>,
    ) -> Outcome {
        let place = |local: u32| {
            let place = place(local).context("a local without a place");
            place.map_err(Error::UserError)
        };
        for step in body.steps.get(steps).unwrap_or_default() {
            let instruction = match step.operator {
                Operator::LocalGet { local_index } => Instruction::LocalGet(place(local_index)?),
                Operator::LocalSet { local_index } => Instruction::LocalSet(place(local_index)?),
                Operator::LocalTee { local_index } => Instruction::LocalTee(place(local_index)?),
                ref other => self.instruction(other.clone())?,
            };
            function.instruction(&instruction);
        }
        Ok(())
    }

    /// The number of the type of the function that `part` becomes.
    fn kind(&mut self, part: &Part, body: &Body<'_>) -> Outcome<u32> {
        let locals = |locals: &[u32]| {
            let types = locals.iter().map(|local| body.local(*local));
            types.collect::<Result<Vec<_>>>().map_err(Error::UserError)
        };
        let takes = [part.takes.clone(), locals(&part.needs)?].concat();
        let leaves = [part.leaves.clone(), locals(&part.changes)?].concat();
        let kind = FuncType::new(takes, leaves);
        self.types.number(kind).map_err(Error::UserError)
    }
}

impl Reencode for Outline {
    type Error = anyhow::Error;

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Outcome {
        utils::parse_type_section(self, types, section)?;
        mem::take(&mut self.types).write(self, types)
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Outcome {
        utils::parse_function_section(self, functions, section)?;
        for (kind, _) in &self.functions {
            functions.function(*kind);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _: wasmparser::CodeSectionReader<'_>,
    ) -> Outcome {
        for function in self
            .bodies
            .iter()
            .chain(self.functions.iter().map(|(_, body)| body))
        {
            code.function(function);
        }
        Ok(())
    }
}
