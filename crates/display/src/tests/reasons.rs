//! Every reason has words and steps for every reader, and no step allows what is not proven.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use payment_status_protocol::deadline;
use payment_status_protocol::party::Party;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::verdict::{NextActor, PayAgain, Release};

use super::languages::{language, speaks};
use super::setup::{
    EN, FRESH, LIVE, LOCALES, PARTIES, Plain, STEPS, declined, keys_as_words, shown, situation,
    snapshot, texts, words,
};
use crate::display;
use crate::situation::Situation;
use crate::words::Words;

const READERS: [&str; 3] = ["payer", "merchant", "support"];
const PHASES: [&str; 3] = ["open", "safe", "done"];

/// The table of the steps, parsed once.
fn table() -> &'static Words {
    static TABLE: OnceLock<Words> = OnceLock::new();
    TABLE.get_or_init(|| texts(STEPS))
}

/// The steps of a reason, as the screen finds them.
fn steps(reason: &str, reader: &str, phase: &str) -> Vec<String> {
    let table = table();
    let phase = if reader == "support" { "open" } else { phase };
    let listed = |reason| table.get(&["steps", reason, reader, phase]);
    let ids = listed(reason).or_else(|| listed("_")).unwrap_or_default();
    ids.split(' ').map(str::to_owned).collect()
}

fn every_place(mut look: impl FnMut(&str, &str, &str)) {
    for reason in Reason::all() {
        for reader in READERS {
            for phase in PHASES {
                look(reason.as_str(), reader, phase);
            }
        }
    }
}

#[test]
fn every_reason_gives_every_reader_one_to_three_steps_in_every_phase() {
    let table = table();
    for reason in Reason::all() {
        for reader in READERS {
            let own = table.get(&["steps", reason.as_str(), reader, "open"]);
            assert!(
                own.is_some(),
                "{reason} has no steps of its own for {reader}"
            );
        }
    }
    for (locale, files) in LOCALES {
        let words = words(files);
        every_place(|reason, reader, phase| {
            let ids = steps(reason, reader, phase);
            assert!((1..=3).contains(&ids.len()), "{reason} {reader} {phase}");
            for id in ids {
                let text = words.for_reader(&["step", &id], reader);
                assert!(
                    text.is_some(),
                    "{locale}: no step {id} for {reader} ({reason})"
                );
            }
        });
    }
}

#[test]
fn a_step_that_speaks_of_the_limit_is_shown_with_a_limit_and_never_alone() {
    let table = table();
    let with_deadline: Vec<_> = table.get(&["with_deadline"]).unwrap().split(' ').collect();
    for (locale, files) in LOCALES {
        for (key, text) in texts(files.reasons)
            .iter()
            .filter(|(key, _)| key.starts_with("step."))
        {
            let id = key.split('.').nth(1).unwrap();
            assert!(
                !speaks(text, language(locale).below) || with_deadline.contains(&id),
                "{locale} {key}: {text}"
            );
        }
    }
    every_place(|reason, reader, phase| {
        let rest = steps(reason, reader, phase);
        let alone = rest.iter().all(|id| with_deadline.contains(&&**id));
        assert!(
            !alone,
            "{reason} {reader} {phase}: nothing is left without a limit"
        );
    });
    let mut unlimited = snapshot();
    let limited = shown(&unlimited, &Party::Support).steps;
    unlimited.resolve_by = None;
    unlimited.reason = Reason::UNMAPPED_CODE;
    let without = shown(&unlimited, &Party::Support).steps;
    assert!(!limited.is_empty() && !without.is_empty());
    assert!(
        without.iter().all(|step| !step.contains("given below")),
        "{without:?}"
    );
}

#[test]
fn no_step_is_idle_and_no_line_of_the_table_is_for_nobody() {
    let mut used = BTreeSet::new();
    every_place(|reason, reader, phase| used.extend(steps(reason, reader, phase)));
    for (locale, files) in LOCALES {
        for (key, _) in texts(files.reasons).iter() {
            if let Some(step) = key.strip_prefix("step.") {
                let id = step.split('.').next().unwrap();
                assert!(used.contains(id), "{locale}: nobody takes step {id}");
            }
        }
    }
    let reasons: BTreeSet<_> = Reason::all().map(|r| r.as_str().to_owned()).collect();
    for (key, _) in table().iter() {
        let parts: Vec<_> = key.split('.').collect();
        match parts.as_slice() {
            ["steps", reason, reader, phase] => assert!(
                (reasons.contains(*reason) || *reason == "_")
                    && READERS.contains(reader)
                    && PHASES.contains(phase),
                "{key}"
            ),
            ["ask", _, "payer" | "merchant"] | ["with_deadline"] => {}
            _ => panic!("{key}"),
        }
    }
}

/// Steps that speak of paying and are true while nothing is proven: "do not", "only when this screen says so", and
/// "if nothing was tried yet".
const CAUTIOUS: [&str; 4] = ["do_not_pay", "check_bill", "other_when_safe", "pay_once"];

#[test]
fn a_step_before_anything_is_proven_allows_nothing() {
    // English is the reference: its words are looked at more closely.
    let english = [
        "another card",
        "another wallet",
        "other card",
        "try again",
        "offer ",
        "pay with",
    ];
    for (locale, files) in LOCALES {
        let (words, language) = (words(files), language(locale));
        every_place(|reason, reader, _| {
            for id in steps(reason, reader, "open") {
                let text = words.for_reader(&["step", &id], reader).unwrap();
                let allows = speaks(text, language.permission)
                    || speaks(text, language.retry)
                    || speaks(text, &english);
                assert!(
                    !allows || CAUTIOUS.contains(&&*id),
                    "{locale} {reason} {reader} {id}: {text}"
                );
            }
        });
    }
}

#[test]
fn what_is_hidden_from_the_parties_reads_like_any_refusal() {
    for (locale, files) in LOCALES {
        let words = words(files);
        for reason in Reason::all().filter(|reason| reason.public() != *reason) {
            let public = reason.public();
            for reader in ["payer", "merchant"] {
                let said = |reason: &Reason| words.for_reader(&["reason", reason.as_str()], reader);
                assert_eq!(said(&reason), said(&public), "{locale} {reason}");
                for phase in PHASES {
                    assert_eq!(
                        steps(reason.as_str(), reader, phase),
                        steps(public.as_str(), reader, phase),
                        "{reason} {reader} {phase}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_rule_says_whom_to_ask() {
    let table = table();
    let rules = deadline::rules().iter().map(|rule| rule.name);
    for rule in rules.chain(["order_expiry", "other"]) {
        for reader in ["payer", "merchant"] {
            let who = table.get(&["ask", rule, reader]).map(NextActor::from);
            let known = who
                .as_ref()
                .is_some_and(|who| NextActor::KNOWN.contains(who));
            assert!(known, "{rule} for {reader}: {who:?}");
        }
    }
}

/// Every combination of what a verdict can allow, also by words that this build does not know.
fn permissions() -> Vec<(PayAgain, Release, bool)> {
    let pay_again = || {
        PayAgain::KNOWN
            .iter()
            .cloned()
            .chain([PayAgain::from("maybe")])
    };
    let release = || {
        Release::KNOWN
            .iter()
            .cloned()
            .chain([Release::from("maybe")])
    };
    pay_again()
        .flat_map(|pay| release().map(move |release| (pay.clone(), release)))
        .flat_map(|(pay, release)| {
            [true, false].map(|is_final| (pay.clone(), release.clone(), is_final))
        })
        .collect()
}

#[test]
fn the_verdict_and_nothing_else_opens_a_phase() {
    let words = keys_as_words();
    for reason in Reason::all() {
        for (pay_again, release, is_final) in permissions() {
            // A permission to pay again stands beside its proof, or the screen would not believe it.
            let mut snapshot = match pay_again {
                PayAgain::Safe => declined(),
                PayAgain::DoNot | PayAgain::Wait | PayAgain::Other(_) => snapshot(),
            };
            snapshot.reason = reason.clone();
            snapshot.pay_again = pay_again.clone();
            snapshot.release = release.clone();
            snapshot.is_final = is_final;
            for freshness in FRESH {
                let phase = match (&pay_again, &release) {
                    (PayAgain::Safe, _) => "safe",
                    (_, Release::Release) => "done",
                    _ => "open",
                };
                let unheard_permission = freshness != LIVE && phase != "open";
                for party in [Party::Payer, Party::Merchant] {
                    let shown = display(&situation(&snapshot, freshness), &party, &words, &Plain);
                    let text = |id: String| {
                        let step = words.for_reader(&["step", &id], party.as_str());
                        step.unwrap().to_owned()
                    };
                    let wanted = steps(reason.as_str(), party.as_str(), phase);
                    let mut wanted: Vec<_> = wanted.into_iter().map(text).collect();
                    if unheard_permission {
                        wanted.clear();
                    }
                    let place = format!("{reason} {party} {pay_again} {release} {freshness:?}");
                    assert_eq!(shown.steps, wanted, "{place}");
                }
            }
        }
    }
}

#[test]
fn a_permission_beside_another_charge_opens_nothing() {
    let words = keys_as_words();
    let mut contradicting = snapshot();
    contradicting.pay_again = PayAgain::Safe;
    contradicting.release = Release::Wait;
    let open = steps(contradicting.reason.as_str(), "payer", "open");
    let shown = display(
        &situation(&contradicting, LIVE),
        &Party::Payer,
        &words,
        &Plain,
    );
    let wanted: Vec<_> = open.iter().map(|id| format!("⟦step.{id}.payer⟧")).collect();
    assert_eq!(shown.steps, wanted);
}

#[test]
fn without_the_words_of_the_reasons_nothing_is_said_in_their_place() {
    let core = texts(EN.core);
    let snapshot = snapshot();
    for party in PARTIES {
        let early = display(&situation(&snapshot, LIVE), &party, &core, &Plain);
        assert_eq!((early.reason, early.steps), (None, Vec::new()));
        let by = early.next.unwrap().by.unwrap();
        assert_eq!(by, "Expected by 2026-11-20T04:02:41.000Z.");
        assert_eq!(early.headline, shown(&snapshot, &party).headline);
    }
}

#[test]
fn a_deadline_has_passed_when_the_servers_clock_says_so() {
    let snapshot = snapshot();
    let words = words(EN);
    let at = |time: Option<&str>, party: &Party| {
        let situation = Situation {
            server_time: time.map(|t| t.try_into().unwrap()),
            ..situation(&snapshot, LIVE)
        };
        display(&situation, party, &words, &Plain).next.unwrap()
    };
    for before in [
        None,
        Some("2026-11-20T04:02:40Z"),
        Some("2026-11-20T04:02:41Z"),
    ] {
        let next = at(before, &Party::Payer);
        assert!(
            !next.is_overdue && next.by.unwrap().starts_with("Expected by"),
            "{before:?}"
        );
    }
    let after = Some("2026-11-20T04:02:42Z");
    for (party, who) in [
        (Party::Payer, "The shop"),
        (Party::Merchant, "Your payment provider"),
        (Party::Support, "The acquirer"),
    ] {
        let next = at(after, &party);
        assert!(next.is_overdue);
        assert_eq!(
            next.by.unwrap(),
            format!(
                "Overdue since 2026-11-20T04:02:41.000Z (the time for sending the result to the shop again). \
                 Ask now: {who}. Give the amount, the date and order A-1042."
            )
        );
    }
}

#[test]
fn nobody_is_told_to_wait_for_a_time_that_has_passed() {
    let mut snapshot = snapshot();
    snapshot.reason = Reason::BANK_PROCESSING_DELAY;
    let speaks_of_the_limit = |time: &str| {
        let situation = Situation {
            server_time: Some(time.try_into().unwrap()),
            ..situation(&snapshot, LIVE)
        };
        let support = display(&situation, &Party::Support, &words(EN), &Plain);
        support
            .steps
            .iter()
            .any(|step| step.contains("given below"))
    };
    assert!(speaks_of_the_limit("2026-11-20T04:02:41Z"));
    assert!(!speaks_of_the_limit("2026-11-20T04:02:42Z"));
}
