//! A token was renewed: what was known before goes on, and an answer to the new token must fit it. Pure.

use crate::watch::progress::{Event, Progress};

/// What this screen knows: `known` until the new watch has an answer, and from then on what both together say. So the
/// verdict stays on the screen meanwhile, and a version does not go back either.
#[must_use]
pub fn continued(known: &Progress, now: &Progress) -> Progress {
    let Some(answer) = &now.held else {
        return Progress {
            trouble: now.trouble,
            ..known.clone()
        };
    };
    let joined = known.advance(Event::Answer(answer.clone()), now.heard_ms);
    if joined.trouble.is_some() {
        return joined;
    }
    Progress {
        trouble: now.trouble,
        pace: now.pace,
        earlier: now.earlier.clone().or(joined.earlier.clone()),
        ..joined
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::rc::Rc;

    use payment_status_protocol::verdict::State;

    use super::*;
    use crate::failure::Failure;
    use crate::watch::progress::{Pace, Verified};

    fn answer(version: u64, signed_at_s: i64, is_final: bool) -> Verified {
        let (state, verdict, legs) = if is_final {
            let legs =
                r#"[{"attempt":"1","leg":"credit","status":"succeeded","source":"acquirer"}]"#;
            (
                "paid",
                r#""charged":"charged","pay_again":"do_not","release":"release""#,
                legs,
            )
        } else {
            (
                "processing",
                r#""charged":"unknown","pay_again":"wait","release":"wait""#,
                "[]",
            )
        };
        let text = [
            r#"{"format":1,"transaction":"tx_00000000000000000000000001","version":"#,
            &version.to_string(),
            r#","order_reference":"A-1","amount":{"minor":100,"currency":"CNY","exponent":2},"state":""#,
            state,
            r#"","#,
            verdict,
            r#","money_at":"unknown","final":"#,
            if is_final { "true" } else { "false" },
            r#","reason":"processing","next_actor":"nobody","returned_minor":0,"returning_minor":0,"legs":"#,
            legs,
            r#","timeline":[],"created_at":"2026-11-20T00:00:00Z","expires_at":"2026-11-20T00:15:00Z","updated_at":"2026-11-20T00:00:00Z"}"#,
        ]
        .concat();
        Verified {
            snapshot: Rc::new(serde_json::from_str(&text).unwrap()),
            body_sha256: [u8::try_from(version).unwrap(); 32],
            match_code: "000-000".into(),
            etag: None,
            body: text.as_bytes().into(),
            signed_at_s,
            signature: "a..b".into(),
        }
    }

    fn after(answer: Verified) -> Progress {
        Progress::default().advance(Event::Answer(answer), 5.0)
    }

    #[test]
    fn until_the_new_token_has_an_answer_the_old_one_stays() {
        let known = after(answer(3, 1000, false)).advance(Event::Failed(Failure::NotFound), 6.0);
        let now = continued(&known, &Progress::default());
        assert_eq!((now.held, now.trouble), (known.held.clone(), None));
        let now = Progress::default().advance(Event::Failed(Failure::NotFound), 7.0);
        let now = continued(&known, &now);
        assert_eq!(
            (now.held, now.trouble),
            (known.held, Some(Failure::NotFound))
        );
    }

    #[test]
    fn the_new_tokens_answer_takes_over() {
        let now = continued(
            &after(answer(3, 1000, false)),
            &after(answer(4, 1001, false)),
        );
        assert_eq!(
            (now.held, now.trouble),
            (Some(answer(4, 1001, false)), None)
        );
    }

    #[test]
    fn how_long_an_answer_stands_is_the_new_watchs_word() {
        let resting = Pace {
            live_s: 0,
            rests: true,
        };
        let paced = |pace| Progress {
            pace,
            ..after(answer(3, 1000, false))
        };
        for (known, now) in [(resting, Pace::default()), (Pace::default(), resting)] {
            assert_eq!(continued(&paced(known), &paced(now)).pace, now);
        }
    }

    #[test]
    fn an_older_answer_to_the_new_token_is_refused() {
        let known = after(answer(3, 1000, false));
        let now = continued(&known, &after(answer(2, 1001, false)));
        assert_eq!(
            (now.held, now.trouble),
            (known.held, Some(Failure::WentBack))
        );
    }

    #[test]
    fn a_final_state_that_was_replaced_is_remembered() {
        let now = continued(
            &after(answer(3, 1000, true)),
            &after(answer(4, 1001, false)),
        );
        assert_eq!(now.earlier, Some(State::Paid));
    }
}
