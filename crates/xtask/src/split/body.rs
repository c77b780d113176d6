//! A function body, step by step, with what has to be known of each step before any of them can be moved.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use wasmparser::{
    FuncValidator, FuncValidatorAllocations, FunctionBody, Operator, OperatorsReader, Parser,
    ValType, ValidPayload, Validator, ValidatorResources,
};

/// One instruction.
pub(super) struct Step<'a> {
    pub(super) operator: Operator<'a>,
    /// Where it begins in the wasm, in bytes.
    pub(super) offset: u64,
    /// Steps of one stretch run one after another: whoever runs the first of them runs all.
    pub(super) stretch: u32,
    /// The types of the values on the stack before it; `None` where nothing says which.
    pub(super) stack: Vec<Option<ValType>>,
    /// How many of these values it takes.
    pub(super) takes: usize,
    /// Something can lead here.
    pub(super) reachable: bool,
    /// For a `block`, `loop`, `if` or `else`: the step that ends it, an `end` or the `else`. For every other its own number.
    pub(super) closed_by: usize,
}

/// The steps of a function. The last one is its `end`.
pub(super) struct Body<'a> {
    pub(super) steps: Vec<Step<'a>>,
    /// Parameters and locals.
    pub(super) locals: Vec<ValType>,
    /// How many of them are parameters.
    pub(super) parameters: usize,
    /// A digest of the kinds of its instructions, without the numbers in them: what stays the same when only addresses move.
    pub(super) shape: u32,
}

/// The bodies of all functions that are defined in `wasm`, in their order.
pub(super) fn bodies(wasm: &[u8]) -> Result<Vec<Body<'_>>> {
    let mut validator = Validator::new();
    let mut bodies = Vec::new();
    let mut memory = FuncValidatorAllocations::default();
    for payload in Parser::new(0).parse_all(wasm) {
        if let ValidPayload::Func(function, body) = validator.payload(&payload?)? {
            let mut function = function.into_validator(memory);
            bodies.push(Body::read(wasm, &mut function, &body)?);
            memory = function.into_allocations();
        }
    }
    Ok(bodies)
}

impl<'a> Body<'a> {
    fn read(
        wasm: &[u8],
        validator: &mut FuncValidator<ValidatorResources>,
        body: &FunctionBody<'a>,
    ) -> Result<Self> {
        let mut reader = body.get_binary_reader();
        let parameters = validator.len_locals() as usize;
        validator.read_locals(&mut reader)?;
        let mut reader = OperatorsReader::new(reader);
        let mut steps: Vec<Step<'a>> = Vec::new();
        let (mut kinds, mut opened, mut stretch) = (Vec::new(), Vec::new(), 0);
        while !reader.eof() {
            let offset = reader.original_position();
            kinds.push(*wasm.get(usize::try_from(offset)?).context("an offset")?);
            let operator = reader.read()?;
            let takes = operator
                .operator_arity(&*validator)
                .context("an unknown operator")?
                .0;
            let number = steps.len();
            if let Operator::End | Operator::Else = operator
                && let Some(opener) = opened.pop()
                && let Some(opener) = steps.get_mut::<usize>(opener)
            {
                opener.closed_by = number;
            }
            if opens(&operator) {
                opened.push(number);
            }
            let height = validator.operand_stack_height() as usize;
            let stack = (0..height).rev();
            steps.push(Step {
                offset,
                stretch,
                stack: stack
                    .map(|depth| validator.get_operand_type(depth).flatten())
                    .collect(),
                takes: takes as usize,
                reachable: validator
                    .get_control_frame(0)
                    .is_some_and(|f| !f.unreachable),
                closed_by: number,
                operator: operator.clone(),
            });
            validator.op(offset, &operator)?;
            stretch += u32::from(parts(&operator));
        }
        let locals = (0..validator.len_locals()).map(|local| validator.get_local_type(local));
        let digest = Sha256::digest(&kinds);
        Ok(Self {
            steps,
            parameters,
            locals: locals
                .collect::<Option<_>>()
                .context("a local without a type")?,
            shape: digest
                .iter()
                .take(4)
                .fold(0, |shape, byte| shape << 8 | u32::from(*byte)),
        })
    }

    pub(super) fn local(&self, local: u32) -> Result<ValType> {
        let kind = self.locals.get(local as usize);
        kind.copied().context("a local that is not there")
    }
}

fn opens(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } | Operator::Else
    )
}

/// Whether what follows `operator` may run without it, or not although it ran.
fn parts(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::If { .. } | Operator::Else | Operator::End | Operator::BrIf { .. }
    )
}
