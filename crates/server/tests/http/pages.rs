//! The pages at `/`: types, policy, compression, revalidation.

use reqwest::Method;

use crate::support::{Options, TestApp};

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

async fn app() -> TestApp {
    let app = TestApp::start_with(Options {
        pages: true,
        ..Options::default()
    })
    .await;
    let write =
        |name: &str, content: &[u8]| std::fs::write(app.pages().join(name), content).unwrap();
    write("index.html", b"<!doctype html><title>x</title>");
    write("widget.wasm", b"\0asm\x01\0\0\0");
    write("widget.wasm.br", b"not really brotli");
    write("widget.js", "export const x = '…';".repeat(100).as_bytes());
    write("x.css", b":host { display: block }");
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_has_its_type_and_the_policy() {
    let app = app().await;
    for (path, content_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/widget.wasm", "application/wasm"),
        ("/widget.js", "text/javascript; charset=utf-8"),
        ("/x.css", "text/css; charset=utf-8"),
    ] {
        let answer = app.send(Method::GET, path, &[], "").await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), content_type, "{path}");
        assert_eq!(answer.header("content-security-policy"), POLICY);
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "no-cache");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_that_checks_evidence_has_no_network() {
    let app = app().await;
    std::fs::write(app.pages().join("verify.html"), b"<!doctype html>").unwrap();
    let answer = app.send(Method::GET, "/verify.html", &[], "").await;
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_file_is_not_sent_again() {
    let app = app().await;
    let first = app.send(Method::GET, "/x.css", &[], "").await;
    let etag = first.header("etag");
    let again = app
        .send(Method::GET, "/x.css", &[("if-none-match", &etag)], "")
        .await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(again.header("content-security-policy"), POLICY);
    let modified = first.header("last-modified");
    let again = app
        .send(
            Method::GET,
            "/x.css",
            &[("if-modified-since", &modified)],
            "",
        )
        .await;
    assert_eq!(again.status, 304);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_compressed_copy_is_sent_where_there_is_one_and_others_are_compressed() {
    let app = app().await;
    let brotli = ("accept-encoding", "gzip, br");
    let wasm = app.send(Method::GET, "/widget.wasm", &[brotli], "").await;
    assert_eq!(wasm.header("content-encoding"), "br");
    assert_eq!(wasm.header("content-type"), "application/wasm");
    assert_eq!(wasm.body, b"not really brotli");
    let plain = app.send(Method::GET, "/widget.wasm", &[], "").await;
    assert_eq!(plain.body, b"\0asm\x01\0\0\0");
    let script = app.send(Method::GET, "/widget.js", &[brotli], "").await;
    assert_eq!(script.header("content-encoding"), "br");
    assert!(script.body.len() < 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_problem_and_nothing_outside_is_served() {
    let app = app().await;
    for path in [
        "/missing.html",
        "/v1/nothing",
        "/.well-known/nothing",
        "/../test.db",
        "/%2e%2e/test.db",
        "/..%2ftest.db",
        "//gallery",
    ] {
        let answer = app.send(Method::GET, path, &[], "").await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["code"], "not-found", "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let answer = app.send(Method::POST, "/index.html", &[], "").await;
    assert_eq!(answer.status, 404);
}
