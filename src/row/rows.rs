//! The rows of a chunk: cells in one arena, and the views into it.

use std::fmt;

use super::stored::Stored;
use super::{Cell, CellKind, Location, Mark, Quotes, Text};

/// Where a cell stands in the text of its arena: its first byte, and the one behind its last.
pub(crate) type Span = (u32, u32);

/// The rows of one chunk, in one arena.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The texts of the cells; in a chunk of a text file what stands between them is there too.
    text: Text,
    cells: Vec<Span>,
    /// What the first cells were, as far as that is needed: the cells behind are text.
    kinds: Vec<CellKind>,
    /// Place of each row and the index behind its last cell.
    places: Vec<(Location, u32)>,
    /// Rows whose quotes are not as they should be, by index, in order.
    quotes: Vec<(u32, Quotes)>,
    /// The first and the last column that are seen; all of them without.
    window: Option<(usize, usize)>,
    /// What damaged cells read in the encoding of Windows, by the index of the cell, in order.
    readings: Vec<(u32, Box<str>)>,
    /// Cells of which more is known than their text, by index, in order.
    marks: Vec<(u32, Mark)>,
    /// Rows that are to be left out because nobody sees them, by index, in order.
    hidden: Vec<u32>,
    /// Numbers whose text is what their format shows.
    stored: Stored,
    /// What an earlier check kept of rows, by the index of the row, in order.
    records: Option<Box<Stored>>,
}

/// One row of a chunk.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Where it stands.
    pub at: Location,
    rows: &'a Rows,
    /// The text of the chunk.
    text: &'a str,
    index: usize,
    first: usize,
    last: usize,
    /// The cells, without those right of the last column that is seen.
    cells: &'a [Span],
    /// The first column that is seen.
    left: usize,
}

impl Rows {
    /// An arena with room for `bytes` of text.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes).into(),
            cells: Vec::with_capacity(bytes / 12),
            places: Vec::with_capacity(bytes / 128),
            ..Self::default()
        }
    }

    /// An arena around a text in which cells stand in their order; every cell is text until
    /// [`Rows::mark_damaged`] says otherwise. A place has the index behind the last cell of its row.
    pub(crate) fn from_text(text: Text, cells: Vec<Span>, places: Vec<(Location, u32)>) -> Self {
        Self { text, cells, places, ..Self::default() }
    }

    /// Says which rows have something wrong with their quotes.
    pub(crate) fn mark_quotes(&mut self, quotes: Vec<(u32, Quotes)>) {
        self.quotes = quotes;
    }

    /// Marks one cell as damaged, with what it reads in the encoding of Windows if that is text.
    /// Cells are marked in their order.
    pub(crate) fn mark_damaged(&mut self, cell: usize, reading: Option<String>) {
        self.set_kind(cell, CellKind::Damaged);
        if let (Ok(cell), Some(reading)) = (u32::try_from(cell), reading) {
            self.readings.push((cell, reading.into()));
        }
    }

    /// Appends a cell to the row being built.
    pub fn push_cell(&mut self, text: &str, kind: CellKind) {
        let start = self.text.len();
        self.text.made().push_str(text);
        self.end_cell(start, kind);
    }

    /// Appends a cell whose text is written by `write`.
    pub fn push_display(&mut self, value: impl fmt::Display, kind: CellKind) {
        use fmt::Write as _;
        let start = self.text.len();
        // Writing to a String cannot fail.
        let _ = write!(self.text.made(), "{value}");
        self.end_cell(start, kind);
    }

    /// Appends a cell whose text `write` puts behind that of the others; no cell when it says that
    /// it has written none.
    pub(crate) fn push_with(
        &mut self,
        kind: CellKind,
        write: impl FnOnce(&mut String) -> bool,
    ) -> bool {
        let start = self.text.len();
        let written = write(self.text.made());
        if written {
            self.end_cell(start, kind);
        }
        written
    }

    /// Says more of the cell that was appended last.
    pub fn mark_last(&mut self, mark: Mark) {
        let cell = self.cells.len().saturating_sub(1);
        self.marks.push((u32::try_from(cell).unwrap_or(u32::MAX), mark));
    }

    /// Says which number is stored in the cell that was appended last, where its format shows zeros
    /// in front or parts its digits. The text of the cell is what is shown (`00042` for the number
    /// 42), so nothing of a postcode or an id is lost.
    pub fn store_last(&mut self, number: &str) {
        self.stored.push(self.cells.len().saturating_sub(1), number);
    }

    /// Appends a cell of another chunk, with what is known of it.
    pub(crate) fn push_copy(&mut self, row: &Row<'_>, column: usize) {
        self.push_copy_as(row, column, row.cell(column).text);
    }

    /// The same, with another text.
    fn push_copy_as(&mut self, row: &Row<'_>, column: usize, text: &str) {
        let cell = row.cell(column);
        if let (Some(reading), Ok(index)) = (row.reading(column), u32::try_from(self.cells.len())) {
            self.readings.push((index, reading.into()));
        }
        self.push_cell(text, cell.kind);
        if let Some(number) = row.stored(column) {
            self.store_last(number);
        }
        for mark in row.marks(column) {
            self.mark_last(mark);
        }
    }

    /// Says that a row is to be left out because nobody sees it. Rows are named in their order.
    pub(crate) fn hide(&mut self, row: usize) {
        self.hidden.push(u32::try_from(row).unwrap_or(u32::MAX));
    }

    /// Keeps what an earlier check wrote down of the row being built.
    pub(crate) fn keep_record(&mut self, record: &str) {
        let row = self.len();
        self.records.get_or_insert_default().push(row, record);
    }

    /// Ends the cell whose text begins at `start`.
    fn end_cell(&mut self, start: usize, kind: CellKind) {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.cells.push((place(start), place(self.text.len())));
        if kind != CellKind::Text {
            self.set_kind(self.cells.len() - 1, kind);
        }
    }

    /// Says what a cell was; no kind has been said of those behind it.
    fn set_kind(&mut self, cell: usize, kind: CellKind) {
        self.kinds.resize(cell, CellKind::Text);
        self.kinds.push(kind);
    }

    /// How many cells the row being built has so far.
    pub fn open_cells(&self) -> usize {
        self.cells.len() - self.places.last().map_or(0, |&(_, end)| end as usize)
    }

    /// Bytes of the cells that the row being built has so far.
    pub(crate) fn open_bytes(&self) -> usize {
        let before = self.places.last().and_then(|&(_, end)| (end as usize).checked_sub(1));
        let start = before.and_then(|cell| self.cells.get(cell)).map_or(0, |&(_, end)| end);
        self.text.len() - start as usize
    }

    /// Ends the row being built.
    pub fn end_row(&mut self, at: Location) {
        self.places.push((at, u32::try_from(self.cells.len()).unwrap_or(u32::MAX)));
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Cells held, blank ones included.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    /// Whether of no cell more is known than its text and its kind.
    pub(crate) fn are_bare(&self) -> bool {
        self.marks.is_empty() && self.stored.is_empty()
    }

    /// Bytes of text held, for cutting chunks by size.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Where a row stands, by its place in the chunk.
    pub(crate) fn at(&self, index: usize) -> Option<&Location> {
        self.places.get(index).map(|(at, _)| at)
    }

    /// One row by its place in the chunk.
    pub fn get(&self, index: usize) -> Option<Row<'_>> {
        let &(at, last) = self.places.get(index)?;
        let first = match index.checked_sub(1) {
            Some(before) => self.places.get(before)?.1 as usize,
            None => 0,
        };
        Some(self.row(at, index, first, last as usize))
    }

    /// The rows in file order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        let mut first = 0;
        self.places.iter().enumerate().map(move |(index, &(at, last))| {
            let row = self.row(at, index, first, last as usize);
            first = last as usize;
            row
        })
    }

    /// The row with the cells from `first` to the one before `last`.
    fn row(&self, at: Location, index: usize, first: usize, last: usize) -> Row<'_> {
        let (left, right) = self.window.unwrap_or((0, usize::MAX));
        let seen = last.min(first.saturating_add(right).saturating_add(1));
        let cells = self.cells.get(first..seen).unwrap_or_default();
        Row { at, rows: self, text: &self.text, index, first, last, cells, left }
    }

    /// What a cell was.
    fn kind(&self, cell: usize) -> CellKind {
        self.kinds.get(cell).copied().unwrap_or_default()
    }

    /// Keeps the first rows only; cells of the others stay in the arena unseen.
    pub fn truncate(&mut self, rows: usize) {
        self.places.truncate(rows);
    }

    /// Keeps the rows down to row `bottom` and the columns from `left` to `right`. Columns keep
    /// their places; cells of others stay in the arena unseen.
    pub fn crop(&mut self, bottom: u32, left: usize, right: usize) {
        if self.places.last().is_some_and(|(at, _)| at.row > bottom) {
            let kept = self.places.partition_point(|(at, _)| at.row <= bottom);
            self.truncate(kept);
        }
        if (left, right) != (0, usize::MAX) {
            self.window = Some((left, right));
        }
    }

    /// Appends a copy of a row of another arena, with all that is known of it.
    pub(crate) fn push_row(&mut self, row: &Row<'_>) {
        self.push_row_with(row, |_, text| text);
    }

    /// The same, with the texts that `edit` makes of each column and its text.
    pub(crate) fn push_row_with<'r>(
        &mut self,
        row: &Row<'r>,
        edit: impl Fn(usize, &'r str) -> &'r str,
    ) {
        for column in 0..row.len() {
            self.push_copy_as(row, column, edit(column, row.cell(column).text));
        }
        if let (Some(quotes), Ok(index)) = (row.quotes(), u32::try_from(self.len())) {
            self.quotes.push((index, quotes));
        }
        if row.is_hidden() {
            self.hide(self.len());
        }
        if let Some(record) = row.record() {
            self.keep_record(record);
        }
        self.end_row(row.at);
    }
}

impl<'a> Row<'a> {
    /// The text of a cell.
    #[inline]
    fn slice(&self, (start, end): Span) -> &'a str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// How many cells the row has in the file, as far as columns are seen.
    #[inline]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The cell in a column; [`Cell::EMPTY`] where the row is too short.
    #[inline]
    pub fn cell(&self, column: usize) -> Cell<'a> {
        match self.cells.get(column) {
            Some(&span) if column >= self.left => {
                Cell { text: self.slice(span), kind: self.rows.kind(self.first + column) }
            }
            _ => Cell::EMPTY,
        }
    }

    /// The text of all its cells in one piece; cells that are not seen are among it, and so may be
    /// delimiters and quotes.
    pub(crate) fn text(&self) -> &'a str {
        let all = self.rows.cells.get(self.first..self.last).unwrap_or_default();
        match (all.first(), all.last()) {
            (Some(&(start, _)), Some(&(_, end))) => self.slice((start, end)),
            _ => "",
        }
    }

    /// The text of its chunk and where its cells stand in it, in their order, where they are all seen.
    #[inline]
    pub(crate) fn placed(&self) -> Option<(&'a str, &'a [Span])> {
        let Self { text, cells, first, last, left, .. } = *self;
        (left == 0 && cells.len() == last - first).then_some((text, cells))
    }

    /// The cells in column order.
    #[inline]
    pub fn cells(&self) -> impl Iterator<Item = Cell<'a>> + use<'a> {
        let row = *self;
        let Self { rows, first, cells, left, .. } = row;
        cells.iter().enumerate().map(move |(column, &span)| {
            if column < left {
                return Cell::EMPTY;
            }
            Cell { text: row.slice(span), kind: rows.kind(first + column) }
        })
    }

    /// What a damaged cell reads in the encoding of Windows, if that is text.
    pub fn reading(&self, column: usize) -> Option<&'a str> {
        let cell = u32::try_from(self.first + column).ok()?;
        let place = self.rows.readings.binary_search_by_key(&cell, |(cell, _)| *cell).ok()?;
        self.rows.readings.get(place).map(|(_, reading)| reading.as_ref())
    }

    /// The number that is stored in a cell whose format shows it otherwise: the text of the cell is
    /// what is shown. Nothing for every other cell.
    #[inline]
    pub fn stored(&self, column: usize) -> Option<&'a str> {
        let cell = self.first + column;
        if self.rows.stored.is_empty() || cell >= self.last {
            return None;
        }
        self.rows.stored.get(u32::try_from(cell).ok()?)
    }

    /// What an earlier check wrote down of the row, where it did.
    pub fn record(&self) -> Option<&'a str> {
        self.rows.records.as_ref()?.get(u32::try_from(self.index).ok()?)
    }

    /// What is wrong with the quotes of the row, if anything is.
    pub fn quotes(&self) -> Option<Quotes> {
        let index = u32::try_from(self.index).ok()?;
        let place = self.rows.quotes.binary_search_by_key(&index, |(row, _)| *row).ok()?;
        self.rows.quotes.get(place).map(|&(_, quotes)| quotes)
    }

    /// What is known of a cell beside its text.
    #[inline]
    pub fn marks(&self, column: usize) -> impl Iterator<Item = Mark> + use<'a> {
        let cell = self.first + column;
        let marks = self.rows.marks.as_slice();
        let index = if cell < self.last { u32::try_from(cell).ok() } else { None };
        let from = match index {
            Some(index) if !marks.is_empty() => marks.partition_point(|(at, _)| *at < index),
            _ => marks.len(),
        };
        let behind = marks.get(from..).unwrap_or_default().iter();
        behind.take_while(move |(at, _)| Some(*at) == index).map(|&(_, mark)| mark)
    }

    /// Whether this is known of a cell.
    #[inline]
    pub fn has_mark(&self, column: usize, mark: Mark) -> bool {
        self.marks(column).any(|other| other == mark)
    }

    /// Whether the row is to be left out because nobody sees it.
    pub fn is_hidden(&self) -> bool {
        let hidden = &self.rows.hidden;
        !hidden.is_empty()
            && u32::try_from(self.index).is_ok_and(|index| hidden.binary_search(&index).is_ok())
    }

    /// Whether every cell is blank: such a row is no row at all. A formula without a result is not
    /// blank.
    #[inline]
    pub fn is_blank(&self) -> bool {
        // Of nearly every row the first letter settles it.
        let first = self.cell(0).text.as_bytes().first();
        !first.is_some_and(u8::is_ascii_graphic) && self.has_only_blanks()
    }

    /// The same of a row that does not begin with a letter.
    fn has_only_blanks(&self) -> bool {
        self.cells().all(|cell| cell.is_blank())
            && (self.rows.marks.is_empty()
                || !(0..self.len()).any(|column| self.has_mark(column, Mark::NoResult)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_views_into_the_arena() {
        let mut rows = Rows::default();
        rows.push_cell("Ada", CellKind::Text);
        rows.push_display(36, CellKind::Number);
        rows.end_row(Location { row: 2, ..Location::default() });
        rows.push_cell("\u{a0}", CellKind::Text);
        rows.end_row(Location { row: 3, ..Location::default() });
        let first = rows.get(0).unwrap();
        assert_eq!(
            (first.cell(0).text, first.cell(1).text, first.cell(2)),
            ("Ada", "36", Cell::EMPTY)
        );
        assert_eq!(first.cell(1).kind, CellKind::Number);
        assert!(!first.is_blank());
        assert!(rows.get(1).unwrap().is_blank());
        assert!(rows.get(2).is_none());
        assert_eq!(rows.iter().map(|row| row.at.row).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn numbers_are_kept_as_they_are_stored_beside_what_is_shown() {
        let mut rows = Rows::default();
        for (row, number) in [(2, "42"), (3, "12345"), (4, "7")] {
            rows.push_cell("Ada", CellKind::Text);
            rows.push_display(format_args!("{number:0>5}"), CellKind::Number);
            if number.len() < 5 {
                rows.store_last(number);
            }
            rows.end_row(Location { row, ..Location::default() });
        }
        let mut copy = Rows::default();
        rows.iter().skip(1).for_each(|row| copy.push_row(&row));
        let stored = |rows: &Rows| -> Vec<Vec<Option<String>>> {
            let of = |row: &Row<'_>| (0..3).map(|at| row.stored(at).map(str::to_owned)).collect();
            rows.iter().map(|row| of(&row)).collect()
        };
        let number = |text: &str| vec![None, Some(text.to_owned()), None];
        assert_eq!(stored(&rows), [number("42"), vec![None; 3], number("7")]);
        assert_eq!(stored(&copy), [vec![None; 3], number("7")]);
    }

    #[test]
    fn marks_are_those_of_their_own_cells() {
        let mut rows = Rows::default();
        for row in 0..3 {
            for column in 0..3 {
                rows.push_cell("", CellKind::Text);
                if row == 1 && column == 2 {
                    rows.mark_last(Mark::Formula);
                    rows.mark_last(Mark::NoResult);
                }
            }
            rows.end_row(Location { row, ..Location::default() });
        }
        rows.hide(2);
        let row = rows.get(1).unwrap();
        assert_eq!(row.marks(2).collect::<Vec<_>>(), [Mark::Formula, Mark::NoResult]);
        assert!(!row.has_mark(1, Mark::Formula) && !row.has_mark(3, Mark::Formula));
        assert_eq!(rows.get(0).unwrap().marks(5).count(), 0, "another row's cell is none of it");
        let blank: Vec<bool> = rows.iter().map(|row| row.is_blank()).collect();
        assert_eq!(blank, [true, false, true], "a formula without a result is not blank");
        assert_eq!(
            rows.iter().map(|row| row.is_hidden()).collect::<Vec<_>>(),
            [false, false, true]
        );
    }
}
