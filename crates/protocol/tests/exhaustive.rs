//! The promises P1–P4 on every combination of joined legs of one attempt, and on every pair of
//! attempts by what can be seen of them. Not a sample: the counts are printed.

use std::collections::HashSet;

use payment_status_protocol::attempt::{AttemptVerdict, Order, judge};
use payment_status_protocol::decide::{AttemptView, Combined, combine, is_settled};
use payment_status_protocol::join::{Joined, Step};
use payment_status_protocol::verdict::{Charged, PayAgain, Release, State};

const STEPS: [Step; 6] = [
    Step::Absent,
    Step::Unknown,
    Step::Pending,
    Step::Failed,
    Step::Succeeded,
    Step::Conflict,
];
/// `review` has one authority, which cannot contradict itself.
const REVIEWS: [Step; 5] = [
    Step::Absent,
    Step::Unknown,
    Step::Pending,
    Step::Failed,
    Step::Succeeded,
];
const ORDERS: [Order; 3] = [Order::Open, Order::Cancelled, Order::Expired];
const WHOLE: u64 = 10;
/// Nothing, a part, the rest of that part, all, too much: every way in which sums can stand to the whole.
const PARTS: [u64; 5] = [0, 4, 6, 10, 14];
const BOTH: [bool; 2] = [false, true];

/// Calls `visit` for every joined attempt that some set of reports can produce.
fn every_joined(mut visit: impl FnMut(&Joined)) -> u64 {
    let mut count = 0;
    for debit in STEPS {
        for network in STEPS {
            for credit in STEPS {
                for confirmation in STEPS {
                    for review in REVIEWS {
                        for settlement in STEPS {
                            for dispute in STEPS {
                                for (returned, returning) in
                                    PARTS.iter().flat_map(|a| PARTS.map(|b| (*a, b)))
                                {
                                    for (return_in_doubt, credit_differs) in
                                        BOTH.iter().flat_map(|a| BOTH.map(|b| (*a, b)))
                                    {
                                        for (clock_gave_up, sign) in
                                            BOTH.iter().flat_map(|a| BOTH.map(|b| (*a, b)))
                                        {
                                            let joined = Joined {
                                                debit,
                                                network,
                                                credit,
                                                confirmation,
                                                review,
                                                settlement,
                                                dispute,
                                                returned,
                                                returning,
                                                return_in_doubt,
                                                credit_differs,
                                                clock_gave_up,
                                                sign,
                                            };
                                            if is_reachable(&joined) {
                                                visit(&joined);
                                                count += 1;
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    count
}

/// The clock leaves at least `unknown` on the leg it speaks of; only a succeeded credit has an amount to differ.
fn is_reachable(j: &Joined) -> bool {
    let clock = !j.clock_gave_up || j.debit != Step::Absent || j.network != Step::Absent;
    let amount = !j.credit_differs || matches!(j.credit, Step::Succeeded | Step::Conflict);
    clock && amount
}

/// P1–P3 and the table's own limits for one attempt.
fn assert_attempt(j: &Joined, order: Order, v: &AttemptVerdict) {
    let returned = j.returned >= WHOLE;
    let context = || format!("{j:?} {order:?} {v:?}");
    if v.pay_again == PayAgain::Safe {
        // P1: the debit failed and no authority holds money, or all of it is back.
        let not_debited =
            j.debit == Step::Failed && j.credit != Step::Succeeded && j.credit != Step::Conflict;
        assert!(returned || not_debited, "P1 {}", context());
    }
    if v.release == Release::Release {
        // P2: the credit is proven and not taken back.
        let taken_back = j.returned + j.returning >= WHOLE;
        assert!(
            j.credit == Step::Succeeded && !taken_back,
            "P2 {}",
            context()
        );
    }
    match v.charged {
        Charged::Charged => {
            // P3. Only a charged payment can be disputed: the issuer or network who opens one has seen the debit.
            let disputed = matches!(j.dispute, Step::Pending | Step::Succeeded);
            assert!(
                j.debit == Step::Succeeded || j.credit == Step::Succeeded || disputed,
                "P3 {}",
                context()
            );
        }
        Charged::NotCharged => assert!(
            j.debit == Step::Failed && j.credit != Step::Succeeded,
            "P3 {}",
            context()
        ),
        Charged::Returned => assert!(returned, "P3 {}", context()),
        Charged::Returning => assert!(
            j.returned + j.returning >= WHOLE && j.returning > 0,
            "P3 {}",
            context()
        ),
        Charged::Unknown | Charged::Other(_) => {
            // P4: what nobody knows is never a success, a failure or an invitation to act.
            assert!(
                matches!(v.state, State::Checking | State::Processing),
                "P4 {}",
                context()
            );
            assert_ne!(v.pay_again, PayAgain::Safe, "P4 {}", context());
        }
    }
    assert!(
        !matches!(
            v.state,
            State::Other(_) | State::Duplicate | State::AwaitingPayment
        ),
        "{}",
        context()
    );
}

#[test]
fn promises_hold_on_every_attempt_and_every_pair() {
    let mut outcomes: HashSet<(AttemptVerdict, Step, Step, Order)> = HashSet::new();
    let mut judged = 0_u64;
    let joined = every_joined(|joined| {
        for order in ORDERS {
            let verdict = judge(joined, order, WHOLE);
            assert_attempt(joined, order, &verdict);
            judged += 1;
            let seen = (verdict, joined.debit, joined.credit, order);
            if !outcomes.contains(&seen) {
                outcomes.insert(seen);
            }
        }
    });
    println!(
        "{joined} joined attempts, {judged} verdicts, {} outcomes",
        outcomes.len()
    );

    let mut pairs = 0_u64;
    for a in &outcomes {
        for b in outcomes.iter().filter(|b| b.3 == a.3) {
            let views = [
                AttemptView::new(&a.0, a.1, a.2),
                AttemptView::new(&b.0, b.1, b.2),
            ];
            let swapped = [views[1], views[0]];
            let whole = combine(&views, a.3);
            assert_pair(a, b, &whole);
            assert_eq!(
                without_shown(whole),
                without_shown(combine(&swapped, a.3)),
                "order of attempts matters: {a:?} {b:?}"
            );
            pairs += 1;
        }
    }
    println!("{pairs} pairs of attempts");
}

fn without_shown(combined: Combined) -> Combined {
    Combined {
        shown: None,
        ..combined
    }
}

type Outcome = (AttemptVerdict, Step, Step, Order);

fn assert_pair(a: &Outcome, b: &Outcome, whole: &Combined) {
    let context = || format!("{a:?} {b:?} {whole:?}");
    if whole.pay_again == PayAgain::Safe {
        assert!(
            a.0.pay_again == PayAgain::Safe && b.0.pay_again == PayAgain::Safe,
            "P1 {}",
            context()
        );
    }
    if whole.release == Release::Release {
        assert!(
            a.0.release == Release::Release || b.0.release == Release::Release,
            "P2 {}",
            context()
        );
    }
    let moved = |o: &Outcome| o.1 == Step::Succeeded || o.2 == Step::Succeeded;
    match whole.charged {
        Charged::Charged => assert!(
            a.0.charged == Charged::Charged
                || b.0.charged == Charged::Charged
                || (moved(a) && moved(b)),
            "P3 {}",
            context()
        ),
        Charged::NotCharged => {
            assert!(
                a.0.charged == Charged::NotCharged && b.0.charged == Charged::NotCharged,
                "P3 {}",
                context()
            );
        }
        Charged::Returned => {
            for o in [a, b] {
                assert!(
                    matches!(o.0.charged, Charged::Returned | Charged::NotCharged),
                    "P3 {}",
                    context()
                );
            }
        }
        Charged::Returning | Charged::Unknown | Charged::Other(_) => {
            assert_ne!(whole.pay_again, PayAgain::Safe, "P4 {}", context());
        }
    }
    if whole.is_final {
        assert!(
            is_settled(&a.0.state) && is_settled(&b.0.state),
            "{}",
            context()
        );
    }
}
