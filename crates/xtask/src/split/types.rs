//! The types of functions in a wasm, and those that new functions need beside them.

use anyhow::Result;
use wasm_encoder::TypeSection;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::FuncType;

/// All types by their number: first those that the wasm has.
#[derive(Default)]
pub(super) struct Types {
    all: Vec<FuncType>,
    had: usize,
}

impl Types {
    /// Those of a wasm.
    pub(super) fn of(types: &[FuncType]) -> Self {
        Self {
            all: types.to_vec(),
            had: types.len(),
        }
    }

    /// The number of `kind`, which is added where it was not there.
    pub(super) fn number(&mut self, kind: FuncType) -> Result<u32> {
        let known = self.all.iter().position(|other| *other == kind);
        let number = known.unwrap_or(self.all.len());
        if known.is_none() {
            self.all.push(kind);
        }
        Ok(u32::try_from(number)?)
    }

    /// Writes what was added, behind what the wasm had.
    pub(super) fn write<R: Reencode>(
        &self,
        reencode: &mut R,
        section: &mut TypeSection,
    ) -> Result<(), Error<R::Error>> {
        for kind in self.all.iter().skip(self.had) {
            section.ty().func_type(&reencode.func_type(kind.clone())?);
        }
        Ok(())
    }
}
