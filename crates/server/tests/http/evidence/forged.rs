//! Packs under a trusted key with a header, or a body, that was not agreed.

use payment_status_server::evidence::{Expected, Pack, TrustedKeys, prove};
use serde_json::{Value, json};

use super::{Forge, Seen, code_of, pack_of, paid, see};
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_was_not_agreed_is_refused_though_its_key_is_trusted() {
    let app = TestApp::start().await;
    let (tx, _) = paid(&app).await;
    let Seen { body, .. } = see(&app, &tx).await;
    let forge = Forge::new("k1", 7);
    let keys = TrustedKeys::from_jwks(forge.jwks.to_string().as_bytes()).unwrap();
    let check = |signatures: &[String]| {
        let mut pack = pack_of(
            &tx.id,
            &forge.jwks,
            &[Seen {
                body: body.clone(),
                signature: String::new(),
            }],
        );
        pack["shown"][0]["signatures"] = json!(signatures);
        let pack = Pack::read(pack.to_string().as_bytes())?;
        prove(&pack, &keys, &Expected::default()).map(drop)
    };
    let id = &tx.id;
    let now = crate::support::now_s();
    let rest = |iat: i64| format!(r#""kid":"k1","txn":"{id}","ver":2,"iat":{iat}"#);
    let good = |iat| {
        forge.sign(
            &format!(
                r#"{{"alg":"EdDSA","b64":false,"crit":["b64"],{}}}"#,
                rest(iat)
            ),
            &body,
        )
    };
    check(&[good(now)]).unwrap();
    check(&[good(now - 9), good(now)]).unwrap();
    let rest_now = rest(now);
    for (reason, header) in [
        (
            "signature-not-agreed",
            format!(r#"{{"alg":"none","b64":false,"crit":["b64"],{rest_now}}}"#),
        ),
        (
            "signature-not-agreed",
            format!(r#"{{"alg":"HS256","b64":false,"crit":["b64"],{rest_now}}}"#),
        ),
        (
            "signature-not-agreed",
            format!(r#"{{"alg":"EdDSA","b64":true,"crit":["b64"],{rest_now}}}"#),
        ),
        (
            "signature-not-agreed",
            format!(r#"{{"alg":"EdDSA","b64":false,"crit":[],{rest_now}}}"#),
        ),
        (
            "signature-not-agreed",
            format!(r#"{{"alg":"EdDSA","b64":false,"crit":["b64","exp"],{rest_now}}}"#),
        ),
        (
            "signature-malformed",
            format!(r#"{{"alg":"EdDSA","crit":["b64"],{rest_now}}}"#),
        ),
        (
            "signature-malformed",
            format!(r#"{{"alg":"none","alg":"EdDSA","b64":false,"crit":["b64"],{rest_now}}}"#),
        ),
        (
            "key-unknown",
            format!(
                r#"{{"alg":"EdDSA","b64":false,"crit":["b64"],{}}}"#,
                rest_now.replace("k1", "k2")
            ),
        ),
        (
            "header-differs",
            format!(
                r#"{{"alg":"EdDSA","b64":false,"crit":["b64"],{}}}"#,
                rest_now.replace("\"ver\":2", "\"ver\":3")
            ),
        ),
    ] {
        let refusal = check(&[forge.sign(&header, &body)]).unwrap_err();
        assert_eq!(refusal.code.as_str(), reason, "{header}");
    }
    for signature in [
        "",
        "..",
        "a..b",
        &good(now).replace("..", ".x."),
        &format!("{}=", good(now)),
    ] {
        let refusal = check(&[signature.to_owned()]).unwrap_err();
        assert_eq!(refusal.code.as_str(), "signature-malformed", "{signature}");
    }
    assert_eq!(
        check(&[good(now), good(now - 9)])
            .unwrap_err()
            .code
            .as_str(),
        "time-went-back"
    );
    assert_eq!(check(&[]).unwrap_err().code.as_str(), "wrong-format");
    // Another key under the trusted id: in the file's set, or as the one that signed.
    let other = Forge::new("k1", 8);
    let header = format!(r#"{{"alg":"EdDSA","b64":false,"crit":["b64"],{rest_now}}}"#);
    assert_eq!(
        check(&[other.sign(&header, &body)])
            .unwrap_err()
            .code
            .as_str(),
        "signature-invalid"
    );
    let mut pack = pack_of(
        id,
        &other.jwks,
        &[Seen {
            body: body.clone(),
            signature: good(now),
        }],
    );
    let refusal = |pack: &Value| {
        let pack = Pack::read(pack.to_string().as_bytes()).unwrap();
        prove(&pack, &keys, &Expected::default())
            .unwrap_err()
            .code
            .as_str()
    };
    assert_eq!(refusal(&pack), "key-differs");
    // A body that contradicts itself, or names a field twice, is refused whoever signed it.
    pack["keys"] = forge.jwks.clone();
    for (from, to, reason) in [
        (
            "\"pay_again\":\"do_not\"",
            "\"pay_again\":\"safe\"",
            "body-contradicts",
        ),
        (
            "\"state\":\"paid\"",
            "\"state\":\"paid\",\"state\":\"paid\"",
            "body-unreadable",
        ),
        ("\"version\":2", "\"version\":3", "header-differs"),
    ] {
        assert!(body.contains(from), "{body}");
        let changed = body.replacen(from, to, 1);
        pack["shown"][0]["body"] = json!(changed);
        pack["shown"][0]["match_code"] = json!(code_of(&changed));
        pack["shown"][0]["signatures"] = json!([forge.sign(&header, &changed)]);
        assert_eq!(refusal(&pack), reason, "{to}");
    }
}
