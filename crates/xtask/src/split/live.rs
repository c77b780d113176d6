//! Which locals still matter at each step: those that may be read before they are written again.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::Operator;

use super::body::{Body, Step};

pub(super) type Locals = BTreeSet<u32>;

/// For each step of `body`, the locals that matter before it.
pub(super) fn live(body: &Body<'_>) -> Vec<Locals> {
    let mut before = vec![Locals::new(); body.steps.len()];
    let loops = loops(body);
    let mut frames: Vec<Frame> = Vec::new();
    let mut live = Locals::new();
    for (number, step) in body.steps.iter().enumerate().rev() {
        match &step.operator {
            Operator::End => {
                let again = loops.get(&number).into_iter().flatten().copied();
                frames.push(Frame {
                    label: live.iter().copied().chain(again).collect(),
                    after: live.clone(),
                    otherwise: None,
                });
            }
            Operator::Else => {
                if let Some(frame) = frames.last_mut() {
                    frame.otherwise = Some(std::mem::replace(&mut live, frame.after.clone()));
                }
            }
            Operator::Block { .. } | Operator::Loop { .. } => drop(frames.pop()),
            Operator::If { .. } => {
                if let Some(frame) = frames.pop() {
                    live.extend(frame.otherwise.unwrap_or(frame.after));
                }
            }
            Operator::Br { relative_depth } => live = label(&frames, *relative_depth),
            Operator::BrIf { relative_depth } => live.extend(label(&frames, *relative_depth)),
            Operator::BrTable { targets } => {
                let others = targets.targets().flatten();
                let all = others.chain([targets.default()]);
                live = all.flat_map(|depth| label(&frames, depth)).collect();
            }
            Operator::Return | Operator::Unreachable => live.clear(),
            Operator::LocalGet { local_index } => {
                live.insert(*local_index);
            }
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                live.remove(local_index);
            }
            _ => {}
        }
        if let Some(before) = before.get_mut(number) {
            before.clone_from(&live);
        }
    }
    before
}

/// What is known inside a `block`, `loop` or `if` that is being walked from its end.
struct Frame {
    /// What matters where a branch to it leads.
    label: Locals,
    /// What matters behind its end.
    after: Locals,
    /// What matters at the beginning of its `else`.
    otherwise: Option<Locals>,
}

fn label(frames: &[Frame], depth: u32) -> Locals {
    let frame = frames.iter().rev().nth(depth as usize);
    frame.map_or_else(Locals::new, |frame| frame.label.clone())
}

/// For the end of each loop, every local that the loop reads: at its beginning they may all matter. More than needed.
fn loops(body: &Body<'_>) -> BTreeMap<usize, Locals> {
    let steps = body.steps.iter().enumerate();
    let loops = steps.filter(|(_, step)| matches!(step.operator, Operator::Loop { .. }));
    let read = |(number, step): (usize, &Step<'_>)| {
        let inside = body.steps.get(number..step.closed_by)?;
        let read = inside.iter().filter_map(|step| match step.operator {
            Operator::LocalGet { local_index } => Some(local_index),
            _ => None,
        });
        Some((step.closed_by, read.collect()))
    };
    loops.filter_map(read).collect()
}
