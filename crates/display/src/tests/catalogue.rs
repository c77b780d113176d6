//! Every sentence that the code can ask for, derived from the enumerations, with its placeholders.

use payment_status_protocol::deadline;
use payment_status_protocol::reason::Reason;
use payment_status_protocol::report::{Leg, Outcome, Source};
use payment_status_protocol::verdict::{Charged, MoneyAt, NextActor, PayAgain, Release, State};

use crate::display::{Place, Standing};
use crate::situation::Trouble;
use crate::told::Told;

/// One sentence: where it stands, who asks for it, and what it must carry.
pub(super) struct Needed {
    pub(super) path: Vec<String>,
    pub(super) readers: &'static [&'static str],
    pub(super) placeholders: &'static [&'static str],
}

const ALL: &[&str] = &["payer", "merchant", "support"];
const NOT_SUPPORT: &[&str] = &["payer", "merchant"];

/// Rules that documents may name beside those of the protocol's own table.
const RULES: [&str; 14] = [
    "answer_limit",
    "query_window",
    "confirmation_resend",
    "reversal_window",
    "refund_window",
    "review_window",
    "dispute_window",
    "upi_t_plus_5",
    "upi_t_plus_1",
    "pix_answer",
    "sct_inst_answer",
    "fednow_answer",
    "order_expiry",
    "duplicate_refund",
];

/// The states, whose sentences may use what they like of `amount`, `returned` and `money`.
pub(super) fn states() -> Vec<String> {
    let told = Told::ALL.iter();
    told.flat_map(|told| ["0", "1"].map(|part| format!("state.{}.{part}", told.id())))
        .collect()
}

/// Everything else.
pub(super) fn sentences() -> Vec<Needed> {
    let mut all = Vec::new();
    let mut need = |path: &str, readers, placeholders| {
        let path = path.split('.').map(str::to_owned).collect();
        all.push(Needed {
            path,
            readers,
            placeholders,
        });
    };
    need("joined", NOT_SUPPORT, &["what", "advice"]);
    need("plain", ALL, &["what"]);
    need("aged", ALL, &["age", "advice"]);
    need("just_now", ALL, &[]);
    need("then", &["merchant"], &["a", "b"]);
    need("list", ALL, &["a", "b"]);
    need("verbatim", &["support"], &["text", "raw"]);
    for name in ["card", "trail", "reason", "steps", "next", "details"] {
        need(&format!("heading.{name}"), ALL, &[]);
    }
    for state in State::KNOWN {
        need(&format!("label.{state}"), ALL, &[]);
    }
    for value in Charged::KNOWN {
        need(&format!("charged.{value}"), ALL, &[]);
    }
    for value in PayAgain::KNOWN {
        need(&format!("advice.pay_again.{value}"), NOT_SUPPORT, &[]);
        need(&format!("pay_again.{value}"), ALL, &[]);
    }
    need("pay_again.first", ALL, &[]);
    need("pay_again.returning", ALL, &[]);
    for value in Release::KNOWN {
        need(&format!("advice.release.{value}"), &["merchant"], &[]);
        need(&format!("release.{value}"), &["merchant", "support"], &[]);
    }
    need("ask.charged", &["payer", "support"], &[]);
    need("ask.pay_again", ALL, &[]);
    need("ask.release", &["merchant", "support"], &[]);
    need("ask.payout", &["merchant"], &[]);
    for status in [
        "not_due", "pending", "paid_out", "failed", "unknown", "returned",
    ] {
        need(&format!("payout.{status}"), &["merchant"], &[]);
    }
    for value in MoneyAt::KNOWN {
        need(&format!("money.{value}"), ALL, &[]);
    }
    for place in Place::ALL {
        need(&format!("station.{}", place.id()), ALL, &[]);
    }
    need("station.text", ALL, &["place", "standing"]);
    need("station.broken", ALL, &["place", "standing"]);
    for standing in Standing::ALL {
        need(&format!("standing.{}", standing.id()), ALL, &[]);
    }
    for source in Source::KNOWN {
        need(&format!("who.{source}"), ALL, &[]);
    }
    for actor in NextActor::KNOWN
        .iter()
        .filter(|actor| **actor != NextActor::Nobody)
    {
        need(&format!("who.{actor}"), ALL, &[]);
    }
    need("who.other", ALL, &[]);
    for name in ["nobody", "you", "unknown"] {
        need(&format!("next.{name}"), ALL, &[]);
    }
    need("next.who", ALL, &["who"]);
    need("heading.timeline", ALL, &["reports"]);
    need("next.by", ALL, &["time", "rule"]);
    need("next.by_time", ALL, &["time"]);
    need("next.overdue", ALL, &["time", "rule", "who", "order"]);
    need("next.overdue_time", ALL, &["time", "who", "order"]);
    let rules = deadline::rules().iter().map(|rule| rule.name);
    for rule in rules.chain(RULES).chain(["other"]) {
        need(&format!("rule.{rule}"), ALL, &[]);
    }
    for leg in Leg::KNOWN {
        need(&format!("leg.{leg}"), ALL, &[]);
    }
    need("leg.other", ALL, &[]);
    for outcome in Outcome::KNOWN {
        need(&format!("outcome.{outcome}"), ALL, &[]);
    }
    need("outcome.other", ALL, &[]);
    need("timeline.entry", ALL, &["leg", "outcome"]);
    need("timeline.attempt", ALL, &["attempt", "text"]);
    need("timeline.claim", ALL, &[]);
    need("disagreement", ALL, &["leg", "yes", "no", "owner"]);
    need("superseded", ALL, &["was", "now", "source", "text", "time"]);
    need(
        "superseded_sometime",
        ALL,
        &["was", "now", "source", "text"],
    );
    need("earlier", ALL, &["was", "now"]);
    need("broken.leg", &["support"], &["leg"]);
    need("broken.code", &["support"], &["leg", "code"]);
    need("code.label", ALL, &[]);
    need("code.hint", ALL, &[]);
    need("code.say", NOT_SUPPORT, &["code"]);
    need("line.version", ALL, &["version"]);
    need("line.order", ALL, &[]);
    need("line.account", NOT_SUPPORT, &[]);
    need("freshness.connecting", ALL, &[]);
    for kind in ["live", "stale", "offline", "paused"] {
        need(&format!("freshness.{kind}"), ALL, &["age"]);
    }
    need("announce.stale", ALL, &[]);
    need("announce.offline", ALL, &[]);
    need("connecting", ALL, &[]);
    need("blank", ALL, &[]);
    for trouble in Trouble::EVERY {
        need(&format!("trouble.{}.0", trouble.id()), ALL, &[]);
        let placeholders: &[&str] = match trouble {
            Trouble::Configuration { .. } => &["attribute"],
            Trouble::Offline
            | Trouble::Unreachable
            | Trouble::NotFound
            | Trouble::BadSignature
            | Trouble::OtherTransaction
            | Trouble::WentBack
            | Trouble::Contradiction
            | Trouble::Unreadable
            | Trouble::KeysUnavailable
            | Trouble::UnsupportedBrowser
            | Trouble::Internal => &[],
        };
        need(&format!("trouble.{}.1", trouble.id()), ALL, placeholders);
    }
    for reason in Reason::all() {
        need(&format!("reason.{reason}"), ALL, &[]);
    }
    beside_the_card(&mut need);
    all
}

/// What is said by buttons, on paper and on the page without script.
fn beside_the_card(need: &mut impl FnMut(&str, &'static [&'static str], &'static [&'static str])) {
    need("review", ALL, &[]);
    for action in [
        "check", "copy", "copied", "print", "proof", "show", "alert", "close",
    ] {
        need(&format!("action.{action}"), ALL, &[]);
    }
    need("action.copy_failed", ALL, &["order"]);
    need("action.proof_saved", ALL, &["file"]);
    for name in ["text", "not_pay", "failed", "image"] {
        need(&format!("handover.{name}"), ALL, &[]);
    }
    need("handover.until", ALL, &["time"]);
    need("countdown.left", ALL, &["duration"]);
    need("countdown.over", ALL, &[]);
    need("print.as_of", ALL, &["time", "version"]);
    need("print.caveat", ALL, &[]);
    for name in ["title", "open", "open_text", "gone", "gone_advice"] {
        need(&format!("page.{name}"), ALL, &[]);
    }
    need("page.as_of", ALL, &["time"]);
}
