//! `TestApp`: the real router on a real socket, with its own database, asked by a real HTTP client.

mod made;

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use payment_status_server::code_tables::CodeTables;
use payment_status_server::credentials::Credentials;
use payment_status_server::own_codes::OwnCodes;
use payment_status_server::public_url::PublicUrl;
use payment_status_server::server::{Server, Settings};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) use made::{coded, in_ms, now_s, order, report, sign};

pub(crate) const MERCHANT_KEY: &str = "psm_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub(crate) const OTHER_MERCHANT_KEY: &str = "psm_BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
pub(crate) const SUPPORT_KEY: &str = "pss_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Every source of these tests has this secret; `wallet` has a second one.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(crate) const SECOND_WALLET_SECRET: &str = "whsec_c2Vjb25kIHNlY3JldCBvZiB0aGUgd2FsbGV0Lg==";

/// A running server. Stops when dropped.
pub(crate) struct TestApp {
    pub(crate) base: String,
    pub(crate) http: reqwest::Client,
    directory: TempDir,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

/// What a test may set.
pub(crate) struct Options {
    pub(crate) pages: bool,
    pub(crate) cors_origins: Vec<&'static str>,
    pub(crate) answer_limit: Duration,
    pub(crate) public_url: Option<&'static str>,
    pub(crate) time_zone: &'static str,
    /// Rows of an own table, without its header `scheme,family,value,reason,evidence`.
    pub(crate) own_codes: &'static str,
}

/// A created transaction with its tokens.
pub(crate) struct Transaction {
    pub(crate) id: String,
    pub(crate) payer: String,
    pub(crate) merchant: String,
    pub(crate) support: String,
}

/// An answer, read whole.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pages: false,
            cors_origins: Vec::new(),
            answer_limit: Duration::from_secs(60),
            public_url: None,
            time_zone: "UTC",
            own_codes: "",
        }
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let directory = TempDir::new().unwrap();
        let pages = directory.path().join("pages");
        if options.pages {
            std::fs::create_dir(&pages).unwrap();
        }
        Self::start_in(directory, options).await
    }

    /// Stops this server and starts another one on the same database.
    pub(crate) async fn restart(self, options: Options) -> Self {
        self.restart_after(Duration::ZERO, options).await
    }

    /// The same, with a pause between.
    pub(crate) async fn restart_after(mut self, pause: Duration, options: Options) -> Self {
        self.stop.take().unwrap().send(()).unwrap();
        self.running.await.unwrap();
        tokio::time::sleep(pause).await;
        Self::start_in(self.directory, options).await
    }

    async fn start_in(directory: TempDir, options: Options) -> Self {
        let server = Server::bind(Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            database: directory.path().join("test.db"),
            credentials: Credentials::parse(&credentials()).unwrap(),
            pages: options.pages.then(|| directory.path().join("pages")),
            cors_origins: options
                .cors_origins
                .iter()
                .map(|o| o.parse().unwrap())
                .collect(),
            answer_limit: options.answer_limit,
            codes: code_tables(options.own_codes),
            public_url: options.public_url.map(|url| PublicUrl::parse(url).unwrap()),
            time_zone: jiff::tz::TimeZone::get(options.time_zone).unwrap(),
        })
        .await
        .unwrap();
        let base = format!("http://{}", server.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(async move {
            server.run(async { drop(stopped.await) }).await.unwrap();
        });
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Self {
            base,
            http,
            directory,
            stop: Some(stop),
            running,
        }
    }

    /// Begins to stop; the returned handle ends when the server has.
    pub(crate) fn stop(mut self) -> JoinHandle<()> {
        self.stop.take().unwrap().send(()).unwrap();
        self.running
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.directory.path().join("test.db")
    }

    pub(crate) fn pages(&self) -> PathBuf {
        self.directory.path().join("pages")
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Sends a request with headers and a body.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    /// `GET` with a bearer credential.
    pub(crate) async fn get(&self, path: &str, credential: &str) -> Answer {
        self.get_with(path, credential, &[]).await
    }

    /// `GET` with a bearer credential and more headers.
    pub(crate) async fn get_with(
        &self,
        path: &str,
        credential: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let bearer = format!("Bearer {credential}");
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        self.send(Method::GET, path, &all, "").await
    }

    /// `POST /v1/transactions` with this body.
    pub(crate) async fn post_order(&self, order: &Value) -> Answer {
        let bearer = format!("Bearer {MERCHANT_KEY}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        self.send(
            Method::POST,
            "/v1/transactions",
            &headers,
            order.to_string(),
        )
        .await
    }

    /// A transaction over 128.00 CNY.
    pub(crate) async fn create(&self) -> Transaction {
        self.create_from(&order()).await
    }

    pub(crate) async fn create_from(&self, order: &Value) -> Transaction {
        let answer = self.post_order(order).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        let created = answer.json();
        let token = |party: &str| created["tokens"][party].as_str().unwrap().to_owned();
        Transaction {
            id: created["transaction"].as_str().unwrap().to_owned(),
            payer: token("payer"),
            merchant: token("merchant"),
            support: token("support"),
        }
    }

    /// Sends signed reports of one source.
    pub(crate) async fn report(&self, source: &str, reports: Value) -> Answer {
        self.report_body(source, json!({ "reports": reports }).to_string())
            .await
    }

    /// Sends a signed body of one source.
    pub(crate) async fn report_body(&self, source: &str, body: impl Into<Vec<u8>>) -> Answer {
        let body = body.into();
        let (timestamp, signature) = sign("msg-1", now_s(), &body);
        let headers = [
            ("content-type", "application/json"),
            ("payment-status-source", source),
            ("webhook-id", "msg-1"),
            ("webhook-timestamp", &timestamp),
            ("webhook-signature", &signature),
        ];
        self.send(Method::POST, "/v1/reports", &headers, body).await
    }

    /// Sends one good report and expects it to be taken.
    pub(crate) async fn say(&self, transaction: &Transaction, source: &str, report: Value) -> u64 {
        let mut report = report;
        report["transaction"] = json!(transaction.id);
        if report.get("at").is_none() {
            report["at"] = json!("2026-11-20T12:00:03+08:00");
        }
        let answer = self.report(source, json!([report])).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()["accepted"][0]["version"].as_u64().unwrap()
    }

    /// The current snapshot, as the payer sees it.
    pub(crate) async fn snapshot(&self, transaction: &Transaction) -> Value {
        let answer = self
            .get(&transaction.status_path(), &transaction.payer)
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }

    pub(crate) async fn jwks(&self) -> Value {
        self.send(Method::GET, "/.well-known/jwks.json", &[], "")
            .await
            .json()
    }

    /// Checks the detached JWS of an answer over `body`; returns the protected header.
    pub(crate) async fn verify(&self, answer: &Answer, body: &[u8]) -> Value {
        let jws = answer.header("payment-status-signature");
        let (protected, signature) = jws.split_once("..").unwrap();
        let header: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(protected).unwrap()).unwrap();
        let jwks = self.jwks().await;
        let key = jwks["keys"]
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["kid"] == header["kid"])
            .expect("the signing key is in the JWK set");
        let public = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let public = VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signature = Signature::from_bytes(&signature.try_into().unwrap());
        let input = [protected.as_bytes(), b".", body].concat();
        public
            .verify_strict(&input, &signature)
            .expect("the signature verifies");
        header
    }
}

impl Transaction {
    pub(crate) fn status_path(&self) -> String {
        format!("/v1/transactions/{}/status", self.id)
    }

    pub(crate) fn path(&self, document: &str) -> String {
        format!("/v1/transactions/{}/{document}", self.id)
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> String {
        let value = self
            .headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name}: {self:?}"));
        value.to_str().unwrap().to_owned()
    }

    /// Checks that this is a problem document of this status and code; returns it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(
            problem["type"],
            format!("https://payment-status.invalid/problems/{code}")
        );
        assert!(problem["title"].is_string() && problem["detail"].is_string());
        problem
    }
}

/// Asks until `is_so`, for at most five seconds.
pub(crate) async fn eventually<F: Future<Output = bool>>(mut is_so: impl FnMut() -> F) {
    for _ in 0..250 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("did not become so within five seconds");
}

fn code_tables(rows: &str) -> CodeTables {
    let table = format!("scheme,family,value,reason,evidence\n{rows}");
    CodeTables::new(OwnCodes::parse(table.as_bytes()).unwrap())
}

fn credentials() -> String {
    let mut text = format!(
        "[[merchant]]\nname = \"demo\"\nkey = \"{MERCHANT_KEY}\"\n\
         [[merchant]]\nname = \"other\"\nkey = \"{OTHER_MERCHANT_KEY}\"\n\
         [[support]]\nname = \"desk\"\nkey = \"{SUPPORT_KEY}\"\n\
         [[source]]\nsource = \"wallet\"\nsecret = \"{SECOND_WALLET_SECRET}\"\n"
    );
    for source in [
        "wallet",
        "issuer",
        "network",
        "acquirer",
        "terminal",
        "merchant_system",
        "settlement_bank",
        "risk",
        "support",
        "payer_device",
        "quantum_bank",
    ] {
        text += &format!("[[source]]\nsource = \"{source}\"\nsecret = \"{SECRET}\"\n");
    }
    text
}
