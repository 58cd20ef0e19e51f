//! Zero bytes behind the last row of a text: a program that writes whole blocks has filled its file up, or a disk
//! has lost power. They are no part of the text.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use super::Origin;
use crate::error::Result;
use crate::finding::{self, Finding};
use crate::row::Location;

/// Bytes that are looked at together, from the end of the file.
const PIECE: u64 = 64 * 1024;

/// The input without zero bytes at its end, in a temporary file, and what is to be said of them; nothing where it
/// has none, or where zero bytes are a part of its letters.
pub(super) fn without_padding(origin: &Origin, head: &[u8]) -> Result<Option<(Origin, Finding)>> {
    let failed = |source| origin.io(source);
    let text = head.iter().rposition(|byte| *byte != 0).and_then(|last| head.get(..=last));
    if text.is_none_or(|text| memchr::memchr(0, text).is_some()) {
        return Ok(None);
    }
    let mut file = File::open(origin.file()).map_err(failed)?;
    let length = file.seek(SeekFrom::End(0)).map_err(failed)?;
    let end = end_of_text(&mut file, length).map_err(failed)?;
    if end == length || end == 0 {
        return Ok(None);
    }
    file.rewind().map_err(failed)?;
    let mut spool = tempfile::NamedTempFile::new().map_err(failed)?;
    std::io::copy(&mut (&file).take(end), &mut spool).map_err(failed)?;
    spool.flush().map_err(failed)?;
    let ends_a_line = last_byte(&mut file, end).map_err(failed)? == Some(b'\n');
    let whole = if ends_a_line { "its rows are whole" } else { "its last row may be cut off" };
    let message =
        format!("the file ends in {} zero bytes, which are left out; {whole}", length - end);
    let note = Finding::new(&finding::FILE_PADDED, Location::default(), message).help(
        "count the rows in the program that made the file, and export it again if some are missing",
    );
    let text = Origin { spool: Some(Arc::new(spool)), ..origin.clone() };
    Ok(Some((text, note)))
}

/// Where the zero bytes at the end of a file begin.
fn end_of_text(file: &mut File, length: u64) -> std::io::Result<u64> {
    let mut end = length;
    let mut piece = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(if end == length { 1 } else { PIECE });
        file.seek(SeekFrom::Start(start))?;
        piece.clear();
        (&*file).take(end - start).read_to_end(&mut piece)?;
        if let Some(last) = piece.iter().rposition(|byte| *byte != 0) {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// The byte in front of a place.
fn last_byte(file: &mut File, end: u64) -> std::io::Result<Option<u8>> {
    file.seek(SeekFrom::Start(end.saturating_sub(1)))?;
    let mut byte = Vec::with_capacity(1);
    (&*file).take(1).read_to_end(&mut byte)?;
    Ok(byte.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of some bytes, where some are taken away.
    fn left(bytes: &[u8]) -> Option<(Vec<u8>, String)> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let origin = Origin { path: "x.csv".into(), index: 0, spool: Some(file.into()) };
        let head = &bytes[..bytes.len().min(4_096)];
        let (text, note) = without_padding(&origin, head).unwrap()?;
        Some((std::fs::read(text.file()).unwrap(), note.message.into_owned()))
    }

    #[test]
    fn zero_bytes_are_taken_away_only_behind_a_text() {
        for (text, zeros, said) in [
            ("email\na@b.org\n", 1, "its rows are whole"),
            ("email\na@b.org\n", 70_000, "its rows are whole"),
            ("email\na@b.org", 300_000, "its last row may be cut off"),
            (&"a@b.org\n".repeat(20_000), 65_536, "65536 zero bytes"),
        ] {
            let padded = [text.as_bytes(), &vec![0; zeros]].concat();
            let (left, message) = left(&padded).unwrap();
            assert_eq!(left, text.as_bytes());
            assert!(message.contains(said), "{message}");
        }
        let wide: Vec<u8> = "email\na@b.org\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for whole in [b"email\n".as_slice(), b"em\0ail\n\0\0", &wide, b"\0\0\0", b""] {
            assert_eq!(left(whole), None, "{whole:?}");
        }
    }
}
