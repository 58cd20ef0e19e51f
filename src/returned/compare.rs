//! A checked workbook that came back, held against what was kept of it: which rows are as they were, which
//! findings are cured, and whether anything changed that nobody had asked for.

use std::collections::BTreeMap;

use super::{Record, Tag, whole};
use crate::finding::Finding;
use crate::row::Row;

/// What is known of the sheet as it was.
#[derive(Clone, Copy, Debug)]
pub struct Then<'a> {
    /// The tags of its headers, ours not among them; none where that was lost.
    pub headers: &'a [Tag],
    /// How many rows of people it had, and below which row, where that is known.
    pub rows: Option<(u64, u32)>,
}

/// What became of a workbook since it was checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// Which input.
    pub input: u16,
    /// Rows that are as they were.
    pub unchanged: u64,
    /// Rows of which a cell is otherwise.
    pub changed: u64,
    /// Rows that were not there.
    pub new: u64,
    /// Rows that were there once and are now there again: each of them is new.
    pub copies: u64,
    /// Rows whose record cannot be read: damaged, or of a later version.
    pub unrecognised: u64,
    /// Rows that are not there any more; nothing where nobody can tell.
    pub gone: Option<u64>,
    /// Which these were, as runs of first and last row; none where blank rows between the people hide it.
    pub gone_rows: Vec<(u32, u32)>,
    /// Whether rows stand in another order.
    pub sorted: bool,
    /// What is otherwise about the columns.
    pub columns: Columns,
    /// The findings of then and of now, by code.
    pub codes: Vec<OfCode>,
    /// Findings that are cured, with where the cell stands now.
    pub cured: Vec<Cured>,
    /// Cells that changed though they had no finding: row and column as they stand now.
    pub beside: Vec<(u32, u16)>,
    /// Cells that changed and had one.
    pub corrected: u64,
}

/// What is otherwise about the columns of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Those that were not there, as they stand now.
    pub added: Vec<u16>,
    /// Those that are gone, as they stood then, ours not counted.
    pub removed: Vec<u16>,
    /// Those with another header, as they stand now.
    pub renamed: Vec<u16>,
    /// Whether they stand in another order.
    pub moved: bool,
}

impl Columns {
    /// Whether nothing is otherwise.
    pub fn are_same(&self) -> bool {
        *self == Self::default()
    }
}

/// The findings of one kind, then and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfCode {
    /// The id of the kind.
    pub code: String,
    /// Were there and are not.
    pub cured: u64,
    /// Were there and still are.
    pub remaining: u64,
    /// Were not there.
    pub new: u64,
}

/// A finding that is cured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cured {
    /// Its kind, by its place among [`Returned::codes`].
    pub code: u16,
    /// Its row, as it stands now.
    pub row: u32,
    /// Its column, as it stands now; nothing for one about the row, or where the column is gone.
    pub column: Option<u16>,
}

impl Returned {
    /// How many findings are cured, remain, and are new.
    pub fn findings(&self) -> (u64, u64, u64) {
        self.codes.iter().fold((0, 0, 0), |(cured, remaining, new), code| {
            (cured + code.cured, remaining + code.remaining, new + code.new)
        })
    }

    fn code(&mut self, id: &str) -> (u16, &mut OfCode) {
        let place = self.codes.iter().position(|code| code.code == id);
        let place = place.unwrap_or_else(|| {
            let code = OfCode { code: id.to_owned(), cured: 0, remaining: 0, new: 0 };
            self.codes.push(code);
            self.codes.len() - 1
        });
        let number = u16::try_from(place).unwrap_or(u16::MAX);
        // The place was found or made just now.
        #[expect(clippy::indexing_slicing, reason = "a place in this list")]
        (number, &mut self.codes[place])
    }
}

/// Holds the rows of one input against their records, one by one.
#[derive(Debug)]
pub struct Comparison {
    /// For each column of then, where it stands now.
    places: Vec<Option<u16>>,
    /// For each column of now, which it was.
    origins: Vec<Option<u16>>,
    rows: Option<(u64, u32)>,
    /// The rows of then that have been seen, a bit each.
    seen: Vec<u64>,
    count: u64,
    /// The last of them, in the order of now.
    last: u32,
    returned: Returned,
}

impl Comparison {
    /// Nothing compared yet; `ours` tells which columns of now are ours.
    pub fn new(input: u16, then: Then<'_>, now: &[String], ours: &dyn Fn(usize) -> bool) -> Self {
        let own = (0..now.len()).filter(|column| !ours(*column));
        let own: Vec<(u16, Tag)> = own
            .filter_map(|column| Some((u16::try_from(column).ok()?, Tag::of(now.get(column)?))))
            .collect();
        let (places, columns) = align(then.headers, &own);
        let mut origins = vec![None; now.len()];
        for (origin, place) in (0_u16..).zip(&places) {
            if let Some(slot) = place.and_then(|place| origins.get_mut(usize::from(place))) {
                *slot = Some(origin);
            }
        }
        Self {
            places,
            origins,
            rows: then.rows,
            seen: Vec::new(),
            count: 0,
            last: 0,
            returned: Returned { input, columns, ..Returned::default() },
        }
    }

    /// Compares a row with what was kept of it.
    pub fn row(&mut self, row: Row<'_>, findings: &[Finding]) {
        let Some(text) = row.record() else {
            self.returned.new += 1;
            return self.only_new(findings);
        };
        let Some(record) = Record::parse(text) else {
            self.returned.unrecognised += 1;
            return self.only_new(findings);
        };
        if !self.see(record.row) {
            self.returned.new += 1;
            self.returned.copies += 1;
            return self.only_new(findings);
        }
        self.returned.sorted |= record.row < self.last;
        self.last = record.row;
        if self.is_unchanged(row, &record) {
            self.returned.unchanged += 1;
        } else {
            self.returned.changed += 1;
            self.changes(row, &record);
        }
        self.findings(row, &record, findings);
    }

    /// What became of it all.
    pub fn finish(mut self) -> Returned {
        let mut returned = self.returned;
        returned.gone = self
            .rows
            .map(|(rows, _)| rows.saturating_sub(self.count).saturating_sub(returned.unrecognised));
        if let (Some(gone @ 1..), Some((rows, below))) = (returned.gone, self.rows)
            && rows <= u64::from(LAST_ROW)
        {
            let last = u64::from(below).saturating_add(rows);
            let last = u32::try_from(last).unwrap_or(u32::MAX);
            let missing = (below.saturating_add(1)..=last).filter(|row| !is_set(&self.seen, *row));
            let runs = runs(missing);
            let named: u64 = runs.iter().map(|(from, to)| u64::from(to - from) + 1).sum();
            if named == gone {
                returned.gone_rows = runs;
            }
        }
        self.seen.clear();
        let mut order: Vec<usize> = (0..returned.codes.len()).collect();
        order.sort_by_key(|&place| returned.codes.get(place).map(|code| code.code.clone()));
        let mut numbers = BTreeMap::new();
        for (number, place) in (0_u16..).zip(&order) {
            numbers.insert(u16::try_from(*place).unwrap_or(u16::MAX), number);
        }
        returned.codes.sort_by(|a, b| a.code.cmp(&b.code));
        for cured in &mut returned.cured {
            cured.code = numbers.get(&cured.code).copied().unwrap_or(cured.code);
        }
        returned
    }

    /// Marks a row of then as seen; whether it had not been.
    fn see(&mut self, row: u32) -> bool {
        let (word, bit) = ((row / 64) as usize, 1_u64 << (row % 64));
        if row > LAST_ROW {
            return true;
        }
        if self.seen.len() <= word {
            self.seen.resize(word + 1, 0);
        }
        let Some(word) = self.seen.get_mut(word) else { return true };
        let new = *word & bit == 0;
        *word |= bit;
        self.count += u64::from(new);
        new
    }

    /// Where a column of then stands now; what stood behind the headers still stands behind them.
    fn place(&self, column: usize) -> Option<usize> {
        match column.checked_sub(self.places.len()) {
            Some(behind) => Some(self.origins.len() + behind),
            None => self.places.get(column).copied().flatten().map(usize::from),
        }
    }

    /// Which column of then a column of now is.
    fn origin(&self, column: u16) -> Option<u16> {
        match usize::from(column).checked_sub(self.origins.len()) {
            Some(behind) => u16::try_from(self.places.len() + behind).ok(),
            None => self.origins.get(usize::from(column)).copied().flatten(),
        }
    }

    /// How many columns of then a row has cells in, then or now.
    fn width(&self, row: Row<'_>, record: &Record) -> usize {
        let behind = row.len().saturating_sub(self.origins.len());
        (self.places.len() + behind).max(record.cells.len())
    }

    fn is_unchanged(&self, row: Row<'_>, record: &Record) -> bool {
        let places = (0..self.width(row, record)).map(|column| self.place(column));
        let texts: Option<Vec<&str>> = places.map(|place| Some(row.cell(place?).text)).collect();
        match texts {
            Some(texts) => whole(&texts) == record.whole,
            // Of a row whose column was taken away the others count.
            None => self.changed_cells(row, record).is_empty(),
        }
    }

    /// The cells that are otherwise: the column of then, and of now.
    fn changed_cells(&self, row: Row<'_>, record: &Record) -> Vec<(usize, usize)> {
        let blank = Tag::of("");
        let columns = 0..self.width(row, record);
        let places = columns.filter_map(|column| Some((column, self.place(column)?)));
        places
            .filter(|(column, place)| {
                let then = record.cells.get(*column).copied().unwrap_or(blank);
                Tag::of(row.cell(*place).text) != then
            })
            .collect()
    }

    fn changes(&mut self, row: Row<'_>, record: &Record) {
        for (column, place) in self.changed_cells(row, record) {
            let about =
                |found: &super::Found| found.column.is_none_or(|own| usize::from(own) == column);
            if record.found.iter().any(about) {
                self.returned.corrected += 1;
            } else {
                let place = u16::try_from(place).unwrap_or(u16::MAX);
                self.returned.beside.push((row.at.row, place));
            }
        }
    }

    fn only_new(&mut self, findings: &[Finding]) {
        for finding in findings {
            self.returned.code(finding.code.id).1.new += 1;
        }
    }

    fn findings(&mut self, row: Row<'_>, record: &Record, findings: &[Finding]) {
        let mut then: Vec<&super::Found> = record.found.iter().collect();
        for finding in findings {
            let column = finding.column.map(|column| self.origin(column));
            let is = |found: &&super::Found| {
                found.code == finding.code.id && found.column.map(Some) == column
            };
            let known = then.iter().position(is);
            let (_, code) = self.returned.code(finding.code.id);
            match known {
                Some(place) => {
                    code.remaining += 1;
                    then.swap_remove(place);
                }
                None => code.new += 1,
            }
        }
        for found in then {
            let place = found.column.and_then(|column| self.place(usize::from(column)));
            let column = place.and_then(|place| u16::try_from(place).ok());
            let (number, code) = self.returned.code(&found.code);
            code.cured += 1;
            self.returned.cured.push(Cured { code: number, row: row.at.row, column });
        }
    }
}

/// The last row that a text file of ours has; a record that names another one is not believed.
const LAST_ROW: u32 = 1 << 27;

fn is_set(bits: &[u64], row: u32) -> bool {
    bits.get((row / 64) as usize).is_some_and(|word| word & (1 << (row % 64)) != 0)
}

/// Numbers in order as runs.
fn runs(numbers: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

/// Finds the columns of then among those of now: by their headers, and one with another header between its
/// old neighbours.
fn align(then: &[Tag], now: &[(u16, Tag)]) -> (Vec<Option<u16>>, Columns) {
    if then.is_empty() {
        // What the headers were is lost: they are taken to be the same.
        return (now.iter().map(|(column, _)| Some(*column)).collect(), Columns::default());
    }
    let mut found: Vec<Option<usize>> = vec![None; then.len()];
    let mut used = vec![false; now.len()];
    let is_free = |used: &[bool], at: usize| used.get(at) == Some(&false);
    let take = |used: &mut Vec<bool>, at: usize| {
        if let Some(place) = used.get_mut(at) {
            *place = true;
        }
    };
    for (slot, tag) in found.iter_mut().zip(then) {
        let at =
            now.iter().enumerate().position(|(at, (_, other))| other == tag && is_free(&used, at));
        if let Some(at) = at {
            *slot = Some(at);
            take(&mut used, at);
        }
    }
    let moved = !found.iter().flatten().is_sorted();
    let mut renamed = Vec::new();
    for column in 0..found.len() {
        if found.get(column).copied().flatten().is_some() {
            continue;
        }
        let left = match column.checked_sub(1) {
            None => Some(0),
            Some(before) => found.get(before).copied().flatten().map(|at| at + 1),
        };
        let right = match found.get(column + 1) {
            None => now.len().checked_sub(1),
            Some(after) => after.and_then(|at| at.checked_sub(1)),
        };
        let at = left.filter(|at| is_free(&used, *at)).or(right.filter(|at| is_free(&used, *at)));
        if let (Some(at), Some(slot)) = (at, found.get_mut(column)) {
            *slot = Some(at);
            take(&mut used, at);
            renamed.extend(now.get(at).map(|(column, _)| *column));
        }
    }
    let column = |at: usize| now.get(at).map(|(column, _)| *column);
    let places: Vec<Option<u16>> = found.iter().map(|at| at.and_then(column)).collect();
    let gone = (0_u16..).zip(&places).filter(|(_, place)| place.is_none());
    let removed = gone.map(|(column, _)| column).collect();
    let added = now.iter().zip(&used).filter(|(_, used)| !**used).map(|((at, _), _)| *at).collect();
    (places, Columns { added, removed, renamed, moved })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{EMAIL_SYNTAX, PHONE_SYNTAX};
    use crate::returned::Was;
    use crate::row::{CellKind, Location, Rows};

    fn none(_: usize) -> bool {
        false
    }

    fn rows(row: u32, cells: &[&str], record: Option<&str>) -> Rows {
        let mut rows = Rows::default();
        for cell in cells {
            rows.push_cell(cell, CellKind::Text);
        }
        if let Some(record) = record {
            rows.keep_record(record);
        }
        rows.end_row(Location { row, ..Location::default() });
        rows
    }

    fn finding(column: u16) -> Finding {
        Finding::new(&EMAIL_SYNTAX, Location::default(), "no address").column(Some(column))
    }

    fn record(row: u32, cells: &[&str], findings: &[Finding]) -> String {
        let rows = rows(row, cells, None);
        Record::of(&rows.get(0).unwrap(), Was::Rejected, findings, &none).write()
    }

    /// A row of now: its number, its cells, its record, its findings.
    type Now<'a> = (u32, &'a [&'a str], Option<&'a str>, &'a [Finding]);

    fn compared(headers: &[&str], rows_had: Option<(u64, u32)>, now: &[Now<'_>]) -> Returned {
        let then = ["Name", "E-mail", "Phone"].map(Tag::of);
        let headers: Vec<String> = headers.iter().map(|&header| header.to_owned()).collect();
        let then = Then { headers: &then, rows: rows_had };
        let mut comparison = Comparison::new(0, then, &headers, &none);
        for (row, cells, record, findings) in now {
            let rows = rows(*row, cells, *record);
            comparison.row(rows.get(0).unwrap(), findings);
        }
        comparison.finish()
    }

    #[test]
    fn rows_are_known_wherever_they_stand() {
        let ada = record(2, &["Ada", "ada@", "1"], &[finding(1)]);
        let bob = record(3, &["Bob", "bob@example.org", "2"], &[]);
        let cy = record(4, &["Cy", "cy@", "3"], &[finding(1)]);
        let headers = ["Name", "E-mail", "Phone"];
        let found = compared(
            &headers,
            Some((4, 1)),
            &[
                (2, &["Cy", "cy@", "3"], Some(&cy), &[finding(1)]),
                (3, &["Ada", "ada@example.org", "1"], Some(&ada), &[]),
                (4, &["Bob", "bob@example.org", "9"], Some(&bob), &[]),
                (5, &["Bob", "bob@example.org", "9"], Some(&bob), &[]),
                (6, &["Di", "di@", ""], None, &[finding(1)]),
                (7, &["Ed", "ed@example.org", ""], Some("9 of a later form"), &[]),
            ],
        );
        assert_eq!((found.unchanged, found.changed, found.new), (1, 2, 2));
        assert_eq!((found.copies, found.unrecognised, found.gone), (1, 1, Some(0)));
        assert!(found.sorted);
        assert_eq!(found.beside, [(4, 2)], "the phone of Bob had no finding");
        assert_eq!(found.corrected, 1);
        assert_eq!(found.findings(), (1, 1, 1));
        assert_eq!(found.cured, [Cured { code: 0, row: 3, column: Some(1) }]);
    }

    #[test]
    fn rows_that_are_gone_are_named_where_no_blank_row_hides_which() {
        let ada = record(2, &["Ada"], &[]);
        let rows = [(2, &["Ada"][..], Some(ada.as_str()), &[][..])];
        let headers = ["Name", "E-mail", "Phone"];
        for (had, gone, named) in [
            (Some((4, 1)), Some(3), vec![(3, 5)]),
            (Some((1, 1)), Some(0), vec![]),
            (None, None, vec![]),
            (Some((2, 5)), Some(1), vec![]),
        ] {
            let found = compared(&headers, had, &rows);
            assert_eq!((found.gone, found.gone_rows), (gone, named), "{had:?}");
        }
    }

    #[test]
    fn columns_are_found_again_by_their_headers() {
        let ada = record(2, &["Ada", "ada@", "1"], &[finding(1)]);
        for (headers, cells, expected, beside) in [
            (
                &["Phone", "Name", "E-mail"][..],
                &["1", "Ada", "ada@"][..],
                Columns { moved: true, ..Columns::default() },
                vec![],
            ),
            (
                &["Name", "Note", "E-mail", "Phone"],
                &["Ada", "x", "ada@", "1"],
                Columns { added: vec![1], ..Columns::default() },
                vec![],
            ),
            (
                &["Name", "Mail", "Phone"],
                &["Ada", "ada@", "2"],
                Columns { renamed: vec![1], ..Columns::default() },
                vec![(2, 2)],
            ),
            (
                &["Name", "E-mail"],
                &["Ada", "ada@"],
                Columns { removed: vec![2], ..Columns::default() },
                vec![],
            ),
        ] {
            let column = u16::try_from(cells.iter().position(|c| *c == "ada@").unwrap()).unwrap();
            let now = [finding(column)];
            let found = compared(headers, None, &[(2, cells, Some(&ada), &now)]);
            assert_eq!(found.columns, expected, "{headers:?}");
            assert_eq!(found.beside, beside, "{headers:?}");
            assert_eq!(found.findings(), (0, 1, 0), "{headers:?}");
        }
    }

    #[test]
    fn what_stands_behind_the_headers_is_compared_as_well() {
        let ada = record(2, &["Ada", "ada@", "1", "more"], &[finding(3)]);
        let headers = ["Name", "E-mail", "Phone"];
        let cells: &[&str] = &["Ada", "ada@", "1", "more"];
        let same = compared(&headers, None, &[(2, cells, Some(&ada), &[finding(3)])]);
        assert_eq!((same.unchanged, same.findings()), (1, (0, 1, 0)));
        let cured = compared(&headers, None, &[(2, &cells[..3], Some(&ada), &[])]);
        assert_eq!((cured.changed, cured.findings()), (1, (1, 0, 0)));
        assert!(cured.beside.is_empty());
        let other = Finding::new(&PHONE_SYNTAX, Location::default(), "x").column(Some(2));
        let new = compared(&headers, None, &[(2, cells, Some(&ada), &[finding(3), other])]);
        assert_eq!(new.findings(), (0, 1, 1));
    }
}
