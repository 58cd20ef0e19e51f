//! How a text file is encoded and cut: found out from its first bytes, with the reason.

use std::fs::File;
use std::io::Read as _;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Options, Origin, unreadable};
use crate::error::{Error, Result};
use crate::mapping::words;
use crate::row::{Dialect, Location, Rows};
use crate::spelling::normalise;

/// How many rows of the beginning are looked at.
const SAMPLE_ROWS: usize = 200;

/// How the bytes become text.
#[derive(Clone, Debug)]
pub(super) struct Charset {
    /// The encoding.
    pub(super) encoding: &'static Encoding,
    /// Bytes of the byte-order mark.
    pub(super) bom: usize,
    /// How it was found out.
    pub(super) why: String,
    /// Whether it is a guess by letters, which a person should look at.
    pub(super) guessed: bool,
}

/// The encoding: what the user says, else the byte-order mark, else the pattern of zero bytes, else
/// UTF-8 if the whole file is, else what its letters are likeliest to be.
///
/// # Errors
/// When the user names an unknown encoding, or the bytes are not those of a text.
pub(super) fn charset(origin: &Origin, head: &[u8], options: &Options) -> Result<Charset> {
    let path = &origin.path;
    let marked = Encoding::for_bom(head);
    if let Some(label) = &options.encoding {
        let encoding = by_label(label, marked).ok_or_else(|| {
            Error::usage(
                format!("there is no encoding {label:?}"),
                "use a label of the WHATWG Encoding Standard: utf-8, windows-1252, iso-8859-15, \
                 utf-16le, shift_jis, …",
            )
        })?;
        let bom = marked.filter(|(found, _)| *found == encoding).map_or(0, |(_, bytes)| bytes);
        return Ok(Charset {
            encoding,
            bom,
            why: "named by --encoding".to_owned(),
            guessed: false,
        });
    }
    if let Some((encoding, bom)) = marked {
        return Ok(Charset { encoding, bom, why: "byte-order mark".to_owned(), guessed: false });
    }
    if let Some(encoding) = zero_bytes(head) {
        let why = "every second byte is zero".to_owned();
        return Ok(Charset { encoding, bom: 0, why, guessed: false });
    }
    if let Some(what) = binary(head) {
        return Err(unreadable(path, what));
    }
    by_letters(origin)
}

/// The encoding of a label of the WHATWG Encoding Standard, or of one that other tools use for it.
/// Where the label leaves the order of bytes open, the mark decides.
fn by_label(label: &str, marked: Option<(&'static Encoding, usize)>) -> Option<&'static Encoding> {
    let label = label.trim().to_lowercase().replace('_', "-");
    let known = match label.as_str() {
        "utf-8-sig" => "utf-8",
        "utf-16-le" => "utf-16le",
        "utf-16-be" => "utf-16be",
        "mac-roman" | "macroman" => "macintosh",
        "mac-cyrillic" | "maccyrillic" => "x-mac-cyrillic",
        "latin-1" | "iso8859-1" => "latin1",
        "utf-16" => {
            let wide = marked.map(|(found, _)| found).filter(|found| *found != UTF_8);
            return Some(wide.unwrap_or(UTF_16LE));
        }
        other => other,
    };
    Encoding::for_label(known.as_bytes())
}

/// How far a text is UTF-8.
#[derive(Debug, Default)]
struct Utf8 {
    /// Letters of several bytes that are right.
    right: u64,
    /// Places where the bytes are not UTF-8.
    wrong: u64,
    /// The line of the first such place.
    line: u64,
}

/// Reads the whole file: valid UTF-8 is UTF-8, because no text in another encoding is by chance
/// when it has letters beyond ASCII. A text that is mostly UTF-8 is UTF-8 with damaged cells.
fn by_letters(origin: &Origin) -> Result<Charset> {
    let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let mut buffer = vec![0; 1024 * 1024];
    let mut state = Utf8 { line: 1, ..Utf8::default() };
    let mut kept = 0;
    let mut words = Vec::new();
    loop {
        let room = buffer.get_mut(kept..).unwrap_or_default();
        let read = file.read(room).map_err(|source| origin.io(source))?;
        let end = read == 0;
        let bytes = buffer.get(..kept + read).unwrap_or_default();
        let done = check_utf8(bytes, end, &mut state, &mut words);
        if end {
            break;
        }
        let rest = bytes.len() - done;
        buffer.copy_within(done..done + rest, 0);
        kept = rest;
    }
    let utf8 = |why: String| Charset { encoding: UTF_8, bom: 0, why, guessed: false };
    if state.wrong == 0 {
        let why = if state.right == 0 { "only ASCII letters" } else { "every byte is valid UTF-8" };
        return Ok(utf8(why.to_owned()));
    }
    if state.right >= state.wrong {
        return Ok(utf8(format!(
            "{} letters are UTF-8, {} places are not, the first on line {}",
            state.right, state.wrong, state.line
        )));
    }
    let encoding = guess(origin)?;
    let samples: Vec<String> = words
        .iter()
        .map(|word| format!("{:?}", encoding.decode_without_bom_handling(word).0))
        .collect();
    let why = format!(
        "not UTF-8 from line {}; its letters fit {}: {}",
        state.line,
        encoding.name(),
        samples.join(", ")
    );
    Ok(Charset { encoding, bom: 0, why, guessed: true })
}

/// Bytes beyond ASCII from which an encoding is guessed.
const EVIDENCE: usize = 16 * 1024 * 1024;

/// The encoding that the letters of a file are likeliest to be in.
fn guess(origin: &Origin) -> Result<&'static Encoding> {
    let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let mut buffer = vec![0; 64 * 1024];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut seen = 0;
    loop {
        let read = file.read(&mut buffer).map_err(|source| origin.io(source))?;
        let bytes = buffer.get(..read).unwrap_or_default();
        let last = read == 0 || seen > EVIDENCE;
        if last || !bytes.is_ascii() {
            detector.feed(bytes, last);
            seen += bytes.len();
        }
        if last {
            return Ok(detector.guess(None, Utf8Detection::Deny));
        }
    }
}

/// Counts what is UTF-8 and what is not; gives back how many bytes were looked at. What may be the
/// beginning of a letter at the end of the bytes is left for the next call.
fn check_utf8(bytes: &[u8], end: bool, state: &mut Utf8, words: &mut Vec<Vec<u8>>) -> usize {
    let mut from = 0;
    loop {
        let rest = bytes.get(from..).unwrap_or_default();
        let (valid, bad) = match std::str::from_utf8(rest) {
            Ok(_) => (rest.len(), None),
            Err(error) => (error.valid_up_to(), Some(error.error_len())),
        };
        let good = rest.get(..valid).unwrap_or_default();
        if !good.is_ascii() {
            state.right += good.iter().filter(|byte| **byte >= 0xc0).count() as u64;
        }
        if state.wrong == 0 {
            state.line += memchr::memchr_iter(b'\n', good).count() as u64;
        }
        match bad {
            None => return bytes.len(),
            Some(None) if !end => return from + valid,
            Some(length) => {
                state.wrong += 1;
                if words.len() < 3 {
                    words.push(word_at(bytes, from + valid));
                }
                from += valid + length.unwrap_or(rest.len() - valid).max(1);
            }
        }
    }
}

/// The word around a byte: what stands between two ASCII characters that are no letters.
fn word_at(bytes: &[u8], at: usize) -> Vec<u8> {
    let in_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let before = bytes.get(..at).unwrap_or_default();
    let behind = bytes.get(at..).unwrap_or_default();
    let start = before.iter().rev().take(20).take_while(|byte| in_word(byte)).count();
    let end = behind.iter().take(20).take_while(|byte| in_word(byte)).count();
    bytes.get(at - start..at + end).unwrap_or_default().to_vec()
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
pub(super) fn binary(head: &[u8]) -> Option<&'static str> {
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

/// The delimiter of a first line `sep=;`, which Excel writes and reads.
pub(super) fn sep_line(sample: &[u8]) -> Option<u8> {
    let line = sample.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let line = line.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', delimiter]
            if [*s, *e, *p].eq_ignore_ascii_case(b"sep") && delimiter.is_ascii() =>
        {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// How many rows of the beginning may stand above the header.
const ABOVE: usize = 30;

/// The row of the header: what the user says, else the first row that is not blank. Where that row
/// is far narrower than the table, as titles and notes are, the first row with two headers that are
/// known words takes its place.
pub(super) fn header_row(
    rows: &Rows,
    wanted: Option<u32>,
    first: u32,
) -> Option<crate::row::Row<'_>> {
    if let Some(wanted) = wanted {
        return rows.iter().find(|row| row.at.row == wanted);
    }
    let candidates =
        || rows.iter().filter(move |row| row.at.row >= first && !row.is_blank()).take(ABOVE);
    let filled = |row: &crate::row::Row<'_>| row.cells().filter(|cell| !cell.is_blank()).count();
    let known = |row: &crate::row::Row<'_>| {
        row.cells().filter(|cell| is_known_header(cell.text)).count() >= 2
    };
    let mut counts = std::collections::BTreeMap::new();
    for row in rows.iter().filter(|row| !row.is_blank()) {
        *counts.entry(filled(&row)).or_insert(0_usize) += 1;
    }
    let usual = counts.into_iter().max_by_key(|&(filled, rows)| (rows, filled));
    let usual = usual.map_or(1, |(filled, _)| filled);
    let first_row = candidates().next()?;
    // A header as wide as the table needs no other proof.
    if usual < 3 || filled(&first_row) > 1 && filled(&first_row) * 2 >= usual {
        return Some(first_row);
    }
    candidates().find(known).or(Some(first_row))
}

/// Whether cells are quoted with apostrophes: every cell that begins with one ends with one on the
/// same line, there are at least two such cells, and none begins with a double quote. Names such as
/// `'t Hart` begin with one and do not end with it.
fn apostrophes(sample: &[u8], delimiter: u8) -> bool {
    let edge = |byte: Option<&u8>| {
        byte.is_none_or(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r'))
    };
    let before = |at: usize| at.checked_sub(1).and_then(|before| sample.get(before));
    let doubles = memchr::memchr_iter(b'"', sample).any(|at| edge(before(at)));
    let mut cells = 0_usize;
    let mut search = 0;
    while let Some(at) = find(sample, search).filter(|_| !doubles) {
        if !edge(before(at)) {
            search = at + 1;
            continue;
        }
        let mut close = at + 1;
        loop {
            // An apostrophe that is doubled is part of the text.
            match find(sample, close).map(|at| (at, sample.get(at + 1))) {
                Some((at, Some(b'\''))) => close = at + 2,
                Some((at, next)) if edge(next) => {
                    close = at + 1;
                    break;
                }
                _ => return false,
            }
        }
        let cell = sample.get(at..close).unwrap_or_default();
        if memchr::memchr2(b'\n', b'\r', cell).is_some() {
            return false;
        }
        cells += 1;
        search = close;
    }
    cells >= 2
}

fn find(sample: &[u8], from: usize) -> Option<usize> {
    memchr::memchr(b'\'', sample.get(from..)?).map(|at| from + at)
}

/// The dialect of a text, and why.
///
/// Every candidate cuts the sample with the parser that will cut the file, so that quotes and line
/// breaks inside quotes count as they will. The one that gives rows of one width wins; headers
/// that are known words speak for it.
pub(super) fn dialect(sample: &[u8], options: &Options) -> (Dialect, String) {
    let quoted = |delimiter: u8| {
        let found = if apostrophes(sample, delimiter) { b'\'' } else { b'"' };
        options.quote.unwrap_or(Some(found))
    };
    if let Some(delimiter) = options.delimiter.or_else(|| sep_line(sample)) {
        let quote = quoted(delimiter);
        let why = if options.delimiter.is_some() {
            "named by --delimiter"
        } else {
            "named by the sep= line"
        };
        return (Dialect { delimiter, quote }, why.to_owned());
    }
    let plain = Dialect { delimiter: b',', quote: quoted(b',') };
    let mut best = (plain, 0.0_f64, 1_usize, 0_usize);
    for delimiter in *b",;\t|" {
        let dialect = Dialect { delimiter, quote: quoted(delimiter) };
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
        let score = share * share * (1.0 + ratio(width.min(12), 12)) + ratio(known, 2);
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
        width: 0,
    };
    let mut rows = super::block::parse(&block, 0);
    rows.truncate(SAMPLE_ROWS);
    rows
}

/// The most frequent number of cells and how many rows have it.
pub(super) fn usual_width(rows: &Rows) -> Option<(usize, usize)> {
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
            (
                "last,email\n't Hart,a@b.org\n't Hooft,c@d.org\nJones',e@f.org\nJames',g@h.org\n",
                b',',
            ),
        ] {
            let (found, why) = dialect(text.as_bytes(), &Options::default());
            assert_eq!(char::from(found.delimiter), char::from(delimiter), "{text:?}: {why}");
            assert_eq!(found.quote, Some(b'"'), "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let origin = |bytes: &[u8]| {
            let mut spool = tempfile::NamedTempFile::new().unwrap();
            std::io::Write::write_all(&mut spool, bytes).unwrap();
            Origin { path: "x.csv".into(), index: 0, spool: Some(spool) }
        };
        let charset = |bytes: &[u8], options: &Options| charset(&origin(bytes), bytes, options);
        for (bytes, part) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0"[..], "PNG"),
            (b"%PDF-1.7", "PDF"),
            (b"a,b\0\0\0\0\0\0\0\0\0\0c", "not text"),
        ] {
            let error = charset(bytes, &Options::default()).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
        let wide: Vec<u8> = "email\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(charset(&wide, &Options::default()).unwrap().encoding, UTF_16LE);
        let unknown = Options { encoding: Some("utf-99".to_owned()), ..Options::default() };
        assert!(matches!(charset(b"a", &unknown), Err(Error::Usage { .. })));
        let latin = b"name,town\nJos\xe9 Garc\xeda,M\xe1laga\nZo\xeb,K\xf6ln\n";
        let found = charset(latin, &Options::default()).unwrap();
        assert_eq!(found.encoding.name(), "windows-1252");
        assert!(found.why.contains("line 2") && found.why.contains("\"José\""), "{}", found.why);
        let mixed = "Zoë,José\n".bytes().chain(*b"Jos\xe9\n").collect::<Vec<u8>>();
        assert_eq!(charset(&mixed, &Options::default()).unwrap().encoding, UTF_8);
    }
}
