//! Functions that have become one do what they did.

use super::super::split;
use super::counted;
use super::together::{measured, run};

/// Nine functions of one type, each with something that a careless move would spoil: locals of other types, one that is read before
/// it is written, a branch out of the whole, a return, a loop, recursion, a trap. One more stands in a table, and one has
/// another type.
const PROGRAM: &str = r#"(module
  (import "a" "told" (func $told (param i32)))
  (memory 1)
  (global (mut i32) (i32.const 0))
  (type $one (func (param i32) (result i32)))
  (table 1 funcref)
  (elem (i32.const 0) $tabled)
  (func $tabled (param i32) (result i32) (i32.xor (local.get 0) (i32.const 85)))
  (func $idle)
  (func $plain (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $wide (param i32) (result i32) (local i64 f64 i32)
    (local.set 1 (i64.mul (i64.extend_i32_s (local.get 0)) (i64.const 3)))
    (local.set 2 (f64.convert_i64_s (local.get 1)))
    (local.set 3 (i32.trunc_f64_s (local.get 2)))
    (local.get 3))
  (func $fresh (param i32) (result i32) (local i32 i32 i64)
    (i32.add (local.get 0) (i32.add (local.get 1) (i32.add (local.get 2) (i32.wrap_i64 (local.get 3))))))
  (func $many (param i32) (result i32) (local i32 i64 i32 i32 i64)
    (local.set 1 (i32.mul (local.get 0) (i32.const 3)))
    (local.set 2 (i64.extend_i32_s (i32.mul (local.get 0) (i32.const 5))))
    (local.set 3 (i32.mul (local.get 0) (i32.const 7)))
    (local.set 4 (i32.mul (local.get 0) (i32.const 11)))
    (local.set 5 (i64.add (i64.const 13) (local.get 2)))
    (i32.add (i32.add (local.get 1) (i32.mul (local.get 3) (local.get 4)))
      (i32.wrap_i64 (i64.mul (local.get 2) (local.get 5)))))
  (func $leaves (param i32) (result i32) (local i32)
    (local.set 1 (i32.const 40))
    (br_if 0 (i32.const 7) (i32.gt_s (local.get 0) (i32.const 10)))
    (drop)
    (block (br_if 1 (i32.const 9) (i32.eqz (local.get 0))) (drop))
    (local.get 1))
  (func $returns (param i32) (result i32)
    (if (i32.and (local.get 0) (i32.const 1)) (then (return (i32.const 11))))
    (i32.const 12))
  (func $sums (param i32) (result i32) (local i32)
    (loop $again
      (local.set 1 (i32.add (local.get 1) (local.get 0)))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if $again (i32.gt_s (local.get 0) (i32.const 0))))
    (local.get 1))
  (func $itself (param i32) (result i32) (local i32)
    (local.set 1 (i32.add (local.get 1) (i32.const 2)))
    (if (result i32) (i32.gt_s (local.get 0) (i32.const 0))
      (then (i32.add (local.get 1) (call $itself (i32.sub (local.get 0) (i32.const 1)))))
      (else (call $returns (local.get 0)))))
  (func $traps (param i32) (result i32)
    (if (i32.eq (local.get 0) (i32.const 19)) (then unreachable))
    (i32.const 0))
  (func $tells (param i32) (call $told (local.get 0)))
  (func $tells-twice (param i32) (call $tells (local.get 0)) (call $told (i32.const 2)))
  (func $f (export "f") (param $x i32) (param $y i64) (result i64) (local $sum i32)
    (call $tells-twice (local.get $x))
    (local.set $sum (call $plain (local.get $x)))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $wide (local.get $x))))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $fresh (local.get $x))))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $many (local.get $x))))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $leaves (local.get $x))))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $returns (local.get $x))))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $sums (local.get $x))))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $itself (local.get $x))))
    (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31)) (call $traps (local.get $x))))
    (local.set $sum (i32.add (local.get $sum) (call_indirect (type $one) (local.get $x) (i32.const 0))))
    (i64.add (i64.extend_i32_s (local.get $sum)) (local.get $y))))"#;

#[test]
fn functions_that_have_become_one_do_what_they_did() {
    let wasm = wat::parse_str(PROGRAM).unwrap();
    let given: Vec<(i32, i64)> = (-3..25).map(|x| (x, i64::from(x) << 20)).collect();
    let halves = split(&wasm, &measured(&wasm, &given)).unwrap();

    let (expected, _) = run(&wasm, None, &given);
    let (seen, _) = run(&halves.first, Some(&halves.rest), &given);
    assert_eq!(
        (seen.answers, seen.told),
        (expected.answers.clone(), expected.told)
    );
    assert_eq!(seen.fetched_at, [0_usize; 0]);
    assert!(expected.answers.contains(&None), "the trap is not reached");
    // Those of one type have become one, and so have the two that tell: beside these the one in the table, `f`, and what
    // would fetch the second half.
    assert_eq!(counted(&halves.first).1, 5);
}

#[test]
fn what_did_not_run_is_not_gathered() {
    let wasm = wat::parse_str(PROGRAM).unwrap();
    // Nothing ran: every function comes with the second half, as itself.
    let halves = split(&wasm, &measured(&wasm, &[])).unwrap();
    let given = [(3, 0), (19, 0)];
    let (expected, _) = run(&wasm, None, &given);
    let (seen, _) = run(&halves.first, Some(&halves.rest), &given);
    assert_eq!(seen.answers, expected.answers);
    // All of them, and the start.
    assert_eq!(counted(&halves.rest).1, 15);
}
