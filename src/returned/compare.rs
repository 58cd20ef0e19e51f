//! A checked workbook that came back, held against what was kept of it: which rows are as they were, which
//! findings are cured, and whether anything changed that nobody had asked for.

use std::collections::BTreeMap;

use super::columns::align;
use super::outcome::{Cured, Returned, run_on};
use super::{Record, Tag, whole};
use crate::finding::{Code, Finding, QUOTE_OPEN, QUOTE_STRAY, ROW_SHORT};
use crate::row::Row;

/// What is known of the sheet as it was.
#[derive(Clone, Copy, Debug)]
pub struct Then<'a> {
    /// The tags of its headers, ours not among them; none where that was lost.
    pub headers: &'a [Tag],
    /// How many rows of people it had, and below which row, where that is known.
    pub rows: Option<(u64, u32)>,
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
    /// Of rows that are as they were: findings that are not there any more, and those that are there
    /// now. Of two rows that share a value one has the finding; when they are sorted, the other has.
    passed_on: BTreeMap<Shared, Passed>,
    returned: Returned,
}

/// A value with a finding: the kind, the column of then, and the tag of the value, whatever its case.
type Shared = (u16, u16, Tag);

/// What was and is found of a shared value.
#[derive(Debug, Default)]
struct Passed {
    /// The findings of then, by their places among the cured.
    cured: Vec<usize>,
    new: u64,
}

impl Comparison {
    /// Nothing compared yet; `ours` tells which columns of now are ours.
    pub fn new(input: u16, then: Then<'_>, now: &[String], ours: &dyn Fn(usize) -> bool) -> Self {
        let own = (0..now.len()).filter(|column| !ours(*column));
        let own: Vec<(u16, Tag)> = own
            .filter_map(|column| Some((u16::try_from(column).ok()?, Tag::of(now.get(column)?))))
            .collect();
        // Programs give a row that is longer than the header a column without one.
        let headed = own.iter().rposition(|(_, tag)| *tag != Tag::of("")).map_or(0, |at| at + 1);
        let own = own.get(..headed.max(then.headers.len())).unwrap_or(&own);
        let (places, columns) = align(then.headers, own);
        let width = own.last().map_or(0, |(column, _)| usize::from(*column) + 1);
        let ours_behind = (width..now.len()).rfind(|column| ours(*column));
        let mut origins = vec![None; ours_behind.map_or(width, |column| column + 1)];
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
            passed_on: BTreeMap::new(),
            returned: Returned { input, columns, ..Returned::default() },
        }
    }

    /// Compares a row with what was kept of it.
    pub fn row(&mut self, row: Row<'_>, findings: &[Finding]) {
        let Some(text) = row.record() else {
            return self.new_row(row, findings);
        };
        let Some(record) = Record::parse(text) else {
            self.returned.unrecognised += 1;
            return self.only_new(findings);
        };
        if !self.see(record.row) {
            self.returned.copies += 1;
            return self.new_row(row, findings);
        }
        self.returned.sorted |= record.row < self.last;
        self.last = record.row;
        let unchanged = self.is_unchanged(row, &record);
        if unchanged {
            self.returned.unchanged += 1;
        } else {
            self.returned.changed += 1;
            run_on(&mut self.returned.changed_rows, row.at.row);
            self.changes(row, &record);
        }
        self.findings(row, &record, findings, unchanged);
    }

    /// What became of it all.
    pub fn finish(mut self) -> Returned {
        self.settle();
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
            let mut runs = Vec::new();
            missing.for_each(|row| run_on(&mut runs, row));
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

    fn new_row(&mut self, row: Row<'_>, findings: &[Finding]) {
        self.returned.new += 1;
        run_on(&mut self.returned.new_rows, row.at.row);
        self.only_new(findings);
    }

    fn only_new(&mut self, findings: &[Finding]) {
        for finding in findings {
            self.returned.count(finding.code.id, |code| code.new += 1);
        }
    }

    fn findings(&mut self, row: Row<'_>, record: &Record, findings: &[Finding], unchanged: bool) {
        let mut then: Vec<&super::Found> = record.found.iter().collect();
        for finding in findings {
            let column = finding.column.map(|column| self.origin(column));
            let is = |found: &&super::Found| {
                found.code == finding.code.id && found.column.map(Some) == column
            };
            let known = then.iter().position(is);
            if let Some(place) = known {
                self.returned.count(finding.code.id, |code| code.remaining += 1);
                then.swap_remove(place);
                continue;
            }
            let number = self.returned.count(finding.code.id, |code| code.new += 1);
            if let (true, Some(Some(origin)), Some(now)) = (unchanged, column, finding.column) {
                self.passed(number, origin, row, now).new += 1;
            }
        }
        // A workbook has no way to say again what a text file said of the form of a row.
        let is_of_text = |found: &&super::Found| OF_TEXT.iter().any(|code| code.id == found.code);
        for found in then.into_iter().filter(|found| !(unchanged && is_of_text(found))) {
            let place = found.column.and_then(|column| self.place(usize::from(column)));
            let column = place.and_then(|place| u16::try_from(place).ok());
            let number = self.returned.count(&found.code, |code| code.cured += 1);
            if let (true, Some(origin), Some(now)) = (unchanged, found.column, column) {
                let place = self.returned.cured.len();
                self.passed(number, origin, row, now).cured.push(place);
            }
            self.returned.cured.push(Cured { code: number, row: row.at.row, column });
        }
    }

    /// What was and is found of the value of a cell.
    fn passed(&mut self, kind: u16, origin: u16, row: Row<'_>, now: u16) -> &mut Passed {
        let value = row.cell(usize::from(now)).text.trim().to_lowercase();
        self.passed_on.entry((kind, origin, Tag::of(&value))).or_default()
    }

    /// A finding that only passed on to another row that has the value remains.
    fn settle(&mut self) {
        let mut remaining = Vec::new();
        for ((kind, ..), passed) in std::mem::take(&mut self.passed_on) {
            let both = passed.cured.iter().rev().zip(0..passed.new);
            let both: Vec<usize> = both.map(|(place, _)| *place).collect();
            let count = both.len() as u64;
            if let Some(code) = self.returned.codes.get_mut(usize::from(kind)) {
                code.cured -= count;
                code.new -= count;
                code.remaining += count;
            }
            remaining.extend(both);
        }
        remaining.sort_unstable();
        let mut place = 0;
        self.returned.cured.retain(|_| {
            place += 1;
            remaining.binary_search(&(place - 1)).is_err()
        });
    }
}

/// What is found in the lines of a text file, and in no workbook that was made of one.
const OF_TEXT: [&Code; 3] = [&ROW_SHORT, &QUOTE_OPEN, &QUOTE_STRAY];

/// The last row that a text file of ours has; a record that names another one is not believed.
const LAST_ROW: u32 = 1 << 27;

fn is_set(bits: &[u64], row: u32) -> bool {
    bits.get((row / 64) as usize).is_some_and(|word| word & (1 << (row % 64)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{DUPLICATE, EMAIL_SYNTAX, PHONE_SYNTAX};
    use crate::returned::{Columns, Was};
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
        assert!(found.sorted && !found.nothing_else());
        assert_eq!(found.changed_rows, [(3, 4)]);
        assert_eq!(found.new_rows, [(5, 6)], "a copy is new");
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

    #[test]
    fn what_only_a_text_file_can_have_is_not_cured_by_a_workbook() {
        let short = Finding::new(&ROW_SHORT, Location::default(), "short");
        let ada = record(2, &["Ada"], std::slice::from_ref(&short));
        let headers = ["Name", "E-mail", "Phone"];
        let same = compared(&headers, None, &[(2, &["Ada"], Some(&ada), &[])]);
        assert_eq!((same.unchanged, same.findings()), (1, (0, 0, 0)));
        let filled: &[&str] = &["Ada", "ada@example.org"];
        let changed = compared(&headers, None, &[(2, filled, Some(&ada), &[])]);
        assert_eq!((changed.changed, changed.findings()), (1, (1, 0, 0)));
    }

    #[test]
    fn a_finding_that_only_passed_on_to_the_other_row_remains() {
        let twice = Finding::new(&DUPLICATE, Location::default(), "twice").column(Some(1));
        let then = std::slice::from_ref(&twice);
        let ada = record(2, &["Ada", "ada@example.org"], &[]);
        let bob = record(3, &["Bob", "Ada@example.org "], then);
        let headers = ["Name", "E-mail", "Phone"];
        let bobs: (&[&str], _) = (&["Bob", "Ada@example.org "], Some(bob.as_str()));
        let adas: (&[&str], _) = (&["Ada", "ada@example.org"], Some(ada.as_str()));
        let now = [(2, bobs.0, bobs.1, &[][..]), (3, adas.0, adas.1, then)];
        let sorted = compared(&headers, Some((2, 1)), &now);
        assert_eq!((sorted.findings(), sorted.unchanged), ((0, 1, 0), 2));
        assert!(sorted.cured.is_empty() && sorted.nothing_else());
        let other: &[&str] = &["Ada", "eda@example.org"];
        let now = [(2, bobs.0, bobs.1, &[][..]), (3, other, adas.1, then)];
        let changed = compared(&headers, Some((2, 1)), &now);
        assert_eq!(changed.findings(), (1, 0, 1), "another value is another finding");
        assert_eq!((changed.changed_rows.as_slice(), changed.cured.len()), (&[(3, 3)][..], 1));
    }

    #[test]
    fn a_column_without_a_header_behind_the_table_is_none_that_was_added() {
        let ada = record(2, &["Ada", "ada@", "1", "more"], &[]);
        let cells: &[&str] = &["Ada", "ada@", "1", "more"];
        let same = compared(&["Name", "E-mail", "Phone", ""], None, &[(2, cells, Some(&ada), &[])]);
        assert_eq!((same.unchanged, same.columns.are_same()), (1, true));
    }
}
