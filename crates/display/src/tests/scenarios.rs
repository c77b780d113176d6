//! The golden scenarios, decided by the rules and read by all three parties in every locale.

use std::cell::Cell;

use payment_status_protocol::check::check;
use payment_status_protocol::code::Codes;
use payment_status_protocol::decide::Reports;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::money::{Amount, Money};
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::{Snapshot, TransactionFacts, snapshot};
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::State;
use serde::Deserialize;

use super::setup::{EN, LIVE, LOCALES, PARTIES, Plain, situation, words};
use crate::told::reading_of;
use crate::{Depth, Display, Formats, Freshness, Situation, display};

#[derive(Deserialize)]
struct File {
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
struct Scenario {
    id: String,
    transaction: Transaction,
    reports: Vec<Report>,
}

#[derive(Deserialize)]
struct Transaction {
    amount: Amount,
}

fn scenarios() -> Vec<Scenario> {
    let files = [
        include_str!("../../../protocol/fixtures/scenarios.json"),
        include_str!("../../../protocol/fixtures/more-scenarios.json"),
    ];
    let read = |json: &str| {
        serde_json::from_str::<File>(json)
            .expect("scenarios")
            .scenarios
    };
    files.into_iter().flat_map(read).collect()
}

/// Calls `then` with every scenario's id, how many of its reports have come, and what the rules make of them.
fn each_step(mut then: impl FnMut(&str, usize, &Snapshot)) {
    for scenario in scenarios() {
        for length in 0..=scenario.reports.len() {
            let facts = TransactionFacts {
                transaction: TransactionId::from_bits(7),
                order_reference: "A-1042".into(),
                merchant_name: None,
                amount: scenario.transaction.amount.clone(),
                created_at: Time::from_ms(0),
                expires_at: Time::from_ms(900_000),
            };
            let reports =
                Reports::try_from(scenario.reports[..length].to_vec()).expect("unique ids");
            let (snapshot, _) = snapshot(&facts, &reports, &Codes, None, Time::from_ms(0));
            then(&scenario.id, length, &snapshot);
        }
    }
}

#[test]
fn every_step_of_every_scenario_is_told_in_its_own_words() {
    let locales = LOCALES.map(|(locale, files)| (locale, words(files)));
    let mut told = 0;
    each_step(|id, length, snapshot| {
        check(snapshot).unwrap_or_else(|c| panic!("{id} after {length}: {c:?}"));
        // What the rules decide is always understood: the reading adds no caution of its own.
        let reading = reading_of(snapshot);
        assert_eq!(reading.charged, snapshot.charged, "{id} after {length}");
        assert_eq!(reading.pay_again, snapshot.pay_again, "{id} after {length}");
        assert_eq!(reading.release, snapshot.release, "{id} after {length}");
        assert_eq!(reading.is_final, snapshot.is_final, "{id} after {length}");
        for (locale, words) in &locales {
            for party in &PARTIES {
                let display = display(&situation(snapshot, LIVE), party, words, &Plain);
                let said = format!("{display:?}");
                assert!(
                    !said.contains('…') && !said.contains("\"\""),
                    "{locale} {id}: {said}"
                );
                told += 1;
            }
        }
    });
    println!("{told} displays");
    assert!(told > 200, "{told}");
}

/// Counts how often the browser would be asked to format.
#[derive(Default)]
struct Counted(Cell<usize>);

impl Counted {
    fn counted<T>(&self, formatted: T) -> T {
        self.0.set(self.0.get() + 1);
        formatted
    }
}

impl Formats for Counted {
    fn money(&self, money: &Money) -> String {
        self.counted(Plain.money(money))
    }
    fn time(&self, time: Time) -> String {
        self.counted(Plain.time(time))
    }
    fn dated(&self, time: Time) -> String {
        self.counted(Plain.dated(time))
    }
    fn deadline(&self, time: Time) -> String {
        self.counted(Plain.deadline(time))
    }
    fn duration_s(&self, age_s: u64) -> String {
        self.counted(Plain.duration_s(age_s))
    }
    fn number(&self, number: u64) -> String {
        self.counted(Plain.number(number))
    }
    fn plural(&self, number: u64) -> String {
        self.counted(Plain.plural(number))
    }
}

/// A glance may say less than the picture after it, and never anything else.
#[test]
fn a_glance_says_nothing_that_the_picture_does_not_say_too() {
    let words = words(EN);
    let now = Freshness::Live { age_s: 0 };
    let (mut glances, mut formatted) = (0, 0);
    each_step(|id, length, snapshot| {
        for party in &PARTIES {
            let counted = Counted::default();
            let at = |depth, formats: &dyn Formats| {
                let situation = Situation {
                    depth,
                    ..situation(snapshot, now)
                };
                display(&situation, party, &words, formats)
            };
            let (glance, picture) = (at(Depth::Glance, &counted), at(Depth::Picture, &Plain));
            let cut = Display {
                trail: None,
                reason: None,
                steps: Vec::new(),
                next: None,
                match_code: None,
                amount: None,
                ..picture.clone()
            };
            assert_eq!(glance, cut, "{id} after {length}, {party:?}");
            assert!(picture.trail.is_some() && picture.amount.is_some() && picture.next.is_some());
            glances += 1;
            if counted.0.get() > 0 {
                let comes_back = matches!(snapshot.state, State::Refunding | State::Reversing);
                let names_amounts = (comes_back && snapshot.returned_minor > 0)
                    || matches!(
                        snapshot.state,
                        State::AmountMismatch | State::PartiallyRefunded
                    );
                assert!(
                    names_amounts,
                    "{id} after {length}: a glance must not wait for the browser's formats"
                );
                formatted += 1;
            }
        }
    });
    println!("{glances} glances, {formatted} of them with an amount in a sentence");
    assert!(glances > 150 && formatted > 0, "{glances}, {formatted}");
}
