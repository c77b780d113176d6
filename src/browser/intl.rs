//! Amounts and times in the reader's language, by the browser's own `Intl`: no tables in the wasm.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use payment_status_display::Formats;
use payment_status_protocol::money::Money;
use payment_status_protocol::time::Time;
use wasm_bindgen::prelude::*;

/// Formatters of one locale. Made once per locale: constructing one costs more than using it.
pub(crate) struct IntlFormats {
    locales: Array,
    clock: Function,
    date_and_clock: Function,
    ago: Intl::RelativeTimeFormat,
}

impl IntlFormats {
    pub(crate) fn new(locale: &str) -> Self {
        let locales = Array::of1(&locale.into());
        let clock = options(&[
            ("hour", "2-digit"),
            ("minute", "2-digit"),
            ("second", "2-digit"),
        ]);
        let date_and_clock = options(&[("dateStyle", "medium"), ("timeStyle", "short")]);
        let ago = options(&[("numeric", "always")]);
        Self {
            clock: Intl::DateTimeFormat::new(&locales, &clock).format(),
            date_and_clock: Intl::DateTimeFormat::new(&locales, &date_and_clock).format(),
            ago: Intl::RelativeTimeFormat::new(&locales, &ago),
            locales,
        }
    }
}

impl Formats for IntlFormats {
    fn money(&self, money: &Money) -> String {
        let options = options(&[("style", "currency"), ("currency", money.currency.as_str())]);
        for name in ["minimumFractionDigits", "maximumFractionDigits"] {
            let _ = Reflect::set(&options, &name.into(), &money.exponent.into());
        }
        // As text with an exponent: a number would round amounts above 2^53.
        let decimal = [&money.minor.to_string(), "E-", &money.exponent.to_string()].concat();
        let format = Intl::NumberFormat::new(&self.locales, &options).format();
        formatted(&format, &decimal.as_str().into())
            .unwrap_or_else(|| [&decimal, money.currency.as_str()].join(" "))
    }

    fn time(&self, time: Time) -> String {
        let moment = Date::new(&JsValue::from_f64(time.as_ms() as f64));
        let today = Date::new_0();
        let same_day = moment.to_date_string() == today.to_date_string();
        let format = if same_day {
            &self.clock
        } else {
            &self.date_and_clock
        };
        formatted(format, &moment).unwrap_or_else(|| time.to_string())
    }

    fn duration_s(&self, age_s: u64) -> String {
        let (value, unit) = match age_s {
            0..60 => (age_s, "second"),
            60..3_600 => (age_s / 60, "minute"),
            3_600..86_400 => (age_s / 3_600, "hour"),
            _ => (age_s / 86_400, "day"),
        };
        self.ago.format(-(value as f64), unit).into()
    }
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in pairs {
        // Fails only on a frozen object.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}

fn formatted(format: &Function, value: &JsValue) -> Option<String> {
    format.call1(&JsValue::UNDEFINED, value).ok()?.as_string()
}
