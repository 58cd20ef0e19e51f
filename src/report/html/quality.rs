//! What each column is like: how many of its cells are good, repaired, odd, wrong or blank.

use crate::finding::Severity;
use crate::report::{Judged, Sheet};
use crate::validate::Fate;

/// The cells of a column, each counted once, under the worst that is said of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cells {
    /// With an error; those that lack a value among them.
    pub(super) errors: u64,
    /// With a warning.
    pub(super) warnings: u64,
    /// Repaired.
    pub(super) repaired: u64,
    /// Blank, and nothing is said of it.
    pub(super) blank: u64,
    /// All that have a value.
    pub(super) filled: u64,
}

impl Cells {
    /// Whether anything is said of them.
    pub(super) fn has_findings(&self) -> bool {
        self.errors + self.warnings + self.repaired > 0
    }

    /// Those with a value of which nothing is said, of so many rows.
    pub(super) fn good(&self, rows: u64) -> u64 {
        rows - (self.errors + self.warnings + self.repaired + self.blank)
    }
}

/// The columns of an input over the rows of people.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) rows: u64,
    pub(super) cells: Vec<Cells>,
}

/// The columns of all inputs.
#[derive(Debug, Default)]
pub(super) struct Quality {
    pub(super) inputs: Vec<Columns>,
    /// The worst that is said of each cell of the row at hand.
    worst: Vec<Option<Severity>>,
}

impl Quality {
    pub(super) fn new(sheets: &[Sheet]) -> Self {
        let columns = |sheet: &Sheet| Columns {
            rows: 0,
            cells: vec![Cells::default(); sheet.mapping.columns.len()],
        };
        Self { inputs: sheets.iter().map(columns).collect(), worst: Vec::new() }
    }

    /// Takes a row; one that is left out is nobody and says nothing of its columns.
    pub(super) fn row(&mut self, judged: Judged<'_>) {
        let row = judged.row;
        let Some(columns) = self.inputs.get_mut(usize::from(row.at.input)) else { return };
        if matches!(judged.fate, Fate::Skipped | Fate::NextTable) {
            return;
        }
        columns.rows += 1;
        self.worst.clear();
        if !judged.findings.is_empty() {
            self.worst.resize(columns.cells.len(), None);
        }
        for finding in judged.findings.iter().filter(|one| one.severity < Severity::Info) {
            let place = finding.column.and_then(|column| self.worst.get_mut(usize::from(column)));
            if let Some(worst) = place {
                *worst = Some(worst.map_or(finding.severity, |worst| worst.min(finding.severity)));
            }
        }
        for (at, cells) in columns.cells.iter_mut().enumerate() {
            let blank = row.cell(at).is_blank();
            cells.filled += u64::from(!blank);
            match self.worst.get(at).copied().flatten() {
                Some(Severity::Error) => cells.errors += 1,
                Some(Severity::Warning) => cells.warnings += 1,
                Some(Severity::Fix) => cells.repaired += 1,
                Some(Severity::Info) | None => cells.blank += u64::from(blank),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{EMAIL_SYNTAX, Finding, REQUIRED_MISSING};
    use crate::mapping::{Column, Mapping};
    use crate::row::{CellKind, Location, Rows};

    #[test]
    fn each_cell_counts_once_under_the_worst_that_is_said_of_it() {
        let columns = ["E-mail", "Name"].map(Column::unmapped).to_vec();
        let mapping = Mapping { columns, ..Mapping::default() };
        let mut quality = Quality::new(&[Sheet { mapping, ..Sheet::default() }]);
        let mut rows = Rows::default();
        for (row, cells) in [(2, ["a@example.org", ""]), (3, ["nobody", "Ada"]), (4, ["", "Bo"])] {
            for cell in cells {
                rows.push_cell(cell, CellKind::Text);
            }
            rows.end_row(Location { row, ..Location::default() });
        }
        let found = |code, severity| {
            let finding = Finding::new(code, Location::default(), "x").column(Some(0));
            Finding { severity, ..finding }
        };
        let all = [
            vec![],
            vec![
                found(&EMAIL_SYNTAX, Severity::Warning),
                found(&EMAIL_SYNTAX, Severity::Error),
                found(&EMAIL_SYNTAX, Severity::Fix),
            ],
            vec![found(&REQUIRED_MISSING, Severity::Error)],
        ];
        for (row, findings) in rows.iter().zip(&all) {
            quality.row(Judged { row, fate: Fate::Ready, findings });
            quality.row(Judged { row, fate: Fate::Skipped, findings });
        }
        let columns = &quality.inputs[0];
        assert_eq!(columns.rows, 3);
        assert_eq!(columns.cells[0], Cells { errors: 2, filled: 2, ..Cells::default() });
        assert_eq!(columns.cells[1], Cells { blank: 1, filled: 2, ..Cells::default() });
        assert_eq!(columns.cells.iter().map(|cells| cells.good(3)).collect::<Vec<_>>(), [1, 2]);
    }
}
