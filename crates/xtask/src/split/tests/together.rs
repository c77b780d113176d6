//! The halves do together what the program did, whatever it is given, and the second is fetched only for what did not
//! run while it was measured.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use wasmi::{Caller, Engine, Linker, Module, Store, TypedFunc};

use super::super::{FETCH, HIT, Ran, probed, split};

/// Each of its parts does something that a careless move would spoil: values stay on the stack below it and are used up
/// in it, locals go in and come out, one of them only sometimes, a branch leads out, it runs in a loop, it traps.
const PROGRAM: &str = r#"(module
  (import "a" "told" (func $told (param i32)))
  (memory 1)
  (table 1 funcref)
  (elem (i32.const 0) $idle)
  (data (i32.const 8) "early/*late>*/*/*<late*/")
  (global $sum (mut i32) (i32.const 0))
  (func $idle)
  (func $twice (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func $f (export "f") (param $x i32) (param $y i64) (result i64)
    (local $a i32) (local $b i64) (local $c i32) (local $d i32)
    (local.set $a (i32.const 3))
    (local.set $b (i64.const 5))
    (i64.add (i64.extend_i32_s (local.get $x))
      (if (result i64) (i32.gt_s (local.get $x) (i32.const 10))
        (then
          (local.set $a (i32.add (local.get $a) (local.get $x)))
          (local.set $b (i64.mul (local.get $y) (i64.const 7)))
          (global.set $sum (i32.add (global.get $sum) (local.get $a)))
          (call $told (local.get $a))
          (i64.add (local.get $b) (local.get $y)))
        (else (i64.const 1))))
    (local.get $y)
    (block $out
      (br_if $out (i32.lt_s (local.get $x) (i32.const 20)))
      (local.set $c (call $twice (local.get $x)))
      (loop $again
        (local.set $c (i32.sub (local.get $c) (i32.const 3)))
        (local.set $b (i64.add (local.get $b) (i64.extend_i32_s (local.get $c))))
        (br_if $again (i32.gt_s (local.get $c) (i32.const 0))))
      (local.set $d (i32.mul (local.get $x) (i32.const 17)))
      (br_if $out (i32.eq (local.get $x) (i32.const 25)))
      (local.set $d (i32.const 1))
      (if (i32.and (local.get $x) (i32.const 1))
        (then (local.set $a (i32.add (local.get $a) (i32.const 100)))))
      (call $told (i32.add (local.get $a) (i32.const 1000)))
      (if (i32.eq (local.get $x) (i32.const 30))
        (then (call $told (i32.const -1)) (call $told (i32.const -2)) (call $told (i32.const -3)) unreachable)))
    (i64.add)
    (i64.add (i64.add (local.get $b) (i64.extend_i32_s (i32.add (local.get $a) (local.get $d)))))
    (i64.add (i64.extend_i32_u (i32.load8_u (i32.add (i32.const 8) (i32.and (i32.wrap_i64 (local.get $y)) (i32.const 3))))))
    (i64.add (i64.extend_i32_s (global.get $sum)))))"#;

const HOT: [(i32, i64); 3] = [(0, 0), (7, -9), (10, -9)];

/// Every answer, every call of `told`, and which calls brought the second half.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Seen {
    pub(super) answers: Vec<Option<i64>>,
    pub(super) told: Vec<i32>,
    pub(super) fetched_at: Vec<usize>,
}

type Shared = Arc<Mutex<Seen>>;
type Later = Arc<Mutex<Option<(Linker<Shared>, Module)>>>;

pub(super) fn run(
    wasm: &[u8],
    rest: Option<&[u8]>,
    given: &[(i32, i64)],
) -> (Seen, BTreeSet<usize>) {
    let engine = Engine::default();
    let seen = Shared::default();
    let hits: Arc<Mutex<BTreeSet<usize>>> = Arc::default();
    let later = Later::default();
    let mut store = Store::new(&engine, Arc::clone(&seen));
    let mut linker = Linker::new(&engine);
    let told =
        |caller: Caller<'_, Shared>, number: i32| caller.data().lock().unwrap().told.push(number);
    linker.func_wrap("a", "told", told).unwrap();
    let hit = Arc::clone(&hits);
    let hit = move |number: i32| {
        hit.lock().unwrap().insert(usize::try_from(number).unwrap());
    };
    linker.func_wrap("a", HIT, hit).unwrap();
    let fetching = Arc::clone(&later);
    let fetch = move |mut caller: Caller<'_, Shared>| {
        let (linker, rest) = fetching.lock().unwrap().take().unwrap();
        linker.instantiate_and_start(&mut caller, &rest).unwrap();
        let mut seen = caller.data().lock().unwrap();
        let at = seen.answers.len();
        seen.fetched_at.push(at);
    };
    linker.func_wrap("a", FETCH, fetch).unwrap();
    let module = Module::new(&engine, wasm).unwrap();
    let first = linker.instantiate_and_start(&mut store, &module).unwrap();
    if let Some(rest) = rest {
        let mut linker = Linker::new(&engine);
        for export in first.exports(&store) {
            linker
                .define("a", export.name(), export.clone().into_extern())
                .unwrap();
        }
        *later.lock().unwrap() = Some((linker, Module::new(&engine, rest).unwrap()));
    }
    let f: TypedFunc<(i32, i64), i64> = first.get_typed_func(&store, "f").unwrap();
    for arguments in given {
        let answer = f.call(&mut store, *arguments).ok();
        seen.lock().unwrap().answers.push(answer);
    }
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    let hits = hits.lock().unwrap().clone();
    (seen, hits)
}

/// What runs when `f` is called with `given`.
pub(super) fn measured(wasm: &[u8], given: &[(i32, i64)]) -> Ran {
    let (probed, places) = probed(wasm).unwrap();
    let (_, hits) = run(&probed, None, given);
    let mut ran = Ran::default();
    for hit in hits {
        ran.insert(places[hit].clone());
    }
    ran
}

#[test]
fn the_halves_do_what_the_program_did_and_the_second_comes_when_it_is_needed() {
    let wasm = wat::parse_str(PROGRAM).unwrap();
    let halves = split(&wasm, &measured(&wasm, &HOT)).unwrap();
    let cold = (-3..40).flat_map(|x| [(x, 0), (x, -9), (x, 1)]);
    let given: Vec<(i32, i64)> = HOT.into_iter().chain(cold).collect();

    let (expected, _) = run(&wasm, None, &given);
    let (seen, _) = run(&halves.first, Some(&halves.rest), &given);
    assert_eq!(
        (&seen.answers, &seen.told),
        (&expected.answers, &expected.told)
    );
    assert!(expected.answers.contains(&None), "the trap is not reached");
    let needed_at = given.iter().position(|(x, _)| *x > 10).unwrap();
    assert_eq!(seen.fetched_at, [needed_at]);
    let bytes = |wasm: &[u8]| wasm.windows(9).any(|window| window == b"/*late>*/");
    assert!(!bytes(&halves.first) && bytes(&halves.rest));
}

#[test]
fn a_function_that_has_changed_since_it_was_measured_stays_whole() {
    let wasm = wat::parse_str(PROGRAM).unwrap();
    let ran = measured(&wasm, &HOT);
    let changed = PROGRAM.replace("(i64.const 7)", "(i64.add (i64.const 7) (i64.const 1))");
    let changed = wat::parse_str(changed).unwrap();
    let halves = split(&changed, &ran).unwrap();
    let (seen, _) = run(&halves.first, Some(&halves.rest), &[(15, 2)]);
    assert!(seen.fetched_at.is_empty());
}
