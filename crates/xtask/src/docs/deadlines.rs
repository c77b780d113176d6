//! The chapter on deadlines: by when a state should be over, by whose rule, and whom to ask then.

use std::path::Path;

use anyhow::{Context, Result};

use super::markdown::{code, count, head, plain, row};
use super::table::{self, Row};
use super::words::{LOCALES, Words};

const PATH: &str = "crates/protocol/data/deadlines.csv";

pub(crate) fn read(root: &Path) -> Result<Vec<Row>> {
    table::read(
        root,
        PATH,
        &["rule", "scheme", "state", "seconds", "source"],
    )
}

/// The table of times, then the rules with their words.
pub(crate) fn chapter(deadlines: &[Row], words: &Words) -> Result<String> {
    let mut text = head(&["scheme", "state", "time", "rule", "source"]);
    let mut sorted: Vec<&Row> = deadlines.iter().collect();
    sorted.sort_by_key(|deadline| {
        ["scheme", "state", "rule"].map(|column| deadline.get(column).to_owned())
    });
    for deadline in sorted {
        let seconds: u64 = deadline
            .get("seconds")
            .parse()
            .with_context(|| format!("{}: seconds", deadline.place))?;
        let rule = deadline.get("rule");
        text += &row([
            code(deadline.get("scheme")),
            code(deadline.get("state")),
            duration(seconds),
            format!("[{rule}](#rule-{rule})"),
            plain(deadline.get("source")),
        ]);
    }
    text += "\nWhat the screens call each rule, and whom each reader is told to ask once its time has passed:\n\n";
    let [en, zh] = LOCALES;
    text += &head(&["rule", en, zh, "payer asks", "merchant asks"]);
    for rule in words.rules() {
        let [en, zh] = words.plain(&format!("rule.{rule}"))?.map(plain);
        let ask = |party| words.whom_to_ask(rule, party).map(code).unwrap_or_default();
        let name = format!("<a id=\"rule-{rule}\"></a>{}", code(rule));
        text += &row([name, en, zh, ask("payer"), ask("merchant")]);
    }
    Ok(text)
}

/// In the largest unit that fits without a rest.
fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let unit = UNITS
        .into_iter()
        .find(|(length, _)| seconds >= *length && seconds.is_multiple_of(*length));
    let (number, noun) = unit.map_or((seconds, "second"), |(length, noun)| {
        (seconds / length, noun)
    });
    usize::try_from(number).map_or_else(
        |_| format!("{number} {noun}s"),
        |number| count(number, noun),
    )
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_read_as_people_say_them() {
        for (seconds, words) in [
            (1, "1 second"),
            (45, "45 seconds"),
            (60, "1 minute"),
            (90, "90 seconds"),
            (7_200, "2 hours"),
            (86_400, "1 day"),
            (518_400, "6 days"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }
}
