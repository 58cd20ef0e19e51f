//! Encodings that the web's list lacks: UTF-32 and UTF-7, the code pages of DOS, of old Macs and of
//! mainframes, and the Asian ones that switch with escapes. Such a text is written anew as UTF-8,
//! once, into a temporary file; what reads it then need not know of them.

mod pages;

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};

use encoding_rs::{EUC_KR, GBK};
pub(super) use pages::{PAGES, Page};

use super::Origin;
use crate::error::Result;

/// An encoding that we decode ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    /// UTF-32, the lowest byte of a character first.
    Utf32Le,
    /// UTF-32, the highest byte of a character first.
    Utf32Be,
    /// Base64 between `+` and `-`.
    Utf7,
    /// A table of one byte a character.
    Page(&'static Page),
    /// Hangul by their parts, as old Korean programs wrote them.
    Johab,
    /// Korean in seven bits, behind a shift character.
    Iso2022Kr,
    /// Chinese in seven bits, between `~{` and `~}`.
    Hz,
}

impl Codec {
    /// The name of the encoding.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf32Le => "UTF-32LE",
            Self::Utf32Be => "UTF-32BE",
            Self::Utf7 => "UTF-7",
            Self::Page(page) => page.name,
            Self::Johab => "Johab",
            Self::Iso2022Kr => "ISO-2022-KR",
            Self::Hz => "HZ",
        }
    }

    /// The text of some bytes that begin and end between characters. What is no character becomes
    /// U+FFFD.
    pub(super) fn text(self, bytes: &[u8]) -> String {
        let mut decoder = Decoder::new(self);
        let mut text = Vec::with_capacity(bytes.len() * 2);
        decoder.push(bytes, &mut text);
        decoder.end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}

impl Page {
    /// The character of a byte; U+FFFD where there is none.
    pub(super) fn char(&self, byte: u8) -> char {
        let whole = self.chars.chars().nth(128).is_some();
        match (whole, byte) {
            (false, 0..0x80) => char::from(byte),
            (false, _) => self.chars.chars().nth(usize::from(byte - 0x80)).unwrap_or('\u{fffd}'),
            (true, _) => self.chars.chars().nth(usize::from(byte)).unwrap_or('\u{fffd}'),
        }
    }
}

/// Turns bytes into UTF-8, in pieces of any size. What is no character becomes a byte that is no
/// UTF-8, so that its cell is marked as damaged.
struct Decoder {
    codec: Codec,
    /// The characters of a code page.
    table: Vec<char>,
    /// The beginning of a character whose rest is still to come.
    held: Vec<u8>,
    /// Whether the text has been switched to characters of several bytes.
    shifted: bool,
    /// Bits of UTF-7 that are no whole unit yet, and how many.
    bits: (u32, u32),
    /// The first half of a pair of UTF-16 units in UTF-7.
    high: Option<u16>,
    /// Whether nothing was written yet.
    first: bool,
}

/// A byte that stands for what is no character.
pub(super) const WRONG: u8 = 0xff;

impl Decoder {
    fn new(codec: Codec) -> Self {
        let table = match codec {
            Codec::Page(page) => (0..=u8::MAX).map(|byte| page.char(byte)).collect(),
            _ => Vec::new(),
        };
        let (held, shifted, bits) = (Vec::new(), false, (0, 0));
        Self { codec, table, held, shifted, bits, high: None, first: true }
    }

    fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            match self.codec {
                Codec::Page(_) => {
                    let c = self.table.get(usize::from(byte)).copied();
                    self.put(c.filter(|c| *c != '\u{fffd}'), out);
                }
                Codec::Utf32Le | Codec::Utf32Be => self.utf32(byte, out),
                Codec::Utf7 => self.utf7(byte, out),
                Codec::Johab => self.johab(byte, out),
                Codec::Iso2022Kr => self.iso_2022_kr(byte, out),
                Codec::Hz => self.hz(byte, out),
            }
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        if !self.held.is_empty() || self.high.is_some() {
            self.put(None, out);
        }
    }

    /// Writes a character; the byte-order mark at the beginning is none.
    fn put(&mut self, c: Option<char>, out: &mut Vec<u8>) {
        let first = std::mem::take(&mut self.first);
        match c {
            Some('\u{feff}') if first => {}
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.push(WRONG),
        }
    }

    fn utf32(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.held.push(byte);
        let Ok(four) = <[u8; 4]>::try_from(self.held.as_slice()) else { return };
        self.held.clear();
        let little = self.codec == Codec::Utf32Le;
        let code = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) };
        self.put(char::from_u32(code), out);
    }

    fn utf7(&mut self, byte: u8, out: &mut Vec<u8>) {
        if !self.shifted {
            match byte {
                b'+' => {
                    self.shifted = true;
                    self.held = vec![byte];
                    self.bits = (0, 0);
                }
                _ => self.put(byte.is_ascii().then_some(char::from(byte)), out),
            }
            return;
        }
        let fresh = self.held.pop().is_some();
        if let Some(six) = base64(byte) {
            let (value, count) = ((self.bits.0 << 6) | six, self.bits.1 + 6);
            self.bits = (value, count);
            if count >= 16 {
                let left = count - 16;
                let unit = u16::try_from((value >> left) & 0xffff).unwrap_or(0);
                self.bits = (value & ((1 << left) - 1), left);
                self.unit(unit, out);
            }
            return;
        }
        self.shifted = false;
        if self.high.take().is_some() || self.bits.0 != 0 {
            self.put(None, out);
        }
        match byte {
            b'-' if fresh => self.put(Some('+'), out),
            b'-' => {}
            _ => self.put(byte.is_ascii().then_some(char::from(byte)), out),
        }
    }

    /// One unit of UTF-16.
    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        let units = [self.high.take(), Some(unit)];
        if units == [None, Some(unit)] && (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
            return;
        }
        for c in char::decode_utf16(units.into_iter().flatten()) {
            self.put(c.ok(), out);
        }
    }

    fn johab(&mut self, byte: u8, out: &mut Vec<u8>) {
        match (self.held.pop(), byte) {
            (None, 0..0x80) => self.put(Some(char::from(byte)), out),
            (None, _) => self.held.push(byte),
            (Some(lead), trail) => {
                let c = johab(lead, trail);
                self.put(c, out);
                // A line must not be lost because of a byte that was.
                if c.is_none() && matches!(trail, b'\n' | b'\r') {
                    self.put(Some(char::from(trail)), out);
                }
            }
        }
    }

    fn iso_2022_kr(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.held.push(byte);
        match self.held.as_slice() {
            [0x1b] | [0x1b, b'$'] | [0x1b, b'$', b')'] => {}
            [0x1b, b'$', b')', b'C'] => self.held.clear(),
            [0x0e] => (self.shifted, self.held) = (true, Vec::new()),
            [0x0f] => (self.shifted, self.held) = (false, Vec::new()),
            [b'\n' | b'\r'] => {
                (self.shifted, self.held) = (false, Vec::new());
                self.put(Some(char::from(byte)), out);
            }
            &[0x21..=0x7e] if self.shifted => {}
            &[lead @ 0x21..=0x7e, trail] => {
                self.held.clear();
                self.put(pair(EUC_KR, lead | 0x80, trail | 0x80), out);
            }
            &[c @ 0..0x80] => {
                self.held.clear();
                self.put(Some(char::from(c)), out);
            }
            _ => {
                self.held.clear();
                self.put(None, out);
            }
        }
    }

    fn hz(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.held.push(byte);
        match (self.held.as_slice(), self.shifted) {
            ([b'~'], _) | (&[0x21..=0x7d], true) => {}
            ([b'~', b'{'], false) => (self.shifted, self.held) = (true, Vec::new()),
            ([b'~', b'}'], true) => (self.shifted, self.held) = (false, Vec::new()),
            ([b'~', b'~'], false) => {
                self.held.clear();
                self.put(Some('~'), out);
            }
            ([b'~', b'\n'], false) => self.held.clear(),
            ([b'\n' | b'\r'], true) | (&[0..0x80], false) => {
                (self.shifted, self.held) = (false, Vec::new());
                self.put(Some(char::from(byte)), out);
            }
            (&[lead @ 0x21..=0x7e, trail], true) => {
                self.held.clear();
                self.put(pair(GBK, lead | 0x80, trail | 0x80), out);
            }
            _ => {
                self.held.clear();
                self.put(None, out);
            }
        }
    }
}

fn base64(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// The one character of a pair of bytes.
fn pair(encoding: &'static encoding_rs::Encoding, lead: u8, trail: u8) -> Option<char> {
    let bytes = [lead, trail];
    let (text, wrong) = encoding.decode_without_bom_handling(&bytes);
    let mut chars = text.chars();
    chars.next().filter(|_| !wrong && chars.next().is_none())
}

/// A pair of Johab: three parts of a syllable in five bits each, or a row of KS X 1001 moved aside.
fn johab(lead: u8, trail: u8) -> Option<char> {
    /// Which initial, vowel and final each value of the five bits is; 255 for none.
    const INITIAL: [u8; 32] = five_bits(&[(2, 20)]);
    const FINAL: [u8; 32] = five_bits(&[(1, 17), (19, 29)]);
    const VOWEL: [u8; 32] = five_bits(&[(3, 7), (10, 15), (18, 23), (26, 29)]);
    if (0x84..=0xd3).contains(&lead) {
        let code = u16::from_be_bytes([lead, trail]);
        let part = |shift: u16, table: &[u8; 32]| {
            let value = table.get(usize::from((code >> shift) & 31)).copied()?;
            (value != 255).then_some(u32::from(value))
        };
        let initial = part(10, &INITIAL)?;
        let vowel = part(5, &VOWEL)?;
        let last = part(0, &FINAL)?;
        return char::from_u32(0xac00 + (initial * 21 + vowel) * 28 + last);
    }
    let row = match lead {
        0xd9..=0xde => u16::from(lead - 0xd9) * 2 + 1,
        0xe0..=0xf9 => u16::from(lead - 0xe0) * 2 + 42,
        _ => return None,
    };
    let cell = match trail {
        0x31..=0x7e => trail - 0x31,
        0x91..=0xfe => trail - 0x91 + 78,
        _ => return None,
    };
    let (row, cell) = if cell < 94 { (row, cell) } else { (row + 1, cell - 94) };
    pair(EUC_KR, u8::try_from(row).ok()? + 0xa0, cell + 0xa1)
}

/// Numbers what the five bits of a part of a syllable stand for, in the runs given.
const fn five_bits(runs: &[(u8, u8)]) -> [u8; 32] {
    let mut table = [255; 32];
    let mut next = 0;
    let mut run = 0;
    while run < runs.len() {
        #[expect(clippy::indexing_slicing, reason = "worked out when compiled")]
        let (start, end) = runs[run];
        let mut value = start;
        while value <= end {
            #[expect(clippy::indexing_slicing, reason = "worked out when compiled")]
            {
                table[value as usize] = next;
            }
            next += 1;
            value += 1;
        }
        run += 1;
    }
    table
}

/// Rewrites the text as UTF-8 in a temporary file, without its first `skip` bytes.
pub(super) fn rewrite(origin: Origin, codec: Codec, skip: usize) -> Result<Origin> {
    let io = |source| origin.io(source);
    let mut file = File::open(origin.file()).map_err(io)?;
    let spool = tempfile::NamedTempFile::new().map_err(io)?;
    let mut out = BufWriter::new(spool.as_file());
    let mut decoder = Decoder::new(codec);
    let mut buffer = vec![0; 64 * 1024];
    let mut text = Vec::new();
    let mut skip = skip;
    loop {
        let read = file.read(&mut buffer).map_err(io)?;
        text.clear();
        if read == 0 {
            decoder.end(&mut text);
            out.write_all(&text).map_err(io)?;
            out.flush().map_err(io)?;
            break;
        }
        let bytes = buffer.get(skip.min(read)..read).unwrap_or_default();
        skip -= skip.min(read);
        decoder.push(bytes, &mut text);
        out.write_all(&text).map_err(io)?;
    }
    drop(out);
    Ok(Origin { path: origin.path, index: origin.index, spool: Some(spool.into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> Codec {
        Codec::Page(PAGES.iter().find(|page| page.name == name).unwrap())
    }

    /// The bytes are those that Python's codecs give.
    const CASES: &[(&[u8], &str)] = &[
        (b"\x88aa \xd0e\x94a\n", "가a 한다\n"),
        (b"\x1b$)C\x0e0!\x0f,a\n", "가,a\n"),
        (b"~{VP9z~},~~a\n", "中国,~a\n"),
        (b"Jos+AOk-,+-1\n", "José,+1\n"),
        (b"+2D3eAA-.", "\u{1f600}."),
    ];

    fn codec_of(index: usize) -> Codec {
        [Codec::Johab, Codec::Iso2022Kr, Codec::Hz, Codec::Utf7, Codec::Utf7][index]
    }

    #[test]
    fn bytes_become_the_letters_that_they_are() {
        for (index, (bytes, text)) in CASES.iter().enumerate() {
            assert_eq!(codec_of(index).text(bytes), *text, "{:?}", codec_of(index));
        }
        assert_eq!(page("IBM850").text(b"Jos\x82"), "José");
        assert_eq!(page("IBM852").text(b"\x9dukasz"), "Łukasz");
        assert_eq!(page("IBM855").text(b"\xb8\xeb\xa0\xd4"), "Иван");
        assert_eq!(page("x-mac-ce").text(b"Pawe\xb8"), "Paweł");
        assert_eq!(page("IBM037").text(b"\xc1\x95\x95\x6b\x51\x15"), "Ann,é\n");
    }

    #[test]
    fn what_is_no_character_is_marked_and_takes_nothing_with_it() {
        assert_eq!(Codec::Johab.text(b"a\xff\nb"), "a\u{fffd}\nb");
        assert_eq!(Codec::Hz.text(b"~{VP\nb"), "中\nb");
        assert_eq!(Codec::Utf7.text(b"+2D0-b"), "\u{fffd}b");
        assert_eq!(Codec::Utf32Le.text(b"a\0\0\0\0\0\x11\0b\0"), "a\u{fffd}\u{fffd}");
        assert_eq!(page("IBM864").text(b"\x9b"), "\u{fffd}");
    }

    #[test]
    fn pieces_of_any_size_give_the_whole() {
        for (index, (bytes, text)) in CASES.iter().enumerate() {
            let mut decoder = Decoder::new(codec_of(index));
            let mut out = Vec::new();
            bytes.chunks(1).for_each(|byte| decoder.push(byte, &mut out));
            decoder.end(&mut out);
            assert_eq!(String::from_utf8(out).unwrap(), *text);
        }
    }

    #[test]
    fn a_file_is_written_anew_without_its_mark() {
        use std::io::Write as _;
        let text = "name,email\nZoë 李,a@b.org\n";
        for codec in [Codec::Utf32Le, Codec::Utf32Be] {
            for mark in ["", "\u{feff}"] {
                let bytes = |c: char| match codec {
                    Codec::Utf32Le => u32::from(c).to_le_bytes(),
                    _ => u32::from(c).to_be_bytes(),
                };
                let bytes: Vec<u8> = format!("{mark}{text}").chars().flat_map(bytes).collect();
                let mut spool = tempfile::NamedTempFile::new().unwrap();
                spool.write_all(&bytes).unwrap();
                let origin = Origin { path: "x.csv".into(), index: 0, spool: Some(spool.into()) };
                let plain = rewrite(origin, codec, 0).unwrap();
                assert_eq!(std::fs::read_to_string(plain.file()).unwrap(), text);
            }
        }
    }
}
