//! The golden scenarios, decided by the rules and read by all three parties in every locale.

use payment_status_protocol::check::check;
use payment_status_protocol::code::Codes;
use payment_status_protocol::decide::Reports;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::money::Amount;
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::{TransactionFacts, snapshot};
use payment_status_protocol::time::Time;
use serde::Deserialize;

use super::setup::{LIVE, LOCALES, PARTIES, Plain, situation, words};
use crate::display;
use crate::told::reading_of;

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

#[test]
fn every_step_of_every_scenario_is_told_in_its_own_words() {
    let locales = LOCALES.map(|(locale, files)| (locale, words(files)));
    let mut told = 0;
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
            let id = &scenario.id;
            check(&snapshot).unwrap_or_else(|c| panic!("{id} after {length}: {c:?}"));
            // What the rules decide is always understood: the reading adds no caution of its own.
            let reading = reading_of(&snapshot);
            assert_eq!(reading.charged, snapshot.charged, "{id} after {length}");
            assert_eq!(reading.pay_again, snapshot.pay_again, "{id} after {length}");
            assert_eq!(reading.release, snapshot.release, "{id} after {length}");
            assert_eq!(reading.is_final, snapshot.is_final, "{id} after {length}");
            for (locale, words) in &locales {
                for party in &PARTIES {
                    let display = display(&situation(&snapshot, LIVE), party, words, &Plain);
                    let said = format!("{display:?}");
                    assert!(
                        !said.contains('…') && !said.contains("\"\""),
                        "{locale} {id}: {said}"
                    );
                    told += 1;
                }
            }
        }
    }
    println!("{told} displays");
    assert!(told > 200, "{told}");
}
