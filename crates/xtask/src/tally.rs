//! Counts tests by the closing lines of their runners: cargo test, cargo nextest, `node --test`.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Tally {
    /// Adds what one line of output says; most lines say nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(counts) = line.strip_prefix("test result:") {
            self.read_counts(counts, ';');
        } else if let Some((_, counts)) = summary_of_nextest(line) {
            self.read_counts(counts, ',');
        } else if let Some(count) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) {
            self.read_node(count);
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// `ok. 4 passed; 0 failed; 1 ignored; …` or `4 passed (1 slow), 1 failed, 1 timed out, 2 skipped`.
    fn read_counts(&mut self, counts: &str, separator: char) {
        for part in counts.split(separator) {
            let mut words = part
                .split_whitespace()
                .skip_while(|word| word.parse::<u32>().is_err());
            let Some(Ok(count)) = words.next().map(str::parse::<u32>) else {
                continue;
            };
            match words.next() {
                Some("passed") => self.passed += count,
                Some("failed" | "timed" | "exec") => self.failed += count,
                _ => {}
            }
        }
    }

    /// `pass 12`, `fail 1`, `cancelled 1`.
    fn read_node(&mut self, line: &str) {
        let mut words = line.split(' ');
        let (Some(what), Some(Ok(count)), None) = (
            words.next(),
            words.next().map(str::parse::<u32>),
            words.next(),
        ) else {
            return;
        };
        match what {
            "pass" => self.passed += count,
            "fail" | "cancelled" => self.failed += count,
            _ => {}
        }
    }
}

/// `Summary [   0.010s] 5 tests run: 4 passed, 1 failed, 0 skipped`
fn summary_of_nextest(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("Summary [")?;
    rest.split_once(" tests run: ")
        .or_else(|| rest.split_once(" test run: "))
}

/// Build machines ask runners for colours even through a pipe.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> (u32, u32) {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(line));
        (tally.passed, tally.failed)
    }

    #[test]
    fn cargo_test_is_read() {
        let line = "test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            tally(&[line, "test result: ok. 3 passed; 0 failed;"]),
            (7, 2)
        );
    }

    #[test]
    fn nextest_is_read_with_its_colours() {
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.010s] \u{1b}[1m9\u{1b}[0m tests run: \
                    \u{1b}[1m6\u{1b}[0m passed (1 slow), 1 failed, 2 timed out, 3 skipped";
        assert_eq!(tally(&[line]), (6, 3));
        assert_eq!(
            tally(&["     Summary [   0.010s] 1 test run: 1 passed, 0 skipped"]),
            (1, 0)
        );
    }

    #[test]
    fn node_is_read_in_both_of_its_formats() {
        assert_eq!(
            tally(&["ℹ tests 5", "ℹ pass 3", "ℹ fail 1", "ℹ cancelled 1"]),
            (3, 2)
        );
        assert_eq!(tally(&["# pass 3", "# fail 0", "# pass the salt"]), (3, 0));
    }

    #[test]
    fn other_lines_are_not_counted() {
        assert_eq!(tally(&["5 passed, 1 failed", "fail 3", "✔ pass 4"]), (0, 0));
    }
}
