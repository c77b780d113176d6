//! Gathers the functions of the first view into few: a browser compiles a function when it is called for the
//! first time, and a good part of that is for the call, however small the function.
//!
//! Functions of one type become one, which takes behind their parameters the number of the one that is meant. Only those
//! that nothing but calls refer to: what stands in a table keeps its type. Together they are smaller, too.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, Function, FunctionSection, Instruction, NameMap, NameSection,
    TypeSection,
};
use wasmparser::{FuncType, FunctionBody, Operator, Parser};

use super::module::Module;
use super::ran::Ran;
use super::types::Types;

/// Bytes of the bodies that become one. What is called often is compiled once more by the browser's slower and better
/// compiler, as a whole, and the larger it is the sooner: with 3,000 none was in a first view, with 5,000 there were four,
/// which kept a processor busy for 35 ms just then.
const MOST_BYTES: usize = 2000;

/// `wasm` with its gathered functions before all others that are defined. Each has the name of one that is in it.
pub(super) fn gather(wasm: &[u8], ran: &Ran) -> Result<Vec<u8>> {
    let module = Module::read(wasm)?;
    let mut gather = Gather::new(&module, ran)?;
    let mut encoded = wasm_encoder::Module::new();
    gather
        .parse_core_module(&mut encoded, Parser::new(0), wasm)
        .map_err(|error| anyhow!("the gathered functions: {error}"))?;
    encoded.section(&gather.names());
    Ok(encoded.finish())
}

type Outcome<T = ()> = Result<T, Error<anyhow::Error>>;

/// Functions that become one.
struct Group {
    members: Vec<u32>,
    /// The type of the members, and of what they become.
    taken: FuncType,
    kind: u32,
}

struct Gather<'m, 'a> {
    module: &'m Module<'a>,
    groups: Vec<Group>,
    /// For each gathered function the one it has become a part of, and its number there.
    places: BTreeMap<u32, (u32, i32)>,
    /// The new numbers of all others.
    numbers: BTreeMap<u32, u32>,
    types: Types,
}

impl<'m, 'a> Gather<'m, 'a> {
    fn new(module: &'m Module<'a>, ran: &Ran) -> Result<Self> {
        let kept = kept(module)?;
        let mut by_type: BTreeMap<u32, Vec<(u32, usize)>> = BTreeMap::new();
        for (function, body) in module.defined() {
            let ran = module
                .names
                .get(&function)
                .is_some_and(|name| ran.has(name));
            let (kind, signature) = module.type_of(function)?;
            if ran && !kept.contains(&function) && signature.results().len() < 2 {
                let bytes = usize::try_from(body.range().end - body.range().start)?;
                by_type.entry(kind).or_default().push((function, bytes));
            }
        }
        let mut gather = Self {
            module,
            groups: Vec::new(),
            places: BTreeMap::new(),
            numbers: BTreeMap::new(),
            types: Types::of(&module.types),
        };
        for (kind, mut members) in by_type {
            // What is alike in size stands together: what is small, and called most, is left after few instructions.
            members.sort_by_key(|(_, bytes)| *bytes);
            for members in parcels(&members) {
                if members.len() > 1 {
                    gather.add(kind, members)?;
                }
            }
        }
        let imported = 0..module.imported_functions;
        let defined = module.defined().map(|(function, _)| function);
        let others = defined.filter(|function| !gather.places.contains_key(function));
        let behind = module.imported_functions + u32::try_from(gather.groups.len())?;
        gather.numbers = imported
            .clone()
            .zip(imported)
            .chain(others.zip(behind..))
            .collect();
        Ok(gather)
    }

    fn add(&mut self, kind: u32, members: Vec<u32>) -> Result<()> {
        let number = self.module.imported_functions + u32::try_from(self.groups.len())?;
        for (member, place) in members.iter().zip(0..) {
            self.places.insert(*member, (number, place));
        }
        let taken = self
            .module
            .types
            .get(usize::try_from(kind)?)
            .context("a type")?
            .clone();
        let parameters = taken
            .params()
            .iter()
            .copied()
            .chain([wasmparser::ValType::I32]);
        let becomes = FuncType::new(parameters, taken.results().iter().copied());
        let kind = self.types.number(becomes)?;
        self.groups.push(Group {
            members,
            taken,
            kind,
        });
        Ok(())
    }

    /// The one function that the group becomes.
    fn function(&mut self, group: &Group) -> Outcome<Function> {
        let bodies: Vec<&FunctionBody<'a>> = {
            let of = |member: &u32| {
                self.module
                    .bodies
                    .get((member - self.module.imported_functions) as usize)
            };
            let bodies: Option<_> = group.members.iter().map(of).collect();
            bodies.context("a function without a body").map_err(own)?
        };
        // One of them runs at a time, so they have their locals in common, as many of each type as one needs.
        let mut most: Vec<(wasmparser::ValType, u32)> = Vec::new();
        for body in &bodies {
            for (kind, count) in own_locals(body)? {
                match most.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, known)) => *known = count.max(*known),
                    None => most.push((kind, count)),
                }
            }
        }
        let parameters = u32::try_from(group.taken.params().len()).map_err(|e| own(e.into()))?;
        let mut declared = Vec::new();
        for (kind, count) in &most {
            declared.push((*count, self.val_type(*kind)?));
        }
        let mut function = Function::new(declared);
        for _ in &bodies {
            function.instruction(&Instruction::Block(BlockType::Empty));
        }
        function.instruction(&Instruction::LocalGet(parameters));
        let last = u32::try_from(bodies.len()).map_err(|e| own(e.into()))? - 1;
        let targets: Vec<u32> = (0..last).collect();
        function.instruction(&Instruction::BrTable(targets.into(), last));
        let result = match group.taken.results() {
            [result] => BlockType::Result(self.val_type(*result)?),
            _ => BlockType::Empty,
        };
        for (number, body) in (0..).zip(&bodies) {
            function.instruction(&Instruction::End);
            // What leads out of the body leads out of this block.
            function.instruction(&Instruction::Block(result));
            let places = places(body, parameters, &most)?;
            for operator in body.get_operators_reader()? {
                self.step(
                    operator?,
                    |local| places.get(local as usize).copied(),
                    &mut function,
                )?;
            }
            if number != last {
                function.instruction(&Instruction::Return);
            }
        }
        function.instruction(&Instruction::End);
        Ok(function)
    }

    fn step(
        &mut self,
        operator: Operator<'_>,
        place: impl Fn(u32) -> Option<u32>,
        function: &mut Function,
    ) -> Outcome {
        let place = |local| place(local).context("a local without a place").map_err(own);
        let instruction = match operator {
            Operator::LocalGet { local_index } => Instruction::LocalGet(place(local_index)?),
            Operator::LocalSet { local_index } => Instruction::LocalSet(place(local_index)?),
            Operator::LocalTee { local_index } => Instruction::LocalTee(place(local_index)?),
            Operator::Call { function_index }
                if let Some((group, number)) = self.places.get(&function_index) =>
            {
                function.instruction(&Instruction::I32Const(*number));
                Instruction::Call(*group)
            }
            other => self.instruction(other)?,
        };
        function.instruction(&instruction);
        Ok(())
    }

    fn names(&self) -> NameSection {
        let mut map = NameMap::new();
        let mut named: BTreeMap<u32, &String> = BTreeMap::new();
        for (function, name) in &self.module.names {
            let place = self.places.get(function).map(|(group, _)| *group);
            if let Some(number) = place.or_else(|| self.numbers.get(function).copied()) {
                named.entry(number).or_insert(name);
            }
        }
        for (number, name) in named {
            map.append(number, name);
        }
        let mut names = NameSection::new();
        names.functions(&map);
        names
    }
}

fn own(error: anyhow::Error) -> Error<anyhow::Error> {
    Error::UserError(error)
}

/// Functions that something else than a call refers to.
fn kept(module: &Module<'_>) -> Result<BTreeSet<u32>> {
    let mut kept = module.referred.clone();
    for (_, body) in module.defined() {
        for operator in body.get_operators_reader()? {
            if let Operator::RefFunc { function_index } | Operator::ReturnCall { function_index } =
                operator?
            {
                kept.insert(function_index);
            }
        }
    }
    Ok(kept)
}

/// The members in their order, in parts that are not too large together.
fn parcels(members: &[(u32, usize)]) -> Vec<Vec<u32>> {
    let mut parcels: Vec<Vec<u32>> = Vec::new();
    let mut filled = 0;
    for (function, bytes) in members {
        match parcels.last_mut() {
            Some(parcel) if filled + bytes <= MOST_BYTES => {
                parcel.push(*function);
                filled += bytes;
            }
            _ => {
                parcels.push(vec![*function]);
                filled = *bytes;
            }
        }
    }
    parcels
}

fn own_locals(body: &FunctionBody<'_>) -> Outcome<BTreeMap<wasmparser::ValType, u32>> {
    let mut own = BTreeMap::new();
    for group in body.get_locals_reader()? {
        let (count, kind) = group?;
        *own.entry(kind).or_default() += count;
    }
    Ok(own)
}

/// Where each local of `body` is in the function that it becomes a part of.
fn places(
    body: &FunctionBody<'_>,
    parameters: u32,
    most: &[(wasmparser::ValType, u32)],
) -> Outcome<Vec<u32>> {
    let mut free = Vec::new();
    let mut next = parameters + 1;
    for (kind, count) in most {
        free.push((*kind, next));
        next += count;
    }
    let mut places: Vec<u32> = (0..parameters).collect();
    for group in body.get_locals_reader()? {
        let (count, kind) = group?;
        let (_, place) = free
            .iter_mut()
            .find(|(known, _)| *known == kind)
            .context("a type of locals")
            .map_err(own)?;
        places.extend(*place..*place + count);
        *place += count;
    }
    Ok(places)
}

impl Reencode for Gather<'_, '_> {
    type Error = anyhow::Error;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        let number = self.numbers.get(&function).copied();
        number
            .with_context(|| format!("function {function} has been gathered"))
            .map_err(own)
    }

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
        for group in &self.groups {
            functions.function(group.kind);
        }
        for (function, kind) in (self.module.imported_functions..).zip(section) {
            if !self.places.contains_key(&function) {
                functions.function(kind?);
            }
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Outcome {
        for group in mem::take(&mut self.groups) {
            code.function(&self.function(&group)?);
        }
        for (function, body) in (self.module.imported_functions..).zip(section) {
            if self.places.contains_key(&function) {
                continue;
            }
            let body = body?;
            let mut copy = self.new_function_with_parsed_locals(&body)?;
            for operator in body.get_operators_reader()? {
                self.step(operator?, Some, &mut copy)?;
            }
            code.function(&copy);
        }
        Ok(())
    }

    /// Names come last, with the new numbers.
    fn parse_custom_section(
        &mut self,
        _: &mut wasm_encoder::Module,
        _: wasmparser::CustomSectionReader<'_>,
    ) -> Outcome {
        Ok(())
    }
}
