//! The copy as it is written: an archive, and what XML it gets.
//!
//! It is written into a temporary file first: in an archive that streams, the library announces sizes behind
//! the parts that it takes over and does not write them, and strict readers refuse such a file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek as _, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Outcome;
use crate::reader::parts::{Attributes, Package, Token, Xml};

/// Bytes that are handed to the archive at once.
const PIECE: usize = 64 * 1024;
/// How parts of ours begin.
pub(super) const DECLARATION: &[u8] =
    b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// An archive that is being written.
pub(super) struct Sink<'a> {
    zip: ZipWriter<BufWriter<File>>,
    waiting: Vec<u8>,
    /// Where it goes when it is whole.
    out: &'a mut dyn Write,
}

impl<'a> Sink<'a> {
    pub(super) fn new(out: &'a mut dyn Write, folder: Option<&Path>) -> io::Result<Self> {
        let file = match folder {
            Some(folder) => tempfile::tempfile_in(folder)?,
            None => tempfile::tempfile()?,
        };
        let zip = ZipWriter::new(BufWriter::with_capacity(PIECE, file));
        Ok(Self { zip, waiting: Vec::with_capacity(PIECE * 2), out })
    }

    /// Takes a part over as it is.
    pub(super) fn take_over(&mut self, package: &mut Package, place: usize) -> Outcome<()> {
        Ok(package.copy(place, &mut self.zip)?)
    }

    /// Begins a part.
    pub(super) fn begin(&mut self, name: &str) -> Outcome<()> {
        Ok(self.zip.start_file(name, SimpleFileOptions::default())?)
    }

    /// Begins a part of XML.
    pub(super) fn begin_xml(&mut self, name: &str) -> Outcome<()> {
        self.begin(name)?;
        self.waiting.extend_from_slice(DECLARATION);
        Ok(())
    }

    /// Where the bytes of the part go.
    pub(super) fn room(&mut self) -> io::Result<&mut Vec<u8>> {
        if self.waiting.len() >= PIECE {
            self.pour()?;
        }
        Ok(&mut self.waiting)
    }

    /// Ends the part.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.pour()
    }

    fn pour(&mut self) -> io::Result<()> {
        self.zip.write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }

    /// Ends the archive.
    pub(super) fn finish(self) -> Outcome<()> {
        let whole = self.zip.finish()?;
        let mut whole = whole.into_inner().map_err(io::IntoInnerError::into_error)?;
        whole.rewind()?;
        io::copy(&mut whole, self.out)?;
        self.out.flush()?;
        Ok(())
    }
}

/// What is done with a token that is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// It is copied as it stands.
    Keep,
    /// The element that begins is left out.
    Drop,
    /// The beginning of an element has been written otherwise, as one that may have content.
    Written,
}

/// Says what is done with a tag, and may write in front of it.
pub(super) type Each<'a, R> = dyn FnMut(&Xml<R>, Token, &mut Vec<u8>) -> Outcome<Act> + 'a;

/// Copies what is left of a part, and asks at each tag what is done with it.
pub(super) fn rewrite<R: Read>(
    xml: &mut Xml<R>,
    sink: &mut Sink<'_>,
    each: &mut Each<'_, R>,
) -> Outcome<()> {
    // The name of an element without content that has got some.
    let mut opened: Option<Vec<u8>> = None;
    loop {
        let token = xml.advance()?;
        let out = sink.room()?;
        match token {
            Token::End => return Ok(()),
            Token::Text | Token::Data => out.extend_from_slice(xml.raw()),
            Token::Open => match each(xml, token, out)? {
                Act::Keep => out.extend_from_slice(xml.raw()),
                Act::Drop => xml.skip()?,
                Act::Written => {
                    opened = xml.is_hollow().then(|| xml.whole_name().to_vec());
                }
            },
            Token::Close => {
                each(xml, token, out)?;
                match opened.take() {
                    Some(name) => close(out, &name),
                    None => out.extend_from_slice(xml.raw()),
                }
            }
        }
    }
}

/// Copies the element that was opened last and whose beginning is written, to its end.
pub(super) fn copy_rest<R: Read>(xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
    let depth = xml.depth();
    loop {
        let token = xml.advance()?;
        sink.room()?.extend_from_slice(xml.raw());
        if (token == Token::Close && xml.depth() < depth) || token == Token::End {
            return Ok(());
        }
    }
}

/// The beginning of a tag whose attributes stay, but for some.
pub(super) fn tag(
    out: &mut Vec<u8>,
    name: &[u8],
    attributes: Attributes<'_>,
    without: &[&[u8]],
) -> Outcome<()> {
    out.push(b'<');
    out.extend_from_slice(name);
    for one in attributes {
        let (name, value) = one?;
        if !without.contains(&name) {
            // The value is escaped as it stands, for one kind of quote or for the other.
            let quote = if value.contains(&b'"') { b'\'' } else { b'"' };
            out.push(b' ');
            out.extend_from_slice(name);
            out.extend_from_slice(&[b'=', quote]);
            out.extend_from_slice(value);
            out.push(quote);
        }
    }
    Ok(())
}

/// The end of an element.
pub(super) fn close(out: &mut Vec<u8>, name: &[u8]) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(name);
    out.push(b'>');
}

/// One attribute more.
pub(super) fn attribute(out: &mut Vec<u8>, name: &str, value: &str) {
    out.push(b' ');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"=\"");
    escape(out, value);
    out.push(b'"');
}

/// A text inside a tag or between tags, where it has no character that XML cannot hold.
pub(super) fn escape(out: &mut Vec<u8>, text: &str) {
    for c in text.chars() {
        escape_char(out, c);
    }
}

fn escape_char(out: &mut Vec<u8>, c: char) {
    match c {
        '&' => out.extend_from_slice(b"&amp;"),
        '<' => out.extend_from_slice(b"&lt;"),
        '>' => out.extend_from_slice(b"&gt;"),
        '"' => out.extend_from_slice(b"&quot;"),
        c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// A text of a spreadsheet: characters that XML cannot hold, and texts that look like what stands for
/// these, are written as `_xHHHH_`.
pub(super) fn spelled(out: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_code = |text: &str| {
            let code = text.strip_prefix("_x").and_then(|text| text.as_bytes().get(..5));
            code.is_some_and(|code| {
                code.ends_with(b"_") && code.iter().take(4).all(u8::is_ascii_hexdigit)
            })
        };
        let is_foreign =
            matches!(c, '\u{fffe}' | '\u{ffff}') || (c < ' ' && !matches!(c, '\n' | '\t'));
        if is_foreign || (c == '_' && is_code(rest)) {
            out.extend_from_slice(format!("_x{:04X}_", u32::from(c)).as_bytes());
        } else {
            escape_char(out, c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_spelled_so_that_a_spreadsheet_reads_them_as_they_were() {
        for (text, expected) in [
            ("a & <b>", "a &amp; &lt;b&gt;"),
            ("\u{1}\r\n\t", "_x0001__x000D_\n\t"),
            ("_x0041_ _x_ __x0041_", "_x005F_x0041_ _x_ __x005F_x0041_"),
            ("😀\u{ffff}", "😀_xFFFF_"),
        ] {
            let mut out = Vec::new();
            spelled(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
