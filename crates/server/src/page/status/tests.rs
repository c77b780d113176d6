//! Every step of every golden scenario, for payer and merchant, in every locale: the page says what the widget's
//! display says, and is well-formed.

use std::collections::BTreeSet;

use maud::Render as _;
use payment_status_protocol::code::Codes;
use payment_status_protocol::decide::Reports;
use payment_status_protocol::id::TransactionId;
use payment_status_protocol::money::Amount;
use payment_status_protocol::report::Report;
use payment_status_protocol::snapshot::{TransactionFacts, snapshot};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::page::locales;

#[derive(Deserialize)]
struct File {
    scenarios: Vec<Scenario>,
}

#[derive(Deserialize)]
struct Scenario {
    transaction: Transaction,
    reports: Vec<Report>,
}

#[derive(Deserialize)]
struct Transaction {
    amount: Amount,
}

/// 2026-11-20T04:05:00Z
const NOW_MS: i64 = 1_795_147_500_000;

fn snapshots() -> Vec<Snapshot> {
    let files = [
        include_str!("../../../../protocol/fixtures/scenarios.json"),
        include_str!("../../../../protocol/fixtures/more-scenarios.json"),
    ];
    let mut snapshots = Vec::new();
    let golden = files.map(|file| serde_json::from_str::<File>(file).unwrap().scenarios);
    let rare: [Scenario; 2] = serde_json::from_value(serde_json::json!([
        { "transaction": { "amount": { "minor": 100, "currency": "EUR" } }, "reports": [
            { "id": "m1", "source": "merchant_system", "leg": "order", "outcome": "failed",
              "code": { "scheme": "order", "family": "order", "value": "cancelled" } } ] },
        { "transaction": { "amount": { "minor": 100, "currency": "EUR" } }, "reports": [
            { "id": "i1", "source": "issuer", "leg": "dispute", "outcome": "pending" } ] },
    ]))
    .unwrap();
    for scenario in golden.into_iter().flatten().chain(rare) {
        let facts = TransactionFacts {
            transaction: TransactionId::from_bits(7),
            order_reference: "A-1042 <&\"'>".into(),
            merchant_name: Some("Bread & <Butter>".into()),
            amount: scenario.transaction.amount.clone(),
            created_at: Time::from_ms(NOW_MS - 300_000),
            expires_at: Time::from_ms(NOW_MS + 600_000),
        };
        for length in 0..=scenario.reports.len() {
            let reports = Reports::try_from(scenario.reports[..length].to_vec()).unwrap();
            let at = Time::from_ms(NOW_MS - 60_000);
            snapshots.push(snapshot(&facts, &reports, &Codes, None, at).0);
        }
    }
    snapshots
}

fn escaped(text: &str) -> String {
    text.render().into_string()
}

/// Everything that a display says of a document that has just been heard, but for its age.
fn sentences(display: &Display) -> Vec<&str> {
    let mut said: Vec<&str> = vec![&display.announcement, &display.headline];
    said.extend(display.explanation.iter().map(String::as_str));
    for answer in &display.answers {
        said.extend([&*answer.label, &*answer.text]);
    }
    let trail = display.trail.as_ref().unwrap();
    said.extend([&*trail.caption, &*display.headings.trail]);
    said.extend(trail.stations.iter().map(|station| &*station.text));
    if let Some(reason) = &display.reason {
        said.extend([&*reason.text, &*display.headings.reason]);
    }
    said.extend(display.steps.iter().map(String::as_str));
    if let Some(next) = &display.next {
        said.push(&next.text);
        said.extend(next.by.as_deref());
    }
    said.extend(display.disagreement.as_deref());
    said.extend(display.superseded.as_deref());
    if let Some(timeline) = &display.timeline {
        said.push(&timeline.heading);
        for entry in &timeline.entries {
            said.extend([&*entry.source, &*entry.text]);
            said.extend(entry.time.as_deref());
            said.extend(entry.claim.as_deref());
        }
    }
    let code = display.match_code.as_ref().unwrap();
    said.extend([&*code.label, &*code.code, &*code.hint]);
    said.extend(display.version.as_deref());
    said.extend(display.amount.as_deref());
    said.extend(display.merchant_name.as_deref());
    let order = display.order_reference.as_ref().unwrap();
    said.extend([&*order.label, &*order.text]);
    said
}

#[test]
fn the_page_says_what_the_display_says() {
    let (mut states, mut pages) = (BTreeSet::new(), 0);
    for snapshot in snapshots() {
        states.insert(snapshot.state.as_str().to_owned());
        let sha256: [u8; 32] = Sha256::digest(serde_json::to_vec(&snapshot).unwrap()).into();
        for locale in locales::all() {
            let choice = locales::choose(Some(locale.tag), &Default::default()).unwrap();
            for party in [Party::Payer, Party::Merchant] {
                let now = Time::from_ms(NOW_MS);
                let shown = Shown {
                    snapshot: &snapshot,
                    sha256: &sha256,
                    party: &party,
                    now,
                    zone: &TimeZone::UTC,
                };
                // Asked of the display crate directly, as the widget does.
                let code = match_code(&sha256);
                let situation = Situation {
                    snapshot: Some(&snapshot),
                    match_code: Some(&code),
                    freshness: Freshness::Live { age_s: 0 },
                    trouble: None,
                    earlier: None,
                    party_document: None,
                    server_time: Some(now),
                    depth: payment_status_display::Depth::Story,
                };
                let formats = NativeFormats::new(&choice.format_tag, TimeZone::UTC, now);
                let expected = display(&situation, &party, &choice.locale.words, &formats);
                let (markup, _) = page(&shown, &choice, "again");
                let html = markup.into_string();
                for sentence in sentences(&expected) {
                    let state = snapshot.state.as_str();
                    assert!(
                        html.contains(&escaped(sentence)),
                        "{} {party:?} {state}: {sentence}",
                        locale.tag
                    );
                }
                assert!(html.contains(&format!("data-tone=\"{}\"", expected.tone.id())));
                assert_well_formed(&html);
                pages += 1;
            }
        }
    }
    assert_eq!(states.len(), 18, "{states:?}");
    assert!(pages > 250, "{pages}");
}

/// Every element is closed in its place, and no text of ours or theirs is markup.
fn assert_well_formed(html: &str) {
    const VOID: [&str; 3] = ["meta", "link", "input"];
    let mut open = Vec::new();
    let rest = html.strip_prefix("<!DOCTYPE html>").unwrap();
    for piece in rest.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        assert!(!text.contains('>'), "{piece}");
        let name = tag.split([' ', '/']).next().unwrap();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{piece}");
        } else {
            assert!(!["script", "style", "img"].contains(&name), "{piece}");
            if !VOID.contains(&name) {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn it_comes_anew_the_slower_the_longer_nothing_happens() {
    let mut snapshot = snapshots().remove(0);
    let mut refresh_after = |is_final, quiet_s: i64| {
        snapshot.is_final = is_final;
        snapshot.updated_at = Time::from_ms(NOW_MS - quiet_s * 1000);
        refresh_s(&snapshot, Time::from_ms(NOW_MS))
    };
    for (is_final, quiet_s, seconds) in [
        (false, -5, 3),
        (false, 0, 3),
        (false, 179, 3),
        (false, 180, 10),
        (false, 900, 30),
        (false, 86_400, 30),
        (true, 0, 60),
        (true, 86_400, 60),
    ] {
        assert_eq!(refresh_after(is_final, quiet_s), seconds, "{quiet_s}");
    }
}
