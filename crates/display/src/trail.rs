//! The money trail: five stations, the money where it is, and the link that broke.

use payment_status_protocol::report::Leg;
use payment_status_protocol::verdict::{Charged, MoneyAt};

use crate::display::{Place, Standing, Station, Trail};
use crate::teller::Teller;
use crate::told::Reading;

/// The trail of a reading.
pub(crate) fn trail(teller: &Teller<'_>, reading: &Reading, broken_leg: Option<&Leg>) -> Trail {
    let broken = broken_leg.and_then(breaks_at);
    let standings = standings(reading);
    let stations = std::array::from_fn(|i| {
        // Both arrays have five entries by their types; the fallbacks are never taken.
        let place = Place::ALL.get(i).copied().unwrap_or(Place::Payer);
        let standing = standings.get(i).copied().unwrap_or(Standing::Unknown);
        station(teller, place, standing, broken == Some(place))
    });
    Trail {
        stations,
        caption: teller.say(&["money", reading.money_at.as_str()], &[]),
    }
}

fn station(teller: &Teller<'_>, place: Place, standing: Standing, broken: bool) -> Station {
    let label = teller.say(&["station", place.id()], &[]);
    let seen = teller.say(&["standing", standing.id()], &[]);
    let key = if broken { "broken" } else { "text" };
    let text = teller.say(&["station", key], &[("place", &label), ("standing", &seen)]);
    Station {
        place,
        label,
        standing,
        text,
        broken,
    }
}

/// From the payer to the merchant.
fn standings(reading: &Reading) -> [Standing; 5] {
    use Standing::{Ahead, MoneyHere, Passed, Returned, Unknown};
    match &reading.money_at {
        MoneyAt::Payer => [MoneyHere, Ahead, Ahead, Ahead, Ahead],
        MoneyAt::InFlight => [Passed, Passed, MoneyHere, Ahead, Ahead],
        MoneyAt::Acquirer => [Passed, Passed, Passed, MoneyHere, Ahead],
        MoneyAt::Merchant => [Passed, Passed, Passed, Passed, MoneyHere],
        MoneyAt::Returning => [Ahead, Ahead, MoneyHere, Returned, Returned],
        MoneyAt::Returned => [MoneyHere, Returned, Returned, Returned, Returned],
        MoneyAt::Unknown | MoneyAt::Other(_) => match reading.charged {
            Charged::Charged => [Passed, Unknown, Unknown, Unknown, Unknown],
            Charged::NotCharged
            | Charged::Returning
            | Charged::Returned
            | Charged::Unknown
            | Charged::Other(_) => [Unknown; 5],
        },
    }
}

/// The station that the broken link leads to.
fn breaks_at(leg: &Leg) -> Option<Place> {
    match leg {
        Leg::Debit => Some(Place::WalletOrIssuer),
        Leg::Network => Some(Place::Network),
        Leg::Credit => Some(Place::Acquirer),
        // The money need not have stopped: here it is the message to the shop that did.
        Leg::Confirmation | Leg::Settlement => Some(Place::Merchant),
        Leg::Return => Some(Place::Payer),
        Leg::Order | Leg::Review | Leg::Dispute | Leg::Other(_) => None,
    }
}
