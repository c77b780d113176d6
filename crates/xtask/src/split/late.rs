//! Texts that only the second half reads, and therefore brings itself.
//!
//! Of most bytes it cannot be told from a wasm who reads them (of some it can: `unread`). So a text says it: what stands between
//! [`BEGIN`] and [`END`] is left out of the first half's memory and written there by the second.

use std::borrow::Cow;

use anyhow::{Context, Result, bail};
use wasmparser::{DataKind, Operator, Parser, Payload};

/// A comment to the style sheets in which it stands.
const BEGIN: &[u8] = b"/*late>*/";
const END: &[u8] = b"/*<late*/";

/// Bytes with their place in memory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Text<'a> {
    pub(super) address: i32,
    pub(super) bytes: Cow<'a, [u8]>,
}

/// What a wasm writes into its memory when it starts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Texts<'a> {
    pub(super) first: Vec<Text<'a>>,
    pub(super) late: Vec<Text<'a>>,
}

impl<'a> Texts<'a> {
    pub(super) fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut texts = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            let Payload::DataSection(section) = payload? else {
                continue;
            };
            for data in section {
                let data = data?;
                let DataKind::Active {
                    memory_index: 0,
                    offset_expr,
                } = data.kind
                else {
                    bail!("the wasm has data that it does not write when it starts");
                };
                let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
                else {
                    bail!("the wasm computes where its data belongs");
                };
                texts.take(value, data.data)?;
            }
        }
        Ok(texts)
    }

    fn take(&mut self, address: i32, bytes: &'a [u8]) -> Result<()> {
        let Some(begin) = find(bytes, BEGIN) else {
            let bytes = bytes.into();
            self.first.push(Text { address, bytes });
            return Ok(());
        };
        let (before, rest) = bytes.split_at(begin);
        let length = find(rest, END).context("a late text has no end")? + END.len();
        let (late, after) = rest.split_at(length);
        let late_address = address + i32::try_from(begin)?;
        self.first.push(Text {
            address,
            bytes: before.into(),
        });
        self.late.push(Text {
            address: late_address,
            bytes: late.into(),
        });
        self.take(late_address + i32::try_from(length)?, after)
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_late_text_is_cut_out_and_keeps_its_place() {
        let mut texts = Texts::default();
        texts.take(100, b"ab/*late>*/cd/*<late*/ef").unwrap();
        let text = |address, bytes: &'static [u8]| Text {
            address,
            bytes: bytes.into(),
        };
        assert_eq!(texts.first, [text(100, b"ab"), text(122, b"ef")]);
        assert_eq!(texts.late, [text(102, b"/*late>*/cd/*<late*/")]);
        assert!(texts.take(0, b"/*late>*/ without an end").is_err());
    }
}
