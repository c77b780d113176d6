//! One task that writes.
//!
//! Whatever waits when a commit begins goes into that commit (each command in its own savepoint,
//! so that one refusal leaves the others alone), and all of it is acknowledged after one `fsync`.
//! A command that comes alone does not wait for company.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::party::Party;
use payment_status_protocol::time::Time;
use prometheus_client::metrics::histogram::Histogram;
use sqlx::{Connection as _, Row as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};

use super::ledger_rows::Changed;
use super::{
    Accepted, AppendError, NewReport, NewToken, NewTransaction, Store, StoreError, access, append,
    ledger_rows, overdue,
};
use crate::parking::Parking;
use crate::signing::StoredKey;

/// The most commands in one commit: bounds how long the first of them waits.
const MAX_COMMANDS_PER_COMMIT: usize = 128;

/// What a write depends on beside its input.
#[derive(Debug, Clone, Copy)]
pub struct WriterSettings {
    /// See [`crate::clock::DEFAULT_ANSWER_LIMIT`].
    pub answer_limit: Duration,
}

/// Something to be written, and where the answer goes.
#[derive(Debug)]
pub(super) enum Command {
    Create(Box<NewTransaction>, Reply<()>),
    Append(
        Vec<NewReport>,
        Time,
        oneshot::Sender<Result<Vec<Accepted>, AppendError>>,
    ),
    ReportOverdue(Time, Reply<u64>),
    AddToken(TransactionId, NewToken, Reply<()>),
    RevokeTokens(TransactionId, Party, Time, Reply<u64>),
    RotateKey(StoredKey, Time, Reply<()>),
    Probe(Time, Reply<()>),
}

type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// An answer that is held back until the commit is durable. Called with the commit's failure, if it failed.
type HeldAnswer = Box<dyn FnOnce(Option<String>) + Send>;

pub(super) struct Writer {
    connection: SqliteConnection,
    parking: Arc<Parking>,
    commit_seconds: Histogram,
    settings: WriterSettings,
    next_clock_due: watch::Sender<Option<Time>>,
}

impl Writer {
    pub(super) async fn new(
        mut connection: SqliteConnection,
        parking: Arc<Parking>,
        commit_seconds: Histogram,
        settings: WriterSettings,
    ) -> Result<(Self, watch::Receiver<Option<Time>>), StoreError> {
        let due = next_clock_due(&mut connection).await?;
        let (next_clock_due, receiver) = watch::channel(due);
        Ok((
            Self {
                connection,
                parking,
                commit_seconds,
                settings,
                next_clock_due,
            },
            receiver,
        ))
    }

    /// Writes until every [`Store`] is dropped, then closes the database.
    pub(super) async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        while let Some(first) = commands.recv().await {
            let mut batch = vec![first];
            while batch.len() < MAX_COMMANDS_PER_COMMIT
                && let Ok(next) = commands.try_recv()
            {
                batch.push(next);
            }
            self.commit(batch).await;
        }
        if let Err(error) = self.connection.close().await {
            tracing::error!(%error, "closing the database");
        }
    }

    async fn commit(&mut self, batch: Vec<Command>) {
        let began = std::time::Instant::now();
        let mut answers: Vec<HeldAnswer> = Vec::with_capacity(batch.len());
        let mut changed = Changed::default();
        let mut failure = execute(&mut self.connection, "BEGIN IMMEDIATE").await.err();
        for command in batch {
            // After a failure the rest is only answered, not tried.
            if failure.is_none() {
                failure = execute(&mut self.connection, "SAVEPOINT command")
                    .await
                    .err();
            }
            if let Some(error) = &failure {
                refuse(command, error);
                continue;
            }
            let mut of_command = Changed::default();
            let answer = self.run_command(command, &mut of_command).await;
            let end = match &answer {
                Ok(_) => "RELEASE command",
                Err(_) => "ROLLBACK TO command; RELEASE command",
            };
            failure = execute(&mut self.connection, end).await.err();
            if let Ok(answer) = answer {
                answers.push(answer);
                changed.merge(of_command);
            }
        }
        if failure.is_none() {
            failure = execute(&mut self.connection, "COMMIT").await.err();
        }
        if let Some(error) = &failure {
            tracing::error!(%error, "commit failed; nothing of it was acknowledged");
            // The connection may already be outside of a transaction.
            execute(&mut self.connection, "ROLLBACK").await.ok();
        }
        let failed = failure.map(|error| error.to_string());
        let is_durable = failed.is_none();
        for answer in answers {
            answer(failed.clone());
        }
        if is_durable {
            self.commit_seconds.observe(began.elapsed().as_secs_f64());
            self.announce(changed).await;
        }
    }

    /// Runs one command inside its savepoint. `Ok` is the answer to give after the commit; on `Err`
    /// the refusal was answered already and the savepoint must be rolled back.
    async fn run_command(
        &mut self,
        command: Command,
        changed: &mut Changed,
    ) -> Result<HeldAnswer, ()> {
        let connection = &mut self.connection;
        let limit = self.settings.answer_limit;
        match command {
            Command::Create(new, reply) => hold(
                ledger_rows::create(connection, &new, limit, changed).await,
                reply,
            ),
            Command::Append(reports, now, reply) => {
                match append::append(connection, reports, now, limit, changed).await {
                    Ok(accepted) => Ok(Box::new(move |failed| {
                        let answer = match failed {
                            None => Ok(accepted),
                            Some(why) => Err(AppendError::Store(StoreError::Commit(why))),
                        };
                        // The client may have gone; its reports are stored all the same.
                        reply.send(answer).ok();
                    })),
                    Err(error) => {
                        reply.send(Err(error)).ok();
                        Err(())
                    }
                }
            }
            Command::ReportOverdue(now, reply) => hold(
                overdue::report_overdue(connection, now, limit, changed).await,
                reply,
            ),
            Command::AddToken(transaction, token, reply) => hold(
                access::add_token(connection, &transaction, &token).await,
                reply,
            ),
            Command::RevokeTokens(transaction, party, now, reply) => {
                changed.woken.insert(transaction.clone());
                hold(
                    access::revoke_tokens(connection, &transaction, &party, now).await,
                    reply,
                )
            }
            Command::RotateKey(key, now, reply) => {
                hold(access::rotate_key(connection, &key, now).await, reply)
            }
            Command::Probe(now, reply) => hold(access::probe(connection, now).await, reply),
        }
    }

    async fn announce(&mut self, changed: Changed) {
        if !changed.woken.is_empty() {
            self.parking.wake(&changed.woken);
        }
        if !changed.clock_moved {
            return;
        }
        match next_clock_due(&mut self.connection).await {
            Ok(due) => {
                self.next_clock_due.send_if_modified(|current| {
                    let moved = *current != due;
                    *current = due;
                    moved
                });
            }
            Err(error) => tracing::error!(%error, "reading when the clock is due"),
        }
    }
}

impl Changed {
    fn merge(&mut self, other: Self) {
        self.woken.extend(other.woken);
        self.clock_moved |= other.clock_moved;
    }
}

impl Store {
    /// Stores a transaction with its first document and its tokens.
    ///
    /// # Errors
    /// When the commit fails.
    pub async fn create(&self, new: NewTransaction) -> Result<(), StoreError> {
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

    /// Adds a token.
    ///
    /// # Errors
    /// When the commit fails.
    pub async fn add_token(
        &self,
        transaction: TransactionId,
        token: NewToken,
    ) -> Result<(), StoreError> {
        self.ask(|reply| Command::AddToken(transaction, token, reply))
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

fn hold<T: Send + 'static>(
    result: Result<T, StoreError>,
    reply: Reply<T>,
) -> Result<HeldAnswer, ()> {
    match result {
        Ok(value) => Ok(Box::new(move |failed| {
            reply
                .send(failed.map_or(Ok(value), |why| Err(StoreError::Commit(why))))
                .ok();
        })),
        Err(error) => {
            reply.send(Err(error)).ok();
            Err(())
        }
    }
}

/// Answers a command that was not tried, because the commit it would have been in is lost.
fn refuse(command: Command, error: &sqlx::Error) {
    let lost = || StoreError::Commit(error.to_string());
    match command {
        Command::Append(_, _, reply) => drop(reply.send(Err(lost().into()))),
        Command::ReportOverdue(_, reply) | Command::RevokeTokens(_, _, _, reply) => {
            drop(reply.send(Err(lost())));
        }
        Command::Create(_, reply)
        | Command::AddToken(_, _, reply)
        | Command::RotateKey(_, _, reply)
        | Command::Probe(_, reply) => drop(reply.send(Err(lost()))),
    }
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

async fn next_clock_due(connection: &mut SqliteConnection) -> Result<Option<Time>, StoreError> {
    let row =
        sqlx::query("SELECT MIN(clock_due_ms) FROM transactions WHERE clock_due_ms IS NOT NULL")
            .fetch_one(connection)
            .await?;
    Ok(row.try_get::<Option<i64>, _>(0)?.map(Time::from_ms))
}

/// So that [`Changed::woken`] has a fixed order.
pub(super) type Woken = BTreeSet<TransactionId>;
