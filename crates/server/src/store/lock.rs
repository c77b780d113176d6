//! One server for one database file.
//!
//! Two would not hear of one another's commits: their readers would wait for a change that is there already.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{DatabaseFile, StoreError};

/// How long the next server waits for the last one to stop.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);

/// Held while the server runs; the operating system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct ServerLock(#[expect(dead_code, reason = "kept open: closing it unlocks")] File);

impl ServerLock {
    /// Takes the file `<database>.lock`. Not the database itself: closing a second handle of that would give back
    /// SQLite's own locks.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another server still has it after ten seconds; when the file cannot be made.
    pub async fn take(database: &Path) -> Result<Self, StoreError> {
        Self::take_within(database, PATIENCE).await
    }

    async fn take_within(database: &Path, patience: Duration) -> Result<Self, StoreError> {
        let path = lock_path(database)?;
        let failed = |error: std::io::Error| {
            let named = std::io::Error::new(error.kind(), format!("{}: {error}", path.display()));
            StoreError::Database(sqlx::Error::Io(named))
        };
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        // Whoever can open it could keep the server from starting.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(failed)?;
        let began = Instant::now();
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if began.elapsed() < patience => {
                    if !told {
                        tracing::info!(path = %path.display(), "waiting for another server to stop");
                        told = true;
                    }
                    tokio::time::sleep(PAUSE).await;
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(database.into())),
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
    }
}

/// One path for one file, by whatever name it is opened.
fn lock_path(database: &Path) -> Result<PathBuf, StoreError> {
    DatabaseFile::create_if_missing(database)?;
    let real = std::fs::canonicalize(database).map_err(sqlx::Error::Io);
    let mut name = real.map_err(StoreError::Database)?.into_os_string();
    name.push(".lock");
    Ok(name.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_second_server_is_told_whose_file_it_is_and_starts_when_the_first_has_gone() {
        let directory = tempfile::TempDir::new().unwrap();
        let database = directory.path().join("x.db");
        let first = ServerLock::take(&database).await.unwrap();
        let linked = directory.path().join("also.db");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&database, &linked).unwrap();
        #[cfg(not(unix))]
        let linked = database.clone();
        for name in [&database, &linked] {
            let refused = ServerLock::take_within(name, PAUSE).await.unwrap_err();
            let said = refused.to_string();
            assert!(said.contains(".db is in use by another"), "{said}");
        }
        let waiting = tokio::spawn(async move { ServerLock::take(&linked).await });
        tokio::time::sleep(PAUSE).await;
        drop(first);
        waiting.await.unwrap().unwrap();
    }
}
