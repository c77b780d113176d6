//! A short code from the snapshot's bytes: equal on two screens = the same answer.

use crate::id::crockford_digit;

/// The first 30 bits of the SHA-256 of the snapshot's body as `7K3-M9Q`.
///
/// Six Crockford base32 characters: easy to read aloud over a counter or a phone. It tells two
/// answers apart (one in 2^30), it does not prove who made them: the signature does.
#[must_use]
pub fn match_code(body_sha256: &[u8; 32]) -> String {
    let [a, b, c, d, ..] = *body_sha256;
    let bits = u128::from(u32::from_be_bytes([a, b, c, d]) >> 2);
    let mut code = String::with_capacity(7);
    for group in (0..6u32).rev() {
        code.push(char::from(crockford_digit(bits >> (group * 5))));
        if group == 3 {
            code.push('-');
        }
    }
    code
}

/// Between which two values (both included) the first four bytes of the SHA-256 lie that has this code. `None` if it
/// is none. As people type it: in lower case, without the dash, `O` for zero, `I` or `L` for one.
#[must_use]
pub fn hash_bounds(code: &str) -> Option<[[u8; 4]; 2]> {
    let digits: Vec<u8> = code.trim().bytes().filter(|byte| *byte != b'-').collect();
    if digits.len() != 6 {
        return None;
    }
    let bits = digits.iter().try_fold(0_u32, |bits, digit| {
        let digit = match digit.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        };
        let value = (0..32).find(|value| crockford_digit(*value) == digit)?;
        Some(bits << 5 | u32::try_from(value).ok()?)
    })?;
    let first = bits << 2;
    Some([first.to_be_bytes(), (first | 3).to_be_bytes()])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{hash_bounds, match_code};

    #[test]
    fn a_code_as_people_type_it_bounds_the_hashes_that_have_it() {
        let mut hash = [7_u8; 32];
        for last in [0, 3, 4, 255] {
            hash[3] = last;
            let code = match_code(&hash);
            let typed = [
                code.to_lowercase(),
                code.replace('-', ""),
                format!(" {code} "),
            ];
            for typed in typed {
                let [first, end] = hash_bounds(&typed).unwrap();
                assert!(first[..] <= hash[..4] && hash[..4] <= end[..], "{typed}");
                assert_eq!(first[3] & !3, last & !3, "no other code's hashes");
            }
        }
        assert_eq!(hash_bounds("oil-000"), hash_bounds("011-000"));
        for text in ["", "A-1043", "7K3-M9", "7K3-M9U", "七K3-M9Q"] {
            assert_eq!(hash_bounds(text), None, "{text}");
        }
    }

    #[test]
    fn takes_the_first_thirty_bits() {
        let mut hash = [0u8; 32];
        assert_eq!(match_code(&hash), "000-000");
        hash[3] = 0b0000_0100; // bit 30 from the left is the lowest of the six characters
        assert_eq!(match_code(&hash), "000-001");
        hash = [0xff; 32];
        assert_eq!(match_code(&hash), "ZZZ-ZZZ");
    }
}
