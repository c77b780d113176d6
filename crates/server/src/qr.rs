//! A QR code as a drawing that any page can show: one SVG path.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc, QrSegment};
use serde::Serialize;

/// Modules left white on each side (ISO/IEC 18004).
const QUIET_MODULES: i32 = 4;

/// A square of `size` × `size` modules, the quiet zone included, with the dark ones as a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Qr {
    /// Width and height: the `viewBox` is `0 0 size size`.
    pub size: i32,
    /// For the `d` of a `path` that is filled black on white.
    pub path: String,
}

impl Qr {
    /// The code of `base` followed by `code`, which is digits and capital letters: they take fewer modules, and a
    /// coarse code is read from further away.
    ///
    /// # Errors
    /// When the text is too long for any QR code.
    pub fn of(base: &str, code: &str) -> Result<Self, qrcodegen::DataTooLong> {
        let segments = [
            QrSegment::make_bytes(base.as_bytes()),
            QrSegment::make_alphanumeric(code),
        ];
        // 15 % may be hidden by a reflection or a thumb.
        let qr = QrCode::encode_segments(&segments, QrCodeEcc::Medium)?;
        let mut path = String::new();
        for y in 0..qr.size() {
            let mut x = 0;
            while x < qr.size() {
                let start = x;
                while x < qr.size() && qr.get_module(x, y) {
                    x += 1;
                }
                if x > start {
                    // Writing to a string does not fail.
                    let (left, top) = (start + QUIET_MODULES, y + QUIET_MODULES);
                    let _ = write!(path, "M{left} {top}h{}v1H{left}z", x - start);
                }
                x += 1;
            }
        }
        Ok(Self {
            size: qr.size() + 2 * QUIET_MODULES,
            path,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const BASE: &str = "https://status.example.com/handover/";
    const CODE: &str = "0123456789ABCDEFGHJKMNPQRS";

    #[test]
    fn the_path_draws_the_modules_and_nothing_else() {
        let qr = Qr::of(BASE, CODE).unwrap();
        // Version 4 (33 modules) and the quiet zone: coarse enough for any camera.
        assert_eq!(qr.size, 41);
        let mut drawn = vec![false; 41 * 41];
        for run in qr.path.trim_end_matches('z').split('z') {
            let (at, rest) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let width: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            for module in &mut drawn[y * 41 + x..y * 41 + x + width] {
                *module = true;
            }
        }
        let segments = [
            QrSegment::make_bytes(BASE.as_bytes()),
            QrSegment::make_alphanumeric(CODE),
        ];
        let same = QrCode::encode_segments(&segments, QrCodeEcc::Medium).unwrap();
        for (at, dark) in drawn.iter().enumerate() {
            let (x, y) = ((at % 41) as i32 - 4, (at / 41) as i32 - 4);
            assert_eq!(*dark, same.get_module(x, y), "{x} {y}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_an_error() {
        assert!(Qr::of(&"a".repeat(5000), CODE).is_err());
    }
}
