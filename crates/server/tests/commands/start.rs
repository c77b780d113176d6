//! What stops the server before it begins, and the keys.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::run;

#[test]
fn a_bad_credentials_file_stops_the_start_with_its_lines() {
    let directory = tempfile::TempDir::new().unwrap();
    let credentials = directory.path().join("c.toml");
    std::fs::write(
        &credentials,
        "[[source]]\nsource = \"wallet\"\nsecret = \"hunter2\"\n",
    )
    .unwrap();
    let output = run(
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--database",
            directory.path().join("x.db").to_str().unwrap(),
            "--credentials",
            credentials.to_str().unwrap(),
        ],
        Vec::new(),
    );
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("c.toml") && said.contains("line 3: secret:"),
        "{said}"
    );
    assert!(!said.contains("hunter2"));
}

#[test]
fn keys_rotate_needs_a_database_that_exists() {
    let output = run(
        &["keys", "rotate", "--database", "/nonexistent/x.db"],
        Vec::new(),
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("/nonexistent/x.db does not exist")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let directory = tempfile::TempDir::new().unwrap();
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_payment-status-server"))
        .args(["serve", "--listen", "127.0.0.1:0", "--database"])
        .arg(directory.path().join("x.db"))
        .arg("--credentials")
        .arg(directory.path().join("c.toml"))
        .env("RUST_LOG", "debug")
        .stdout(Stdio::piped())
        .stderr(full)
        .spawn()
        .unwrap();
    let said = BufReader::new(server.stdout.take().unwrap()).lines();
    let address = said
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("listening on http://")?.1.to_owned()));
    // A refusal is logged and answered all the same.
    let answer = address.and_then(|address| {
        let mut connection = TcpStream::connect(address).ok()?;
        let ask = "POST /v1/reports HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
        connection.write_all(ask.as_bytes()).ok()?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).ok()?;
        Some(answer)
    });
    server.kill().unwrap();
    server.wait().unwrap();
    let status = answer.as_deref().and_then(|answer| answer.lines().next());
    assert!(
        status.is_some_and(|status| status.contains(" 401 ")),
        "{answer:?}"
    );
}
