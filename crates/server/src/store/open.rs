//! The database file: its creation, its settings and its schema.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection, SqlitePool};

use super::StoreError;

/// Each migration moves the schema from its index to the next number; none is ever edited.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema-2.sql"),
    include_str!("schema-3.sql"),
];

/// How many requests read at one time.
const READ_CONNECTIONS: u32 = 8;

/// A database file that exists.
#[derive(Debug)]
pub struct DatabaseFile(PathBuf);

impl DatabaseFile {
    /// Makes the file with mode 0600 if it is missing; SQLite gives its WAL the same mode.
    ///
    /// # Errors
    /// When the folder does not exist or may not be written.
    pub fn create_if_missing(path: &Path) -> Result<Self, StoreError> {
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(_) => Ok(Self(path.into())),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Ok(Self(path.into()))
            }
            Err(error) => Err(StoreError::Database(sqlx::Error::Io(std::io::Error::new(
                error.kind(),
                format!("{}: {error}", path.display()),
            )))),
        }
    }

    /// A file that must be there already.
    ///
    /// # Errors
    /// When it is not.
    pub fn existing(path: &Path) -> Result<Self, StoreError> {
        match std::fs::metadata(path) {
            Ok(_) => Ok(Self(path.into())),
            Err(error) => Err(StoreError::Database(sqlx::Error::Io(std::io::Error::new(
                error.kind(),
                format!("{}: {error}", path.display()),
            )))),
        }
    }

    /// The connection for writing, with the schema brought up to date.
    ///
    /// # Errors
    /// When the file is not ours or newer than this server.
    pub async fn connect_and_migrate(&self) -> Result<SqliteConnection, StoreError> {
        let mut connection = self.options().connect().await?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let version: i64 = sqlx::query("PRAGMA user_version")
            .fetch_one(&mut *transaction)
            .await?
            .try_get(0)?;
        let done = usize::try_from(version).unwrap_or(usize::MAX);
        let Some(missing) = MIGRATIONS.get(done..) else {
            return Err(StoreError::Corrupt(format!(
                "{} has schema {version}; this server knows up to {}",
                self.0.display(),
                MIGRATIONS.len()
            )));
        };
        for migration in missing {
            sqlx::raw_sql(*migration).execute(&mut *transaction).await?;
        }
        if !missing.is_empty() {
            // A pragma takes no parameters; the number is ours.
            let set = format!("PRAGMA user_version = {}", MIGRATIONS.len());
            sqlx::raw_sql(sqlx::AssertSqlSafe(set))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(connection)
    }

    /// Connections that cannot write.
    ///
    /// # Errors
    /// When none can be opened.
    pub async fn read_pool(&self) -> Result<SqlitePool, StoreError> {
        Ok(SqlitePoolOptions::new()
            .max_connections(READ_CONNECTIONS)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(self.options().pragma("query_only", "ON"))
            .await?)
    }

    fn options(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(&self.0)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            // In WAL mode NORMAL would not sync at commit: an acknowledged report could be lost.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Another process writes only for `keys rotate`, for milliseconds.
            .busy_timeout(Duration::from_secs(2))
            .disable_statement_logging()
    }
}
