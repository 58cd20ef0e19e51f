//! What a workbook may cost, checked before the library that reads it is let near it.
//!
//! A workbook is a zip archive of XML. The library takes the counts in it at their word and holds
//! a whole cell in memory, so a file of a kilobyte can ask for a terabyte. Here every member that
//! could inflate to much is inflated once, in passing, and a table of strings that lies about its
//! length is given to the library without the lie.

use std::fs::File;
use std::io::{BufReader, Read, Seek, Write as _};

use memchr::memchr_iter;
use zip::{ZipArchive, ZipWriter};

use super::{Origin, unreadable};
use crate::error::Result;

/// Members of an archive; a workbook has some dozens.
const MOST_MEMBERS: usize = 10_000;
/// Bytes that all members together may inflate to.
const MOST_BYTES: u64 = 4 << 30;
/// Bytes that the table of strings, which is held in memory, may inflate to.
const MOST_STRINGS: u64 = 512 << 20;
/// Bytes of one text between two tags: a cell holds 32,767 characters (Excel specifications and
/// limits), and an escaped character takes up to ten bytes.
const LONGEST_TEXT: usize = 10 * 32_768;
/// Members that cannot inflate to more than this are not looked at: deflate packs 1,032 to 1 at
/// best.
const HARMLESS: u64 = 64 << 20;
/// How tightly deflate can pack.
const TIGHTEST: u64 = 1_032;

/// Checks an archive. Gives back a copy to be read in its place where the original would ask for
/// too much memory by a false count.
///
/// # Errors
/// [`crate::error::Error::InputFormat`] when reading it would cost more than any real workbook.
pub(super) fn check(origin: &Origin) -> Result<Option<File>> {
    let file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    // What is no archive at all is told by the library that reads it.
    let Ok(mut archive) = ZipArchive::new(BufReader::new(file)) else { return Ok(None) };
    if archive.len() > MOST_MEMBERS {
        let why = format!("it has {} parts, more than any workbook", archive.len());
        return Err(unreadable(&origin.path, why));
    }
    let mut total = 0_u64;
    let mut lies = false;
    for index in 0..archive.len() {
        let Ok(mut member) = archive.by_index(index) else { continue };
        let strings = member.name().is_ok_and(|name| is_strings(&name));
        let packed = member.compressed_size();
        if packed.saturating_mul(TIGHTEST) > HARMLESS {
            let most = if strings { MOST_STRINGS } else { MOST_BYTES };
            total += inflate(&mut member, most).map_err(|why| unreadable(&origin.path, why))?;
            if total > MOST_BYTES {
                let why = "it inflates to more than 4 GiB, as no real workbook does";
                return Err(unreadable(&origin.path, why));
            }
        }
        drop(member);
        if strings {
            let Ok(mut member) = archive.by_index(index) else { continue };
            let mut head = Vec::new();
            // A member that breaks off is told by the library.
            let _ = member.by_ref().take(4096).read_to_end(&mut head);
            let most = packed.saturating_mul(TIGHTEST) / 7 + 8;
            lies |= counts(&head).any(|count| count.is_none_or(|count| count > most));
        }
    }
    if lies { honest_copy(origin, &mut archive).map(Some) } else { Ok(None) }
}

fn is_strings(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|file| file.eq_ignore_ascii_case("sharedStrings.xml"))
}

/// Inflates a member in passing, within its bounds; tells how long it is.
fn inflate(member: &mut impl Read, most: u64) -> Result<u64, String> {
    let mut buffer = vec![0; 256 * 1024];
    let mut total = 0_u64;
    let mut text = 0;
    loop {
        // A member that breaks off is told by the library.
        let Ok(read @ 1..) = member.read(&mut buffer) else { return Ok(total) };
        let bytes = buffer.get(..read).unwrap_or_default();
        total += read as u64;
        if total > most {
            return Err(format!("one of its parts inflates to more than {} MiB", most >> 20));
        }
        let mut from = 0;
        for at in memchr_iter(b'<', bytes) {
            if text + at - from > LONGEST_TEXT {
                return Err("one of its cells is longer than a spreadsheet allows".to_owned());
            }
            (from, text) = (at, 0);
        }
        text += bytes.len() - from;
        if text > LONGEST_TEXT {
            return Err("one of its cells is longer than a spreadsheet allows".to_owned());
        }
    }
}

/// The counts that a table of strings claims; `None` for one that is no number.
fn counts(head: &[u8]) -> impl Iterator<Item = Option<u64>> {
    let text = String::from_utf8_lossy(head).into_owned();
    ["uniqueCount=", " count="].into_iter().filter_map(move |name| {
        let (_, rest) = text.split_once(name)?;
        let value = rest.trim_start_matches(['"', '\'']);
        let end = value.find(['"', '\'']).unwrap_or(value.len());
        Some(value.get(..end)?.trim().parse().ok())
    })
}

/// A copy of the archive whose table of strings claims nothing.
fn honest_copy<R: Read + Seek>(origin: &Origin, archive: &mut ZipArchive<R>) -> Result<File> {
    let io = |source: std::io::Error| origin.io(source);
    let broken = |_| unreadable(&origin.path, "its archive is damaged or cut off");
    let copy = tempfile::tempfile().map_err(io)?;
    let mut writer = ZipWriter::new(copy);
    for index in 0..archive.len() {
        let Ok(mut member) = archive.by_index(index) else { continue };
        let Ok(name) = member.name().map(std::borrow::Cow::into_owned) else { continue };
        if !is_strings(&name) {
            writer.raw_copy_file(member).map_err(broken)?;
            continue;
        }
        writer.start_file(name, zip::write::SimpleFileOptions::default()).map_err(broken)?;
        let mut bytes = Vec::new();
        member.by_ref().take(MOST_STRINGS).read_to_end(&mut bytes).map_err(io)?;
        writer.write_all(&without_counts(&bytes)).map_err(io)?;
    }
    writer.finish().map_err(broken)
}

/// The XML with the counts of its first element named otherwise.
fn without_counts(xml: &[u8]) -> Vec<u8> {
    let head = xml.get(..4096).unwrap_or(xml);
    let rest = xml.get(head.len()..).unwrap_or_default();
    let head = String::from_utf8_lossy(head)
        .replacen("uniqueCount=", "uniqueClaim=", 1)
        .replacen(" count=", " claim=", 1);
    [head.as_bytes(), rest].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_and_taken_out() {
        let xml =
            br#"<?xml version="1.0"?><sst count="5" uniqueCount="18446744073709551616"><si/>"#;
        let mut claims: Vec<_> = counts(xml).collect();
        claims.sort_unstable();
        assert_eq!(claims, [None, Some(5)]);
        assert_eq!(counts(&without_counts(xml)).count(), 0);
    }

    #[test]
    fn a_text_longer_than_a_cell_is_refused() {
        let long = format!("<t>{}</t>", "a".repeat(LONGEST_TEXT + 1));
        assert!(inflate(&mut long.as_bytes(), u64::MAX).is_err());
        let fine = format!("<t>{}</t>", "a".repeat(LONGEST_TEXT - 8)).repeat(5);
        assert_eq!(inflate(&mut fine.as_bytes(), u64::MAX), Ok(fine.len() as u64));
        assert!(inflate(&mut fine.as_bytes(), 1000).is_err());
    }
}
