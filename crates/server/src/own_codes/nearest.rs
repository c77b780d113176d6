//! The word that was meant.

/// The word that is nearest to `text`, if one is near: at most a third of its letters differ.
pub(super) fn nearest<'a>(text: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_ascii_lowercase().replace(['-', ' '], "_");
    words
        .map(|word| (distance(&text, word), word))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, word)| distance * 3 <= word.len())
        .map(|(_, word)| word)
}

/// How many letters must be put in, taken out or changed (Levenshtein). The words are short ASCII;
/// a longer text only costs a longer row.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(to.bytes()) {
            let above = *cell;
            *cell = (diagonal + usize::from(a != b))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_near_when_few_letters_differ() {
        let words = ["insufficient_funds", "issuer_declined", "issuer_timeout"];
        let near = |text| nearest(text, words.into_iter());
        assert_eq!(near("insuficient_funds"), Some("insufficient_funds"));
        assert_eq!(near("Issuer declined"), Some("issuer_declined"));
        assert_eq!(near("issuer_timed_out"), Some("issuer_timeout"));
        assert_eq!(near("solar_flare"), None);
        assert_eq!(near(""), None);
    }

    #[test]
    fn the_distance_counts_letters() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abd", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }
}
