//! XML as it streams past: one token at a time, in a buffer of bounded size, nothing taken on trust.
//!
//! The parts of a workbook are read with this and not with a general parser for three reasons: no
//! token may grow without bound, whatever the file says; every part obeys the same few rules
//! (five named entities, no document type); and a sheet of a million rows is read without an
//! allocation for each cell. A test holds the tokens against those of `quick-xml`.

mod skip;

use std::io::Read;
use std::ops::Range;

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memmem};

use super::text::{Attributes, declared, decode, utf8};
use crate::reader::book::guard::{
    Bound, DEEPEST, LONGEST_NAME, MOST_ASIDES, MOST_SECTIONS, long_cell,
};
use crate::reader::book::inflate::TooMuch;

/// Bytes that are read at once.
const PIECE: usize = 128 * 1024;

/// Elements inside each other that are read by their bytes alone.
const DEEPEST_PLAIN: usize = 3;
/// Bytes that are taken as text at once, at least and at most.
const SHORT_LOOK: usize = 512;
const LONG_LOOK: usize = 16 * 1024;

/// Why a part could not be read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The bytes could not be had, or could not be inflated.
    Io(std::io::Error),
    /// The bytes are not what a workbook holds.
    Broken(String),
    /// It costs more than it may.
    TooMuch(TooMuch),
}

impl Fault {
    /// A fault in plain words: "its sheet …".
    pub(crate) fn broken(why: impl Into<String>) -> Self {
        Self::Broken(why.into())
    }
}

impl From<TooMuch> for Fault {
    fn from(much: TooMuch) -> Self {
        Self::TooMuch(much)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

/// What stands next. Comments and processing instructions are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
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
pub(crate) struct Xml<R> {
    input: R,
    /// What turns the bytes into UTF-8, and bytes still to be turned.
    decoder: Option<(Decoder, Vec<u8>)>,
    buffer: Vec<u8>,
    /// Bytes that are taken as text when somebody looks ahead; none when nobody may.
    look: usize,
    /// Bytes of the buffer that are still to be read.
    at: usize,
    end: usize,
    /// Whether the input has ended.
    ended: bool,
    /// How many bytes may still come.
    left: u64,
    bound: Bound,
    /// The name of the element, without its prefix.
    name: Range<usize>,
    /// Its attributes, or a text.
    rest: Range<usize>,
    /// The token as it stands.
    token: Range<usize>,
    /// Whether the element that was opened has no content.
    hollow: bool,
    /// The names of the open elements, end to end.
    names: Vec<u8>,
    starts: Vec<usize>,
    begun: bool,
    /// Comments and instructions so far, and CDATA sections.
    asides: u32,
    sections: u32,
}

impl<R: Read> Xml<R> {
    /// A part within its bounds.
    pub(crate) fn new(input: R, bound: Bound) -> Result<Self, Fault> {
        let mut xml = Self {
            input,
            decoder: None,
            buffer: vec![0; PIECE],
            look: SHORT_LOOK,
            at: 0,
            end: 0,
            ended: false,
            left: bound.most,
            bound,
            name: 0..0,
            rest: 0..0,
            token: 0..0,
            hollow: false,
            names: Vec::new(),
            starts: Vec::new(),
            begun: false,
            asides: 0,
            sections: 0,
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
            // Whose declaration can be read byte by byte is in no encoding of wider units.
            None => (declared(head).filter(|one| one.is_ascii_compatible()).unwrap_or(UTF_8), 0),
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

    /// Bytes of one cell.
    pub(super) fn longest_cell(&self) -> usize {
        self.bound.cell
    }

    /// What is in the buffer and still to be read.
    fn window(&self) -> &[u8] {
        self.buffer.get(self.at..self.end).unwrap_or_default()
    }

    /// What stands next, as far as it is in the buffer, for those who know whole elements by their
    /// bytes; nothing where the next token is not among them, or where they would be too deep.
    pub(super) fn ahead(&self) -> &[u8] {
        let open = self.starts.len();
        if self.look == 0 || self.hollow || open == 0 || open + DEEPEST_PLAIN > DEEPEST {
            return &[];
        }
        self.window()
    }

    /// The same part, read token by token.
    #[cfg(test)]
    pub(super) fn token_by_token(mut self) -> Self {
        self.look = 0;
        self
    }

    /// The next of it as text, as much as is likely to be of use.
    pub(super) fn ahead_text(&self) -> &str {
        let ahead = self.ahead();
        let ahead = ahead.get(..self.look).unwrap_or(ahead);
        std::str::from_utf8(ahead).unwrap_or_else(|error| {
            let valid = ahead.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(valid).unwrap_or_default()
        })
    }

    /// Gets more of what stands next, as long as fewer bytes than `enough` are in the buffer and it is
    /// among them. `false` where that is not so, and at the end.
    pub(super) fn more(&mut self, enough: usize) -> Result<bool, Fault> {
        let blind = self.look == 0 || self.hollow;
        if blind || self.window().len() >= enough { Ok(false) } else { self.fill() }
    }

    /// Passes over whole elements among the bytes of [`Self::ahead`].
    pub(super) fn pass(&mut self, length: usize) {
        self.at += length;
        // Bytes that are looked at in vain are looked at again: where little was known, little is.
        if self.look > 0 {
            self.look = (2 * length).clamp(SHORT_LOOK, LONG_LOOK);
        }
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
            if self.end >= self.bound.token() {
                return Err(long_cell().into());
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
        let Some(left) = self.left.checked_sub(read as u64) else {
            return Err(self.bound.passed().map_or_else(Fault::Broken, Fault::TooMuch));
        };
        self.left = left;
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
    pub(crate) fn advance(&mut self) -> Result<Token, Fault> {
        if self.hollow {
            self.hollow = false;
            self.token = 0..0;
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
                (Some(b'<'), Some(b'/')) if let Some(length) = self.closes(0) => {
                    self.name = self.at + 2 + self.prefix_of_open()..self.at + length - 1;
                    self.token = self.at..self.at + length;
                    self.close(length);
                    return Ok(Token::Close);
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
                    self.token = self.rest.clone();
                    self.at += length;
                    // Between the declaration and the first element there is nothing to read.
                    if !self.starts.is_empty() {
                        return Ok(Token::Text);
                    }
                }
                (None, _) => {
                    if !self.fill()? {
                        return if self.starts.is_empty() {
                            Ok(Token::End)
                        } else {
                            Err(cut_off())
                        };
                    }
                }
            }
        }
    }

    /// How long the tag is that stands at a place of the window and closes the element opened last,
    /// when it is such a tag, whole and written plainly, as nearly all are.
    fn closes(&self, at: usize) -> Option<usize> {
        let open = self.names.get(*self.starts.last()?..)?;
        let tag = self.window().get(at..)?.get(..open.len() + 3)?;
        let [b'<', b'/', name @ .., b'>'] = tag else { return None };
        // Names are short: a loop is faster here than a call.
        name.iter().eq(open).then_some(tag.len())
    }

    /// Goes over a closing tag of some length.
    fn close(&mut self, length: usize) {
        let open = self.starts.pop().unwrap_or(0);
        self.names.truncate(open);
        self.at += length;
    }

    fn prefix_of_open(&self) -> usize {
        let open = self.starts.last().and_then(|&start| self.names.get(start..));
        open.map_or(0, prefix)
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
            self.sections += 1;
            if self.sections > MOST_SECTIONS {
                return Err(Fault::broken("one of its parts has more CDATA sections than cells"));
            }
            let end = self.find(9, b"]]>", true)?;
            self.rest = self.at + 9..self.at + end;
            self.token = self.at..self.at + end + 3;
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
        self.asides += 1;
        if self.asides > MOST_ASIDES {
            return Err(Fault::broken("one of its parts is made of comments"));
        }
        let end = self.find(from, what, true)?;
        self.at += end + what.len();
        Ok(None)
    }

    /// Where any tag ends: at the first `>` that does not stand in quotes.
    fn quoted_tag(&mut self) -> Result<usize, Fault> {
        let mut quote = None;
        let mut from = 1;
        loop {
            let window = self.window();
            for (at, &byte) in window.iter().enumerate().skip(from) {
                match quote {
                    None if byte == b'>' => return Ok(at),
                    None if byte == b'"' || byte == b'\'' => quote = Some(byte),
                    Some(open) if open == byte => quote = None,
                    _ => {}
                }
            }
            from = window.len();
            if !self.fill()? {
                return Err(cut_off());
            }
        }
    }

    /// Reads a tag.
    fn tag(&mut self) -> Result<Token, Fault> {
        let length = match plain_tag(self.window()) {
            Some(length) => length,
            None => self.quoted_tag()?,
        };
        let start = self.at + 1;
        let mut end = self.at + length;
        self.token = self.at..end + 1;
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
    pub(crate) fn name(&self) -> &[u8] {
        self.buffer.get(self.name.clone()).unwrap_or_default()
    }

    /// The attributes of the element.
    pub(crate) fn attributes(&self) -> Attributes<'_> {
        Attributes(self.text())
    }

    /// The text as it stands in the file, or the attributes.
    pub(crate) fn text(&self) -> &[u8] {
        self.buffer.get(self.rest.clone()).unwrap_or_default()
    }

    /// The token as it stands in the file, for those who copy it; nothing for the end of an element
    /// without content, which stands in its beginning.
    pub(crate) fn raw(&self) -> &[u8] {
        self.buffer.get(self.token.clone()).unwrap_or_default()
    }

    /// Whether the element that was opened is written as one without content.
    pub(crate) fn is_hollow(&self) -> bool {
        self.hollow
    }

    /// The name of the element that was opened last, with its prefix.
    pub(crate) fn whole_name(&self) -> &[u8] {
        self.starts.last().and_then(|&start| self.names.get(start..)).unwrap_or_default()
    }

    /// How many bytes the part may still inflate to.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.starts.len()
    }

    /// Appends the text of the element that was opened last, to its end.
    pub(crate) fn read_text(&mut self, out: &mut String) -> Result<(), Fault> {
        // Nearly always it is one text and nothing else.
        if !self.hollow
            && let Some(length) = memchr(b'<', self.window())
            && let Some(tag) = self.closes(length)
        {
            decode(self.window().get(..length).unwrap_or_default(), out)?;
            self.close(length + tag);
            return Ok(());
        }
        let depth = self.depth();
        loop {
            match self.advance()? {
                Token::Text => decode(self.text(), out)?,
                Token::Data => out.push_str(utf8(self.text())?),
                Token::Close if self.depth() < depth => return Ok(()),
                Token::Open | Token::Close => {}
                Token::End => return Err(cut_off()),
            }
            if out.len() > self.bound.token() {
                return Err(long_cell().into());
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

/// Where a tag ends that lies in these bytes and whose first `>` stands outside all quotes.
pub(super) fn plain_tag(bytes: &[u8]) -> Option<usize> {
    let length = memchr(b'>', bytes)?;
    // One bit for each kind of quote: whether there is an odd one, whether there is any.
    let (mut odd, mut single) = (0_u8, 0_u8);
    for &byte in bytes.get(..length)? {
        odd ^= u8::from(byte == b'"');
        single |= u8::from(byte == b'\'');
    }
    ((odd | single) == 0).then_some(length)
}

fn cut_off() -> Fault {
    Fault::broken("one of its parts breaks off")
}

/// How long the prefix of a name is, its colon included.
fn prefix(name: &[u8]) -> usize {
    name.iter().position(|&byte| byte == b':').map_or(0, |colon| colon + 1)
}

#[cfg(test)]
mod tests;
