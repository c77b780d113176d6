//! What was measured to run, and its form in `crates/xtask/first-view.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Context, Result};

/// For each function that ran, by its name and its shape, the stretches that ran. Several functions have the same name
/// where a generic one was compiled for several types.
#[derive(Default)]
pub(crate) struct Ran(BTreeMap<String, BTreeMap<u32, BTreeSet<u32>>>);

/// One stretch of one function: instructions that run one after another.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) shape: u32,
    pub(crate) stretch: u32,
}

impl Ran {
    pub(crate) fn insert(&mut self, place: Place) {
        let shapes = self.0.entry(place.name).or_default();
        shapes.entry(place.shape).or_default().insert(place.stretch);
    }

    /// Whether a function of this name ran, whatever its shape.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What ran of the function; nothing is known of one that has changed since.
    pub(super) fn stretches(&self, name: &str, shape: u32) -> Option<&BTreeSet<u32>> {
        self.0.get(name)?.get(&shape)
    }

    /// Whether it ran, in a function that has not changed since.
    pub(crate) fn has_place(&self, place: &Place) -> bool {
        let ran = self.stretches(&place.name, place.shape);
        ran.is_some_and(|ran| ran.contains(&place.stretch))
    }

    pub(crate) fn functions(&self) -> usize {
        self.0.len()
    }

    /// Reads what [`fmt::Display`] writes: a line for each function with its shape, the stretches, its name.
    ///
    /// # Errors
    /// A line that is not so.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut ran = Self::default();
        for line in text.lines() {
            let mut parts = line.splitn(3, ' ');
            let mut part = || parts.next().with_context(|| line.to_owned());
            let (shape, runs, name) = (part()?, part()?, part()?);
            let shape = u32::from_str_radix(shape, 16).with_context(|| line.to_owned())?;
            let mut stretches = BTreeSet::new();
            for run in runs.split(',') {
                let (first, last) = run.split_once('-').unwrap_or((run, run));
                stretches.extend(first.parse::<u32>()?..=last.parse::<u32>()?);
            }
            ran.0
                .entry(name.to_owned())
                .or_default()
                .insert(shape, stretches);
        }
        Ok(ran)
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, shapes) in &self.0 {
            for (shape, stretches) in shapes {
                writeln!(f, "{shape:08x} {} {name}", runs(stretches))?;
            }
        }
        Ok(())
    }
}

/// `0-3,5`: 0, 1, 2, 3 and 5.
fn runs(stretches: &BTreeSet<u32>) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for stretch in stretches {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *stretch => *last = *stretch,
            _ => runs.push((*stretch, *stretch)),
        }
    }
    let written = |(first, last): &(u32, u32)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    runs.iter().map(written).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn is_read_as_it_was_written() {
        let mut ran = Ran::default();
        for stretch in [0, 1, 2, 5, 7, 8] {
            let name = "<a as b<c>>::d".to_owned();
            ran.insert(Place {
                name,
                shape: 0x00ab_cdef,
                stretch,
            });
        }
        let text = ran.to_string();
        assert_eq!(text, "00abcdef 0-2,5,7-8 <a as b<c>>::d\n");
        assert_eq!(Ran::parse(&text).unwrap().to_string(), text);
        assert!(Ran::parse("a name alone").is_err());
    }
}
