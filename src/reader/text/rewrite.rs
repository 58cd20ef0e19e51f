//! A copy of a text file in which some cells have another text. Every byte that is not of such a cell
//! stays as it is: the encoding, the byte-order mark, quotes, line ends, and rows that are odd.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write};
use std::ops::Range;

use super::block::parse;
use super::joined::Joiner;
use super::units::{Letters, Unit, Units};
use super::{Edit, Origin};
use crate::error::{Error, Result};
use crate::reader::reload;
use crate::row::{Block, Dialect, Row, letters};

/// How a text file is written, as far as its cells go.
#[derive(Clone, Debug)]
pub(in crate::reader) struct Written {
    /// How its letters stand in its bytes; nothing where no single letter can be changed.
    pub(super) letters: Option<Letters>,
    /// The name of its encoding.
    pub(super) encoding: &'static str,
    /// Bytes of the byte-order marks.
    pub(super) marks: usize,
    /// How it is cut. A delimiter of several characters is a stand-in here.
    pub(super) dialect: Dialect,
    /// The delimiter as it stands in the file.
    pub(super) delimiter: Vec<u8>,
}

/// A copy under way: blocks come in file order.
pub(in crate::reader) struct Copier<'a> {
    origin: &'a Origin,
    written: Written,
    letters: Letters,
    /// Whether cells behind an apostrophe of ours are put back as they were when they are read.
    reload: bool,
    source: Bytes,
    /// Bytes of the text that was read, up to where the copy is.
    at: u64,
    edits: &'a [Edit<'a>],
    out: &'a mut dyn Write,
}

/// Where the bytes come from.
enum Bytes {
    /// They are the text itself.
    Plain(File),
    /// They are decoded beside it.
    Decoded(Box<Units<BufReader<File>>>),
}

/// What is done with the bytes of a piece of text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Kept,
    Dropped,
}

impl<'a> Copier<'a> {
    /// Begins the copy. The edits are in the order of the file.
    pub(in crate::reader) fn new(
        origin: &'a Origin,
        written: Written,
        reload: bool,
        edits: &'a [Edit<'a>],
        out: &'a mut dyn Write,
    ) -> Result<Self> {
        let Some(letters) = written.letters else {
            return Err(Error::InputFormat {
                path: origin.path.clone(),
                why: format!("in {} no single cell can be changed", written.encoding),
                help: "save it as UTF-8 in the program that made it, check it again, and fix that"
                    .to_owned(),
            });
        };
        let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
        let mut marks = vec![0; written.marks];
        file.read_exact(&mut marks).map_err(|source| origin.io(source))?;
        out.write_all(&marks).map_err(failed)?;
        let source = if letters.is_plain() && written.delimiter.len() == 1 {
            Bytes::Plain(file)
        } else {
            Bytes::Decoded(Box::new(Units::new(BufReader::with_capacity(1 << 16, file), letters)))
        };
        Ok(Self { origin, written, letters, reload, source, at: 0, edits, out })
    }

    /// Copies a block.
    pub(in crate::reader) fn block(&mut self, block: &Block) -> Result<()> {
        self.skip_to(block.first.byte)?;
        let text = block.bytes.as_slice();
        let mut from = 0;
        if !self.edits.is_empty() {
            let rows = parse(block.clone(), 0);
            let start = |row: Row<'_>| {
                let start = row.at.byte.checked_sub(block.first.byte);
                start.and_then(|start| usize::try_from(start).ok()).unwrap_or(text.len())
            };
            for (index, row) in rows.iter().enumerate() {
                let Some(next) = self.edits.first() else { break };
                if next.row > row.at.row {
                    continue;
                }
                let end = rows.get(index + 1).map_or(text.len(), start);
                from = self.row(text, from, start(row)..end, row)?;
            }
        }
        self.pass(text.get(from..).unwrap_or_default(), Fate::Kept)
    }

    /// Copies what is left.
    pub(in crate::reader) fn finish(mut self) -> Result<()> {
        if let Some(edit) = self.edits.first() {
            return Err(self.lost(edit.row));
        }
        match &mut self.source {
            Bytes::Plain(file) => {
                let rest = self.written.marks as u64 + self.at;
                file.seek(SeekFrom::Start(rest)).map_err(|source| self.origin.io(source))?;
                io::copy(file, self.out).map_err(failed)?;
            }
            Bytes::Decoded(units) => {
                let mut unit = Unit::default();
                while units.next(&mut unit).map_err(|source| self.origin.io(source))? {
                    self.out.write_all(&unit.bytes).map_err(failed)?;
                }
            }
        }
        self.out.flush().map_err(failed)
    }

    /// Copies up to the end of the last cell of a row that changes; tells where that is. `from` is where
    /// the copy is in the text.
    fn row(
        &mut self,
        text: &[u8],
        from: usize,
        place: Range<usize>,
        row: Row<'_>,
    ) -> Result<usize> {
        let (mut from, start) = (from, place.start);
        let record = text.get(place).unwrap_or_default();
        let breaks = record.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let record = record.get(..record.len() - breaks).unwrap_or_default();
        let cells =
            cells(record, self.written.dialect, row).ok_or_else(|| self.lost(row.at.row))?;
        let mut width = row.len();
        while let Some(edit) = self.edits.first().copied().filter(|edit| edit.row <= row.at.row) {
            if edit.row < row.at.row {
                return Err(self.lost(edit.row));
            }
            self.edits = self.edits.get(1..).unwrap_or_default();
            let end = record.len()..record.len();
            let span = cells.spans.get(edit.column).cloned().unwrap_or(end);
            let missing = (edit.column + 1).saturating_sub(width);
            width += missing;
            let quoted = !cells.literal
                && self.written.dialect.quote.is_some()
                && record.get(span.start).copied() == self.written.dialect.quote
                && !span.is_empty();
            let marked = self.reload && reload::is_marked(row.cell(0).text, edit.column);
            let value = if marked { reload::disarm(edit.text) } else { edit.text.into() };
            let alone = width == 1;
            let cell = self.cell(&value, quoted, alone, cells.literal);
            let cell = cell.ok_or_else(|| Self::no_quotes(edit))?;
            let delimiter = String::from_utf8_lossy(&self.written.delimiter);
            let piece = format!("{}{cell}", delimiter.repeat(missing));
            let bytes =
                self.letters.encode(&piece).map_err(|letter| self.no_letter(edit, letter))?;
            self.pass(text.get(from..start + span.start).unwrap_or_default(), Fate::Kept)?;
            self.pass(record.get(span.clone()).unwrap_or_default(), Fate::Dropped)?;
            self.out.write_all(&bytes).map_err(failed)?;
            from = start + span.end;
        }
        Ok(from)
    }

    /// A cell in the file's own dialect: quoted where it was or where it must be. Nothing where it must be
    /// and cannot.
    fn cell(&self, text: &str, quoted: bool, alone: bool, literal: bool) -> Option<String> {
        let Written { dialect, delimiter, .. } = &self.written;
        // Of a delimiter of several characters the first alone may run into the one behind the cell.
        let splits = |byte: u8| {
            Some(&byte) == delimiter.first()
                || byte == dialect.delimiter
                || dialect.quote == Some(byte)
        };
        let blank_line = alone && text.is_empty() && dialect.quote.is_some() && !literal;
        let must =
            blank_line || text.bytes().any(|byte| splits(byte) || matches!(byte, b'\n' | b'\r'));
        if !must && !quoted {
            return Some(text.to_owned());
        }
        let quote = dialect.quote.filter(|_| !literal).map(char::from)?;
        let escape = dialect.escape.map(char::from);
        let mut cell = String::from(quote);
        for letter in text.chars() {
            if letter == quote || Some(letter) == escape {
                cell.push(escape.unwrap_or(quote));
            }
            cell.push(letter);
        }
        cell.push(quote);
        Some(cell)
    }

    /// Copies what stands before a block and was not handed on.
    fn skip_to(&mut self, byte: u64) -> Result<()> {
        let Some(mut left) = byte.checked_sub(self.at).filter(|left| *left > 0) else {
            return Ok(());
        };
        self.at = byte;
        match &mut self.source {
            Bytes::Plain(file) => {
                let from = self.written.marks as u64 + byte - left;
                file.seek(SeekFrom::Start(from)).map_err(|source| self.origin.io(source))?;
                io::copy(&mut file.take(left), self.out).map_err(failed).map(|_| ())
            }
            Bytes::Decoded(units) => {
                let mut unit = Unit::default();
                while left > 0 {
                    let more = units.next(&mut unit).map_err(|source| self.origin.io(source))?;
                    let Some(rest) = left.checked_sub(unit.text.len() as u64).filter(|_| more)
                    else {
                        return Err(self.lost(1));
                    };
                    left = rest;
                    self.out.write_all(&unit.bytes).map_err(failed)?;
                }
                Ok(())
            }
        }
    }

    /// Goes over a piece of the text, and copies its bytes or leaves them out.
    fn pass(&mut self, text: &[u8], fate: Fate) -> Result<()> {
        self.at += text.len() as u64;
        let Bytes::Decoded(units) = &mut self.source else {
            return match fate {
                Fate::Kept => self.out.write_all(text).map_err(failed),
                Fate::Dropped => Ok(()),
            };
        };
        let delimiter = Some(self.written.delimiter.as_slice()).filter(|bytes| bytes.len() > 1);
        let (mut rest, mut unit, mut joined) = (text, Unit::default(), Vec::new());
        while let Some(&byte) = rest.first() {
            if !units.next(&mut unit).map_err(|source| self.origin.io(source))? {
                return Err(self.lost(0));
            }
            if fate == Fate::Kept {
                self.out.write_all(&unit.bytes).map_err(failed)?;
            }
            match delimiter.filter(|_| byte == Joiner::STAND_IN) {
                Some(delimiter) => {
                    joined.extend_from_slice(&unit.text);
                    if joined == delimiter {
                        joined.clear();
                        rest = rest.get(1..).unwrap_or_default();
                    } else if !delimiter.starts_with(&joined) {
                        return Err(self.lost(0));
                    }
                }
                None => match rest.strip_prefix(unit.text.as_slice()) {
                    Some(next) => rest = next,
                    None => return Err(self.lost(0)),
                },
            }
        }
        Ok(())
    }

    /// The error for bytes that are not where the text says. Nothing is changed by guess.
    fn lost(&self, row: u32) -> Error {
        let place = if row > 0 { format!("row {row}") } else { "a row".to_owned() };
        Error::InputFormat {
            path: self.origin.path.clone(),
            why: format!("the cells of {place} cannot be told apart in its bytes"),
            help: "save it as UTF-8 in the program that made it, check it again, and fix that"
                .to_owned(),
        }
    }

    fn no_letter(&self, edit: Edit<'_>, letter: char) -> Error {
        let (place, encoding) = (place(edit), self.written.encoding);
        Error::usage(
            format!("{place} cannot become {:?}: {encoding} has no {letter:?}", edit.text),
            "save the file as UTF-8 in the program that made it, check it again and fix that; or take \
             the yes of this cell out of the plan",
        )
    }

    fn no_quotes(edit: Edit<'_>) -> Error {
        let place = place(edit);
        Error::usage(
            format!(
                "{place} cannot become {:?}: it holds what ends a cell, and there is no quote for it",
                edit.text
            ),
            "say the quote of the file with --quote, or take the yes of this cell out of the plan",
        )
    }
}

fn place(edit: Edit<'_>) -> String {
    format!("cell {}{}", letters(edit.column), edit.row)
}

fn failed(source: io::Error) -> Error {
    Error::Output { path: "the copy".into(), action: "write", source }
}

/// Where the cells of a record stand in it.
struct Cells {
    spans: Vec<Range<usize>>,
    /// Whether its quotes were read as text.
    literal: bool,
}

/// Finds the cells of a record as the row has them, with its quotes, else with its quotes as text.
fn cells(record: &[u8], dialect: Dialect, row: Row<'_>) -> Option<Cells> {
    let literal = Dialect { quote: None, escape: None, ..dialect };
    [(dialect, false), (literal, true)].into_iter().find_map(|(dialect, literal)| {
        let (spans, texts) = cut(record, dialect);
        let same = texts.len() == row.len()
            && texts
                .iter()
                .zip(row.cells())
                .all(|(text, cell)| String::from_utf8_lossy(text) == cell.text);
        same.then_some(Cells { spans, literal })
    })
}

/// Cuts a record: the places of its cells, and their texts.
fn cut(record: &[u8], dialect: Dialect) -> (Vec<Range<usize>>, Vec<Vec<u8>>) {
    let (mut spans, mut texts) = (Vec::new(), Vec::new());
    let (mut start, mut text) = (0, Vec::new());
    let (mut quoted, mut at) = (false, 0);
    while let Some(&byte) = record.get(at) {
        let next = record.get(at + 1).copied();
        let is_quote = Some(byte) == dialect.quote;
        if quoted && Some(byte) == dialect.escape && next.is_some() {
            text.extend(next);
            at += 2;
        } else if quoted && is_quote && next == dialect.quote {
            text.push(byte);
            at += 2;
        } else if quoted && is_quote {
            quoted = false;
            at += 1;
        } else if !quoted && byte == dialect.delimiter {
            spans.push(start..at);
            texts.push(std::mem::take(&mut text));
            at += 1;
            start = at;
        } else if !quoted && is_quote && at == start {
            quoted = true;
            at += 1;
        } else {
            text.push(byte);
            at += 1;
        }
    }
    spans.push(start..record.len());
    texts.push(text);
    (spans, texts)
}
