//! In which encoding the bytes of a text file are: said, marked, or found by its letters.

use std::fs::File;
use std::io::Read as _;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Options, Origin, unreadable};
use crate::error::{Error, Result};

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

/// Why a file is no text, in words for a message. What it is instead, `kind` has told before.
pub(super) fn binary(head: &[u8]) -> Option<&'static str> {
    let odd = head
        .iter()
        .filter(|byte| byte.is_ascii_control() && !matches!(**byte, b'\n' | b'\r' | b'\t' | 12))
        .count();
    let zeros = memchr::memchr_iter(0, head).count();
    (zeros > 8 || odd * 20 > head.len() + 40).then_some("its bytes are not text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let origin = |bytes: &[u8]| {
            let mut spool = tempfile::NamedTempFile::new().unwrap();
            std::io::Write::write_all(&mut spool, bytes).unwrap();
            Origin { path: "x.csv".into(), index: 0, spool: Some(spool) }
        };
        let charset = |bytes: &[u8], options: &Options| charset(&origin(bytes), bytes, options);
        let zeros = b"a,b\0\0\0\0\0\0\0\0\0\0c";
        let error = charset(zeros, &Options::default()).unwrap_err();
        assert!(error.to_string().contains("not text"), "{error}");
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
