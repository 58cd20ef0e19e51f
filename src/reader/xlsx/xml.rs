//! XML as it streams past: one token at a time, in a buffer of bounded size, nothing taken on trust.
//!
//! The parts of a workbook are read with this and not with a general parser for three reasons: no
//! token may grow without bound, whatever the file says; every part obeys the same few rules
//! (five named entities, no document type); and a sheet of a million rows is read without an
//! allocation for each cell. A test holds the tokens against those of `quick-xml`.

use std::io::Read;
use std::ops::Range;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr2, memmem};

use crate::reader::guard::{DEEPEST, LONGEST_NAME, LONGEST_TOKEN};

/// Bytes that are read at once.
const PIECE: usize = 128 * 1024;

/// Why a part could not be read.
#[derive(Debug)]
pub(in crate::reader) enum Fault {
    /// The bytes could not be had, or could not be inflated.
    Io(std::io::Error),
    /// The bytes are not what a workbook holds.
    Broken(String),
}

impl Fault {
    /// A fault in plain words: "its sheet …".
    pub(super) fn broken(why: impl Into<String>) -> Self {
        Self::Broken(why.into())
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// What stands next. Comments and processing instructions are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// The beginning of an element. An element without content is followed by its end.
    Open,
    /// The end of an element.
    Close,
    /// Text, entities and all.
    Text,
    /// Text of a CDATA section, to be taken as it stands.
    Data,
    /// The end of the part.
    End,
}

/// A part of a workbook, and the token at which it stands.
pub(super) struct Xml<R> {
    input: R,
    /// What turns the bytes into UTF-8, and bytes still to be turned.
    decoder: Option<(Decoder, Vec<u8>)>,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are still to be read.
    at: usize,
    end: usize,
    /// Whether the input has ended.
    ended: bool,
    /// How many bytes may still come.
    left: u64,
    most: u64,
    /// The name of the element, without its prefix.
    name: Range<usize>,
    /// Its attributes, or a text.
    rest: Range<usize>,
    /// Whether the element that was opened has no content.
    hollow: bool,
    /// The names of the open elements, end to end.
    names: Vec<u8>,
    starts: Vec<usize>,
    begun: bool,
}

impl<R: Read> Xml<R> {
    /// A part that may inflate to `most` bytes.
    pub(super) fn new(input: R, most: u64) -> Result<Self, Fault> {
        let mut xml = Self {
            input,
            decoder: None,
            buffer: vec![0; PIECE],
            at: 0,
            end: 0,
            ended: false,
            left: most,
            most,
            name: 0..0,
            rest: 0..0,
            hollow: false,
            names: Vec::new(),
            starts: Vec::new(),
            begun: false,
        };
        xml.find_encoding()?;
        Ok(xml)
    }

    /// Reads the first bytes and finds out in which encoding they are.
    fn find_encoding(&mut self) -> Result<(), Fault> {
        while self.end < 256 && self.fill()? {}
        let head = self.window();
        let (encoding, bom) = match Encoding::for_bom(head) {
            Some((encoding, length)) => (encoding, length),
            None if head.starts_with(b"<\0") => (UTF_16LE, 0),
            None if head.starts_with(b"\0<") => (UTF_16BE, 0),
            None => (declared(head).unwrap_or(UTF_8), 0),
        };
        self.at += bom;
        if encoding != UTF_8 {
            let raw = self.window().to_vec();
            (self.at, self.end) = (0, 0);
            let mut decoder = encoding.new_decoder_without_bom_handling();
            self.decode(&mut decoder, &raw, self.ended)?;
            self.decoder = Some((decoder, vec![0; PIECE]));
        }
        Ok(())
    }

    /// What is in the buffer and still to be read.
    fn window(&self) -> &[u8] {
        self.buffer.get(self.at..self.end).unwrap_or_default()
    }

    /// Gets more bytes behind the window, which moves to the front. `false` at the end.
    fn fill(&mut self) -> Result<bool, Fault> {
        if self.ended {
            return Ok(false);
        }
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.end, 0);
            (self.at, self.end) = (0, self.end - self.at);
        }
        if self.end == self.buffer.len() {
            if self.end >= LONGEST_TOKEN {
                return Err(Fault::broken("one of its cells is longer than a spreadsheet allows"));
            }
            self.buffer.resize(self.end * 2, 0);
        }
        if let Some((mut decoder, mut raw)) = self.decoder.take() {
            let read = read(&mut self.input, &mut raw)?;
            self.count(read)?;
            self.ended = read == 0;
            let bytes = raw.get(..read).unwrap_or_default();
            self.decode(&mut decoder, bytes, self.ended)?;
            self.decoder = Some((decoder, raw));
            return Ok(true);
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let read = read(&mut self.input, room)?;
        self.count(read)?;
        self.end += read;
        self.ended = read == 0;
        Ok(read > 0)
    }

    fn count(&mut self, read: usize) -> Result<(), Fault> {
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => {
                let most = self.most >> 20;
                let why = format!("one of its parts inflates to more than {most} MiB");
                return Err(Fault::Broken(why));
            }
        }
        Ok(())
    }

    /// Puts bytes of another encoding behind the window.
    fn decode(&mut self, decoder: &mut Decoder, raw: &[u8], last: bool) -> Result<(), Fault> {
        let mut raw = raw;
        loop {
            let room = decoder.max_utf8_buffer_length(raw.len()).unwrap_or(raw.len() * 3 + 16);
            if self.buffer.len() < self.end + room {
                self.buffer.resize(self.end + room, 0);
            }
            let free = self.buffer.get_mut(self.end..).unwrap_or_default();
            let (result, used, written, damaged) = decoder.decode_to_utf8(raw, free, last);
            if damaged {
                return Err(Fault::broken("one of its parts is not in the encoding that it names"));
            }
            self.end += written;
            raw = raw.get(used..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return Ok(());
            }
        }
    }

    /// Goes on to the next token.
    pub(super) fn advance(&mut self) -> Result<Token, Fault> {
        if self.hollow {
            self.hollow = false;
            let start = self.starts.pop().unwrap_or(0);
            self.names.truncate(start);
            return Ok(Token::Close);
        }
        loop {
            match (self.window().first(), self.window().get(1)) {
                (Some(b'<'), Some(b'!' | b'?')) => {
                    if let Some(token) = self.aside()? {
                        return Ok(token);
                    }
                }
                (Some(b'<'), Some(_)) => return self.tag(),
                (Some(b'<'), None) => {
                    if !self.fill()? {
                        return Err(cut_off());
                    }
                }
                (Some(_), _) => {
                    let length = self.find(0, b"<", false)?;
                    self.rest = self.at..self.at + length;
                    self.at += length;
                    // Between the declaration and the first element there is nothing to read.
                    if !self.starts.is_empty() {
                        return Ok(Token::Text);
                    }
                }
                (None, _) => {
                    if !self.fill()? {
                        return if self.starts.is_empty() { Ok(Token::End) } else { Err(cut_off()) };
                    }
                }
            }
        }
    }

    /// Where the next `what` begins behind `from`, both counted from the window's beginning. At the
    /// end of the part there is none, which is wrong for what `must` end.
    fn find(&mut self, from: usize, what: &[u8], must: bool) -> Result<usize, Fault> {
        let mut from = from;
        loop {
            let window = self.window();
            let rest = window.get(from..).unwrap_or_default();
            let found = match what {
                [byte] => memchr(*byte, rest),
                _ => memmem::find(rest, what),
            };
            if let Some(found) = found {
                return Ok(from + found);
            }
            from = from.max((window.len() + 1).saturating_sub(what.len()));
            if !self.fill()? {
                return if must { Err(cut_off()) } else { Ok(self.window().len()) };
            }
        }
    }

    /// Passes over a comment or an instruction; a CDATA section is a token.
    fn aside(&mut self) -> Result<Option<Token>, Fault> {
        while self.window().len() < 9 && self.fill()? {}
        let window = self.window();
        if window.starts_with(b"<![CDATA[") {
            let end = self.find(9, b"]]>", true)?;
            self.rest = self.at + 9..self.at + end;
            self.at += end + 3;
            return Ok((!self.starts.is_empty()).then_some(Token::Data));
        }
        let (from, what): (usize, &[u8]) = if window.starts_with(b"<!--") {
            (4, b"-->")
        } else if window.starts_with(b"<?") {
            (2, b"?>")
        } else {
            return Err(Fault::broken("it declares a document type, as no workbook does"));
        };
        let end = self.find(from, what, true)?;
        self.at += end + what.len();
        Ok(None)
    }

    /// Reads a tag: to the first `>` that does not stand in quotes.
    fn tag(&mut self) -> Result<Token, Fault> {
        let mut quote = None;
        let mut from = 1;
        let length = 'found: loop {
            let window = self.window();
            for (at, &byte) in window.iter().enumerate().skip(from) {
                match quote {
                    None if byte == b'>' => break 'found at,
                    None if byte == b'"' || byte == b'\'' => quote = Some(byte),
                    Some(open) if open == byte => quote = None,
                    _ => {}
                }
            }
            from = window.len();
            if !self.fill()? {
                return Err(cut_off());
            }
        };
        let start = self.at + 1;
        let mut end = self.at + length;
        self.at = end + 1;
        let inner = self.buffer.get(start..end).unwrap_or_default();
        if let [b'/', name @ ..] = inner {
            let name = name.trim_ascii_end();
            let open = self.starts.pop().unwrap_or(usize::MAX);
            if self.names.get(open..) != Some(name) {
                return Err(Fault::broken("its XML closes what it did not open"));
            }
            let prefix = prefix(name);
            self.name = start + 1 + prefix..start + 1 + name.len();
            self.names.truncate(open);
            return Ok(Token::Close);
        }
        if let [.., b'/'] = inner {
            self.hollow = true;
            end -= 1;
        }
        let inner = self.buffer.get(start..end).unwrap_or_default();
        let length = inner.iter().position(u8::is_ascii_whitespace).unwrap_or(inner.len());
        let name = inner.get(..length).unwrap_or_default();
        if name.is_empty() || length > LONGEST_NAME {
            return Err(Fault::broken("its XML has an element without a proper name"));
        }
        if self.starts.len() >= DEEPEST {
            return Err(Fault::broken("its XML is nested deeper than that of any workbook"));
        }
        if self.starts.is_empty() {
            if self.begun {
                return Err(Fault::broken("one of its parts goes on behind its end"));
            }
            self.begun = true;
        }
        self.starts.push(self.names.len());
        self.names.extend_from_slice(name);
        self.name = start + prefix(name)..start + length;
        self.rest = start + length..end;
        Ok(Token::Open)
    }

    /// The name of the element, without its prefix.
    pub(super) fn name(&self) -> &[u8] {
        self.buffer.get(self.name.clone()).unwrap_or_default()
    }

    /// The attributes of the element.
    pub(super) fn attributes(&self) -> Attributes<'_> {
        Attributes(self.text())
    }

    /// The text as it stands in the file, or the attributes.
    pub(super) fn text(&self) -> &[u8] {
        self.buffer.get(self.rest.clone()).unwrap_or_default()
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.starts.len()
    }

    /// Passes over the rest of the element that was opened last, and its end.
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        let depth = self.depth();
        while self.depth() >= depth {
            if self.advance()? == Token::End {
                return Err(cut_off());
            }
        }
        Ok(())
    }

    /// Appends the text of the element that was opened last, to its end.
    pub(super) fn read_text(&mut self, out: &mut String) -> Result<(), Fault> {
        let depth = self.depth();
        loop {
            match self.advance()? {
                Token::Text => decode(self.text(), out)?,
                Token::Data => out.push_str(utf8(self.text())?),
                Token::Close if self.depth() < depth => return Ok(()),
                Token::Open | Token::Close => {}
                Token::End => return Err(cut_off()),
            }
            if out.len() > LONGEST_TOKEN {
                return Err(Fault::broken("one of its cells is longer than a spreadsheet allows"));
            }
        }
    }
}

fn read(input: &mut impl Read, room: &mut [u8]) -> Result<usize, Fault> {
    loop {
        match input.read(room) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            read => return Ok(read?),
        }
    }
}

fn cut_off() -> Fault {
    Fault::broken("one of its parts breaks off")
}

/// How long the prefix of a name is, its colon included.
fn prefix(name: &[u8]) -> usize {
    name.iter().position(|&byte| byte == b':').map_or(0, |colon| colon + 1)
}

/// The encoding that the declaration names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.strip_prefix(b"<?xml")?;
    let end = memmem::find(head, b"?>")?;
    let mut attributes = Attributes(head.get(..end)?);
    let named = attributes.find_map(|one| one.ok().filter(|(name, _)| *name == b"encoding"))?;
    Encoding::for_label(named.1)
}

/// The attributes of an element, by name and value as they stand in the file.
#[derive(Clone, Debug)]
pub(super) struct Attributes<'a>(&'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let pair = split(rest);
        self.0 = pair.map_or(&[], |(_, _, rest)| rest);
        let pair = pair.map(|(name, value, _)| (name, value));
        Some(pair.ok_or_else(|| Fault::broken("its XML has an attribute without a value in quotes")))
    }
}

impl<'a> Attributes<'a> {
    /// The value of one attribute; the name is that without a prefix.
    pub(super) fn get(mut self, name: &[u8]) -> Result<Option<&'a [u8]>, Fault> {
        self.find(|one| one.as_ref().map_or(true, |(other, _)| *other == name))
            .transpose()
            .map(|found| found.map(|(_, value)| value))
    }

    /// The value of one attribute as text.
    pub(super) fn text(self, name: &[u8]) -> Result<Option<String>, Fault> {
        let Some(raw) = self.get(name)? else { return Ok(None) };
        let mut text = String::new();
        decode(raw, &mut text)?;
        Ok(Some(text))
    }

    /// Whether an attribute is set to true.
    pub(super) fn flag(self, name: &[u8]) -> Result<bool, Fault> {
        Ok(self.get(name)?.is_some_and(|value| matches!(value.trim_ascii(), b"1" | b"true" | b"on")))
    }
}

/// The first attribute and what stands behind it.
fn split(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let equals = text.iter().position(|&byte| byte == b'=')?;
    let (name, rest) = text.split_at_checked(equals)?;
    let (quote, rest) = rest.get(1..)?.trim_ascii_start().split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let end = rest.iter().position(|byte| byte == quote)?;
    Some((name.trim_ascii_end(), rest.get(..end)?, rest.get(end + 1..)?))
}

/// Bytes as text.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes)
        .map_err(|_| Fault::broken("one of its parts holds bytes that are not text"))
}

/// Appends text with its entities resolved and its line ends as XML has them.
pub(super) fn decode(raw: &[u8], out: &mut String) -> Result<(), Fault> {
    let mut rest = utf8(raw)?;
    while let Some(at) = memchr2(b'&', b'\r', rest.as_bytes()) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        if let Some(behind) = behind.strip_prefix('\r') {
            out.push('\n');
            rest = behind.strip_prefix('\n').unwrap_or(behind);
            continue;
        }
        let end = memchr(b';', behind.as_bytes()).filter(|&end| end <= 32);
        let entity = end.and_then(|end| behind.get(1..end));
        let Some(c) = entity.and_then(resolve) else {
            let shown: String = behind.chars().take(end.unwrap_or(8) + 1).collect();
            return Err(Fault::Broken(format!("its XML uses {shown}, which stands for nothing")));
        };
        out.push(c);
        rest = end.and_then(|end| behind.get(end + 1..)).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(())
}

/// The character that an entity stands for: one of five names, or a number.
fn resolve(entity: &str) -> Option<char> {
    Some(match entity {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = entity.strip_prefix('#')?;
            let (digits, base) = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => (digits, 16),
                None => (digits, 10),
            };
            let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let code = u32::from_str_radix(digits, base).ok().filter(|&code| code > 0 && plain)?;
            char::from_u32(code)?
        }
    })
}

/// Appends text in which Excel wrote characters that XML cannot hold as `_x000D_`.
pub(super) fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    // One byte is found faster than two, and is rare enough.
    while let Some(at) = memchr(b'_', rest.as_bytes()) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let Some((unit, mut next)) = escaped(behind) else {
            out.push('_');
            rest = behind.get(1..).unwrap_or_default();
            continue;
        };
        let mut units = vec![unit];
        if (0xd800..0xdc00).contains(&unit)
            && let Some((low @ 0xdc00..0xe000, behind)) = escaped(next)
        {
            units.push(low);
            next = behind;
        }
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        rest = next;
    }
    out.push_str(rest);
}

/// The code unit that `_xHHHH_` stands for, and what stands behind it.
fn escaped(text: &str) -> Option<(u16, &str)> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| plain)?;
    Some((unit, text.get(6..)?.strip_prefix('_')?))
}
