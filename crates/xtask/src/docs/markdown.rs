//! Text in GitHub's Markdown: what must be escaped, tables, and the anchors of headings.

/// Text as it stands, in a table or outside of one.
pub(crate) fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '|' | '*' | '[' | ']' | '`' => escaped.extend(['\\', character]),
            '<' => escaped.push_str("&lt;"),
            '\n' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Text in a code span. Inside of a table a bar must be escaped even there.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') {
        format!("`` {text} ``")
    } else {
        format!("`{text}`")
    }
}

/// One line of a table.
pub(crate) fn row<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line.push(' ');
        line.push_str(cell.as_ref());
        line.push_str(" |");
    }
    line.push('\n');
    line
}

/// The two lines above the rows of a table.
pub(crate) fn head(titles: &[&str]) -> String {
    row(titles) + "|" + &"---|".repeat(titles.len()) + "\n"
}

/// The anchor that GitHub gives a heading.
pub(crate) fn anchor(heading: &str) -> String {
    heading
        .trim()
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            other if other.is_alphanumeric() => other.to_lowercase().next(),
            _ => None,
        })
        .collect()
}

/// `payer_decline` as a heading: `Payer decline`.
pub(crate) fn title(word: &str) -> String {
    let text = word.replace('_', " ");
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// `1 code`, `2 codes`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_cell_is_escaped() {
        assert_eq!(plain("a|b <c> *d*"), "a\\|b &lt;c> \\*d\\*");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(row(["a", "b"]), "| a | b |\n");
        assert_eq!(head(&["a", "b"]), "| a | b |\n|---|---|\n");
    }

    #[test]
    fn anchors_are_githubs() {
        assert_eq!(
            anchor("7.2 One attempt's state (first rule that fits)"),
            "72-one-attempts-state-first-rule-that-fits"
        );
        assert_eq!(anchor("issuer_timeout"), "issuer_timeout");
    }

    #[test]
    fn words_become_titles_and_counts() {
        assert_eq!(title("payer_decline"), "Payer decline");
        assert_eq!(
            (count(1, "code"), count(2, "code")),
            ("1 code".into(), "2 codes".into())
        );
    }
}
