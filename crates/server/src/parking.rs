//! Requests that wait for a change, and how they wake.
//!
//! Only a hint passes through here: a woken request reads the store again, so that correctness
//! rests on `version > seen` alone and a token revoked meanwhile is noticed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use payment_status_protocol::id::TransactionId;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::watch;
use tokio::time::Instant;

/// The most requests that wait at one time; further ones are answered at once.
pub const MAX_PARKED: i64 = 20_000;

/// Everybody who waits.
#[derive(Debug)]
pub struct Parking {
    transactions: Mutex<HashMap<TransactionId, watch::Sender<()>>>,
    feed: watch::Sender<()>,
    closing: watch::Sender<bool>,
    parked: Gauge,
}

/// A place taken before the store is read, so that a change between the reading and the waiting
/// is not missed.
pub struct Place {
    parking: Arc<Parking>,
    transaction: Option<TransactionId>,
    changes: watch::Receiver<()>,
    closing: watch::Receiver<bool>,
}

/// Why the waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// Something was committed: read again.
    Changed,
    /// The time is over.
    TimeOver,
    /// The server is stopping: answer with what there is.
    Closing,
    /// Too many wait already: this one is answered at once.
    Full,
}

impl Parking {
    /// Nobody waits yet. `parked` counts those who do.
    #[must_use]
    pub fn new(parked: Gauge) -> Self {
        Self {
            transactions: Mutex::default(),
            feed: watch::Sender::new(()),
            closing: watch::Sender::new(false),
            parked,
        }
    }

    /// A place that wakes when this transaction changes.
    #[must_use]
    pub fn place(self: &Arc<Self>, transaction: &TransactionId) -> Place {
        let changes = self
            .transactions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(transaction.clone())
            .or_default()
            .subscribe();
        self.new_place(Some(transaction.clone()), changes)
    }

    /// A place that wakes when any transaction changes.
    #[must_use]
    pub fn feed_place(self: &Arc<Self>) -> Place {
        self.new_place(None, self.feed.subscribe())
    }

    /// Wakes those who wait for one of these transactions, and everybody on the feed.
    pub fn wake<'a>(&self, changed: impl IntoIterator<Item = &'a TransactionId>) {
        let transactions = self
            .transactions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for transaction in changed {
            if let Some(waiting) = transactions.get(transaction) {
                waiting.send_replace(());
            }
        }
        drop(transactions);
        self.feed.send_replace(());
    }

    /// Ends every waiting, now and from now on.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    fn new_place(
        self: &Arc<Self>,
        transaction: Option<TransactionId>,
        changes: watch::Receiver<()>,
    ) -> Place {
        Place {
            parking: Arc::clone(self),
            transaction,
            changes,
            closing: self.closing.subscribe(),
        }
    }
}

impl Place {
    /// Waits for the next change since the place was taken or since the last call.
    pub async fn wait_until(&mut self, deadline: Instant) -> Woken {
        if *self.closing.borrow() {
            return Woken::Closing;
        }
        if deadline <= Instant::now() {
            return Woken::TimeOver;
        }
        if self.parking.parked.get() >= MAX_PARKED {
            return Woken::Full;
        }
        let _counted = Counted::new(&self.parking.parked);
        tokio::select! {
            // Where a change and the end come together, the change is told.
            biased;
            // Both senders live in `Parking`, which this place keeps alive.
            _ = self.changes.changed() => Woken::Changed,
            _ = self.closing.changed() => Woken::Closing,
            () = tokio::time::sleep_until(deadline) => Woken::TimeOver,
        }
    }

    /// When a wait of this length that begins now ends.
    #[must_use]
    pub fn deadline(wait: Duration) -> Instant {
        Instant::now() + wait
    }
}

impl Drop for Place {
    /// The last one to leave removes the entry: transactions nobody looks at cost nothing.
    fn drop(&mut self) {
        let Some(transaction) = &self.transaction else {
            return;
        };
        let mut transactions = self
            .parking
            .transactions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if transactions
            .get(transaction)
            .is_some_and(|waiting| waiting.receiver_count() <= 1)
        {
            transactions.remove(transaction);
        }
    }
}

/// Counts one parked request for as long as it lives, also when its connection breaks.
struct Counted<'a>(&'a Gauge);

impl<'a> Counted<'a> {
    fn new(gauge: &'a Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parking() -> Arc<Parking> {
        Arc::new(Parking::new(Gauge::default()))
    }

    #[tokio::test]
    async fn a_change_between_taking_the_place_and_waiting_is_not_missed() {
        let (parking, id) = (parking(), TransactionId::from_bits(7));
        let mut place = parking.place(&id);
        parking.wake([&id]);
        let woken = place
            .wait_until(Place::deadline(Duration::from_secs(5)))
            .await;
        assert_eq!(woken, Woken::Changed);
    }

    #[tokio::test]
    async fn only_the_changed_transaction_wakes_and_places_are_given_back() {
        let (parking, id) = (parking(), TransactionId::from_bits(7));
        let mut place = parking.place(&id);
        parking.wake([&TransactionId::from_bits(8)]);
        let woken = place
            .wait_until(Place::deadline(Duration::from_millis(20)))
            .await;
        assert_eq!(woken, Woken::TimeOver);
        drop(place);
        assert!(parking.transactions.lock().unwrap().is_empty());
        assert_eq!(parking.parked.get(), 0);
    }

    #[tokio::test]
    async fn a_full_house_turns_away_at_once() {
        let parking = parking();
        parking.parked.set(MAX_PARKED);
        let mut place = parking.feed_place();
        assert_eq!(
            place
                .wait_until(Place::deadline(Duration::from_secs(5)))
                .await,
            Woken::Full
        );
    }

    #[tokio::test]
    async fn closing_ends_every_waiting() {
        let parking = parking();
        let mut place = parking.feed_place();
        parking.close();
        assert_eq!(
            place
                .wait_until(Place::deadline(Duration::from_secs(5)))
                .await,
            Woken::Closing
        );
    }
}
