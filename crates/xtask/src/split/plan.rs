//! Who stays in the first half, and the table through which the halves call one another.

use std::collections::{BTreeMap, BTreeSet};

use super::module::{Module, calls};
use super::ran::Ran;

/// Where each function goes.
pub(super) struct Plan {
    /// The first half's own functions: imported ones, and those that the first view runs.
    stays: BTreeSet<u32>,
    /// Functions of the second half that the first refers to, or calls in several places: it has a stand-in for each.
    pub(super) stand_ins: BTreeSet<u32>,
    /// Functions of the second half that the first calls in one place: there stands what the stand-in would do.
    called_once: BTreeSet<u32>,
    /// Slots of the shared table: first the functions of the first half that the second calls, then the stand-ins'.
    pub(super) slots: BTreeMap<u32, u32>,
    /// How many of them belong to the first half.
    pub(super) from_first: Vec<u32>,
    pub(super) from_rest: Vec<u32>,
}

impl Plan {
    pub(super) fn new(module: &Module<'_>, ran: &Ran) -> Self {
        let mut stays: BTreeSet<u32> = (0..module.imported_functions).collect();
        let mut called = BTreeMap::new();
        for (function, body) in module.defined() {
            let named = module.names.get(&function);
            // What cannot be read or moved stays.
            let (calls, movable) = match calls(body) {
                Ok((calls, refers)) => (calls, !refers),
                Err(_) => (Vec::new(), false),
            };
            if !movable || named.is_some_and(|name| ran.has(name)) {
                stays.insert(function);
            }
            called.insert(function, calls);
        }
        let mut stand_ins: BTreeSet<u32> = module
            .referred
            .iter()
            .copied()
            .filter(|f| !stays.contains(f))
            .collect();
        let mut from_first = BTreeSet::new();
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        for (function, calls) in &called {
            for callee in calls {
                match (stays.contains(function), stays.contains(callee)) {
                    (true, false) => {
                        *places.entry(*callee).or_default() += 1;
                    }
                    (false, true) => {
                        from_first.insert(*callee);
                    }
                    (true, true) | (false, false) => {}
                }
            }
        }
        let mut called_once = BTreeSet::new();
        for (callee, places) in places {
            if places > 1 {
                stand_ins.insert(callee);
            } else if !stand_ins.contains(&callee) {
                called_once.insert(callee);
            }
        }
        let from_first: Vec<u32> = from_first.into_iter().collect();
        let from_rest: Vec<u32> = stand_ins.union(&called_once).copied().collect();
        let slots = from_first
            .iter()
            .chain(&from_rest)
            .copied()
            .zip(0..)
            .collect();
        Self {
            stays,
            stand_ins,
            called_once,
            slots,
            from_first,
            from_rest,
        }
    }

    pub(super) fn stays(&self, function: u32) -> bool {
        self.stays.contains(&function)
    }

    pub(super) fn is_called_once(&self, function: u32) -> bool {
        self.called_once.contains(&function)
    }

    pub(super) fn table_size(&self) -> u64 {
        self.slots.len() as u64
    }
}
