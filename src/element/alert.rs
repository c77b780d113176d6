//! Sound and vibration for a till that nobody looks at: two tones up for "you may", two down for "not yet". Off until
//! somebody switches it on; the browser remembers that for the host's pages.

use wasm_bindgen::JsValue;

use crate::browser::reach::{self, call, get, list, set, window};

const REMEMBERED: &str = "payment-status-alert";
/// Hertz.
const MAY_ACT: [f64; 2] = [660.0, 990.0];
const NOT_YET: [f64; 2] = [440.0, 294.0];
/// Seconds.
const TONE_S: f64 = 0.18;
const LOUDNESS: f64 = 0.2;

/// The browser's sound, taken with the first tone.
#[derive(Default)]
pub(super) struct Alert(Option<JsValue>);

/// Is it switched on? A browser that forbids remembering says no.
pub(super) fn is_remembered() -> bool {
    let kept = get(&window(), "localStorage");
    let value = call(&kept, "getItem", &[REMEMBERED.into()]);
    value.and_then(|value| value.as_string()).as_deref() == Some("on")
}

pub(super) fn remember(on: bool) {
    let kept = get(&window(), "localStorage");
    let value = if on { "on" } else { "off" };
    call(&kept, "setItem", &[REMEMBERED.into(), value.into()]);
}

impl Alert {
    /// Takes the sound while a finger is on the button: browsers allow it then.
    pub(super) fn ready(&mut self) {
        if self.0.is_none() {
            self.0 = reach::new("AudioContext", &[]);
        }
        if let Some(audio) = &self.0 {
            call(audio, "resume", &[]);
        }
    }

    pub(super) fn tell(&mut self, may_act: bool) {
        let (tones, pulses): (_, &[f64]) = if may_act {
            (MAY_ACT, &[120.0, 80.0, 120.0])
        } else {
            (NOT_YET, &[500.0])
        };
        let pulses: Vec<JsValue> = pulses.iter().map(|ms| (*ms).into()).collect();
        let device = get(&window(), "navigator");
        call(&device, "vibrate", &[list(&pulses).into()]);
        self.ready();
        if let Some(audio) = &self.0 {
            play(audio, tones);
        }
    }
}

impl Drop for Alert {
    fn drop(&mut self) {
        if let Some(audio) = &self.0 {
            call(audio, "close", &[]);
        }
    }
}

/// `None` where the browser has no such sound: then there is none.
fn play(audio: &JsValue, tones: [f64; 2]) -> Option<()> {
    let volume = call(audio, "createGain", &[])?;
    set(&get(&volume, "gain"), "value", LOUDNESS);
    call(&volume, "connect", &[get(audio, "destination")])?;
    let mut at_s = get(audio, "currentTime").as_f64()?;
    for hertz in tones {
        let tone = call(audio, "createOscillator", &[])?;
        set(&get(&tone, "frequency"), "value", hertz);
        call(&tone, "connect", std::slice::from_ref(&volume))?;
        call(&tone, "start", &[at_s.into()])?;
        at_s += TONE_S;
        call(&tone, "stop", &[at_s.into()])?;
    }
    Some(())
}
