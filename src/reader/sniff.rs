//! How a text file is encoded and cut: found out from its first bytes, with the reason.

use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Options, unreadable};
use crate::error::{Error, Result};
use crate::mapping::words;
use crate::row::{Dialect, Location, Rows};
use crate::spelling::normalise;

/// How many rows of the beginning are looked at.
const SAMPLE_ROWS: usize = 200;

/// How the bytes become text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Charset {
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// Bytes of the byte-order mark.
    pub(super) bom: usize,
    /// How it was found out.
    pub(super) why: &'static str,
}

/// The encoding: what the user says, else the byte-order mark, else the pattern of zero bytes,
/// else UTF-8.
///
/// # Errors
/// When the user names an unknown encoding, or the bytes are not those of a text.
pub(super) fn charset(path: &Path, head: &[u8], options: &Options) -> Result<Charset> {
    let marked = Encoding::for_bom(head);
    if let Some(label) = &options.encoding {
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            Error::usage(
                format!("there is no encoding {label:?}"),
                "use a label of the WHATWG Encoding Standard: utf-8, windows-1252, iso-8859-15, \
                 utf-16le, shift_jis, …",
            )
        })?;
        let bom = marked.filter(|(found, _)| *found == encoding).map_or(0, |(_, bytes)| bytes);
        return Ok(Charset { encoding, bom, why: "named by --encoding" });
    }
    if let Some((encoding, bom)) = marked {
        return Ok(Charset { encoding, bom, why: "byte-order mark" });
    }
    if let Some(encoding) = zero_bytes(head) {
        return Ok(Charset { encoding, bom: 0, why: "every second byte is zero" });
    }
    if let Some(what) = binary(head) {
        return Err(unreadable(path, what));
    }
    Ok(Charset { encoding: UTF_8, bom: 0, why: "no byte-order mark; UTF-8 is the rule" })
}

/// UTF-16 without a mark: ASCII letters leave a zero in every second byte.
fn zero_bytes(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let zeros = |offset: usize| {
        head.iter().skip(offset).step_by(2).take(pairs).filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let most = pairs * 7 / 10;
    if pairs < 4 {
        None
    } else if odd > most && even == 0 {
        Some(UTF_16LE)
    } else if even > most && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// What a file is that is no text, in words for a message.
fn binary(head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG", "it is a picture (PNG)"),
        (b"\xff\xd8\xff", "it is a picture (JPEG)"),
        (b"GIF8", "it is a picture (GIF)"),
        (b"%PDF", "it is a PDF; a table in it has to be exported by the program that made it"),
        (b"\xd0\xcf\x11\xe0", "it is an old .xls workbook, or a workbook with a password"),
        (b"PK\x03\x04", "it is a zip archive"),
        (b"\x1f\x8b", "it is compressed (gzip); unpack it first"),
        (b"\x28\xb5\x2f\xfd", "it is compressed (zstd); unpack it first"),
        (b"\x7fELF", "it is a program"),
        (b"SQLite format 3", "it is a database"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    let odd = head
        .iter()
        .filter(|byte| byte.is_ascii_control() && !matches!(**byte, b'\n' | b'\r' | b'\t' | 12))
        .count();
    let zeros = memchr::memchr_iter(0, head).count();
    (zeros > 8 || odd * 20 > head.len() + 40).then_some("its bytes are not text")
}

/// The dialect of a text, and why.
///
/// Every candidate cuts the sample with the parser that will cut the file, so that quotes and line
/// breaks inside quotes count as they will. The one that gives rows of one width wins; headers
/// that are known words speak for it.
pub(super) fn dialect(sample: &[u8], options: &Options) -> (Dialect, String) {
    let quote = options.quote.unwrap_or(Some(b'"'));
    if let Some(delimiter) = options.delimiter {
        return (Dialect { delimiter, quote }, "named by --delimiter".to_owned());
    }
    let mut best = (Dialect { delimiter: b',', quote }, 0.0_f64, 1_usize, 0_usize);
    for delimiter in *b",;\t|" {
        let dialect = Dialect { delimiter, quote };
        let rows = rows_of(sample, dialect);
        let Some((width, alike)) = usual_width(&rows) else { continue };
        if width < 2 {
            continue;
        }
        let share = ratio(alike, rows.len());
        let known = rows
            .iter()
            .next()
            .map_or(0, |row| row.cells().filter(|cell| is_known_header(cell.text)).count());
        let score = share * share * ratio(width.min(12), 12) + ratio(known, 2);
        if score > best.1 {
            best = (dialect, score, width, alike);
        }
    }
    let (dialect, score, width, alike) = best;
    let why = if score > 0.0 {
        format!("{alike} of the first rows have {width} cells")
    } else {
        "one column".to_owned()
    };
    (dialect, why)
}

fn ratio(part: usize, whole: usize) -> f64 {
    let exact = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { exact(part) / exact(whole) }
}

fn is_known_header(text: &str) -> bool {
    let plain = normalise(text);
    [words::FIRST_NAME, words::LAST_NAME, words::EMAIL, words::PHONE, words::BIRTH_DATE]
        .iter()
        .any(|words| words.sure.contains(&plain.as_str()))
}

/// The first rows of a sample whose last row may be cut off.
pub(super) fn rows_of(sample: &[u8], dialect: Dialect) -> Rows {
    let block = crate::row::Block {
        bytes: sample.to_vec(),
        dialect,
        first: Location { row: 1, line: 1, ..Location::default() },
    };
    let mut rows = super::csv::parse(&block, 0);
    rows.truncate(SAMPLE_ROWS);
    rows
}

/// The most frequent number of cells and how many rows have it.
fn usual_width(rows: &Rows) -> Option<(usize, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows.iter().filter(|row| !row.is_blank()) {
        *counts.entry(row.len()).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|&(width, count)| (count, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found_by_the_shape_of_the_rows() {
        for (text, delimiter) in [
            ("name,email\nAda,a@b.org\nBob,b@b.org\n", b','),
            ("name;email;note\nAda;a@b.org;1,5\nBob;b@b.org;2,5\n", b';'),
            ("name\temail\nAda\ta@b.org, x\n", b'\t'),
            ("name|email\nAda|a@b.org\n", b'|'),
            ("email\na@b.org\nc@d.org\n", b','),
            ("name,notes\nAda,\"one; two;\nthree; four\"\nBob,\"five;\"\n", b','),
            ("first;last;address\nAda;L;\"1, Rue A, Paris\"\nBob;M;\"2, Rue B, Lyon\"\n", b';'),
            ("", b','),
        ] {
            let (found, why) = dialect(text.as_bytes(), &Options::default());
            assert_eq!(char::from(found.delimiter), char::from(delimiter), "{text:?}: {why}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let path = Path::new("x.csv");
        for (bytes, part) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0"[..], "PNG"),
            (b"%PDF-1.7", "PDF"),
            (b"a,b\0\0\0\0\0\0\0\0\0\0c", "not text"),
        ] {
            let error = charset(path, bytes, &Options::default()).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
        let wide: Vec<u8> = "email\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(charset(path, &wide, &Options::default()).unwrap().encoding, UTF_16LE);
        let unknown = Options { encoding: Some("utf-99".to_owned()), ..Options::default() };
        assert!(matches!(charset(path, b"a", &unknown), Err(Error::Usage { .. })));
    }
}
