//! Asking for a write: the commands that go to the writer, and [`Store`]'s side of them.

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use tokio::sync::oneshot;

use super::{
    Accepted, AppendError, Known, NewHandover, NewReport, NewToken, NewTransaction, Opened, Store,
    StoreError, Viewer,
};
use crate::secret::SecretHash;
use crate::signing::StoredKey;

/// Something to be written, and where the answer goes.
#[derive(Debug)]
pub(super) enum Command {
    Create(Box<NewTransaction>, Reply<Option<Known>>),
    Append(
        Vec<NewReport>,
        Time,
        oneshot::Sender<Result<Vec<Accepted>, AppendError>>,
    ),
    ReportOverdue(Time, Reply<u64>),
    AddTokens(TransactionId, Vec<NewToken>, Reply<()>),
    RevokeTokens(TransactionId, Party, Time, Reply<u64>),
    HandOver(NewHandover, Time, Reply<Option<Time>>),
    OpenHandover(SecretHash, Viewer, Time, Reply<Option<Opened>>),
    RotateKey(StoredKey, Time, Reply<()>),
    Probe(Time, Reply<()>),
}

/// Where the answer of a command goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

impl Command {
    /// Answers a command that was not tried, because the commit it would have been in is lost.
    pub(super) fn refuse(self, error: &sqlx::Error) {
        let lost = || StoreError::Commit(error.to_string());
        match self {
            Self::Append(_, _, reply) => drop(reply.send(Err(lost().into()))),
            Self::ReportOverdue(_, reply) | Self::RevokeTokens(_, _, _, reply) => {
                drop(reply.send(Err(lost())));
            }
            Self::HandOver(_, _, reply) => drop(reply.send(Err(lost()))),
            Self::OpenHandover(_, _, _, reply) => drop(reply.send(Err(lost()))),
            Self::Create(_, reply) => drop(reply.send(Err(lost()))),
            Self::AddTokens(_, _, reply) | Self::RotateKey(_, _, reply) | Self::Probe(_, reply) => {
                drop(reply.send(Err(lost())))
            }
        }
    }
}

impl Store {
    /// Stores a transaction with its first document and its tokens. `Some`, and nothing stored, if the merchant has
    /// used the same idempotency key before.
    ///
    /// # Errors
    /// When the commit fails.
    pub async fn create(&self, new: NewTransaction) -> Result<Option<Known>, StoreError> {
        self.ask(|reply| Command::Create(Box::new(new), reply))
            .await
    }

    /// Stores a batch whole or not at all; returns once it is durable.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub async fn append(
        &self,
        reports: Vec<NewReport>,
        now: Time,
    ) -> Result<Vec<Accepted>, AppendError> {
        let (reply, answer) = oneshot::channel();
        let command = Command::Append(reports, now, reply);
        self.writes
            .send(command)
            .await
            .map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Lets the clock report on every transaction that is due. Returns how many reports it made.
    ///
    /// # Errors
    /// When the commit fails.
    pub async fn report_overdue(&self, now: Time) -> Result<u64, StoreError> {
        self.ask(|reply| Command::ReportOverdue(now, reply)).await
    }

    /// Adds tokens, all of them or none.
    ///
    /// # Errors
    /// When the commit fails.
    pub async fn add_tokens(
        &self,
        transaction: TransactionId,
        tokens: Vec<NewToken>,
    ) -> Result<(), StoreError> {
        self.ask(|reply| Command::AddTokens(transaction, tokens, reply))
            .await
    }

    /// Revokes every token of a party. Returns how many were good until now.
    ///
    /// # Errors
    /// When the commit fails.
    pub async fn revoke_tokens(
        &self,
        transaction: TransactionId,
        party: Party,
        now: Time,
    ) -> Result<u64, StoreError> {
        self.ask(|reply| Command::RevokeTokens(transaction, party, now, reply))
            .await
    }

    /// Adds a code by which another device can open a transaction. `Some` if too many of this
    /// transaction wait already: when the first of them expires.
    ///
    /// # Errors
    /// When the commit fails.
    pub async fn hand_over(&self, new: NewHandover, now: Time) -> Result<Option<Time>, StoreError> {
        self.ask(|reply| Command::HandOver(new, now, reply)).await
    }

    /// Uses a code up and lets `viewer` in; `None` if there is no such code (any more).
    ///
    /// # Errors
    /// When the commit fails; the code can be opened again then.
    pub async fn open_handover(
        &self,
        code: SecretHash,
        viewer: Viewer,
        now: Time,
    ) -> Result<Option<Opened>, StoreError> {
        self.ask(|reply| Command::OpenHandover(code, viewer, now, reply))
            .await
    }

    /// Makes `key` the one that signs, retires the others and erases their private halves.
    ///
    /// # Errors
    /// When the commit fails.
    pub async fn rotate_key(&self, key: StoredKey, now: Time) -> Result<(), StoreError> {
        self.ask(|reply| Command::RotateKey(key, now, reply)).await
    }

    /// Writes and commits a row, to see that it can be done.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn probe(&self, now: Time) -> Result<(), StoreError> {
        self.ask(|reply| Command::Probe(now, reply)).await
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.writes
            .send(command(reply))
            .await
            .map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}
