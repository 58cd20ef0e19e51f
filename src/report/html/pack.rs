//! Bytes as text of a page: packed, in letters that can end no element.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};

/// The letters of Base64.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64, with its padding: nothing else is a hash to a content policy.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * at) & 63) as usize).copied();
            text.push(if at > three.len() { '=' } else { char::from(letter.unwrap_or(b'=')) });
        }
    }
    text
}

/// The hash by which a content policy knows a style or a script.
pub(super) fn digest(asset: &str) -> String {
    base64(&Sha256::digest(asset.as_bytes()))
}

/// A text deflated, in Base64.
///
/// # Errors
/// When it cannot be packed; memory is written to, so it always can.
pub(super) fn packed(text: &[u8]) -> std::io::Result<String> {
    let mut packer = DeflateEncoder::new(Vec::with_capacity(text.len() / 4), Compression::new(4));
    packer.write_all(text)?;
    Ok(base64(&packer.finish()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_everybody_reads_it() {
        for (bytes, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xfe]), "+//+");
    }
}
