//! What a row is, whatever it holds: where it ends, its cells, and what is wrong with its quotes.
//!
//! Plain rows are cut where they lie; of all others the parser of the `csv` crate cuts the cells, after
//! the quotes have been looked at.

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};
use memchr::{memchr, memchr_iter, memchr2};

use super::plain::{FILLER, Plain};
use crate::row::{Dialect, Location, Quotes, Span};

/// How many line breaks there are: `\n`, `\r\n` and a lone `\r` are one each.
pub(super) fn breaks(bytes: &[u8]) -> u32 {
    let feeds = memchr_iter(b'\n', bytes).count();
    let lone = match memchr(b'\r', bytes) {
        None => 0,
        Some(_) => {
            memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n')).count()
        }
    };
    u32::try_from(feeds + lone).unwrap_or(u32::MAX)
}

fn find(text: &[u8], byte: u8, from: usize) -> Option<usize> {
    memchr(byte, text.get(from..)?).map(|at| from + at)
}

/// Where the quote that opens at some place closes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Closing {
    /// The cell ends in front of this place.
    At(usize),
    /// Not as far as a cell can reach: the quote is text.
    Nowhere,
    /// Not in the text that is here; more is to come.
    Beyond,
}

/// Where the quote at `open` closes, as far as a cell can reach.
pub(super) fn closing(text: &[u8], rules: Rules, quote: u8, open: usize, end: bool) -> Closing {
    let within = text.get(..open.saturating_add(rules.longest_cell)).unwrap_or(text);
    let dialect = rules.dialect;
    let cut_off = within.len() < text.len() || end;
    let mut search = open + 1;
    while let Some(at) = find(within, quote, search) {
        if dialect.escape.is_some_and(|escape| is_escaped(within, escape, open + 1, at)) {
            search = at + 1;
            continue;
        }
        match text.get(at + 1) {
            Some(&next) if next == quote => search = at + 2,
            None if !end => return Closing::Beyond,
            _ => return Closing::At(at + 1),
        }
    }
    if cut_off { Closing::Nowhere } else { Closing::Beyond }
}

/// Whether an odd number of escapes stands in front of a place of a cell.
fn is_escaped(text: &[u8], escape: u8, start: usize, at: usize) -> bool {
    let before = text.get(start..at).unwrap_or_default();
    before.iter().rev().take_while(|byte| **byte == escape).count() % 2 == 1
}

/// What the quotes of a row are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Examined {
    /// So, whatever comes.
    Found(Option<Quotes>),
    /// The text that is here does not tell yet.
    Undecided,
}

/// What is wrong with the quotes of the row at the beginning of the text, as far as they stand in
/// its first `reach` bytes.
fn examine(text: &[u8], reach: usize, rules: Rules, end: bool) -> Examined {
    let dialect = rules.dialect;
    let Some(quote) = dialect.quote else { return Examined::Found(None) };
    let within = text.get(..reach).unwrap_or(text);
    let mut wrong = None;
    let mut search = 0;
    while let Some(at) = find(within, quote, search) {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        if before.is_some_and(|&before| before != dialect.delimiter) {
            wrong = Some(Quotes::Stray);
            search = at + 1;
            continue;
        }
        let close = match closing(text, rules, quote, at, end) {
            Closing::At(close) => close,
            Closing::Nowhere => return Examined::Found(Some(Quotes::Open)),
            Closing::Beyond => return Examined::Undecided,
        };
        // Spaces behind the closing quote are left over from typing and mean nothing.
        let behind = text.get(close..).unwrap_or_default();
        let is_delimiter = |byte: u8| byte == dialect.delimiter;
        let next = behind.iter().find(|&&byte| is_delimiter(byte) || !matches!(byte, b' ' | b'\t'));
        if next.is_some_and(|&next| !is_delimiter(next) && !matches!(next, b'\n' | b'\r')) {
            wrong = Some(Quotes::Stray);
        }
        search = close;
    }
    Examined::Found(wrong)
}

/// A row whose cells are known.
pub(super) struct Known {
    /// Behind its line break; of `\r\n`, between the two.
    pub(super) end: usize,
    /// Its line breaks.
    pub(super) lines: u32,
    /// The line break it ends with.
    pub(super) with: Option<u8>,
    /// What is wrong with its quotes.
    pub(super) wrong: Option<Quotes>,
}

/// One record, cut.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// Bytes read, its line break included.
    read: usize,
    /// Bytes of text written.
    wrote: usize,
    /// Cells.
    cells: usize,
    /// What is wrong with its quotes.
    wrong: Option<Quotes>,
}

/// By what cells are told from each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) dialect: Dialect,
    /// Bytes within which a quoted cell must close: a quote that does not close by then is a mistake,
    /// and must not swallow the people behind it.
    pub(super) longest_cell: usize,
}

/// Cuts records one after the other. It alone decides which lines a record has, for the thread that
/// counts rows as for those that cut cells.
#[derive(Debug)]
pub(super) struct Cutter {
    pub(super) rules: Rules,
    /// How many cells a row should have; 0 where that is not known yet.
    width: usize,
    /// The rows that take no deciding.
    plain: Plain,
    parsers: Option<Box<Parsers>>,
    /// The text of the cells of the record that was cut last, and where they end in it.
    room: Vec<u8>,
    ends: Vec<usize>,
    /// The cells of a plain row that is only measured.
    cells: Vec<Span>,
    /// Whether some cell began in the middle of a letter: then the cells before and behind are no text,
    /// though they may be where they lie side by side.
    halved: bool,
}

/// The parsers of a dialect: tables that take longer to make than a thousand plain rows to cut.
#[derive(Debug)]
struct Parsers {
    quoting: csv_core::Reader,
    literal: csv_core::Reader,
}

impl Parsers {
    fn new(dialect: Dialect) -> Box<Self> {
        let builder = || {
            let mut builder = ReaderBuilder::new();
            builder
                .delimiter(dialect.delimiter)
                .escape(dialect.escape)
                .terminator(Terminator::CRLF);
            builder
        };
        // A clone of a parser of `csv-core` 0.1.13 is a parser without rules: each is built anew.
        let literal = builder().quoting(false).build();
        let quoting = match dialect.quote {
            Some(quote) => builder().quote(quote).build(),
            None => builder().quoting(false).build(),
        };
        Box::new(Self { quoting, literal })
    }
}

impl Cutter {
    /// A cutter for one dialect.
    pub(super) fn new(dialect: Dialect, width: usize, longest_cell: usize) -> Self {
        Self {
            rules: Rules { dialect, longest_cell },
            width,
            plain: Plain::new(dialect, width, longest_cell),
            parsers: None,
            room: Vec::new(),
            ends: Vec::new(),
            cells: Vec::new(),
            halved: false,
        }
    }

    /// Whether cells must be looked at one by one for bytes that are no text.
    pub(super) fn is_halved(&self) -> bool {
        self.halved
    }

    /// Takes no row for plain.
    #[cfg(test)]
    pub(super) fn careful(self) -> Self {
        Self { plain: Plain::none(self.rules.dialect), ..self }
    }

    /// Passes over line breaks in front of a row.
    pub(super) fn skip_to(&mut self, at: usize) {
        self.plain.skip_to(at);
    }

    /// Cuts the row that begins at `start` of a text which ends where a row does, and appends its
    /// cells, which then lie in the text between there and the end of the row. The row before it is
    /// the one that was cut last.
    #[inline]
    pub(super) fn cells(
        &mut self,
        text: &mut [u8],
        start: usize,
        place: Location,
        cells: &mut Vec<Span>,
    ) -> Option<Known> {
        let kept = cells.len();
        if let Some(end) = self.plain.row(text, start, cells) {
            self.plain.tidy(text, cells.get_mut(kept..).unwrap_or_default());
            return Some(Known { end: end.at, lines: end.lines, with: end.with, wrong: None });
        }
        self.odd_cells(text, start, place, cells)
    }

    /// The same for a row that is not plain.
    #[cold]
    fn odd_cells(
        &mut self,
        text: &mut [u8],
        start: usize,
        place: Location,
        cells: &mut Vec<Span>,
    ) -> Option<Known> {
        let rest = text.get(start..).unwrap_or_default();
        let cut = self.record(rest, place.byte == 0, true)?;
        let record = rest.get(..cut.read).unwrap_or_default();
        let (lines, last) = (breaks(record), record.last().copied());
        let (from, to) = text.get_mut(start..start + cut.read)?.split_at_mut_checked(cut.wrote)?;
        from.copy_from_slice(self.room.get(..cut.wrote)?);
        to.fill(FILLER);
        let mut before = start;
        for end in self.ends.iter().take(cut.cells).map(|end| start + end) {
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            cells.push((place(before), place(end)));
            let first = self.room.get(before - start).filter(|_| before < end);
            self.halved |= first.is_some_and(|byte| (0x80..0xc0).contains(byte));
            before = end;
        }
        let end = start + cut.read;
        self.plain.seek(end);
        let with = last.filter(|last| matches!(last, b'\n' | b'\r'));
        Some(Known { end, lines, with, wrong: cut.wrong })
    }

    /// Where the row that begins at `start` ends, behind both bytes of `\r\n`; nothing when its end
    /// may still be to come.
    pub(super) fn row_end(&mut self, text: &[u8], start: usize, end: bool) -> Option<usize> {
        self.cells.clear();
        self.plain.seek(start);
        let plain =
            self.plain.row(text, start, &mut self.cells).filter(|plain| plain.with.is_some());
        let at = if let Some(plain) = plain {
            plain.at
        } else {
            let rest = text.get(start..).unwrap_or_default();
            start + self.record(rest, false, end)?.read
        };
        match (text.get(at.checked_sub(1)?), text.get(at)) {
            (Some(b'\r'), Some(b'\n')) => Some(at + 1),
            (Some(b'\r'), None) if !end => None,
            (Some(b'\n' | b'\r'), _) => Some(at),
            _ => end.then_some(at),
        }
    }

    /// Cuts the record at the beginning of `rest`: the text of its cells goes to `room`, where they end
    /// to `ends`. Nothing when the text that is here does not tell where the record ends; `end`
    /// says that no more comes. A byte-order mark is dropped from the very first record of a text.
    ///
    /// A quote that joins lines may be a mistake: it is one when it never closes, or when the first
    /// line alone is as wide as it should be, with its quotes or with its quotes as text.
    fn record(&mut self, rest: &[u8], first: bool, end: bool) -> Option<Cut> {
        let line = first_line(rest);
        let is_whole = match line.last() {
            Some(b'\n') => true,
            Some(b'\r') => line.len() < rest.len(),
            _ => false,
        };
        if !is_whole && !end {
            return None;
        }
        match examine(rest, line.len(), self.rules, end) {
            Examined::Found(Some(Quotes::Open)) => return Some(self.alone(line, first).0),
            Examined::Undecided => return None,
            Examined::Found(_) => {}
        }
        let (mut cut, is_ended) = self.quoting(rest, first);
        let record = rest.get(..cut.read).unwrap_or_default();
        let quoted = self.rules.dialect.quote.is_some_and(|quote| memchr(quote, record).is_some());
        if quoted {
            cut.wrong = match examine(record, record.len(), self.rules, end || is_ended) {
                Examined::Found(wrong) => wrong,
                Examined::Undecided => return None,
            };
        }
        if cut.wrong == Some(Quotes::Open) {
            return Some(self.alone(line, first).0);
        }
        if !end && !is_ended {
            return None;
        }
        let ragged = self.width > 0 && cut.cells != self.width;
        if spans_lines(record) && (cut.wrong.is_some() || ragged) {
            let (alone, fits) = self.alone(line, first);
            if fits {
                return Some(alone);
            }
            let wrong = cut.wrong;
            let (again, _) = self.quoting(rest, first);
            return Some(Cut { wrong, ..again });
        }
        Some(cut)
    }

    /// Cuts one line by itself, with its quotes if it is then as wide as it should be, else with
    /// its quotes as text; tells whether it is as wide as it should be.
    fn alone(&mut self, line: &[u8], first: bool) -> (Cut, bool) {
        let width = self.width;
        let fits = |cut: Cut| if width == 0 { cut.cells > 1 } else { cut.cells == width };
        let whole = |cut: Cut| Cut { read: line.len(), wrong: Some(Quotes::Open), ..cut };
        let quoted = whole(self.quoting(without_break(line), first).0);
        if fits(quoted) {
            return (quoted, true);
        }
        let Self { parsers, room, ends, rules, .. } = self;
        let parsers = parsers.get_or_insert_with(|| Parsers::new(rules.dialect));
        let (literal, _) = cut_record(&mut parsers.literal, without_break(line), first, room, ends);
        (whole(literal), fits(literal))
    }

    /// Cuts the record at the beginning of some bytes by its quotes.
    fn quoting(&mut self, bytes: &[u8], first: bool) -> (Cut, bool) {
        let Self { parsers, room, ends, rules, .. } = self;
        let parsers = parsers.get_or_insert_with(|| Parsers::new(rules.dialect));
        cut_record(&mut parsers.quoting, bytes, first, room, ends)
    }
}

/// Cuts the record at the beginning of `bytes`; the text of its cells goes to `room`, the ends of its
/// cells to `ends`. Tells whether the record ended before the bytes did.
fn cut_record(
    parser: &mut csv_core::Reader,
    bytes: &[u8],
    first: bool,
    room: &mut Vec<u8>,
    ends: &mut Vec<usize>,
) -> (Cut, bool) {
    parser.reset();
    if !first {
        // From now on a byte-order mark is text.
        parser.read_record(b"\n", &mut [], &mut []);
    }
    let mut cut = Cut { read: 0, wrote: 0, cells: 0, wrong: None };
    let mut is_ended = true;
    loop {
        let (result, read, wrote, ended) = parser.read_record(
            bytes.get(cut.read..).unwrap_or_default(),
            room.get_mut(cut.wrote..).unwrap_or_default(),
            ends.get_mut(cut.cells..).unwrap_or_default(),
        );
        cut.read += read;
        cut.wrote += wrote;
        cut.cells += ended;
        match result {
            ReadRecordResult::OutputFull => room.resize(room.len() * 2 + 256, 0),
            ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2 + 16, 0),
            // An empty input tells the parser that the last row is whole.
            ReadRecordResult::InputEmpty => is_ended = false,
            ReadRecordResult::Record | ReadRecordResult::End => return (cut, is_ended),
        }
    }
}

/// Whether a line break stands inside the record, before the one that ends it.
fn spans_lines(record: &[u8]) -> bool {
    first_line(record).len() < record.len()
}

/// A line without the break that ends it.
fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The bytes up to and including the first line break.
fn first_line(record: &[u8]) -> &[u8] {
    match memchr2(b'\n', b'\r', record) {
        Some(at) => {
            let pair = record.get(at) == Some(&b'\r') && record.get(at + 1) == Some(&b'\n');
            let end = if pair { at + 2 } else { at + 1 };
            record.get(..end).unwrap_or(record)
        }
        None => record,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_quotes_are_noticed() {
        let rules = Rules { dialect: Dialect::default(), longest_cell: 1 << 17 };
        for (line, expected) in [
            ("a,b", None),
            ("\"a\",\"b,\"\"c\"\n", None),
            ("5\" nail,b", Some(Quotes::Stray)),
            ("\"a\"x,b\r\n", Some(Quotes::Stray)),
            ("a,\"b\n", Some(Quotes::Open)),
            ("a,\"\"", None),
            ("a,\"b\" \r\n", None),
        ] {
            let examined = examine(line.as_bytes(), line.len(), rules, true);
            assert_eq!(examined, Examined::Found(expected), "{line:?}");
        }
    }
}
