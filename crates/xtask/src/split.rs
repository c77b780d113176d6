//! Cuts the built wasm in two: what the first view runs, and the rest, which comes when that view is drawn.
//!
//! Both are halves of one program: they share memory, globals and tables, and call one another through a table of
//! their own. Where the first half calls a function of the second, it holds a short stand-in that fetches the second
//! half if it is not there yet. Which functions the first view runs is measured, not guessed: `cargo xtask profile`
//! writes `crates/xtask/first-view.txt` (docs/adr/0012-two-halves.md).

mod body;
mod cold;
mod first;
mod gather;
mod late;
mod live;
mod module;
mod names;
mod outline;
mod plan;
mod probe;
mod ran;
mod rest;
mod types;
mod unread;

use anyhow::Result;
use wasmparser::Validator;

use late::Texts;
use module::Module;
use plan::Plan;

pub(crate) use probe::probed;
pub(crate) use ran::{Place, Ran};

/// The module by which both halves name what they import, as binaryen shortens it.
const MODULE: &str = "a";
/// Imported by the first half: fetches the second one, at once.
pub(crate) const FETCH: &str = "$f";
/// Imported by a probed wasm: told the number of each function that begins.
pub(crate) const HIT: &str = "$h";
/// Exported by the first half: not 0 as soon as the second one is there.
pub(crate) const THERE: &str = "$t";

/// The two halves.
pub(crate) struct Halves {
    pub(crate) first: Vec<u8>,
    pub(crate) rest: Vec<u8>,
}

/// Cuts `wasm`, whose functions still have their names; `ran` is what the first view runs.
pub(crate) fn split(wasm: &[u8], ran: &Ran) -> Result<Halves> {
    let wasm = outline::outline(wasm, ran)?;
    let wasm = gather::gather(&wasm, ran)?;
    let module = Module::read(&wasm)?;
    let plan = Plan::new(&module, ran);
    let mut texts = Texts::read(&wasm)?;
    unread::spare(&mut texts, &module, &plan)?;
    let first = first::encode(&wasm, &module, &plan, &texts)?;
    let rest = rest::encode(&wasm, &module, &plan, &texts)?;
    for half in [&first, &rest] {
        Validator::new().validate_all(half)?;
    }
    Ok(Halves { first, rest })
}

#[cfg(test)]
mod tests;
