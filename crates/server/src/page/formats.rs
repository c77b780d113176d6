//! Amounts, times and counts in the reader's language, by the tables of Unicode CLDR: what `Intl` is to the widget.
//!
//! A formatter that cannot be had (no data for a language) gives way to plain digits and ISO 8601, never to nothing.

use icu_calendar::Iso;
use icu_datetime::fieldsets::{MDET, T, YMDT};
use icu_datetime::input::{Date, DateTime, Time as WallTime};
use icu_datetime::options::TimePrecision;
use icu_datetime::{DateTimeFormatter, NoCalendarFormatter};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_experimental::dimension::currency::CurrencyCode;
use icu_experimental::dimension::currency::formatter::CurrencyFormatter;
use icu_experimental::relativetime::RelativeTimeFormatter;
use icu_locale::{LanguageIdentifier, Locale};
use icu_plurals::{PluralCategory, PluralRules};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use payment_status_display::Formats;
use payment_status_protocol::money::Money;
use payment_status_protocol::time::Time;

/// Formats for one page: its language, its time zone, and when it is made.
pub(crate) struct NativeFormats {
    locale: Locale,
    zone: TimeZone,
    now: Time,
}

impl NativeFormats {
    pub(crate) fn new(tag: &LanguageIdentifier, zone: TimeZone, now: Time) -> Self {
        Self {
            locale: tag.clone().into(),
            zone,
            now,
        }
    }

    /// The moment as `write` writes it, and always the zone.
    fn moment(
        &self,
        time: Time,
        write: impl FnOnce(&DateTime<Iso>, &Locale) -> Option<String>,
    ) -> String {
        let written = self.zoned(time).and_then(|zoned| {
            let wall = wall(&zoned)?;
            let text = write(&wall, &self.locale)?;
            Some(format!("{text} {}", offset(&zoned)))
        });
        written.unwrap_or_else(|| time.to_string())
    }

    fn zoned(&self, time: Time) -> Option<Zoned> {
        let timestamp = Timestamp::from_millisecond(time.as_ms()).ok()?;
        Some(timestamp.to_zoned(self.zone.clone()))
    }

    fn is_today(&self, time: Time) -> bool {
        let day = |time| self.zoned(time).map(|zoned| zoned.date());
        day(time) == day(self.now)
    }

    fn decimal(&self, decimal: &Decimal) -> String {
        DecimalFormatter::try_new((&self.locale).into(), Default::default())
            .map_or_else(|_| decimal.to_string(), |f| f.format(decimal).to_string())
    }
}

impl Formats for NativeFormats {
    fn money(&self, money: &Money) -> String {
        let mut amount = Decimal::from(money.minor);
        amount.multiply_pow10(-i16::from(money.exponent));
        let formatted = money.currency.as_str().parse().ok().and_then(|code| {
            let format = CurrencyFormatter::try_new((&self.locale).into(), Default::default());
            let code = CurrencyCode(code);
            Some(
                format
                    .ok()?
                    .format_fixed_decimal(&amount, &code)
                    .to_string(),
            )
        });
        formatted
            .unwrap_or_else(|| format!("{} {}", self.decimal(&amount), money.currency.as_str()))
    }

    fn time(&self, time: Time) -> String {
        if !self.is_today(time) {
            return self.moment(time, |wall, locale| {
                let format = YMDT::medium().with_time_precision(TimePrecision::Minute);
                let format = DateTimeFormatter::try_new(locale.into(), format).ok()?;
                Some(format.format(wall).to_string())
            });
        }
        self.moment(time, |wall, locale| {
            let format = NoCalendarFormatter::try_new(locale.into(), T::hms()).ok()?;
            Some(format.format(&wall.time).to_string())
        })
    }

    fn dated(&self, time: Time) -> String {
        self.moment(time, |wall, locale| {
            let format = YMDT::medium().with_time_precision(TimePrecision::Second);
            let format = DateTimeFormatter::try_new(locale.into(), format).ok()?;
            Some(format.format(wall).to_string())
        })
    }

    fn deadline(&self, time: Time) -> String {
        // Rounded up to the minute: a promise must not be said earlier than it is.
        let minute = time.as_ms().saturating_add(59_999).div_euclid(60_000);
        let time = Time::from_ms(minute.saturating_mul(60_000));
        let today = self.is_today(time);
        self.moment(time, |wall, locale| {
            if today {
                let format = NoCalendarFormatter::try_new(locale.into(), T::hm()).ok()?;
                return Some(format.format(&wall.time).to_string());
            }
            let format = MDET::medium().with_time_precision(TimePrecision::Minute);
            let format = DateTimeFormatter::try_new(locale.into(), format).ok()?;
            Some(format.format(wall).to_string())
        })
    }

    fn duration_s(&self, age_s: u64) -> String {
        type New = fn(
            icu_experimental::relativetime::RelativeTimeFormatterPreferences,
            icu_experimental::relativetime::RelativeTimeFormatterOptions,
        ) -> Result<RelativeTimeFormatter, icu_provider::DataError>;
        let (value, new): (u64, New) = match age_s {
            0..60 => (age_s, RelativeTimeFormatter::try_new_long_second),
            60..3_600 => (age_s / 60, RelativeTimeFormatter::try_new_long_minute),
            3_600..86_400 => (age_s / 3_600, RelativeTimeFormatter::try_new_long_hour),
            _ => (age_s / 86_400, RelativeTimeFormatter::try_new_long_day),
        };
        let mut ago = Decimal::from(value);
        ago.sign = fixed_decimal::Sign::Negative;
        new((&self.locale).into(), Default::default())
            .map_or_else(|_| format!("-{age_s} s"), |f| f.format(ago).to_string())
    }

    fn number(&self, number: u64) -> String {
        self.decimal(&Decimal::from(number))
    }

    fn plural(&self, number: u64) -> String {
        let rules = PluralRules::try_new_cardinal((&self.locale).into());
        let category = rules.map_or(PluralCategory::Other, |rules| rules.category_for(number));
        match category {
            PluralCategory::Zero => "zero",
            PluralCategory::One => "one",
            PluralCategory::Two => "two",
            PluralCategory::Few => "few",
            PluralCategory::Many => "many",
            PluralCategory::Other => "other",
        }
        .to_owned()
    }
}

fn wall(zoned: &Zoned) -> Option<DateTime<Iso>> {
    let [month, day, hour, minute, second] = [
        zoned.month(),
        zoned.day(),
        zoned.hour(),
        zoned.minute(),
        zoned.second(),
    ]
    .map(|part| u8::try_from(part).unwrap_or_default());
    Some(DateTime {
        date: Date::try_new_iso(zoned.year().into(), month, day).ok()?,
        time: WallTime::try_new(hour, minute, second, 0).ok()?,
    })
}

/// `UTC`, `UTC+8`, `UTC-3:30`: understood everywhere, and never one of two zones that share an abbreviation.
fn offset(zoned: &Zoned) -> String {
    let minutes = zoned.offset().seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    match (hours, rest) {
        (0, 0) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use payment_status_protocol::money::{Amount, Currency};

    use super::*;

    /// 2026-11-20T04:00:03Z, a Friday.
    const NOW_MS: i64 = 1_795_147_203_000;

    fn formats(tag: &str, zone: &str) -> NativeFormats {
        let zone = TimeZone::get(zone).unwrap();
        NativeFormats::new(&tag.parse().unwrap(), zone, Time::from_ms(NOW_MS))
    }

    /// No-break spaces as spaces: which one CLDR takes is its own affair.
    fn plain(text: &str) -> String {
        text.replace(['\u{202f}', '\u{a0}'], " ")
    }

    fn money(tag: &str, minor: u64, currency: &str) -> String {
        let currency = Currency::try_from(currency).unwrap();
        plain(&formats(tag, "UTC").money(&Money::from(&Amount { minor, currency })))
    }

    #[test]
    fn money_has_the_places_of_its_currency() {
        assert_eq!(money("en", 12_800, "CNY"), "CN¥128.00");
        assert_eq!(money("zh-CN", 12_800, "CNY"), "¥128.00");
        assert_eq!(money("en", 1_234_567, "USD"), "$12,345.67");
        assert_eq!(money("en", 500, "JPY"), "¥500");
        assert_eq!(money("en", 1_001, "KWD"), "KWD 1.001");
        assert_eq!(money("de", 1_234_500, "EUR"), "12.345,00 €");
        assert_eq!(money("en", u64::MAX, "USD"), "$184,467,440,737,095,516.15");
    }

    #[test]
    fn a_moment_says_its_zone_and_its_day_unless_it_is_today() {
        let time = |tag, zone| plain(&formats(tag, zone).time(Time::from_ms(NOW_MS)));
        assert_eq!(time("en", "UTC"), "4:00:03 AM UTC");
        assert_eq!(time("zh-CN", "Asia/Shanghai"), "12:00:03 UTC+8");
        let other_day = Time::from_ms(NOW_MS + 86_400_000);
        let later = plain(&formats("en", "America/St_Johns").time(other_day));
        assert_eq!(later, "Nov 21, 2026, 12:30 AM UTC-3:30");
        let dated = plain(&formats("en", "Asia/Shanghai").dated(Time::from_ms(NOW_MS)));
        assert_eq!(dated, "Nov 20, 2026, 12:00:03 PM UTC+8");
    }

    #[test]
    fn a_deadline_is_never_said_earlier_than_it_is() {
        let formats = formats("zh-CN", "Asia/Shanghai");
        assert_eq!(formats.deadline(Time::from_ms(NOW_MS)), "12:01 UTC+8");
        let on_the_minute = Time::from_ms(NOW_MS - 3_000);
        assert_eq!(formats.deadline(on_the_minute), "12:00 UTC+8");
        let in_four_days = Time::from_ms(NOW_MS + 4 * 86_400_000);
        assert_eq!(formats.deadline(in_four_days), "11月24日周二 12:01 UTC+8");
    }

    #[test]
    fn counts_and_ages_follow_the_language() {
        assert_eq!(formats("en", "UTC").duration_s(59), "59 seconds ago");
        assert_eq!(formats("en", "UTC").duration_s(61), "1 minute ago");
        assert_eq!(formats("zh-CN", "UTC").duration_s(7_300), "2小时前");
        assert_eq!(formats("ru", "UTC").plural(3), "few");
        assert_eq!(formats("ar", "UTC").plural(2), "two");
        assert_eq!(formats("en", "UTC").number(1_234), "1,234");
    }
}
