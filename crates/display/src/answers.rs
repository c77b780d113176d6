//! The reader's questions, answered: each answer from its own value of the verdict and from nothing else.

use payment_status_protocol::snapshot::Snapshot;
use payment_status_protocol::verdict::{Charged, MoneyAt, PayAgain, Release};

use crate::display::{Answer, Question, Tone};
use crate::headline::aged;
use crate::situation::{PartyFacts, Situation};
use crate::teller::{Reader, Teller};
use crate::told::{Reading, Told};
use crate::tone;

/// The answers for one reader, the most pressing question first.
pub(crate) fn answers(
    teller: &Teller<'_>,
    reading: &Reading,
    snapshot: &Snapshot,
    situation: &Situation<'_>,
    age: Option<&str>,
) -> Vec<Answer> {
    let charged = || charged(teller, &reading.charged);
    let pay_again = || pay_again(teller, reading, age);
    let release = || release(teller, &reading.release, age);
    match teller.reader {
        Reader::Payer => vec![charged(), pay_again()],
        Reader::Merchant => {
            vec![
                release(),
                pay_again(),
                payout(teller, reading, snapshot, situation),
            ]
        }
        Reader::Support => vec![charged(), pay_again(), release()],
    }
}

fn answer(teller: &Teller<'_>, question: Question, text: String, tone: Tone) -> Answer {
    let key = match question {
        Question::Charged => "charged",
        Question::PayAgain => "pay_again",
        Question::Release => "release",
        Question::Payout => "payout",
    };
    Answer {
        question,
        label: teller.say(&["ask", key], &[]),
        text,
        tone,
    }
}

fn charged(teller: &Teller<'_>, charged: &Charged) -> Answer {
    let key = match charged {
        Charged::NotCharged => "not_charged",
        Charged::Charged => "charged",
        Charged::Returning => "returning",
        Charged::Returned => "returned",
        Charged::Unknown | Charged::Other(_) => "unknown",
    };
    let text = teller.say(&["charged", key], &[]);
    answer(teller, Question::Charged, text, tone::of_charged(charged))
}

fn pay_again(teller: &Teller<'_>, reading: &Reading, age: Option<&str>) -> Answer {
    let say = |key| teller.say(&["pay_again", key], &[]);
    let text = match (&reading.pay_again, reading.told) {
        (PayAgain::Safe, _) => aged(teller, age, say("safe")),
        (PayAgain::DoNot, _) => say("do_not"),
        // "Not yet" would be odd to somebody who has not paid at all.
        (PayAgain::Wait | PayAgain::Other(_), Told::AwaitingPayment) => {
            aged(teller, age, say("first"))
        }
        // What is waited for is no answer any more: it is the money.
        (PayAgain::Wait | PayAgain::Other(_), Told::Reversing | Told::Refunding) => {
            say("returning")
        }
        (PayAgain::Wait | PayAgain::Other(_), _) => say("wait"),
    };
    answer(
        teller,
        Question::PayAgain,
        text,
        tone::of_pay_again(&reading.pay_again),
    )
}

fn release(teller: &Teller<'_>, release: &Release, age: Option<&str>) -> Answer {
    let say = |key| teller.say(&["release", key], &[]);
    let text = match release {
        Release::Release => aged(teller, age, say("release")),
        Release::DoNot => say("do_not"),
        Release::Wait | Release::Other(_) => say("wait"),
    };
    answer(teller, Question::Release, text, tone::of_release(release))
}

/// Will the merchant get the money on the bank account? From the merchant's own document, or from the trail while that
/// document has not come.
fn payout(
    teller: &Teller<'_>,
    reading: &Reading,
    snapshot: &Snapshot,
    situation: &Situation<'_>,
) -> Answer {
    if reading.charged == Charged::NotCharged {
        // "Not yet" would have the merchant wait for money that nobody has taken.
        let text = teller.say(&["charged", "not_charged"], &[]);
        return answer(teller, Question::Payout, text, Tone::Hold);
    }
    let (status, reason) = match situation.document_for(snapshot, Reader::Merchant) {
        Some(PartyFacts::Merchant { payout, reason, .. }) => (Some(payout), reason),
        Some(PartyFacts::Payer { .. } | PartyFacts::Support { .. }) | None => (None, None),
    };
    let (key, tone) = match (&reading.charged, status) {
        (Charged::Returning | Charged::Returned, _) => ("returned", Tone::Hold),
        (_, Some("paid_out")) => ("paid_out", Tone::Done),
        (_, Some("pending")) => ("pending", Tone::Progress),
        (_, Some("failed")) => ("failed", Tone::Hold),
        (_, Some("not_due")) => ("not_due", Tone::Hold),
        (_, Some(_)) => ("unknown", Tone::Hold),
        (_, None) => from_trail(&reading.money_at),
    };
    let mut text = teller.say(&["payout", key], &[]);
    if let Some(why) = reason.and_then(|r| teller.may_say(&["reason", r.as_str()], &[])) {
        text = teller.say(&["then"], &[("a", &text), ("b", &why)]);
    }
    answer(teller, Question::Payout, text, tone)
}

fn from_trail(money_at: &MoneyAt) -> (&'static str, Tone) {
    match money_at {
        MoneyAt::Merchant => ("paid_out", Tone::Done),
        MoneyAt::Acquirer => ("pending", Tone::Progress),
        MoneyAt::Payer | MoneyAt::InFlight => ("not_due", Tone::Hold),
        MoneyAt::Returning | MoneyAt::Returned => ("returned", Tone::Hold),
        MoneyAt::Unknown | MoneyAt::Other(_) => ("unknown", Tone::Hold),
    }
}
