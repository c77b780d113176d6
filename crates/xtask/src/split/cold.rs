//! The parts of a function that did not run while it was measured, and can be moved into a function of their own.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::{Context, Result};
use wasmparser::{Operator, ValType};

use super::body::{Body, Step};
use super::live::{Locals, live};

/// Bytes that a call of a moved part costs beside its locals, and by which moving must save more than nothing.
const COST: u64 = 10;
/// Bytes for each local that is handed over or taken back.
const COST_EACH: u64 = 2;

/// Steps to be moved.
pub(super) struct Part {
    pub(super) steps: Range<usize>,
    /// The types of the values on the stack that they take.
    pub(super) takes: Vec<ValType>,
    /// The types of the values that they leave on the stack instead.
    pub(super) leaves: Vec<ValType>,
    /// Locals whose values they need.
    pub(super) needs: Vec<u32>,
    /// Locals that they change for somebody.
    pub(super) changes: Vec<u32>,
    /// Nothing follows them: they end in a trap.
    pub(super) ends: bool,
}

/// The parts of `body` that are worth moving; `ran` tells which stretches ran.
pub(super) fn parts(body: &Body<'_>, ran: &BTreeSet<u32>) -> Result<Vec<Part>> {
    let mut search = Search {
        body,
        ran,
        live: live(body),
        found: Vec::new(),
    };
    search.sequence(0..body.steps.len().saturating_sub(1))?;
    Ok(search.found)
}

struct Search<'b, 'a> {
    body: &'b Body<'a>,
    ran: &'b BTreeSet<u32>,
    live: Vec<Locals>,
    found: Vec<Part>,
}

impl<'b, 'a> Search<'b, 'a> {
    fn step(&self, number: usize) -> Result<&'b Step<'a>> {
        self.body
            .steps
            .get(number)
            .context("a step that is not there")
    }

    /// The steps of `number` alone, or of the whole `block`, `loop` or `if` that begins there.
    fn whole(&self, number: usize) -> Result<Range<usize>> {
        let mut last = self.step(number)?.closed_by;
        if matches!(self.step(last)?.operator, Operator::Else) {
            last = self.step(last)?.closed_by;
        }
        Ok(number..last + 1)
    }

    /// Looks through steps that follow one another, inside of one and the same `block`.
    fn sequence(&mut self, steps: Range<usize>) -> Result<()> {
        let (mut at, mut begun) = (steps.start, None);
        while at < steps.end {
            let whole = self.whole(at)?;
            let step = self.step(at)?;
            let cold = step.reachable && !self.ran.contains(&step.stretch);
            if cold && !self.leads_out(&whole)? {
                begun.get_or_insert(at);
            } else {
                self.take(begun.take(), at)?;
                self.inside(&whole)?;
            }
            at = whole.end;
        }
        self.take(begun, steps.end)
    }

    /// Looks through the arms of a `block`, `loop` or `if`.
    fn inside(&mut self, whole: &Range<usize>) -> Result<()> {
        let mut opener = whole.start;
        while opener + 1 < whole.end {
            let closer = self.step(opener)?.closed_by;
            self.sequence(opener + 1..closer)?;
            opener = closer;
        }
        Ok(())
    }

    /// Whether a branch leads out of `steps`, or they return.
    fn leads_out(&self, steps: &Range<usize>) -> Result<bool> {
        let mut inside: u32 = 0;
        for number in steps.clone() {
            let out = |depth: u32| depth >= inside;
            let leads_out = match &self.step(number)?.operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                    inside += 1;
                    false
                }
                Operator::End => {
                    inside = inside.saturating_sub(1);
                    false
                }
                Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                    out(*relative_depth)
                }
                Operator::BrTable { targets } => {
                    let others: Vec<u32> = targets.targets().collect::<Result<_, _>>()?;
                    out(targets.default()) || others.into_iter().any(out)
                }
                Operator::Return
                | Operator::ReturnCall { .. }
                | Operator::ReturnCallIndirect { .. } => true,
                _ => false,
            };
            if leads_out {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn take(&mut self, begun: Option<usize>, end: usize) -> Result<()> {
        let Some(begun) = begun else { return Ok(()) };
        let Some(part) = self.part(begun..end)? else {
            return Ok(());
        };
        let bytes = self.step(end)?.offset - self.step(begun)?.offset;
        let handed = part.needs.len() + part.changes.len();
        if bytes > COST + COST_EACH * handed as u64 {
            self.found.push(part);
        }
        Ok(())
    }

    /// What moving `steps` needs; nothing where it is not certain.
    fn part(&self, steps: Range<usize>) -> Result<Option<Part>> {
        let (first, behind) = (self.step(steps.start)?, self.step(steps.end)?);
        let mut lowest = first.stack.len();
        let mut at = steps.start;
        while at < steps.end {
            let step = self.step(at)?;
            if step.reachable {
                lowest = lowest.min(step.stack.len().saturating_sub(step.takes));
            }
            at = self.whole(at)?.end;
        }
        let above = |step: &Step<'_>| -> Option<Vec<ValType>> {
            step.stack.get(lowest..)?.iter().copied().collect()
        };
        let ends = !behind.reachable;
        let leaves = if ends {
            Some(Vec::new())
        } else {
            above(behind)
        };
        let (Some(takes), Some(leaves)) = (above(first), leaves) else {
            return Ok(None);
        };

        let (mut named, mut written) = (Locals::new(), Locals::new());
        for number in steps.clone() {
            match self.step(number)?.operator {
                Operator::LocalGet { local_index } => {
                    named.insert(local_index);
                }
                Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                    named.insert(local_index);
                    written.insert(local_index);
                }
                _ => {}
            }
        }
        let matter = |number: usize| self.live.get(number).context("a step that is not there");
        let (before, after) = (matter(steps.start)?, matter(steps.end)?);
        let changes = written.intersection(after).copied().filter(|_| !ends);
        Ok(Some(Part {
            takes,
            leaves,
            needs: named.intersection(before).copied().collect(),
            changes: changes.collect(),
            ends,
            steps,
        }))
    }
}
