//! Amounts and times in the reader's language, by the browser's own `Intl`: no tables in the wasm.

use std::cell::{OnceCell, RefCell};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use payment_status_display::Formats;
use payment_status_protocol::money::Money;
use payment_status_protocol::time::Time;
use wasm_bindgen::prelude::*;

/// Formatters of one locale, each made when it is first needed and then kept: making one costs more than using it.
pub(crate) struct IntlFormats {
    locales: Array,
    /// Of the money that was formatted last: most pages have one currency.
    money: RefCell<Option<(Box<str>, u8, Function)>>,
    clock: OnceCell<Function>,
    date_and_clock: OnceCell<Function>,
    dated: OnceCell<Function>,
    clock_by: OnceCell<Function>,
    day_by: OnceCell<Function>,
    ago: OnceCell<Intl::RelativeTimeFormat>,
    plurals: OnceCell<Intl::PluralRules>,
    numbers: OnceCell<Function>,
    /// Of the unit that was written out last: what is counted down stays in one for long.
    stretch: RefCell<Option<(&'static str, Function)>>,
}

impl IntlFormats {
    pub(crate) fn new(locale: &str) -> Self {
        Self {
            locales: Array::of1(&locale.into()),
            money: RefCell::default(),
            clock: OnceCell::new(),
            date_and_clock: OnceCell::new(),
            dated: OnceCell::new(),
            clock_by: OnceCell::new(),
            day_by: OnceCell::new(),
            ago: OnceCell::new(),
            plurals: OnceCell::new(),
            numbers: OnceCell::new(),
            stretch: RefCell::default(),
        }
    }

    /// A stretch of time, written out: `2 minutes`. In the largest unit of which there are two, rounded up.
    pub(crate) fn stretch_s(&self, seconds: u64) -> String {
        let (value, unit) = match seconds {
            0..=120 => (seconds, "second"),
            121..=7_200 => (seconds.div_ceil(60), "minute"),
            7_201..=172_800 => (seconds.div_ceil(3_600), "hour"),
            _ => (seconds.div_ceil(86_400), "day"),
        };
        let mut last = self.stretch.borrow_mut();
        if !matches!(&*last, Some((known, _)) if *known == unit) {
            let options = options(&[("style", "unit"), ("unit", unit), ("unitDisplay", "long")]);
            let format = Intl::NumberFormat::new(&self.locales, &options).format();
            *last = Some((unit, format));
        }
        last.as_ref()
            .and_then(|(_, format)| formatted(format, &JsValue::from_f64(value as f64)))
            .unwrap_or_else(|| [&value.to_string(), unit].join(" "))
    }

    fn moment(&self, options: &[(&str, &str)]) -> Function {
        Intl::DateTimeFormat::new(&self.locales, &self::options(options)).format()
    }
}

impl Formats for IntlFormats {
    fn money(&self, money: &Money) -> String {
        // As text with an exponent: a number would round amounts above 2^53.
        let decimal = [&money.minor.to_string(), "E-", &money.exponent.to_string()].concat();
        let currency = money.currency.as_str();
        let mut last = self.money.borrow_mut();
        if !matches!(&*last, Some((c, e, _)) if **c == *currency && *e == money.exponent) {
            let options = options(&[("style", "currency"), ("currency", currency)]);
            for name in ["minimumFractionDigits", "maximumFractionDigits"] {
                let _ = Reflect::set(&options, &name.into(), &money.exponent.into());
            }
            let format = Intl::NumberFormat::new(&self.locales, &options).format();
            *last = Some((currency.into(), money.exponent, format));
        }
        let written = last
            .as_ref()
            .and_then(|(_, _, format)| formatted(format, &decimal.as_str().into()));
        written.unwrap_or_else(|| [&decimal, currency].join(" "))
    }

    fn time(&self, time: Time) -> String {
        let (moment, is_today) = moment(time);
        let format = if is_today {
            self.clock.get_or_init(|| {
                let digits = "2-digit";
                self.moment(&[("hour", digits), ("minute", digits), ("second", digits)])
            })
        } else {
            self.date_and_clock
                .get_or_init(|| self.moment(&[("dateStyle", "medium"), ("timeStyle", "short")]))
        };
        formatted(format, &moment).unwrap_or_else(|| time.to_string())
    }

    fn dated(&self, time: Time) -> String {
        let format = self
            .dated
            .get_or_init(|| self.moment(&[("dateStyle", "medium"), ("timeStyle", "medium")]));
        formatted(format, &moment(time).0).unwrap_or_else(|| time.to_string())
    }

    fn deadline(&self, time: Time) -> String {
        // Rounded up to the minute: a promise must not be said earlier than it is.
        let (moment, is_today) = moment(Time::from_ms(time.as_ms().saturating_add(59_999)));
        let digits = "2-digit";
        let parts = [
            ("hour", digits),
            ("minute", digits),
            ("weekday", "short"),
            ("day", "numeric"),
            ("month", "short"),
        ];
        let (cell, parts) = if is_today {
            (&self.clock_by, &parts[..2])
        } else {
            (&self.day_by, &parts[..])
        };
        let format = cell.get_or_init(|| self.moment(parts));
        formatted(format, &moment).unwrap_or_else(|| time.to_string())
    }

    fn duration_s(&self, age_s: u64) -> String {
        let (value, unit) = match age_s {
            0..60 => (age_s, "second"),
            60..3_600 => (age_s / 60, "minute"),
            3_600..86_400 => (age_s / 3_600, "hour"),
            _ => (age_s / 86_400, "day"),
        };
        let ago = self.ago.get_or_init(|| {
            let always = options(&[("numeric", "always")]);
            Intl::RelativeTimeFormat::new(&self.locales, &always)
        });
        ago.format(-(value as f64), unit).into()
    }

    fn number(&self, number: u64) -> String {
        let format = self
            .numbers
            .get_or_init(|| Intl::NumberFormat::new(&self.locales, &Object::new()).format());
        formatted(format, &JsValue::from_f64(number as f64)).unwrap_or_else(|| number.to_string())
    }

    fn plural(&self, number: u64) -> String {
        let plurals = self
            .plurals
            .get_or_init(|| Intl::PluralRules::new(&self.locales, &Object::new()));
        plurals.select(number as f64).into()
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

/// A time as the browser has it, and whether it is on this device's day: that decides how it is written, no more.
fn moment(time: Time) -> (Date, bool) {
    let moment = Date::new(&JsValue::from_f64(time.as_ms() as f64));
    let is_today = moment.to_date_string() == Date::new_0().to_date_string();
    (moment, is_today)
}

fn formatted(format: &Function, value: &JsValue) -> Option<String> {
    format.call1(&JsValue::UNDEFINED, value).ok()?.as_string()
}
