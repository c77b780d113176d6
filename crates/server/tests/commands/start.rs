//! What stops the server before it begins, and the keys.

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
