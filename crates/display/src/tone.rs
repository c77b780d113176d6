//! Colour and sign. Colour follows what the reader should feel allowed to do, not the backend's word.
//!
//! One exhaustive match on what is told; then the advice may only make it more careful, never less.

use payment_status_protocol::verdict::{Charged, PayAgain, Release};

use crate::display::{Icon, Tone};
use crate::teller::Reader;
use crate::told::{Reading, Told};

/// The colour and the sign of a reading for one reader.
pub(crate) fn tone_and_icon(reading: &Reading, reader: Reader) -> (Tone, Icon) {
    let (tone, icon) = by_state(reading.told, reader);
    let allowed = match tone {
        Tone::Done => nothing_left_to_do(reading, reader),
        Tone::Failed => proven_harmless(&reading.charged),
        Tone::Progress | Tone::Hold => true,
    };
    if allowed {
        (tone, icon)
    } else {
        (Tone::Hold, Icon::Stop)
    }
}

fn by_state(told: Told, reader: Reader) -> (Tone, Icon) {
    match (told, reader) {
        (Told::AwaitingPayment | Told::Processing | Told::ProcessingCharged, _) => {
            (Tone::Progress, Icon::Clock)
        }
        (Told::Checking | Told::CheckingCharged, _) => (Tone::Hold, Icon::Search),
        (Told::Paid | Told::PartiallyRefunded, _) => (Tone::Done, Icon::Check),
        // Both people at the counter are done; support still has a confirmation to repair.
        (Told::PaidNotConfirmed, Reader::Payer | Reader::Merchant) => (Tone::Done, Icon::Check),
        (Told::PaidNotConfirmed, Reader::Support) => (Tone::Hold, Icon::Check),
        (Told::DebitedNotCredited | Told::AmountMismatch, _) => (Tone::Hold, Icon::Stop),
        (Told::Declined | Told::Cancelled | Told::Expired, _) => (Tone::Failed, Icon::Cross),
        // Nobody has proven that no money moved.
        (Told::CancelledUnknown | Told::ExpiredUnknown, _) => (Tone::Hold, Icon::Search),
        // The payer just waits; the merchant must not hand over.
        (Told::Reversing, Reader::Payer | Reader::Support) => (Tone::Progress, Icon::Return),
        (Told::Reversing, Reader::Merchant) => (Tone::Hold, Icon::Return),
        (Told::Reversed, _) => (Tone::Failed, Icon::Return),
        (Told::Refunding, _) => (Tone::Progress, Icon::Return),
        // Green would tell the merchant to hand over.
        (Told::Refunded, Reader::Merchant) => (Tone::Hold, Icon::Return),
        (Told::Refunded, Reader::Payer | Reader::Support) => (Tone::Done, Icon::Return),
        (Told::Duplicate, _) => (Tone::Hold, Icon::Duplicate),
        (Told::UnderReview, _) => (Tone::Hold, Icon::Shield),
        (Told::Disputed, _) => (Tone::Hold, Icon::Scales),
    }
}

/// Green for the merchant means the goods may go; for the others it means that the money is where it should be.
fn nothing_left_to_do(reading: &Reading, reader: Reader) -> bool {
    match reader {
        Reader::Merchant => reading.release == Release::Release,
        Reader::Payer | Reader::Support => match reading.charged {
            Charged::Charged | Charged::Returned => true,
            Charged::NotCharged | Charged::Returning | Charged::Unknown | Charged::Other(_) => {
                false
            }
        },
    }
}

/// Red stands only beside "you were not charged" or "your money comes back".
fn proven_harmless(charged: &Charged) -> bool {
    match charged {
        Charged::NotCharged | Charged::Returning | Charged::Returned => true,
        Charged::Charged | Charged::Unknown | Charged::Other(_) => false,
    }
}

/// The colour of "was I charged?" alone.
pub(crate) fn of_charged(charged: &Charged) -> Tone {
    match charged {
        Charged::NotCharged | Charged::Charged | Charged::Returned => Tone::Done,
        Charged::Returning => Tone::Progress,
        Charged::Unknown | Charged::Other(_) => Tone::Hold,
    }
}

/// The colour of "may I pay again?" alone.
pub(crate) fn of_pay_again(pay_again: &PayAgain) -> Tone {
    match pay_again {
        PayAgain::Safe => Tone::Done,
        PayAgain::DoNot | PayAgain::Wait | PayAgain::Other(_) => Tone::Hold,
    }
}

/// The colour of "may I hand over the goods?" alone.
pub(crate) fn of_release(release: &Release) -> Tone {
    match release {
        Release::Release => Tone::Done,
        Release::Wait | Release::DoNot | Release::Other(_) => Tone::Hold,
    }
}
