//! Texts that no instruction of the first half names: it carries zeros in their place, and the second half writes them.
//!
//! Which bytes an instruction reads cannot be told for sure from where it begins to read. So only what is certain
//! enough goes: printable text that the second half names by its first byte; into which nothing leads that the first half
//! names, and no pointer anywhere in memory (a table may be read from a place before it); and before which no text of
//! theirs stands whose end is not known. `tests/e2e/halves.test.mjs` holds the second half back
//! and looks for zeros in the pictures of all states.

use std::borrow::Cow;
use std::collections::BTreeSet;

use anyhow::Result;
use wasmparser::Operator;

use super::late::{Text, Texts};
use super::module::Module;
use super::plan::Plan;

/// Shorter texts cost the second half more than they spare the first.
const SHORTEST: usize = 4;
/// Longer than any text: a number beside an address that is larger is something else.
const LONGEST: u32 = 4096;

/// Addresses as they are named somewhere.
#[derive(Default)]
struct Named {
    addresses: BTreeSet<u32>,
    /// With the length that stands beside them.
    ranges: BTreeSet<(u32, u32)>,
}

impl Named {
    fn note(&mut self, address: u32, length: Option<u32>) {
        self.addresses.insert(address);
        if let Some(length) = length.filter(|length| (1..=LONGEST).contains(length)) {
            self.ranges
                .insert((address, address.saturating_add(length)));
        }
    }

    /// Does anything that is named lie in these bytes, or reach into them?
    fn touches(&self, start: u32, end: u32) -> bool {
        let mut ranges = self.ranges.iter();
        self.addresses.range(start..end).next().is_some()
            || ranges.any(|(from, to)| *from < end && start < *to)
    }
}

/// Moves such texts from `texts.first` to `texts.late`.
pub(super) fn spare(texts: &mut Texts<'_>, module: &Module<'_>, plan: &Plan) -> Result<()> {
    let (mut first, mut rest) = (Named::default(), Named::default());
    for (function, body) in module.defined() {
        let named = if plan.stays(function) {
            &mut first
        } else {
            &mut rest
        };
        read_code(body, named)?;
    }
    // Wherever a pointer stands, the first half may read it.
    for text in &texts.first {
        read_pointers(text, &mut first);
    }
    let mut spared = Vec::new();
    for start in rest.addresses.iter().copied() {
        for text in &mut texts.first {
            let begin = u32::try_from(text.address)?;
            let Some(from) = start.checked_sub(begin) else {
                continue;
            };
            let from = usize::try_from(from)?;
            let Some((before, bytes)) = text.bytes.split_at_checked(from) else {
                continue;
            };
            let length = length_of(start, bytes, &first, &rest);
            if length < SHORTEST || !is_apart(start, before, &first) {
                continue;
            }
            spared.push((start, bytes[..length].to_vec()));
            if let Some(place) = text.bytes.to_mut().get_mut(from..from + length) {
                place.fill(0);
            }
        }
    }
    texts.late.extend(joined(spared)?);
    Ok(())
}

/// How much of `bytes`, which begin at `start`, is a text that nobody else names a part of.
fn length_of(start: u32, bytes: &[u8], first: &Named, rest: &Named) -> usize {
    let printable = bytes
        .iter()
        .take_while(|byte| (b' '..=b'~').contains(*byte));
    let length = u32::try_from(printable.count()).unwrap_or(0);
    let next = |named: &Named| named.addresses.range(start + 1..).next().copied();
    let ends = [next(first), next(rest), start.checked_add(length)];
    let end = ends.into_iter().flatten().min().unwrap_or(start);
    let is_free = !first.touches(start, end);
    if is_free {
        usize::try_from(end - start).unwrap_or(0)
    } else {
        0
    }
}

/// Can nothing that the first half names before `start` be a text that reaches into it? Its length is told, or something
/// else than text lies between.
fn is_apart(start: u32, before: &[u8], first: &Named) -> bool {
    let Some(last) = first.addresses.range(..start).next_back().copied() else {
        return true;
    };
    let is_told = first
        .ranges
        .range((last, 0)..=(last, start))
        .next()
        .is_some();
    let between = usize::try_from(start - last).unwrap_or(usize::MAX);
    let between = before
        .len()
        .checked_sub(between)
        .and_then(|from| before.get(from..));
    // Further away than this segment begins: no text reaches over a gap.
    is_told || between.is_none_or(|bytes| !bytes.iter().all(|byte| (b' '..=b'~').contains(byte)))
}

/// Neighbours as one.
fn joined<'a>(spared: Vec<(u32, Vec<u8>)>) -> Result<Vec<Text<'a>>> {
    let mut runs: Vec<(u32, Vec<u8>)> = Vec::new();
    for (address, bytes) in spared {
        match runs.last_mut() {
            Some((start, run)) if *start + u32::try_from(run.len())? == address => {
                run.extend(bytes);
            }
            _ => runs.push((address, bytes)),
        }
    }
    let text = |(address, bytes)| {
        Ok(Text {
            address: i32::try_from(address)?,
            bytes: Cow::Owned(bytes),
        })
    };
    runs.into_iter().map(text).collect()
}

/// Constants, each with the constant behind it, and the fixed part of every access.
fn read_code(body: &wasmparser::FunctionBody<'_>, named: &mut Named) -> Result<()> {
    let mut before = None;
    for operator in body.get_operators_reader()? {
        let operator = operator?;
        let constant = match operator {
            Operator::I32Const { value } => Some(value.cast_unsigned()),
            _ => None,
        };
        if let Some(offset) = offset_of(&operator) {
            named.note(offset, None);
            named.note(offset.saturating_add(before.unwrap_or(0)), None);
        }
        if let Operator::I64Const { value } = operator {
            // An address and its length as one.
            let (low, high) = (
                value.cast_unsigned() as u32,
                (value.cast_unsigned() >> 32) as u32,
            );
            named.note(low, Some(high));
            named.note(high, None);
        }
        if let Some(address) = before {
            named.note(address, constant);
        }
        before = constant;
    }
    if let Some(address) = before {
        named.note(address, None);
    }
    Ok(())
}

fn offset_of(operator: &Operator<'_>) -> Option<u32> {
    macro_rules! accesses {
        ($($name:ident)*) => {
            match operator {
                $(Operator::$name { memarg })|* => u32::try_from(memarg.offset).ok(),
                _ => None,
            }
        };
    }
    accesses!(
        I32Load I64Load F32Load F64Load I32Load8S I32Load8U I32Load16S I32Load16U I64Load8S I64Load8U I64Load16S
        I64Load16U I64Load32S I64Load32U I32Store I64Store F32Store F64Store I32Store8 I32Store16 I64Store8 I64Store16
        I64Store32
    )
}

/// Every word that may be an address, with the word behind it.
fn read_pointers(text: &Text<'_>, named: &mut Named) {
    // Zeros around a segment may have been left out of it, and with them a part of a word.
    let misaligned = usize::try_from(text.address.rem_euclid(4)).unwrap_or(0);
    let mut bytes = vec![0; misaligned];
    bytes.extend_from_slice(&text.bytes);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    let words: Vec<u32> = bytes
        .as_chunks()
        .0
        .iter()
        .map(|word| u32::from_le_bytes(*word))
        .collect();
    for (index, word) in words.iter().enumerate() {
        named.note(*word, words.get(index + 1).copied());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_noted_with_the_length_beside_it() {
        let mut bytes = vec![0, 0];
        bytes.extend(1000_u32.to_le_bytes());
        bytes.push(7);
        let text = Text {
            address: 2,
            bytes: bytes.into(),
        };
        let mut named = Named::default();
        read_pointers(&text, &mut named);
        assert!(named.addresses.contains(&1000));
        assert!(named.touches(1006, 1008) && named.touches(990, 1001));
        assert!(!named.touches(1007, 1010));
    }

    #[test]
    fn a_text_ends_where_anything_else_is_named() {
        let (mut first, mut rest) = (Named::default(), Named::default());
        rest.note(100, None);
        assert_eq!(length_of(100, b"abcdefgh\0", &first, &rest), 8);
        rest.note(106, None);
        assert_eq!(length_of(100, b"abcdefgh\0", &first, &rest), 6);
        // A text of the first half that begins before and reaches into it.
        first.note(98, Some(4));
        assert_eq!(length_of(100, b"abcdefgh\0", &first, &rest), 0);
    }

    #[test]
    fn what_may_be_the_end_of_a_text_of_the_first_half_stays() {
        let mut first = Named::default();
        assert!(is_apart(101, b"2", &first));
        // Named without its length: `-digit` may be a part of `2-digit`.
        first.note(100, None);
        assert!(!is_apart(101, b"2", &first));
        // Something that is no text lies between, or a gap.
        assert!(is_apart(102, b"2\0", &first));
        assert!(is_apart(200, b"", &first));
        first.note(100, Some(1));
        assert!(is_apart(101, b"2", &first));
    }

    #[test]
    fn neighbours_are_written_together() {
        let runs = joined(vec![
            (10, b"abcd".to_vec()),
            (14, b"efgh".to_vec()),
            (20, b"ijkl".to_vec()),
        ])
        .unwrap();
        let at = |run: &Text<'_>| (run.address, run.bytes.to_vec());
        assert_eq!(
            runs.iter().map(at).collect::<Vec<_>>(),
            [(10, b"abcdefgh".to_vec()), (20, b"ijkl".to_vec())]
        );
    }
}
