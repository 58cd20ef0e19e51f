//! What a sheet says beside its cells, and what that means for its rows: merged cells share their
//! value, hidden rows and columns are named and can be left out.

use std::fmt::Write as _;

use super::guard::{LAST_COLUMN, MOST_AREAS, MOST_COVERED, MOST_COVERED_BYTES};
use super::{Facts, Hidden};
use crate::finding::{self, Finding};
use crate::row::{Area, Cell, CellKind, Chunk, Location, Mark, Row, Rows, letters};

/// How many runs of hidden rows or columns a message lists.
const LISTED: usize = 6;

/// What a sheet says beside its cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Runs of hidden rows that hold something: first and last, counted from 1, in order.
    pub(super) hidden_rows: Vec<(u32, u32)>,
    /// Runs of hidden columns: first and last, counted from 0.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// Merged cells.
    pub(super) merged: Vec<Area>,
    /// The area over which the sheet offers a filter.
    pub(super) filter: Option<Area>,
    /// Whether the filter leaves rows out.
    pub(super) filtered: bool,
}

impl Layout {
    /// Says that a row is hidden. Rows are named in their order.
    pub(super) fn hide_row(&mut self, row: u32) {
        match self.hidden_rows.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => self.hidden_rows.push((row, row)),
        }
    }

    /// Whether it says more than any sheet does.
    pub(super) fn is_absurd(&self) -> bool {
        let areas = self.merged.len().max(self.hidden_rows.len());
        areas > MOST_AREAS || self.hidden_columns.len() > LAST_COLUMN as usize
    }

    /// Whether a row is hidden.
    fn hides_row(&self, row: u32) -> bool {
        let place = self.hidden_rows.partition_point(|(_, last)| *last < row);
        self.hidden_rows.get(place).is_some_and(|(first, _)| *first <= row)
    }

    /// Takes columns out of the hidden ones: they are nobody's data.
    pub(super) fn show_columns(&mut self, shown: impl Fn(usize) -> bool) {
        let Some(last) = self.hidden_columns.iter().map(|(_, last)| *last as usize).max() else {
            return;
        };
        let all = self.hidden_columns(last.min(LAST_COLUMN as usize) + 1);
        let kept: Vec<usize> = all.into_iter().filter(|column| !shown(*column)).collect();
        self.hidden_columns = runs(&kept);
    }

    /// The hidden ones of the first columns, counted from 0.
    pub(super) fn hidden_columns(&self, width: usize) -> Vec<usize> {
        let hides = |column: usize| {
            self.hidden_columns
                .iter()
                .any(|&(first, last)| (first as usize..=last as usize).contains(&column))
        };
        (0..width).filter(|&column| hides(column)).collect()
    }

    /// Rows in which every merged cell down to row `last`, which should be that of the header, has its
    /// value, to the right and downwards.
    pub(super) fn cover(&self, rows: &Rows, last: u32) -> Rows {
        let mut covers = Covers::new(self);
        let mut all = Rows::default();
        for row in rows.iter() {
            let filled = if row.at.row <= last { covers.over(&row, None) } else { Vec::new() };
            copy_with(&row, &filled, &covers, &mut all);
        }
        all
    }

    /// What is to be said of what nobody sees, without its place; and what `inspect` shows of it.
    pub(super) fn notes(&self, facts: &mut Facts, width: usize, hidden: Hidden) -> Vec<Finding> {
        let mut notes = Vec::new();
        let mut say = |code, what: &str, one: bool| {
            let fate = match (hidden, one) {
                (Hidden::Include, true) => "it is read like the others",
                (Hidden::Include, false) => "they are read like the others",
                (Hidden::Skip, true) => "it is left out, as --hidden skip says",
                (Hidden::Skip, false) => "they are left out, as --hidden skip says",
            };
            let help = match hidden {
                Hidden::Include => "leave them out with --hidden skip, or show them in the sheet",
                Hidden::Skip => "read them with --hidden include",
            };
            let message = format!("{what}; {fate}");
            notes.push(Finding::new(code, Location::default(), message).help(help));
        };
        let below = |&(first, last): &(u32, u32)| {
            (last > facts.header_row).then_some((first.max(facts.header_row + 1), last))
        };
        let rows: Vec<(u32, u32)> = self.hidden_rows.iter().filter_map(below).collect();
        if let Some(list) = list(&rows, |row| row.to_string()) {
            let by_filter =
                |row: u32| self.filter.is_some_and(|area| area.contains(row, area.left));
            let filtered = self.filtered && rows.iter().all(|(first, _)| by_filter(*first));
            let how = if filtered { ", by a filter" } else { "" };
            let (noun, verb) = plural(&rows, "row");
            say(&finding::ROWS_HIDDEN, &format!("{noun} {list} {verb} hidden{how}"), verb == "is");
            facts.hidden_rows = Some(list);
        }
        let runs = runs(&self.hidden_columns(width));
        if let Some(list) = list(&runs, |column| letters(column as usize)) {
            let (noun, verb) = plural(&runs, "column");
            say(&finding::COLUMNS_HIDDEN, &format!("{noun} {list} {verb} hidden"), verb == "is");
            facts.hidden_columns = Some(list);
        }
        notes
    }
}

fn plural(runs: &[(u32, u32)], noun: &str) -> (String, &'static str) {
    match runs {
        [(first, last)] if first == last => (noun.to_owned(), "is"),
        _ => (format!("{noun}s"), "are"),
    }
}

/// Numbers in order as runs.
fn runs(numbers: &[usize]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers.iter().filter_map(|&number| u32::try_from(number).ok()) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

/// `5–37, 40 and 42`; a long list says how many it leaves out. Nothing for no runs.
fn list(runs: &[(u32, u32)], name: impl Fn(u32) -> String) -> Option<String> {
    let mut words: Vec<String> = runs
        .iter()
        .take(LISTED)
        .map(|&(first, last)| match last - first {
            0 => name(first),
            _ => format!("{}\u{2013}{}", name(first), name(last)),
        })
        .collect();
    if runs.len() > LISTED {
        let all: u32 = runs.iter().map(|(first, last)| last - first + 1).sum();
        words.push(format!("{} more runs, {all} in all", runs.len() - LISTED));
    }
    let last = words.pop()?;
    let mut text = words.join(", ");
    if !text.is_empty() {
        text.push_str(" and ");
    }
    let _ = write!(text, "{last}");
    Some(text)
}

/// A merged area with its value.
#[derive(Debug)]
struct Cover {
    area: Area,
    text: String,
    kind: CellKind,
}

/// The merged areas that a reader who goes down the rows is in.
#[derive(Debug)]
struct Covers {
    /// Those that are still to come, the next one last.
    coming: Vec<Area>,
    /// Those that the last row was in.
    open: Vec<Cover>,
}

impl Covers {
    fn new(layout: &Layout) -> Self {
        let mut coming = layout.merged.clone();
        coming.retain(|area| area.top < area.bottom || area.left < area.right);
        coming.sort_unstable_by_key(|area| std::cmp::Reverse((area.top, area.left)));
        Self { coming, open: Vec::new() }
    }

    /// Whether none of the rows up to this one is in an area.
    fn is_clear(&self, last: u32) -> bool {
        self.open.is_empty() && self.coming.last().is_none_or(|area| area.top > last)
    }

    /// Goes on to a row. Gives back which of its blank cells get which value: in the header all cells
    /// of an area, below it (`after` the header's row) only those under its first cell.
    fn over(&mut self, row: &Row<'_>, after: Option<u32>) -> Vec<(usize, usize)> {
        let at = row.at.row;
        self.open.retain(|cover| cover.area.bottom >= at);
        while self.coming.last().is_some_and(|area| area.top <= at) {
            let Some(area) = self.coming.pop() else { break };
            let cell = row.cell(area.left as usize);
            // Merged cells do not overlap; what does is not followed.
            let under = self.open.len() >= LAST_COLUMN as usize
                || self.open.iter().any(|other| other.area.contains(at, area.left));
            if area.top == at && !cell.is_blank() && !under {
                let Cell { text, kind } = cell;
                self.open.push(Cover { area, text: text.to_owned(), kind });
            }
        }
        let mut filled = Vec::new();
        for (index, Cover { area, .. }) in self.open.iter().enumerate() {
            let columns = match after {
                None => area.left..=area.right.min(LAST_COLUMN - 1),
                Some(header) if area.top > header && at > area.top => area.left..=area.left,
                Some(_) => continue,
            };
            for column in columns {
                if row.cell(column as usize).is_blank() {
                    filled.push((column as usize, index));
                }
            }
        }
        filled.sort_unstable();
        filled.dedup_by_key(|(column, _)| *column);
        filled
    }
}

/// Copies a row, with values for some of its cells.
fn copy_with(row: &Row<'_>, filled: &[(usize, usize)], covers: &Covers, out: &mut Rows) {
    let mut filled = filled.iter().peekable();
    let mut column = 0;
    while column < row.len() || filled.peek().is_some() {
        match filled.next_if(|(at, _)| *at == column) {
            Some((_, index)) => {
                if let Some(cover) = covers.open.get(*index) {
                    out.push_cell(&cover.text, cover.kind);
                    out.mark_last(Mark::Merged);
                }
            }
            None => out.push_copy(row, column),
        }
        column += 1;
    }
    out.end_row(row.at);
}

/// What is done with the rows of a sheet before anyone sees them.
#[derive(Debug)]
pub(super) struct Treatment<'a> {
    covers: Covers,
    layout: &'a Layout,
    hidden: Hidden,
    header_row: u32,
    /// Columns of the table.
    width: usize,
    covered: u64,
}

impl<'a> Treatment<'a> {
    /// The treatment of the rows below a header.
    pub(super) fn new(layout: &'a Layout, hidden: Hidden, header_row: u32, width: usize) -> Self {
        Self { covers: Covers::new(layout), layout, hidden, header_row, width, covered: 0 }
    }

    /// Gives the cells under merged ones their value, and marks the rows that are to be left out.
    pub(super) fn treat(&mut self, chunk: Chunk) -> Result<Chunk, &'static str> {
        let Chunk::Cells(mut rows) = chunk else { return Ok(chunk) };
        let last = rows.len().checked_sub(1).and_then(|last| rows.get(last));
        let last = last.map_or(0, |row| row.at.row);
        if !self.covers.is_clear(last) {
            let mut all = Rows::with_capacity(rows.bytes());
            for row in rows.iter() {
                let mut filled = self.covers.over(&row, Some(self.header_row));
                filled.retain(|(column, _)| *column < self.width);
                // A row that holds nothing of its own is nobody's.
                if row.is_blank() {
                    filled.clear();
                }
                self.covered += self.covers.open.len() as u64;
                let added = all.bytes().saturating_sub(rows.bytes());
                if self.covered > MOST_COVERED || added > MOST_COVERED_BYTES {
                    return Err("its merged cells reach over more cells than any table has");
                }
                copy_with(&row, &filled, &self.covers, &mut all);
            }
            rows = all;
        }
        if self.hidden == Hidden::Skip && !self.layout.hidden_rows.is_empty() {
            let hidden: Vec<usize> = rows
                .iter()
                .enumerate()
                .filter(|(_, row)| self.layout.hides_row(row.at.row))
                .map(|(index, _)| index)
                .collect();
            for index in hidden {
                rows.hide(index);
            }
        }
        Ok(Chunk::Cells(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(table: &[&[&str]]) -> Rows {
        let mut rows = Rows::default();
        for (number, cells) in (1..).zip(table) {
            for cell in *cells {
                rows.push_cell(cell, CellKind::Text);
            }
            rows.end_row(Location { row: number, ..Location::default() });
        }
        rows
    }

    fn table(rows: &Rows) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.cells().map(|cell| cell.text.to_owned()).collect()).collect()
    }

    fn layout(areas: &[&str]) -> Layout {
        let merged = areas.iter().map(|text| Area::parse(text).unwrap()).collect();
        Layout { merged, ..Layout::default() }
    }

    #[test]
    fn headers_are_covered_to_the_right_and_downwards() {
        let header = rows(&[&["Name", "", "Mail"], &["first", "last"], &["Ada", "L", "a@b"]]);
        let layout = layout(&["A1:B1", "C1:C2", "A3:C3"]);
        assert_eq!(
            table(&layout.cover(&header, 2)),
            [vec!["Name", "Name", "Mail"], vec!["first", "last", "Mail"], vec!["Ada", "L", "a@b"]]
        );
        assert_eq!(table(&layout.cover(&header, 1))[1], ["first", "last"]);
    }

    #[test]
    fn rows_under_a_merged_cell_get_its_value_whatever_the_chunks() {
        let all = rows(&[
            &["h", "h", "h"],
            &["x", "1", "p"],
            &["", "2", ""],
            &["", "", ""],
            &["kept", "3", ""],
            &["", "4", ""],
        ]);
        // The header's own area ends with it; one to the right stays with its first column.
        let layout = layout(&["C1:C3", "A2:A6", "B2:C2", "A3:A4", "C5:C6"]);
        let mut expected = table(&all);
        expected[2][0] = "x".to_owned();
        expected[5][0] = "x".to_owned();
        for cut in 1..6 {
            let mut treatment = Treatment::new(&layout, Hidden::Include, 1, 3);
            let mut found = Vec::new();
            for part in [1..=cut, cut + 1..=6] {
                let mut piece = Rows::default();
                for row in all.iter().filter(|row| part.contains(&row.at.row)) {
                    for column in 0..row.len() {
                        piece.push_copy(&row, column);
                    }
                    piece.end_row(row.at);
                }
                let Ok(Chunk::Cells(piece)) = treatment.treat(Chunk::Cells(piece)) else {
                    panic!("no cells");
                };
                for row in piece.iter() {
                    for column in
                        (0..row.len()).filter(|column| row.has_mark(*column, Mark::Merged))
                    {
                        assert!(column == 0 && [3, 6].contains(&row.at.row), "{row:?}");
                    }
                }
                found.extend(table(&piece));
            }
            assert_eq!(found, expected, "cut behind row {cut}");
        }
    }

    #[test]
    fn areas_that_lie_over_each_other_cost_no_more_than_one() {
        let all = rows(&[&["h"], &["x"], &[" ", "y"]]);
        let areas = vec!["A2:XFD1048576"; 100_000];
        let mut covers = Covers::new(&layout(&areas));
        for row in all.iter() {
            covers.over(&row, Some(1));
        }
        assert_eq!(covers.open.len(), 1);
    }

    #[test]
    fn runs_are_listed_as_a_person_lists_them() {
        let name = |row: u32| row.to_string();
        for (runs, expected) in [
            (vec![], None),
            (vec![(3, 3)], Some("3")),
            (vec![(5, 37), (40, 40)], Some("5\u{2013}37 and 40")),
            (vec![(1, 2), (4, 4), (6, 9)], Some("1\u{2013}2, 4 and 6\u{2013}9")),
            (
                (1..=8).map(|row| (row * 2, row * 2)).collect(),
                Some("2, 4, 6, 8, 10, 12 and 2 more runs, 8 in all"),
            ),
        ] {
            assert_eq!(list(&runs, name).as_deref(), expected);
        }
        assert_eq!(runs(&[1, 2, 4]), [(1, 2), (4, 4)]);
    }
}
