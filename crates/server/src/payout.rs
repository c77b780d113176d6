//! What the merchant's own money is doing: the settlement leg, for the merchant alone.

use payment_status_protocol::code::CodeBook;
use payment_status_protocol::decide::decide_attempts;
use payment_status_protocol::money::Amount;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::{Leg, Report};
use payment_status_protocol::snapshot::{LegLine, LegStatus, Snapshot, legs};
use payment_status_protocol::time::Time;
use payment_status_protocol::verdict::Charged;
use serde::Serialize;

use crate::ledger::set_of;
use crate::store::{StoreError, WholeTransaction};

/// The merchant's payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Payout<'a> {
    /// Where it stands.
    pub status: PayoutStatus,
    /// To which masked account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<&'a str>,
    /// Since when, as its source says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// Why it is late or failed, if its source gave a raw code that is not a success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// Where the payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutStatus {
    /// The merchant's side holds no money of this transaction.
    NotDue,
    /// It holds the money and has not paid it out.
    Pending,
    /// Paid out.
    PaidOut,
    /// It will not be paid out by itself.
    Failed,
    /// Its sources do not know, or contradict each other.
    Unknown,
}

/// The payout of the attempt whose payout needs attention most.
///
/// # Errors
/// When the stored snapshot cannot be read.
pub fn payout<'a>(
    whole: &'a WholeTransaction,
    codes: &dyn CodeBook,
) -> Result<Payout<'a>, StoreError> {
    let snapshot = whole.snapshot()?;
    let lines = settlement(whole, &snapshot, codes)?;
    let has_settlement = |attempt: &str| lines.iter().any(|line| *line.attempt == *attempt);
    let credited = |line: &LegLine| line.leg == Leg::Credit && line.status == LegStatus::Succeeded;
    let awaits_payout = !matches!(snapshot.charged, Charged::Returned | Charged::Returning)
        && snapshot
            .legs
            .iter()
            .any(|line| credited(line) && !has_settlement(&line.attempt));
    let account = whole.party.payout_account.as_deref();
    let without_source = |status| Payout {
        status,
        account,
        at: None,
        reason: None,
    };

    let Some(line) = lines.iter().max_by_key(|line| attention(&line.status)) else {
        return Ok(without_source(if awaits_payout {
            PayoutStatus::Pending
        } else {
            PayoutStatus::NotDue
        }));
    };
    // One attempt's money is paid out, and nobody has spoken of another's.
    if awaits_payout && line.status == LegStatus::Succeeded {
        return Ok(without_source(PayoutStatus::Pending));
    }
    let status = match &line.status {
        LegStatus::Succeeded => PayoutStatus::PaidOut,
        LegStatus::Pending => PayoutStatus::Pending,
        LegStatus::Failed => PayoutStatus::Failed,
        LegStatus::Unknown | LegStatus::Conflict | LegStatus::Other(_) => PayoutStatus::Unknown,
    };
    Ok(Payout {
        status,
        account,
        at: line.at,
        reason: reason_of(whole, codes, line, status),
    })
}

/// The legs that the shared document leaves out, because they concern the merchant's side alone.
///
/// # Errors
/// When the stored reports contradict their own keys.
pub fn settlement(
    whole: &WholeTransaction,
    snapshot: &Snapshot,
    codes: &dyn CodeBook,
) -> Result<Vec<LegLine>, StoreError> {
    let reports = whole.reports.iter().map(|stored| stored.report.clone());
    let reports =
        set_of(reports.collect()).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let amount = Amount {
        minor: snapshot.amount.minor,
        currency: snapshot.amount.currency,
    };
    let (_, attempts) = decide_attempts(&amount, &reports, codes);
    Ok(legs(&attempts)
        .filter(|line| !line.leg.is_shared())
        .collect())
}

/// The reason of the report that decided the line. A success needs none.
fn reason_of(
    whole: &WholeTransaction,
    codes: &dyn CodeBook,
    line: &LegLine,
    status: PayoutStatus,
) -> Option<Reason> {
    if status == PayoutStatus::PaidOut {
        return None;
    }
    let decided = |report: &&Report| {
        report.leg == Leg::Settlement
            && report.attempt == line.attempt
            && report.source == line.source
            && report.at == line.at
    };
    let report = whole
        .reports
        .iter()
        .map(|stored| &stored.report)
        .rfind(decided)?;
    let exact = report
        .code
        .as_ref()
        .map(|code| codes.look_up(code).reason)?;
    // What must stay with support has no words for the merchant either; a card's neutral decline would be wrong here.
    (exact.public() == exact).then_some(exact)
}

fn attention(status: &LegStatus) -> u8 {
    match status {
        LegStatus::Succeeded => 0,
        LegStatus::Pending => 1,
        LegStatus::Unknown | LegStatus::Other(_) => 2,
        LegStatus::Conflict => 3,
        LegStatus::Failed => 4,
    }
}
