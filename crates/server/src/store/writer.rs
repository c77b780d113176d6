//! One task that writes.
//!
//! Whatever waits when a commit begins goes into that commit (each command in its own savepoint,
//! so that one refusal leaves the others alone), and all of it is acknowledged after one `fsync`.
//! A command that comes alone does not wait for company.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use payment_status_protocol::id::TransactionId;
use payment_status_protocol::time::Time;
use prometheus_client::metrics::histogram::Histogram;
use sqlx::{Connection as _, Row as _, SqliteConnection};
use tokio::sync::{mpsc, watch};

use super::ledger_rows::Changed;
use super::write::{Command, Reply};
use super::{AppendError, StoreError, access, append, handovers, ledger_rows, overdue};
use crate::code_tables::CodeTables;
use crate::parking::Parking;

/// The most commands in one commit: bounds how long the first of them waits.
const MAX_COMMANDS_PER_COMMIT: usize = 128;

/// What a write depends on beside its input.
#[derive(Debug, Clone)]
pub struct WriterSettings {
    /// See [`crate::clock::DEFAULT_ANSWER_LIMIT`].
    pub answer_limit: Duration,
    /// What raw codes mean.
    pub codes: Arc<CodeTables>,
}

/// An answer that is held back until the commit is durable. Called with the commit's failure, if it failed.
type HeldAnswer = Box<dyn FnOnce(Option<String>) + Send>;

/// A command that was run. What it wrote is kept, or rolled back alone.
struct Done {
    is_kept: bool,
    answer: HeldAnswer,
}

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
                command.refuse(error);
                continue;
            }
            let mut of_command = Changed::default();
            let done = self.run_command(command, &mut of_command).await;
            let end = if done.is_kept {
                changed.merge(of_command);
                "RELEASE command"
            } else {
                "ROLLBACK TO command; RELEASE command"
            };
            failure = execute(&mut self.connection, end).await.err();
            answers.push(done.answer);
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

    /// Runs one command inside its savepoint.
    async fn run_command(&mut self, command: Command, changed: &mut Changed) -> Done {
        let connection = &mut self.connection;
        let settings = &self.settings;
        match command {
            Command::Create(new, reply) => hold(
                ledger_rows::create(connection, &new, settings, changed).await,
                reply,
            ),
            Command::Append(reports, now, reply) => {
                let result = append::append(connection, reports, now, settings, changed).await;
                Done {
                    is_kept: result.is_ok(),
                    answer: Box::new(move |failed| {
                        // A refusal too may rest on what this commit was to store.
                        let answer = match failed {
                            None => result,
                            Some(why) => Err(AppendError::Store(StoreError::Commit(why))),
                        };
                        // The client may have gone; its reports are stored all the same.
                        reply.send(answer).ok();
                    }),
                }
            }
            Command::ReportOverdue(now, reply) => hold(
                overdue::report_overdue(connection, now, settings, changed).await,
                reply,
            ),
            Command::AddTokens(transaction, tokens, reply) => hold(
                access::add_tokens(connection, &transaction, &tokens).await,
                reply,
            ),
            Command::RevokeTokens(transaction, party, now, reply) => {
                changed.woken.insert(transaction.clone());
                hold(
                    access::revoke_tokens(connection, &transaction, &party, now).await,
                    reply,
                )
            }
            Command::HandOver(new, now, reply) => {
                hold(handovers::add(connection, &new, now).await, reply)
            }
            Command::OpenHandover(code, viewer, now, reply) => hold(
                handovers::open(connection, &code, &viewer, now).await,
                reply,
            ),
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

fn hold<T: Send + 'static>(result: Result<T, StoreError>, reply: Reply<T>) -> Done {
    Done {
        is_kept: result.is_ok(),
        answer: Box::new(move |failed| {
            reply
                .send(failed.map_or(result, |why| Err(StoreError::Commit(why))))
                .ok();
        }),
    }
}

pub(super) async fn execute(
    connection: &mut SqliteConnection,
    sql: &'static str,
) -> Result<(), sqlx::Error> {
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
