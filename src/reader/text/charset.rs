//! In which encoding the bytes of a text file are: said, marked, proven, or found by its letters.

mod guess;
mod label;
mod languages;
mod marks;
mod model;
mod narrow;
mod wide;

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, UTF_16LE, WINDOWS_1252};
pub use guess::{Guess, Other};

use super::codec::{self, Codec};
use super::units::Letters;
use super::{Options, Origin, unreadable};
use crate::error::{Error, Result};

/// How the bytes become text.
#[derive(Clone, Debug)]
pub(super) struct Charset {
    /// The encoding of the bytes as they will be read.
    pub(super) encoding: &'static Encoding,
    /// Bytes of the byte-order marks.
    pub(super) bom: usize,
    /// The name of the encoding of the user's own file.
    pub(super) name: &'static str,
    /// How it was found out.
    pub(super) why: String,
    /// The evidence, when it is a guess by letters, which a person should look at.
    pub(super) guess: Option<Guess>,
    /// How letters stand in the bytes of the user's own file, and the bytes of its byte-order marks.
    pub(super) own: (Option<Letters>, usize),
    /// On what it rests that the bytes are UTF-8, as long as only the first of them are known to be.
    pub(super) presumed: Option<Presumption>,
}

impl Charset {
    /// Whether bytes of the text, which follow those that were looked at, may be UTF-8; a letter may be cut in
    /// two at their end. Gives how many of them were looked at.
    pub(super) fn goes_on(bytes: &[u8], end: bool) -> Option<usize> {
        still_valid(bytes, end, &mut Some(Valid::Beyond))
    }

    /// Reads the whole file, where it was only presumed what it is.
    ///
    /// # Errors
    /// When it is in another encoding, or can no longer be read.
    pub(super) fn confirm(&mut self, origin: &Origin) -> Result<()> {
        let Some(Presumption { start, marked, least }) = self.presumed.take() else {
            return Ok(());
        };
        let found = by_letters(origin, start, marked, least)?;
        if found.coding == Coding::Web(self.encoding) {
            return Ok(());
        }
        Err(unreadable(&origin.path, "its beginning is UTF-8, and the whole of it is not"))
    }
}

/// What it takes to find out whether a text is UTF-8 whose beginning is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Presumption {
    /// Bytes of the byte-order marks.
    start: usize,
    /// Whether there are some.
    marked: bool,
    /// Bytes from which two threads look through a file.
    least: u64,
}

/// An encoding that we can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    /// One of the web's list.
    Web(&'static Encoding),
    /// One that we decode ourselves.
    Own(Codec),
}

impl Coding {
    fn name(self) -> &'static str {
        match self {
            Self::Web(encoding) => encoding.name(),
            Self::Own(codec) => codec.name(),
        }
    }

    /// How its letters stand in bytes, where each stands for itself.
    fn letters(self) -> Option<Letters> {
        match self {
            Self::Web(encoding) => Letters::of(encoding),
            Self::Own(Codec::Page(page)) => Some(Letters::Page(page)),
            Self::Own(_) => None,
        }
    }

    /// The text of some bytes; what is no character becomes U+FFFD.
    fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Web(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Own(codec) => codec.text(bytes),
        }
    }
}

/// What was found out, before the text is made ready to be read.
struct Found {
    coding: Coding,
    /// Bytes of the byte-order marks.
    marks: usize,
    why: String,
    guess: Option<Guess>,
    presumed: Option<Presumption>,
}

impl Found {
    fn new(coding: Coding, marks: usize, why: impl Into<String>) -> Self {
        Self { coding, marks, why: why.into(), guess: None, presumed: None }
    }
}

/// The encoding: what the user says, else the byte-order mark, else the pattern of zero bytes, else
/// UTF-8 if the whole file is, else what its letters are likeliest to be. A text in an encoding that
/// the web's list lacks comes back in a temporary file as UTF-8.
///
/// # Errors
/// When the user names an unknown encoding, or the bytes are not those of a text.
pub(super) fn settle(origin: Origin, head: &[u8], options: &Options) -> Result<(Origin, Charset)> {
    let found = match &options.encoding {
        Some(label) => named(label, head)?,
        None => find(&origin, head, options)?,
    };
    let name = found.coding.name();
    let own = (found.coding.letters(), found.marks);
    let Found { why, guess, presumed, .. } = found;
    match found.coding {
        Coding::Web(encoding) => {
            Ok((origin, Charset { encoding, bom: found.marks, name, why, guess, own, presumed }))
        }
        Coding::Own(codec) => {
            let origin = codec::rewrite(origin, codec, found.marks)?;
            Ok((origin, Charset { encoding: UTF_8, bom: 0, name, why, guess, own, presumed }))
        }
    }
}

/// How an encoding is named, for somebody who named none.
pub const NAMES: &str = "use a name such as utf-8, windows-1252, iso-8859-15, utf-16le, shift_jis, \
                         ibm850, mac-roman, …";

/// Whether an encoding has this name.
pub fn is_encoding(label: &str) -> bool {
    label::coding(label, &[]).is_some()
}

fn named(label: &str, head: &[u8]) -> Result<Found> {
    let coding = label::coding(label, head)
        .ok_or_else(|| Error::usage(format!("there is no encoding {label:?}"), NAMES))?;
    let marks = match coding {
        Coding::Web(encoding) => marks(head, encoding),
        Coding::Own(_) => 0,
    };
    Ok(Found::new(coding, marks, "named by --encoding"))
}

/// Bytes of the byte-order marks of an encoding; programs that join files leave several.
fn marks(head: &[u8], encoding: &'static Encoding) -> usize {
    let mut bytes = 0;
    while let Some((_, mark)) = Encoding::for_bom(head.get(bytes..).unwrap_or_default())
        .filter(|(found, _)| *found == encoding)
    {
        bytes += mark;
    }
    bytes
}

fn find(origin: &Origin, head: &[u8], options: &Options) -> Result<Found> {
    if let Some((codec, why)) = wide::utf32(head) {
        return Ok(Found::new(Coding::Own(codec), 0, why));
    }
    let mut contradicted = None;
    let mut start = 0;
    if let Some((encoding, mark)) = Encoding::for_bom(head) {
        let marks = marks(head, encoding);
        let rest = head.get(marks..).unwrap_or_default();
        let fits = match encoding {
            encoding if encoding == UTF_8 => wide::utf16(rest).is_none(),
            encoding => !wide::is_narrow(rest, encoding == UTF_16LE),
        };
        match fits {
            true if encoding != UTF_8 => {
                return Ok(Found::new(Coding::Web(encoding), marks, "byte-order mark"));
            }
            true => {}
            false => contradicted = Some(encoding.name()),
        }
        start = if fits { marks } else { mark };
    }
    let rest = head.get(start..).unwrap_or_default();
    let marked = start > 0 && contradicted.is_none();
    let found = if let Some(encoding) = wide::utf16(rest) {
        let why = wide::why(rest);
        Found::new(Coding::Web(encoding), start, why)
    } else if let Some(found) = narrow::seven_bits(rest).filter(|_| !marked) {
        found
    } else if let Some(found) = narrow::ebcdic(rest).filter(|_| !marked) {
        found
    } else if let Some(what) = binary(rest) {
        return Err(unreadable(&origin.path, what));
    } else {
        let least = if options.alone { u64::MAX } else { LARGE };
        let presumption = Presumption { start, marked, least };
        match presume(origin, head, presumption, options)? {
            Some(found) => found,
            None => by_letters(origin, start, marked, least)?,
        }
    };
    Ok(match contradicted {
        None => found,
        Some(mark) => {
            let why =
                format!("the byte-order mark says {mark}, but the bytes are not; {}", found.why);
            Found { why, ..found }
        }
    })
}

/// Bytes that are read together: what the cache next to the processor holds.
const PIECE: usize = 128 * 1024;
/// Bytes from which a file is worth a second thread to look through one half.
const LARGE: u64 = 8 * 1024 * 1024;

/// How far a text is UTF-8.
#[derive(Debug, Default)]
struct Utf8 {
    /// Letters of several bytes that are right.
    right: u64,
    /// Places where the bytes are not UTF-8.
    wrong: u64,
    /// The line of the first such place.
    line: u64,
    /// Whether there are bytes that switch between sets of characters.
    escapes: bool,
}

/// What the letters of a text are that is UTF-8 from its beginning to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Valid {
    /// Those of ASCII.
    Ascii {
        /// Whether there are bytes that switch between sets of characters.
        escapes: bool,
    },
    /// Others too.
    Beyond,
}

/// UTF-8, if that may be presumed of what goes on behind these bytes: all of them are, and letters or a
/// byte-order mark prove it. What `by_letters` says of a text that is UTF-8 to its end is said now.
fn presume(
    origin: &Origin,
    head: &[u8],
    presumption: Presumption,
    options: &Options,
) -> Result<Option<Found>> {
    let Presumption { start, marked, .. } = presumption;
    if !options.presumed.is_allowed() {
        return Ok(None);
    }
    let length = std::fs::metadata(origin.file()).map_err(|source| origin.io(source))?.len();
    let (rest, mut valid) =
        (head.get(start..).unwrap_or_default(), Some(Valid::Ascii { escapes: false }));
    still_valid(rest, false, &mut valid);
    let proven = valid == Some(Valid::Beyond) || valid.is_some() && marked;
    if !proven || length <= head.len() as u64 {
        return Ok(None);
    }
    options.presumed.begin();
    let why = if marked { MARKED } else { VALID };
    let found = Found::new(Coding::Web(UTF_8), start, why);
    Ok(Some(Found { presumed: Some(presumption), ..found }))
}

/// Why a text is UTF-8 that says so.
const MARKED: &str = "byte-order mark";
/// Why one is that does not.
const VALID: &str = "every byte is valid UTF-8";

/// Reads the whole file: valid UTF-8 is UTF-8, because no text in another encoding is by chance
/// when it has letters beyond ASCII. A text that is mostly UTF-8 is UTF-8 with damaged cells. Where it
/// is not UTF-8, and how much of it, is only asked when it is not.
fn by_letters(origin: &Origin, start: usize, marked: bool, least: u64) -> Result<Found> {
    let state = match how_valid(origin, start as u64, least)? {
        Some(Valid::Ascii { escapes }) => Utf8 { escapes, ..Utf8::default() },
        Some(Valid::Beyond) => Utf8 { right: 1, ..Utf8::default() },
        None => {
            let mut state = Utf8 { line: 1, ..Utf8::default() };
            let all = start as u64..u64::MAX;
            in_pieces(origin, all, &mut |bytes, end| Some(check_utf8(bytes, end, &mut state)))?;
            state
        }
    };
    let utf8 = |why: String| Found::new(Coding::Web(UTF_8), start, why);
    if marked && state.wrong <= state.right {
        return Ok(utf8(MARKED.to_owned()));
    }
    if state.wrong == 0 {
        if state.right == 0
            && state.escapes
            && let Some(found) = narrow::seven_bits(&guess::lines(origin, start, is_escape)?)
        {
            return Ok(found);
        }
        let why = if state.right == 0 { "only ASCII letters" } else { VALID };
        return Ok(utf8(why.to_owned()));
    }
    if state.right >= state.wrong {
        return Ok(utf8(format!(
            "{} letters are UTF-8, {} places are not, the first on line {}",
            state.right, state.wrong, state.line
        )));
    }
    let (coding, guess) = guess::guess(origin, start)?;
    let mark = if marked { "the byte-order mark says UTF-8, but it is " } else { "" };
    let why = format!("{mark}not UTF-8 from line {}; {}", state.line, guess.words(coding.name()));
    Ok(Found { guess: Some(guess), ..Found::new(coding, start, why) })
}

/// What a file is behind its byte-order marks, if it is UTF-8. Of one of `least` bytes and more two
/// threads look through a half each.
fn how_valid(origin: &Origin, start: u64, least: u64) -> Result<Option<Valid>> {
    let part = |range: Range<u64>| -> Result<Option<Valid>> {
        let mut valid = Some(Valid::Ascii { escapes: false });
        in_pieces(origin, range, &mut |bytes, end| still_valid(bytes, end, &mut valid))?;
        Ok(valid)
    };
    let Some(middle) = middle(origin, start, least)? else { return part(start..u64::MAX) };
    let (first, second) = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("charset".to_owned());
        let second = thread.spawn_scoped(scope, || part(middle..u64::MAX)).ok();
        // Without a thread, one half is looked through after the other.
        let first = part(start..middle);
        let second = second.and_then(|second| second.join().ok());
        (first, second.unwrap_or_else(|| part(middle..u64::MAX)))
    });
    Ok(match (first?, second?) {
        (None, _) | (_, None) => None,
        (Some(Valid::Ascii { escapes: a }), Some(Valid::Ascii { escapes: b })) => {
            Some(Valid::Ascii { escapes: a | b })
        }
        _ => Some(Valid::Beyond),
    })
}

/// A place near the middle of a file of `least` bytes and more at which no letter and no escape is cut in two: behind a line
/// break.
fn middle(origin: &Origin, start: u64, least: u64) -> Result<Option<u64>> {
    let io = |source| origin.io(source);
    let mut file = File::open(origin.file()).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    if length.saturating_sub(start) < least {
        return Ok(None);
    }
    let half = start + (length - start) / 2;
    file.seek(SeekFrom::Start(half)).map_err(io)?;
    let mut piece = Vec::with_capacity(PIECE);
    file.take(PIECE as u64).read_to_end(&mut piece).map_err(io)?;
    Ok(memchr::memchr(b'\n', &piece).map(|at| half + at as u64 + 1))
}

/// Hands on the bytes of a part of a file, in pieces; `look` tells how many of them it looked at, and
/// gets the others again in front of the next piece, or that it has seen enough.
fn in_pieces(
    origin: &Origin,
    part: Range<u64>,
    look: &mut dyn FnMut(&[u8], bool) -> Option<usize>,
) -> Result<()> {
    let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    file.seek(SeekFrom::Start(part.start)).map_err(|source| origin.io(source))?;
    let mut file = file.take(part.end - part.start);
    let mut buffer = vec![0; PIECE];
    let mut kept = 0;
    loop {
        let room = buffer.get_mut(kept..).unwrap_or_default();
        let read = file.read(room).map_err(|source| origin.io(source))?;
        let end = read == 0;
        let bytes = buffer.get(..kept + read).unwrap_or_default();
        let Some(looked) = look(bytes, end) else { return Ok(()) };
        if end {
            return Ok(());
        }
        buffer.copy_within(looked..kept + read, 0);
        kept = kept + read - looked;
    }
}

/// Whether a text is UTF-8 with these bytes too, and how many of them were looked at: all but what may
/// be the beginning of a letter. Nothing when it is not.
fn still_valid(bytes: &[u8], end: bool, valid: &mut Option<Valid>) -> Option<usize> {
    if let Some(Valid::Ascii { escapes }) = valid {
        if bytes.is_ascii() {
            *escapes |= is_escape(bytes);
            // An escape may be half here.
            let half = !end && bytes.last() == Some(&b'~');
            return Some(bytes.len() - usize::from(half));
        }
        *valid = Some(Valid::Beyond);
    }
    match simdutf8::compat::from_utf8(bytes) {
        Ok(_) => return Some(bytes.len()),
        Err(error) if error.error_len().is_none() && !end => return Some(error.valid_up_to()),
        Err(_) => *valid = None,
    }
    None
}

/// A line that switches between sets of characters.
fn is_escape(line: &[u8]) -> bool {
    memchr::memchr(0x1b, line).is_some() || memchr::memmem::find(line, b"~{").is_some()
}

/// Counts what is UTF-8 and what is not; gives back how many bytes were looked at. What may be the
/// beginning of a letter at the end of the bytes is left for the next call.
fn check_utf8(bytes: &[u8], end: bool, state: &mut Utf8) -> usize {
    state.escapes |= is_escape(bytes);
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
                from += valid + length.unwrap_or(rest.len() - valid).max(1);
            }
        }
    }
}

/// What a cell reads whose bytes beyond UTF-8 are taken for windows-1252, as in a file that was put
/// together from two exports; nothing where that gives anything but letters and usual signs.
pub(super) fn as_windows(cell: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(cell.len() + 8);
    for chunk in cell.utf8_chunks() {
        text.push_str(chunk.valid());
        let (read, _) = WINDOWS_1252.decode_without_bom_handling(chunk.invalid());
        if read.contains(|c: char| !c.is_alphabetic() && !"€–—‘’“”…°«»\u{a0}".contains(c))
        {
            return None;
        }
        text.push_str(&read);
    }
    Some(text)
}

/// Why a file is no text, in words for a message. What it is instead, `kind` has told before.
pub(super) fn binary(head: &[u8]) -> Option<&'static str> {
    let odd = head
        .iter()
        .filter(|byte| byte.is_ascii_control() && !matches!(**byte, b'\n' | b'\r' | b'\t' | 12))
        .count();
    let zeros = memchr::memchr_iter(0, head).count();
    // A few zeros in a text cost the cells that have them, not the file.
    let many = zeros > 8 && zeros * 50 > head.len();
    (many || odd * 20 > head.len() + 40).then_some("its bytes are not text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_named() {
        let origin = |bytes: &[u8]| {
            let mut spool = tempfile::NamedTempFile::new().unwrap();
            std::io::Write::write_all(&mut spool, bytes).unwrap();
            Origin { path: "x.csv".into(), index: 0, spool: Some(spool.into()) }
        };
        let charset = |bytes: &[u8], options: &Options| {
            settle(origin(bytes), bytes, options).map(|(_, charset)| charset)
        };
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

    proptest::proptest! {
        #[test]
        fn two_halves_of_a_file_are_what_the_whole_is(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "\n".as_bytes(), b"\r\n", b"a", b"~", b"{", b"~{", b"\x1b", "é".as_bytes(),
                    "\u{1f600}".as_bytes(), b"\xc3", b"\xa9", b"\xf0\x9f", b"\xff",
                ]),
                0..40,
            ),
            start in 0..4_u64,
        ) {
            let bytes = parts.concat();
            let mut spool = tempfile::NamedTempFile::new().unwrap();
            std::io::Write::write_all(&mut spool, &bytes).unwrap();
            let origin = Origin { path: "x.csv".into(), index: 0, spool: Some(spool.into()) };
            let start = start.min(bytes.len() as u64);
            let whole = how_valid(&origin, start, u64::MAX).unwrap();
            proptest::prop_assert_eq!(how_valid(&origin, start, 0).unwrap(), whole);
            let text = std::str::from_utf8(&bytes[usize::try_from(start).unwrap()..]);
            proptest::prop_assert_eq!(whole.is_some(), text.is_ok());
        }
    }
}
