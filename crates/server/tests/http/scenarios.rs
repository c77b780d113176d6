//! Every given scenario over HTTP, each report from its own signed source.

use payment_status_protocol::check::check;
use payment_status_protocol::snapshot::Snapshot;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_reaches_its_verdicts_report_by_report() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../protocol/fixtures/scenarios.json"
    );
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let app = TestApp::start().await;
    let mut checked = 0;
    for scenario in file["scenarios"].as_array().unwrap() {
        let name = scenario["id"].as_str().unwrap();
        let order = json!({ "order_reference": name, "amount": scenario["transaction"]["amount"] });
        let tx = app.create_from(&order).await;
        for (index, report) in scenario["reports"].as_array().unwrap().iter().enumerate() {
            let source = report["source"].as_str().unwrap();
            let mut report = report.clone();
            report["id"] = json!(format!("{name}/{}", report["id"].as_str().unwrap()));
            let version = app.say(&tx, source, report).await;
            let snapshot = app.snapshot(&tx).await;
            assert_eq!(snapshot["version"], version);
            let typed: Snapshot = serde_json::from_value(snapshot.clone()).unwrap();
            check(&typed).unwrap_or_else(|why| panic!("{name}: {why:?} in {snapshot}"));
            let expected = scenario["expect"].as_array().unwrap();
            let expected = expected.iter().filter(|e| e["after"] == index + 1);
            for (field, value) in expected.flat_map(|e| e.as_object().unwrap()) {
                if field != "after" {
                    assert_eq!(
                        &snapshot[field],
                        value,
                        "{field} of {name} after {}",
                        index + 1
                    );
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 100, "{checked}");
}
