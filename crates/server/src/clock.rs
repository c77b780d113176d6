//! The server's own clock as a source: it reports that a limit passed, and nothing else.
//!
//! Time enters the verdict only as a report (promise P9), through the same commit as any other.
//! [`pending_reports`] says what the clock would report and when; [`run`] waits for that moment.
//! A report's id and its `at` follow from what is stored, so a restart reports the same again.

use std::time::Duration;

use payment_status_protocol::code::CodeBook;
use payment_status_protocol::decide::{Reports, decide_attempts};
use payment_status_protocol::join::Step;
use payment_status_protocol::report::{Leg, Outcome, RawCode, Report, Source};
use payment_status_protocol::snapshot::TransactionFacts;
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::State;
use tokio::sync::watch;

use crate::metrics::Metrics;
use crate::store::Store;
use crate::time::now;

/// How long an attempt may stay `processing` without a newer report before the clock says so.
pub const DEFAULT_ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// What the clock will report on this transaction if nothing else comes, each with its moment in `at`.
///
/// - `order` `failed` (expired) at the order's expiry, unless somebody closed it, the verdict is
///   final, or an attempt's debit or credit has succeeded.
/// - `unknown` on the leg that an attempt in `processing` waits for, `answer_limit` after the newest
///   report, while the whole is `processing`: `debit`, or `network` once the debit is proven. Not
///   `credit`: an acquirer's `pending` there would hide that the limit passed (docs/protocol.md, 7.1).
#[must_use]
pub fn pending_reports(
    facts: &TransactionFacts,
    reports: &Reports,
    codes: &dyn CodeBook,
    newest_received: Option<Time>,
    answer_limit: Duration,
) -> Vec<Report> {
    let (verdict, attempts) = decide_attempts(&facts.amount, reports, codes);
    let mut pending = Vec::new();

    let closed = reports.as_slice().iter().any(|report| {
        report.leg == Leg::Order
            && report.outcome == Outcome::Failed
            && matches!(report.source, Source::MerchantSystem | Source::Clock)
    });
    let money_moved = attempts.iter().any(|attempt| {
        attempt.legs.joined.debit == Step::Succeeded
            || attempt.legs.joined.credit == Step::Succeeded
    });
    if !closed && !verdict.is_final && !money_moved {
        pending.push(Report {
            id: format!("clock:{}:order", facts.transaction).into(),
            attempt: "1".into(),
            source: Source::Clock,
            leg: Leg::Order,
            outcome: Outcome::Failed,
            code: Some(RawCode {
                scheme: "order".into(),
                family: Some("order".into()),
                value: "expired".into(),
            }),
            amount: None,
            return_id: "1".into(),
            at: Some(facts.expires_at),
        });
    }

    if let Some(newest) = newest_received
        && verdict.state == State::Processing
    {
        let limit_ms = i64::try_from(answer_limit.as_millis()).unwrap_or(i64::MAX);
        let due = Time::from_ms(newest.as_ms().saturating_add(limit_ms));
        for attempt in attempts
            .iter()
            .filter(|a| a.verdict.state == State::Processing)
        {
            let leg = match attempt.legs.joined.debit {
                Step::Succeeded => Leg::Network,
                Step::Absent | Step::Unknown | Step::Pending | Step::Failed | Step::Conflict => {
                    Leg::Debit
                }
            };
            pending.push(Report {
                id: format!("clock:{}:{}:{leg}", facts.transaction, attempt.id).into(),
                attempt: attempt.id.into(),
                source: Source::Clock,
                leg,
                outcome: Outcome::Unknown,
                code: None,
                amount: None,
                return_id: "1".into(),
                at: Some(due),
            });
        }
    }

    // What the clock has said once it does not say again.
    pending.retain(|candidate| {
        !reports
            .as_slice()
            .iter()
            .any(|report| report.source == Source::Clock && report.id == candidate.id)
    });
    pending
}

/// Commits the clock's reports when they are due, from start (catching up) until `closing`.
pub async fn run(store: Store, metrics: Metrics, mut closing: watch::Receiver<bool>) {
    let mut next_due = store.next_clock_due();
    loop {
        let due = *next_due.borrow_and_update();
        let wait = due.map(|due| {
            Duration::from_millis(u64::try_from(due.as_ms() - now().as_ms()).unwrap_or(0))
        });
        tokio::select! {
            () = sleep(wait) => {}
            changed = next_due.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
            _ = closing.changed() => return,
        }
        match store.report_overdue(now()).await {
            Ok(count) => metrics.reports_accepted(Source::Clock.as_str(), count),
            Err(error) => {
                tracing::error!(%error, "the clock could not report; trying again in a second");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Sleeps, or forever if there is nothing to wait for. In steps of at most an hour, so that a
/// machine that was suspended or whose clock was set catches up.
async fn sleep(wait: Option<Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait.min(Duration::from_secs(3600))).await,
        None => std::future::pending().await,
    }
}
