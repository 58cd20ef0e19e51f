//! Where a finding stands, for programs that open a file at a place.
//!
//! A row knows its first byte and the texts of its cells. Where a cell begins and ends follows from walking
//! over the file with these texts in hand. Where the file says something else than they would be written
//! as, there is no such place: better the line alone than a wrong column.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Component, Path};

use super::Head;
use crate::finding::Finding;
use crate::reader::Facts;
use crate::row::{Location, Row, letters};

/// A place in a text file, as editors count: lines and columns from 1, a column for each unit of UTF-16, a
/// tab one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) line: u32,
    pub(super) column: u32,
}

/// A cell with its quotes; the end is behind its last sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: Point,
    pub(super) end: Point,
    /// Whether it has quotes.
    quoted: bool,
}

/// Where a finding stands in its input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// The line of its cell, else that on which its row begins; in a workbook the row.
    pub(super) line: Option<u32>,
    /// The cell, where that is certain.
    pub(super) span: Option<Span>,
}

/// Finds places in the inputs, one of which is open at a time.
#[derive(Debug, Default)]
pub(super) struct Places {
    open: Option<(u16, Option<Source>)>,
}

impl Places {
    /// Where a finding stands; of a finding about an input as a whole there is no row.
    pub(super) fn spot(&mut self, head: &Head, finding: &Finding, row: Option<Row<'_>>) -> Spot {
        let span = match (row, finding.column) {
            (Some(row), Some(column)) => self.cell(head, row, column),
            _ => None,
        };
        Spot { line: span.map(|span| span.start.line).or_else(|| line(finding.at)), span }
    }

    fn cell(&mut self, head: &Head, row: Row<'_>, column: u16) -> Option<Span> {
        self.source(head, row.at.input)?.cell(row, usize::from(column))
    }

    /// What a cell with this text is in the input's file, with quotes where the cell has or it needs them;
    /// nothing where the file as the user has it holds other bytes.
    pub(super) fn written(
        &mut self,
        head: &Head,
        input: u16,
        span: Span,
        text: &str,
    ) -> Option<String> {
        let source = self.source(head, input)?;
        if source.unpacked { None } else { source.written(text, span.quoted) }
    }

    fn source(&mut self, head: &Head, input: u16) -> Option<&mut Source> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != input) {
            let sheet = head.sheets.get(usize::from(input));
            self.open = Some((input, sheet.and_then(|sheet| Source::open(&sheet.facts))));
        }
        self.open.as_mut()?.1.as_mut()
    }
}

/// A text file whose bytes are those of its rows.
#[derive(Debug)]
struct Source {
    file: BufReader<File>,
    /// Bytes in front of the text, which rows do not count.
    marks: u64,
    delimiter: String,
    quote: Option<char>,
    /// Whether the bytes came out of a compressed file or from standard input.
    unpacked: bool,
}

/// What stands in front of a text in UTF-8, perhaps more than once.
const MARK: &[u8] = b"\xef\xbb\xbf";

impl Source {
    /// Opens the file of an input, if its bytes are its text: in UTF-8, and without escapes.
    fn open(facts: &Facts) -> Option<Self> {
        if facts.sheet.is_some() || facts.encoding != Some("UTF-8") || facts.escape.is_some() {
            return None;
        }
        let origin = facts.origin.as_ref()?;
        let mut file = BufReader::new(File::open(origin.file()).ok()?);
        let (mut marks, mut mark) = (0, [0; 3]);
        while file.read_exact(&mut mark).is_ok() && mark == MARK {
            marks += MARK.len() as u64;
        }
        let delimiter = facts.delimiter.clone().filter(|text| !text.is_empty())?;
        let unpacked = origin.file() != origin.path;
        Some(Self { file, marks, delimiter, quote: facts.quote, unpacked })
    }

    fn cell(&mut self, row: Row<'_>, column: usize) -> Option<Span> {
        let text = self.text(row, column)?;
        let mut rest = text.as_str();
        let mut point = Point { line: row.at.line, column: 1 };
        for index in 0..column {
            let cell = self.length(rest, row.cell(index).text)?;
            let (passed, behind) = rest.split_at_checked(cell)?;
            point = point.behind(passed).behind(&self.delimiter);
            rest = behind.strip_prefix(self.delimiter.as_str())?;
        }
        let (own, _) = rest.split_at_checked(self.length(rest, row.cell(column).text)?)?;
        let quoted = self.quote.is_some_and(|quote| own.starts_with(quote));
        Some(Span { start: point, end: point.behind(own), quoted })
    }

    /// The row as it stands in the file, at least as far as a column and what ends it.
    fn text(&mut self, row: Row<'_>, column: usize) -> Option<String> {
        // A quote may be doubled; around the cell stand two, behind it a delimiter or a line break.
        let around = self.delimiter.len() as u64 + 4;
        let cells = (0..=column).map(|index| 2 * row.cell(index).text.len() as u64 + around);
        let most: u64 = cells.sum();
        let start = self.marks + row.at.byte;
        // Seeking from where the file is keeps what has been read; rows come in their order.
        let here = self.file.stream_position().ok()?;
        let first = if row.at.byte > 0 { start - 1 } else { start };
        let way = i64::try_from(first).ok()? - i64::try_from(here).ok()?;
        self.file
            .seek_relative(way)
            .or_else(|_| self.file.seek(SeekFrom::Start(first)).map(drop))
            .ok()?;
        if row.at.byte > 0 {
            let mut before = [0];
            self.file.read_exact(&mut before).ok()?;
            if !matches!(before, [b'\n' | b'\r']) {
                return None;
            }
        }
        let mut bytes = Vec::new();
        self.file.by_ref().take(most).read_to_end(&mut bytes).ok()?;
        let whole = match std::str::from_utf8(&bytes) {
            Ok(text) => text.len(),
            // The last character may be cut, and what is wrong before it is no text of a cell.
            Err(error) => error.valid_up_to(),
        };
        bytes.truncate(whole);
        String::from_utf8(bytes).ok()
    }

    /// How many bytes the cell with this text has at the beginning of `rest`.
    fn length(&self, rest: &str, text: &str) -> Option<usize> {
        let quoted = self.quote.filter(|quote| rest.starts_with(*quote));
        let quoted = quoted.map(|quote| in_quotes(text, quote));
        let ends = |cell: &str| {
            let behind = rest.strip_prefix(cell)?;
            let end = behind.is_empty()
                || behind.starts_with(['\n', '\r'])
                || behind.starts_with(self.delimiter.as_str());
            end.then_some(cell.len())
        };
        quoted.as_deref().and_then(ends).or_else(|| ends(text))
    }

    fn written(&self, text: &str, quoted: bool) -> Option<String> {
        let special = text.contains(['\n', '\r'])
            || text.contains(self.delimiter.as_str())
            || self.quote.is_some_and(|quote| text.contains(quote));
        match self.quote {
            _ if !special && !quoted => Some(text.to_owned()),
            Some(quote) => Some(in_quotes(text, quote)),
            None => None,
        }
    }
}

fn in_quotes(text: &str, quote: char) -> String {
    let one = quote.to_string();
    format!("{one}{}{one}", text.replace(quote, &format!("{one}{one}")))
}

impl Point {
    /// The place behind a text that begins here.
    fn behind(self, text: &str) -> Self {
        let mut point = self;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            if c == '\n' || (c == '\r' && rest.peek() != Some(&'\n')) {
                point = Self { line: point.line.saturating_add(1), column: 1 };
            } else {
                let units = u32::try_from(c.len_utf16()).unwrap_or(1);
                point.column = point.column.saturating_add(units);
            }
        }
        point
    }
}

/// The line on which a row begins. A workbook has rows for lines; what is about an input as a whole has neither.
pub(super) fn line(at: Location) -> Option<u32> {
    [at.line, at.row].into_iter().find(|number| *number > 0)
}

/// What people call the place of a finding: `C7`, `Volunteers!C7` in a workbook, `row 7` where it is about a
/// whole row.
pub(super) fn name(head: &Head, finding: &Finding) -> String {
    let place = match finding.column {
        Some(column) => format!("{}{}", letters(usize::from(column)), finding.at.row),
        None => format!("row {}", finding.at.row),
    };
    match sheet(head, finding.at.input) {
        Some(sheet) => format!("{sheet}!{place}"),
        None => place,
    }
}

/// The sheet of a workbook, quoted where it must be as formulas quote it.
fn sheet(head: &Head, input: u16) -> Option<String> {
    let name = head.sheets.get(usize::from(input))?.facts.sheet.as_deref()?;
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    Some(if plain { name.to_owned() } else { in_quotes(name, '\'') })
}

/// The path of an input as the user named it; `-` for standard input.
pub(super) fn path(head: &Head, input: u16) -> String {
    let sheet = head.sheets.get(usize::from(input));
    sheet.map_or_else(String::new, |sheet| sheet.facts.path.display().to_string())
}

/// A path as a reference by URI: relative as it is, absolute as `file:`.
pub(super) fn uri(path: &Path) -> String {
    let mut uri = String::new();
    for part in path.components() {
        let name = match part {
            Component::RootDir => {
                uri.push('/');
                continue;
            }
            Component::CurDir => continue,
            part => part.as_os_str().as_encoded_bytes(),
        };
        if !uri.is_empty() && !uri.ends_with('/') {
            uri.push('/');
        }
        for &byte in name {
            let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
            match char::from(byte) {
                c if plain => uri.push(c),
                // Writing to a String cannot fail.
                _ => drop(write!(uri, "%{byte:02X}")),
            }
        }
    }
    match path.is_absolute() {
        true if uri.starts_with('/') => format!("file://{uri}"),
        true => format!("file:///{uri}"),
        false => uri,
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::reader::{self, Options};
    use crate::report::Sheet;

    /// Where the cells of a column stand in a text, each cut out of it again.
    fn cells(text: &[u8], column: u16) -> Vec<Option<(u32, u32, String)>> {
        let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let mut input = reader::open(file.path(), 0, &Options::default()).unwrap();
        let sheet = Sheet { facts: input.facts.clone(), ..Sheet::default() };
        let head = Head { sheets: vec![sheet], ..Head::default() };
        let extent = input.facts.extent;
        let mut places = Places::default();
        let mut found = Vec::new();
        input
            .read(&mut |chunk| {
                for row in reader::parse(chunk, extent).iter() {
                    let span = places.cell(&head, row, column);
                    found.push(
                        span.map(|span| (span.start.line, span.start.column, cut(text, span))),
                    );
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        found
    }

    /// What stands between two places, by counting as an editor does.
    fn cut(text: &[u8], span: Span) -> String {
        let text = String::from_utf8_lossy(text);
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        let lines: Vec<Vec<u16>> =
            text.split('\n').map(|line| line.encode_utf16().collect()).collect();
        let line = |number: u32| &lines[number as usize - 1];
        let Span { start, end, .. } = span;
        let (from, to) = (start.column as usize - 1, end.column as usize - 1);
        if start.line == end.line {
            return String::from_utf16(&line(start.line)[from..to]).unwrap();
        }
        let first = String::from_utf16(&line(start.line)[from..]).unwrap();
        let last = String::from_utf16(&line(end.line)[..to]).unwrap();
        assert_eq!(end.line, start.line + 1);
        format!("{first}\n{last}")
    }

    #[test]
    fn a_cell_stands_where_an_editor_shows_it() {
        let head = "name,note,email\n";
        for (row, line, column, own) in [
            ("Ada,x,ada@example.org\n", 2, 7, "ada@example.org"),
            ("Ada,\"x, y\",ada@example.org\n", 2, 12, "ada@example.org"),
            ("Ada,\"x \"\"y\"\"\",\"ada@example.org\"\n", 2, 15, "\"ada@example.org\""),
            ("\"Ada\nMay\",x,ada@example.org", 3, 8, "ada@example.org"),
            ("\"Ada\r\nMay\",x,ada@example.org\r\n", 3, 8, "ada@example.org"),
            ("Ada,x,\"ada\n@example.org\"\n", 2, 7, "\"ada\n@example.org\""),
            ("李😀,\t,ada@example.org\n", 2, 7, "ada@example.org"),
            ("Ada,,\n", 2, 6, ""),
        ] {
            let expected = vec![Some((line, column, own.to_owned()))];
            let marked = [MARK, head.as_bytes(), row.as_bytes()].concat();
            assert_eq!(cells(&marked[3..], 2), expected, "{row:?}");
            assert_eq!(cells(&marked, 2), expected, "{row:?} behind a mark");
        }
    }

    #[test]
    fn where_the_file_says_something_else_there_is_no_place() {
        // Too short a row, another encoding.
        let short = b"name,note,email\nAda,x,a@example.org\nBo,y\n";
        assert_eq!(cells(short, 2)[1], None);
        assert!(cells(short, 1)[1].is_some());
        let latin =
            b"name,note,email\nZo\xeb,caf\xe9,a@example.org\nJos\xe9,\xe0 la,b@example.org\n";
        assert_eq!(cells(latin, 2), [None, None]);
    }

    #[test]
    fn paths_become_references() {
        for (path, expected) in [
            ("people.csv", "people.csv"),
            ("./in put/a#b?%.csv", "in%20put/a%23b%3F%25.csv"),
            ("../é:x.csv", "../%C3%A9%3Ax.csv"),
            ("-", "-"),
        ] {
            assert_eq!(uri(Path::new(path)), expected);
        }
        #[cfg(unix)]
        assert_eq!(uri(Path::new("/data/my people.csv")), "file:///data/my%20people.csv");
    }
}
