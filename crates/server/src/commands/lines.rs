//! JSON Lines in, JSON Lines out: one answer a line, an error in the place of a bad line.

use std::io::{self, BufRead, Write};

use serde::Serialize;

use crate::problem::{FieldError, Problem};

/// The longest line that is read, in bytes. A longer one is an error line.
pub const MAX_LINE_BYTES: usize = 4 * 1024 * 1024;

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineError {
    /// Its number, from 1.
    line: usize,
    /// Where in it, as a path; empty for the line itself.
    #[serde(skip_serializing_if = "String::is_empty")]
    at: String,
    /// The rule that it breaks first.
    expected: String,
    /// What came instead.
    got: String,
    /// All of it in a sentence.
    detail: String,
}

/// Why a line has no answer.
#[derive(Debug)]
pub struct BadLine {
    errors: Vec<FieldError>,
    detail: String,
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    error: &'a LineError,
}

/// Answers every line of `input`. True if none of them was bad.
///
/// An empty line is a bad one, except a single one at the very end.
///
/// # Errors
/// When reading or writing fails.
pub fn answer_lines<A: Serialize>(
    mut input: impl BufRead,
    mut output: impl Write,
    mut answer: impl FnMut(&[u8]) -> Result<A, BadLine>,
) -> io::Result<bool> {
    let mut buffer = Vec::new();
    let mut number = 0;
    let mut all_good = true;
    let mut held_empty = None;
    while let Some(fits) = read_line(&mut input, &mut buffer)? {
        number += 1;
        if let Some(empty) = held_empty.take() {
            all_good = false;
            write_line(
                &mut output,
                &ErrorLine {
                    error: &BadLine::empty().at_line(empty),
                },
            )?;
        }
        // A byte order mark is not part of the first line.
        let line = if number == 1 {
            buffer.strip_prefix(b"\xef\xbb\xbf")
        } else {
            None
        };
        let line = line.unwrap_or(&buffer).trim_ascii();
        if fits && line.is_empty() {
            held_empty = Some(number);
            continue;
        }
        match if fits {
            answer(line)
        } else {
            Err(BadLine::too_long())
        } {
            Ok(answer) => write_line(&mut output, &answer)?,
            Err(bad) => {
                all_good = false;
                write_line(
                    &mut output,
                    &ErrorLine {
                        error: &bad.at_line(number),
                    },
                )?;
            }
        }
    }
    output.flush()?;
    Ok(all_good)
}

/// Reads up to the next line feed. `None` at the end, `Some(false)` if the line is too long; its
/// rest is skipped, so that memory stays bounded.
fn read_line(input: &mut impl BufRead, buffer: &mut Vec<u8>) -> io::Result<Option<bool>> {
    buffer.clear();
    let mut fits = true;
    let mut has_begun = false;
    loop {
        let available = match input.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if available.is_empty() {
            return Ok(has_begun.then_some(fits));
        }
        has_begun = true;
        let end = available.iter().position(|&byte| byte == b'\n');
        let (line, used) = match end {
            Some(end) => (available.get(..end).unwrap_or_default(), end + 1),
            None => (available, available.len()),
        };
        if buffer.len() + line.len() > MAX_LINE_BYTES {
            fits = false;
            buffer.clear();
        } else if fits {
            buffer.extend_from_slice(line);
        }
        input.consume(used);
        if end.is_some() {
            return Ok(Some(fits));
        }
    }
}

fn write_line(output: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, line)?;
    output.write_all(b"\n")
}

impl BadLine {
    /// With every place that is wrong.
    #[must_use]
    pub fn from_fields(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            detail: String::new(),
        }
    }

    /// The line as a whole is wrong.
    pub fn new(
        expected: impl Into<String>,
        got: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        let error = FieldError {
            at: String::new(),
            expected: expected.into(),
            got: got.into(),
        };
        Self {
            errors: vec![error],
            detail: detail.into(),
        }
    }

    fn empty() -> Self {
        Self::new(
            "a JSON object",
            "an empty line",
            "Every line is one question.",
        )
    }

    fn too_long() -> Self {
        let detail = format!("A line has at most {MAX_LINE_BYTES} bytes.");
        Self::new("a JSON object", "a longer line", detail)
    }

    fn at_line(self, line: usize) -> LineError {
        let sentences: Vec<String> = self
            .errors
            .iter()
            .map(|error| {
                let at = if error.at.is_empty() {
                    "line"
                } else {
                    &error.at
                };
                format!("{at}: expected {}, got {}.", error.expected, error.got)
            })
            .collect();
        let detail = if self.detail.is_empty() {
            sentences.join(" ")
        } else {
            self.detail
        };
        let first = self.errors.into_iter().next();
        let (at, expected, got) = first.map_or_else(
            || {
                (
                    String::new(),
                    "a JSON object".to_owned(),
                    "something else".to_owned(),
                )
            },
            |error| (error.at, error.expected, error.got),
        );
        LineError {
            line,
            at,
            expected,
            got,
            detail,
        }
    }
}

impl From<Problem> for BadLine {
    /// A line that is not JSON.
    fn from(problem: Problem) -> Self {
        if problem.errors.is_empty() {
            Self::new("JSON", "something else", problem.detail)
        } else {
            Self::from_fields(problem.errors)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn lengths(input: &[u8]) -> (Vec<String>, bool) {
        let mut out = Vec::new();
        let good = answer_lines(input, &mut out, |line| Ok(line.len())).unwrap();
        (
            String::from_utf8(out)
                .unwrap()
                .lines()
                .map(str::to_owned)
                .collect(),
            good,
        )
    }

    #[test]
    fn every_line_has_its_answer_in_its_place() {
        assert_eq!(
            lengths(b"a\nbb\r\nccc"),
            (vec!["1".into(), "2".into(), "3".into()], true)
        );
        assert_eq!(lengths(b""), (vec![], true));
    }

    #[test]
    fn an_empty_line_is_an_error_unless_it_is_the_last() {
        let (lines, good) = lengths(b"a\n\nb\n\n");
        assert_eq!((lines.len(), good), (3, false));
        assert!(lines[1].contains("\"line\":2") && lines[1].contains("an empty line"));
        assert_eq!(lengths(b"a\n\n"), (vec!["1".into()], true));
        assert_eq!(lengths(b"\xef\xbb\xbfa\n"), (vec!["1".into()], true));
    }

    #[test]
    fn a_line_that_is_too_long_is_an_error_and_the_next_is_answered() {
        let mut input = vec![b'x'; MAX_LINE_BYTES + 1];
        input.extend_from_slice(b"\nab\n");
        let (lines, good) = lengths(&input);
        assert!(lines[0].contains("a longer line") && lines[1] == "2" && !good);
    }
}
