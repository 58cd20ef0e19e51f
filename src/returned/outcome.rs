//! What became of a checked workbook that came back: rows, findings, columns, and what else is otherwise.

use super::columns::Columns;

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
    /// Which rows changed, as they stand now, as runs of first and last row.
    pub changed_rows: Vec<(u32, u32)>,
    /// Which are new.
    pub new_rows: Vec<(u32, u32)>,
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

    /// Whether nothing is otherwise but for cells that had a finding, and where rows and columns stand.
    pub fn nothing_else(&self) -> bool {
        let columns = &self.columns;
        let lists = [&columns.added, &columns.removed, &columns.renamed];
        lists.iter().all(|list| list.is_empty())
            && self.beside.is_empty()
            && self.gone == Some(0)
            && (self.new, self.unrecognised) == (0, 0)
    }

    /// Counts a finding of a kind; tells the place of the kind among [`Returned::codes`].
    pub(super) fn count(&mut self, id: &str, count: impl FnOnce(&mut OfCode)) -> u16 {
        let known = self.codes.iter().position(|code| code.code == id);
        let place = known.unwrap_or(self.codes.len());
        if known.is_none() {
            self.codes.push(OfCode { code: id.to_owned(), cured: 0, remaining: 0, new: 0 });
        }
        if let Some(code) = self.codes.get_mut(place) {
            count(code);
        }
        u16::try_from(place).unwrap_or(u16::MAX)
    }
}

/// Adds a row to runs of rows, which come in their order.
pub(super) fn run_on(runs: &mut Vec<(u32, u32)>, row: u32) {
    match runs.last_mut() {
        Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
        _ => runs.push((row, row)),
    }
}
