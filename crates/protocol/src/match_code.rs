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

#[cfg(test)]
mod tests {
    use super::match_code;

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
