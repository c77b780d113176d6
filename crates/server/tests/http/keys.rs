//! Signing keys: published, rotated while the server runs.

use payment_status_server::commands::keys::rotate;

use crate::support::{TestApp, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn the_public_keys_are_a_jwk_set_without_private_halves() {
    let app = TestApp::start().await;
    let answer = app
        .send(reqwest::Method::GET, "/.well-known/jwks.json", &[], "")
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    assert_eq!(answer.header("cache-control"), "no-cache");
    let keys = answer.json()["keys"].clone();
    assert_eq!(keys.as_array().unwrap().len(), 1);
    assert_eq!(keys[0]["kty"], "OKP");
    assert_eq!(keys[0]["crv"], "Ed25519");
    assert_eq!(keys[0]["use"], "sig");
    assert_eq!(keys[0]["alg"], "EdDSA");
    assert_eq!(keys[0]["x"].as_str().unwrap().len(), 43);
    assert_eq!(keys[0]["kid"].as_str().unwrap().len(), 43);
    assert_eq!(keys[0].get("d"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_takes_up_a_new_key_and_lists_the_old_one() {
    let app = TestApp::start().await;
    let tx = app.create().await;
    let before = app.get(&tx.status_path(), &tx.payer).await;
    let old = app.verify(&before, &before.body).await["kid"].clone();
    let new = rotate(&app.database()).await.unwrap();
    assert_ne!(old, new);
    eventually(async || app.jwks().await["keys"][0]["kid"] == new.as_str()).await;

    let after = app.get(&tx.status_path(), &tx.payer).await;
    assert_eq!(after.body, before.body);
    assert_eq!(app.verify(&after, &after.body).await["kid"], new);
    // An answer signed before the rotation still verifies with the published set.
    assert_eq!(app.verify(&before, &before.body).await["kid"], old);
    assert_eq!(app.jwks().await["keys"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_survives_a_restart() {
    let app = TestApp::start().await;
    let before = app.jwks().await;
    let app = app.restart(crate::support::Options::default()).await;
    assert_eq!(app.jwks().await, before);
}
