//! The running server: from settings to a bound socket, and the orderly end.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::serve::ListenerExt as _;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::{App, router};
use crate::clock;
use crate::code_tables::CodeTables;
use crate::credentials::Credentials;
use crate::metrics::Metrics;
use crate::pace::Pace;
use crate::parking::Parking;
use crate::public_url::PublicUrl;
use crate::signing::{KeyRing, NoActiveKey, StoredKey};
use crate::store::{ServerLock, Store, StoreError, WriterSettings};
use crate::time::now;

/// How long running requests may take after the signal to stop.
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// How often the store is asked whether another process has rotated the signing key.
const KEY_CHECK_INTERVAL: Duration = Duration::from_secs(2);

/// What a server needs to know.
#[derive(Debug)]
pub struct Settings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The database file; made if it is missing.
    pub database: PathBuf,
    /// Who may.
    pub credentials: Credentials,
    /// A folder to serve at `/`.
    pub pages: Option<PathBuf>,
    /// Sites whose pages may read.
    pub cors_origins: Vec<HeaderValue>,
    /// See [`clock::DEFAULT_ANSWER_LIMIT`].
    pub answer_limit: Duration,
    /// What raw codes mean.
    pub codes: CodeTables,
    /// Where people reach this server; `None`: the address that was bound, if it is loopback.
    pub public_url: Option<PublicUrl>,
    /// In which times are written on pages.
    pub time_zone: TimeZone,
}

/// A server with its socket bound and its store open, not serving yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    app: Arc<App>,
    router: axum::Router,
    writer: JoinHandle<()>,
    lock: ServerLock,
}

/// Why the server cannot start or go on.
#[derive(Debug)]
pub enum ServerError {
    /// The address is taken or not ours.
    Listen(SocketAddr, std::io::Error),
    /// The store.
    Store(StoreError),
    /// No random bytes for the first signing key.
    Random(getrandom::Error),
    /// The store has no key that signs.
    Keys(NoActiveKey),
    /// The socket failed while serving.
    Serve(std::io::Error),
}

impl Server {
    /// Opens the store, makes a signing key if there is none, and binds the socket.
    ///
    /// # Errors
    /// See [`ServerError`].
    pub async fn bind(settings: Settings) -> Result<Self, ServerError> {
        let codes = Arc::new(settings.codes);
        let metrics = Metrics::new(codes.schemes());
        let parking = Arc::new(Parking::new(metrics.parked()));
        let lock = ServerLock::take(&settings.database).await?;
        let (store, writer) = Store::open(
            &settings.database,
            Arc::clone(&parking),
            metrics.commit_seconds(),
            WriterSettings {
                answer_limit: settings.answer_limit,
                codes: Arc::clone(&codes),
            },
        )
        .await?;
        if store.signing_keys().await?.is_empty() {
            let key = StoredKey::generate().map_err(ServerError::Random)?;
            store.rotate_key(key, now()).await?;
        }
        let keys = KeyRing::new(store.signing_keys().await?).map_err(ServerError::Keys)?;
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(|error| ServerError::Listen(settings.listen, error))?;
        let public_url = settings.public_url.or_else(|| {
            let bound = listener.local_addr().ok()?;
            PublicUrl::of_loopback(bound)
        });
        let app = Arc::new(App {
            store,
            keys,
            parking,
            credentials: settings.credentials,
            codes,
            metrics,
            pace: Pace::default(),
            public_url,
            time_zone: settings.time_zone,
        });
        let router = router(Arc::clone(&app), settings.pages, settings.cors_origins);
        Ok(Self {
            listener,
            app,
            router,
            writer,
            lock,
        })
    }

    /// The address that was bound.
    ///
    /// # Errors
    /// When the socket is gone.
    pub fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until `stop` completes, then ends parked requests, drains the others for at most
    /// five seconds and closes the store.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn run(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        // Given back last of all.
        let _lock = self.lock;
        let (closing, closing_seen) = watch::channel(false);
        let clock = tokio::spawn(clock::run(
            self.app.store.clone(),
            self.app.metrics.clone(),
            closing_seen.clone(),
        ));
        let keys = tokio::spawn(follow_keys(Arc::clone(&self.app), closing_seen.clone()));

        let parking = Arc::clone(&self.app.parking);
        let stopped = async move {
            stop.await;
            tracing::info!("stopping");
            closing.send_replace(true);
            parking.close();
        };
        let mut drained = closing_seen;
        // An answer is small and late by itself: it must not wait for more to fill a packet.
        let listener = self.listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY");
            }
        });
        let serving = axum::serve(listener, self.router).with_graceful_shutdown(stopped);
        let served = tokio::select! {
            served = async { serving.await } => served,
            () = async {
                // An error means that `stopped` has ended, which it does after telling.
                drained.wait_for(|is_closing| *is_closing).await.ok();
                tokio::time::sleep(DRAIN_TIME).await;
            } => {
                tracing::warn!("some requests did not end within five seconds");
                Ok(())
            }
        };
        for task in [clock, keys] {
            // They hold the store open; both watch `closing`.
            task.await.ok();
        }
        drop(self.app);
        // Ends when the last handle on the store is gone; a stuck connection may still hold one.
        tokio::time::timeout(Duration::from_secs(1), self.writer)
            .await
            .ok();
        served.map_err(ServerError::Serve)
    }
}

/// Takes up a key that `keys rotate` made, within seconds.
async fn follow_keys(app: Arc<App>, mut closing: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(KEY_CHECK_INTERVAL) => {}
            _ = closing.changed() => return,
        }
        match app.store.signing_keys().await {
            Ok(stored) => match app.keys.replace(stored) {
                Ok(true) => tracing::info!("the signing key was rotated"),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "going on with the key in memory"),
            },
            Err(error) => tracing::error!(%error, "reading the signing keys"),
        }
    }
}

impl From<StoreError> for ServerError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Self::Store(error) => write!(f, "{error}"),
            Self::Random(error) => write!(f, "no random bytes: {error}"),
            Self::Keys(error) => write!(f, "{error}"),
            Self::Serve(error) => write!(f, "serving: {error}"),
        }
    }
}

impl std::error::Error for ServerError {}
