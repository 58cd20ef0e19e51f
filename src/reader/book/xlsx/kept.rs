//! The rows of a sheet in short, kept while what stands beside its cells is read: to inflate a sheet
//! costs as much as to read it, and its rows are wanted twice at least.
//!
//! Only what is plain is kept ([`super::plain`]). With the first row that is not, or when it all becomes
//! too large, everything is forgotten, and the sheet is inflated again as often as it is read.

use super::Chunks;
use super::plain::{self, Value};
use super::sheet::{Content, Context, Kind, Place, end, put};
use super::xml::Fault;

/// Bytes that may be kept. A sheet that is larger in its archive is not tried.
pub(super) const MOST: u64 = 64 << 20;
/// Bytes of one piece, so that none is moved often as it grows.
const PIECE: usize = 256 * 1024;

/// The byte in front of a row, behind which stands how many rows it is below the one before.
const ROW: u8 = 0;
/// What a cell holds, in the low bits of its byte.
const BLANK: u8 = 1;
/// The shared string behind the highest of those before, as writers number them that go down the rows.
const NEXT_STRING: u8 = 2;
const STRING: u8 = 3;
/// Written values, whose length follows; their bytes are in the text.
const WRITTEN: [(u8, Kind); 4] =
    [(4, Kind::Unsaid), (5, Kind::Number), (6, Kind::Text), (7, Kind::Bool)];
const HOLDS: u8 = 7;
/// Whether the number of its format follows, and how many cells are left out in front of it.
const STYLED: u8 = 8;
const GAP: u8 = 16;

/// The rows of a sheet.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pieces: Vec<Piece>,
}

/// Some rows.
#[derive(Debug, Default)]
struct Piece {
    marks: Vec<u8>,
    text: String,
}

impl Piece {
    fn bytes(&self) -> usize {
        self.marks.len() + self.text.len()
    }

    /// Seven bits in each byte; the high bit says that more follow.
    fn push_number(&mut self, number: u32) {
        let mut rest = number;
        while rest >= 0x80 {
            self.marks.push(low_byte(rest) | 0x80);
            rest >>= 7;
        }
        self.marks.push(low_byte(rest));
    }
}

fn low_byte(number: u32) -> u8 {
    number.to_le_bytes()[0]
}

/// Where in a sheet the reader stands who keeps its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Before,
    Among,
    Behind,
    /// Nothing is kept.
    Never,
}

/// Keeps the rows of a sheet while they are read.
#[derive(Debug)]
pub(super) struct Keeper {
    kept: Kept,
    piece: Piece,
    stage: Stage,
    /// Bytes in the pieces that are full.
    bytes: usize,
    /// The last row.
    row: u32,
    next_string: u32,
}

impl Keeper {
    /// Keeps what a sheet of so many bytes in its archive holds, if that is likely to be little enough.
    pub(super) fn of(packed: u64) -> Self {
        let stage = if packed <= MOST { Stage::Before } else { Stage::Never };
        Self {
            kept: Kept::default(),
            piece: Piece::default(),
            stage,
            bytes: 0,
            row: 0,
            next_string: 0,
        }
    }

    /// Whether the next rows are to be kept.
    pub(super) fn wants_rows(&self) -> bool {
        self.stage == Stage::Among
    }

    /// An element begins that was not handed over as a row.
    pub(super) fn open(&mut self, name: &[u8], hollow: bool) {
        match self.stage {
            Stage::Before if name == b"sheetData" => self.stage = Stage::Among,
            // A row without cells is none.
            Stage::Among if name != b"row" || !hollow => self.give_up(),
            _ => {}
        }
    }

    /// An element ends.
    pub(super) fn close(&mut self, name: &[u8]) {
        if self.stage == Stage::Among && name == b"sheetData" {
            self.stage = Stage::Behind;
        }
    }

    /// Keeps a whole row, whose number has been made out.
    pub(super) fn row(&mut self, bytes: &[u8], row: u32, longest: usize) {
        if self.wants_rows() && self.keep(bytes, row, longest).is_none() {
            self.give_up();
        }
    }

    /// What was kept, if that is all that there is.
    pub(super) fn end(mut self) -> Option<Kept> {
        self.kept.pieces.push(self.piece);
        (self.stage == Stage::Behind).then_some(self.kept)
    }

    fn give_up(&mut self) {
        *self = Self::of(u64::MAX);
    }

    fn keep(&mut self, bytes: &[u8], row: u32, longest: usize) -> Option<()> {
        let below = row.checked_sub(self.row).filter(|&below| below > 0)?;
        self.row = row;
        self.piece.marks.push(ROW);
        self.piece.push_number(below);
        let mut rest = plain::cells_of(std::str::from_utf8(bytes).ok()?)?;
        let mut column = 0;
        while rest != "</row>" {
            let cell = plain::cell(rest, longest).filter(|cell| cell.row == row)?;
            let gap = cell.column.checked_sub(column)?;
            self.keep_cell(cell.value, cell.style, gap)?;
            column = cell.column + 1;
            rest = rest.get(cell.length..)?;
        }
        if self.piece.bytes() >= PIECE {
            self.bytes += self.piece.bytes();
            self.kept.pieces.push(std::mem::take(&mut self.piece));
        }
        (self.bytes as u64 <= MOST).then_some(())
    }

    fn keep_cell(&mut self, value: Value<'_>, style: u32, gap: u32) -> Option<()> {
        let holds = match value {
            Value::Blank => BLANK,
            Value::Shared(index) if index == self.next_string => NEXT_STRING,
            Value::Shared(_) => STRING,
            Value::Written(kind, _) => WRITTEN.iter().find(|(_, one)| *one == kind)?.0,
            Value::Text(_) => return None,
        };
        let piece = &mut self.piece;
        let styled = if style == 0 { 0 } else { STYLED };
        piece.marks.push(holds | styled | if gap == 0 { 0 } else { GAP });
        for number in [style, gap].into_iter().filter(|&number| number > 0) {
            piece.push_number(number);
        }
        match value {
            Value::Shared(index) => {
                if holds == STRING {
                    piece.push_number(index);
                }
                self.next_string = self.next_string.max(index.saturating_add(1));
            }
            Value::Written(_, text) => {
                piece.push_number(u32::try_from(text.len()).ok()?);
                piece.text.push_str(text);
            }
            Value::Blank | Value::Text(_) => {}
        }
        Some(())
    }
}

impl Kept {
    /// Hands on the rows behind row `after`, as the sheet itself would.
    pub(super) fn read(
        &self,
        context: Context<'_>,
        after: u32,
        mut chunks: Chunks<'_, '_>,
    ) -> Result<(), Fault> {
        let mut place = Place::default();
        let mut cells = Cells::of(&self.pieces);
        let mut next = Vec::with_capacity(TOGETHER);
        loop {
            next.clear();
            next.extend(cells.by_ref().filter(|cell| cell.row > after).take(TOGETHER));
            if next.is_empty() {
                break;
            }
            context.strings.warm(next.iter().filter_map(Cell::string));
            for &Cell { row, column, style, value } in &next {
                place.row = row;
                let content = Content::plain(style, value);
                if put(&mut chunks, &mut place, (row, column), content, &context)?.is_break() {
                    return Ok(());
                }
            }
        }
        end(chunks, &place, &context);
        Ok(())
    }
}

/// Cells whose strings are looked up together.
const TOGETHER: usize = 64;

/// A cell that was kept.
#[derive(Clone, Copy, Debug)]
struct Cell<'k> {
    row: u32,
    column: u32,
    style: u32,
    value: Value<'k>,
}

impl Cell<'_> {
    /// The number of its shared string, if it has one.
    fn string(&self) -> Option<u32> {
        match self.value {
            Value::Shared(index) => Some(index),
            _ => None,
        }
    }
}

/// Cells that are still to be read.
struct Cells<'k> {
    pieces: std::slice::Iter<'k, Piece>,
    marks: Marks<'k>,
    text: &'k str,
    row: u32,
    column: u32,
    next_string: u32,
}

impl<'k> Cells<'k> {
    fn of(pieces: &'k [Piece]) -> Self {
        let (pieces, marks) = (pieces.iter(), Marks(&[]));
        Self { pieces, marks, text: "", row: 0, column: 0, next_string: 0 }
    }

    #[inline]
    fn value(&mut self, holds: u8) -> Value<'k> {
        match holds {
            BLANK => Value::Blank,
            NEXT_STRING | STRING => {
                let index = if holds == STRING { self.marks.number() } else { self.next_string };
                self.next_string = self.next_string.max(index.saturating_add(1));
                Value::Shared(index)
            }
            holds => {
                let kind = WRITTEN.iter().find(|(one, _)| *one == holds);
                let length = self.marks.number() as usize;
                let (written, rest) = self.text.split_at_checked(length).unwrap_or_default();
                self.text = rest;
                Value::Written(kind.map_or(Kind::Unsaid, |(_, kind)| *kind), written)
            }
        }
    }
}

impl<'k> Iterator for Cells<'k> {
    type Item = Cell<'k>;

    #[inline]
    fn next(&mut self) -> Option<Cell<'k>> {
        loop {
            let Some(mark) = self.marks.byte() else {
                let piece = self.pieces.next()?;
                (self.marks, self.text) = (Marks(&piece.marks), &piece.text);
                continue;
            };
            if mark == ROW {
                (self.row, self.column) = (self.row + self.marks.number(), 0);
                continue;
            }
            let style = if mark & STYLED == 0 { 0 } else { self.marks.number() };
            self.column += if mark & GAP == 0 { 0 } else { self.marks.number() };
            let value = self.value(mark & HOLDS);
            let (row, column) = (self.row, self.column);
            self.column += 1;
            return Some(Cell { row, column, style, value });
        }
    }
}

/// Marks that are still to be read.
struct Marks<'a>(&'a [u8]);

impl Marks<'_> {
    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    #[inline]
    fn number(&mut self) -> u32 {
        let (mut number, mut shift) = (0, 0);
        while let Some(byte) = self.byte() {
            number |= u32::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        number
    }
}
