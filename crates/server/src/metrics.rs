//! What an operator watches: counters, one gauge and one histogram, as OpenMetrics text.
//!
//! Every label has a bounded set of values: names that come from outside are folded into `other`, those
//! of schemes after the first few ([`crate::scheme_labels`]).

use std::sync::Arc;

use payment_status_protocol::report::Source;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::scheme_labels::SchemeLabels;

/// The content type of the text.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Cheap to clone; all clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    accepted: Family<SourceLabel, Counter>,
    refused: Family<RefusalLabels, Counter>,
    unmapped: Family<SchemeLabel, Counter>,
    schemes: Arc<SchemeLabels>,
    answers: Family<AnswerLabels, Counter>,
    parked: Gauge,
    commit_seconds: Histogram,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SourceLabel {
    source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusalLabels {
    source: String,
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SchemeLabel {
    scheme: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    route: String,
    status: u16,
}

impl Metrics {
    /// All at zero. `schemes` are those that a table knows.
    #[must_use]
    pub fn new<'a>(schemes: impl Iterator<Item = &'a str>) -> Self {
        let accepted = Family::default();
        let refused = Family::default();
        let unmapped = Family::default();
        let answers = Family::default();
        let parked = Gauge::default();
        // 0.25 ms to 1 s: an fsync on anything from NVMe to a busy network disk.
        let commit_seconds = Histogram::new(exponential_buckets(0.000_25, 2.0, 13));

        let mut registry = Registry::with_prefix("payment_status");
        registry.register(
            "reports_accepted",
            "Reports stored, or known already, by source",
            accepted.clone(),
        );
        registry.register(
            "reports_refused",
            "Messages to /v1/reports that were refused, by source and problem code",
            refused.clone(),
        );
        registry.register(
            "unmapped_codes",
            "New reports whose raw code no table decides, by scheme",
            unmapped.clone(),
        );
        registry.register("answers", "Answers by route and status", answers.clone());
        registry.register(
            "parked_requests",
            "Requests that wait for a change",
            parked.clone(),
        );
        registry.register_with_unit(
            "commit",
            "Time from the beginning of a commit until it is durable",
            Unit::Seconds,
            commit_seconds.clone(),
        );
        Self {
            registry: Arc::new(registry),
            accepted,
            refused,
            unmapped,
            schemes: Arc::new(SchemeLabels::new(schemes)),
            answers,
            parked,
            commit_seconds,
        }
    }

    /// `count` reports of this source were acknowledged.
    pub fn reports_accepted(&self, source: &str, count: u64) {
        if count > 0 {
            let label = SourceLabel {
                source: known_source(source),
            };
            self.accepted.get_or_create(&label).inc_by(count);
        }
    }

    /// A message of this source was refused.
    pub fn report_refused(&self, source: &str, code: &'static str) {
        let labels = RefusalLabels {
            source: known_source(source),
            code,
        };
        self.refused.get_or_create(&labels).inc();
    }

    /// A new report carried a raw code of this scheme that no table decides.
    pub fn code_unmapped(&self, scheme: &str) {
        let scheme = self.schemes.label(scheme);
        self.unmapped.get_or_create(&SchemeLabel { scheme }).inc();
    }

    /// One answer went out. `route` is the route's pattern, not the path.
    pub fn answered(&self, route: &str, status: u16) {
        self.answers
            .get_or_create(&AnswerLabels {
                route: route.to_owned(),
                status,
            })
            .inc();
    }

    /// The gauge of parked requests.
    #[must_use]
    pub fn parked(&self) -> Gauge {
        self.parked.clone()
    }

    /// The histogram of commits.
    #[must_use]
    pub fn commit_seconds(&self) -> Histogram {
        self.commit_seconds.clone()
    }

    /// The OpenMetrics text.
    ///
    /// # Errors
    /// Never with the metrics that are registered here; the library leaves it open.
    pub fn encode(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

fn known_source(source: &str) -> String {
    match Source::from(source) {
        Source::Other(_) => "other".to_owned(),
        known => known.as_str().to_owned(),
    }
}
