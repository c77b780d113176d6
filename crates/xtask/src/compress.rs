//! Brotli as a server with precompressed files would send it.

use std::io::Write;

use anyhow::{Context, Result};
use brotli::CompressorWriter;

/// The best that brotli can do: files are compressed once and downloaded many times.
const QUALITY: u32 = 11;
/// 4 MiB, the largest window that every browser accepts.
const WINDOW_LOG2: u32 = 22;

pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = CompressorWriter::new(Vec::new(), 64 * 1024, QUALITY, WINDOW_LOG2);
    writer.write_all(bytes).context("compressing")?;
    Ok(writer.into_inner())
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let text = "You have paid. Do not pay again. ".repeat(100);
        let packed = brotli(text.as_bytes()).expect("compresses");
        let mut unpacked = String::new();
        let mut reader = brotli::Decompressor::new(packed.as_slice(), 4096);
        reader.read_to_string(&mut unpacked).expect("unpacks");
        assert_eq!(unpacked, text);
        assert!(packed.len() < 100);
    }
}
