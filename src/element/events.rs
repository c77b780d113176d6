//! The events that the host page hears. Their details are versioned; names and codes are never reused.

use js_sys::{Object, Reflect};
use payment_status_display::Freshness;
use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::element::situation::freshness;
use crate::failure::Failure;
use crate::watch::progress::{Progress, Verified};

/// The format number of every detail.
const FORMAT: u32 = 1;

/// What was last told, so that nothing is told twice.
#[derive(Default)]
pub(crate) struct Told {
    answer: Option<[u8; 32]>,
    stale: bool,
    trouble: Option<Failure>,
}

impl Told {
    /// Dispatches what is new: another answer, or that the answer went stale or came alive again. A failure is told
    /// once until something else happens.
    pub(crate) fn tell(&mut self, host: &HtmlElement, progress: &Progress) {
        if let Some(held) = &progress.held {
            let stale = !matches!(freshness(progress), Freshness::Live { .. });
            let is_new = self.answer != Some(held.body_sha256);
            if is_new || self.stale != stale {
                (self.answer, self.stale) = (Some(held.body_sha256), stale);
                let detail = answer_detail(held, stale);
                dispatch(host, "payment-status-change", &detail);
                if is_new && held.snapshot.is_final && is_new_final(host, held) {
                    dispatch(host, "payment-status-final", &detail);
                }
            }
        }
        if progress.trouble != self.trouble {
            self.trouble = progress.trouble;
            if let Some(failure) = progress.trouble {
                dispatch(host, "payment-status-error", &error_detail(failure));
            }
        }
    }
}

impl Told {
    /// What was told is of another payment or reader. A page must not go on acting by it, so it hears once more of the
    /// last answer, as stale; then nothing has been told.
    pub(crate) fn withdraw(&mut self, host: &HtmlElement, progress: &Progress) {
        if self.answer.is_some() {
            let never_heard = f64::MIN;
            self.tell(host, &progress.heard_at(never_heard));
        }
        *self = Self::default();
    }
}

/// Kept on the element itself: it stays told when the element is taken out and put back.
fn is_new_final(host: &HtmlElement, held: &Verified) -> bool {
    let (told, code) = (JsValue::from("_final"), JsValue::from(&*held.match_code));
    let is_new = Reflect::get(host, &told).is_ok_and(|before| before != code);
    is_new && Reflect::set(host, &told, &code).is_ok()
}

fn answer_detail(held: &Verified, stale: bool) -> Object {
    let snapshot = &held.snapshot;
    let detail = detail();
    let set = |name: &str, value: JsValue| {
        // Fails only on a frozen object.
        let _ = Reflect::set(&detail, &name.into(), &value);
    };
    set("transaction", snapshot.transaction.as_str().into());
    set("version", JsValue::from_f64(snapshot.version as f64));
    set("state", snapshot.state.as_str().into());
    set("charged", snapshot.charged.as_str().into());
    set("payAgain", snapshot.pay_again.as_str().into());
    set("release", snapshot.release.as_str().into());
    set("moneyAt", snapshot.money_at.as_str().into());
    set("final", snapshot.is_final.into());
    set("stale", stale.into());
    set("reason", snapshot.reason.as_str().into());
    set("matchCode", (&*held.match_code).into());
    detail
}

fn error_detail(failure: Failure) -> Object {
    let detail = detail();
    let message = match failure {
        Failure::Configuration(attribute) => {
            ["the attribute ", attribute, " is missing or wrong"].concat()
        }
        Failure::Offline => "this device has no connection".into(),
        Failure::Unreachable => "the status server does not answer".into(),
        Failure::NotFound => "no such transaction, or the token is not for it".into(),
        Failure::BadSignature => "the answer carries no valid signature".into(),
        Failure::OtherTransaction => "the answer is about another transaction".into(),
        Failure::WentBack => "the answer is older than one already shown".into(),
        Failure::Contradiction => "the answer contradicts itself".into(),
        Failure::Unreadable => "the answer is not a status document".into(),
        Failure::KeysUnavailable => "the server's public keys could not be had".into(),
        Failure::UnsupportedBrowser => "this browser cannot verify Ed25519 signatures here".into(),
        Failure::Internal => "a fault of the widget".into(),
    };
    for (name, value) in [
        ("kind", failure.kind().as_str()),
        ("code", failure.code()),
        ("message", &message),
    ] {
        let _ = Reflect::set(&detail, &name.into(), &value.into());
    }
    detail
}

fn detail() -> Object {
    let detail = Object::new();
    let _ = Reflect::set(&detail, &"format".into(), &FORMAT.into());
    detail
}

fn dispatch(host: &HtmlElement, name: &str, detail: &Object) {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        // A listener's exception is the host page's own.
        let _ = host.dispatch_event(&event);
    }
}
