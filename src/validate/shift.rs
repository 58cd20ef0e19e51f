//! Rows whose cells stand one or two columns beside their headers. Only rejected rows are asked.

use super::{Rules, Sheet, Use, damage, email};
use crate::finding::{self, Finding};
use crate::record::{Kind, Need};
use crate::row::{Cell, Row, letters};

/// How far away cells are looked for, in this order.
const SHIFTS: [isize; 4] = [1, -1, 2, -2];

/// What a cell is to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// The field takes it, and would not take most others.
    Telling,
    /// The field takes it, or it is blank.
    Silent,
    /// The field does not take it.
    Wrong,
}

impl Rules {
    /// Says that a row has shifted: its errors would vanish if its cells were read one or two columns
    /// further on. `errors` is what speaks against the row as it is.
    pub(super) fn shifted(
        &self,
        sheet: &Sheet,
        row: Row<'_>,
        errors: &[Finding],
    ) -> Option<Finding> {
        if errors.is_empty() {
            return None;
        }
        let too_long = errors.iter().any(|error| error.code == &finding::ROW_LONG);
        let wrong = wrong_columns(sheet, row, errors);
        // A row that is too long is one sign already. One sign alone may be a slip of one cell.
        if wrong.len() + usize::from(too_long) < 2 {
            return None;
        }
        let first = *wrong.first()?;
        let by = SHIFTS.into_iter().find(|&by| {
            let (cured, telling) = self.cured(sheet, row, &wrong, by).unwrap_or_default();
            telling > 0 && cured + usize::from(too_long && by > 0) > 1
        })?;
        let first = if by.is_negative() {
            // The cell of the first wrong column stands to the left of it.
            first.saturating_sub(by.unsigned_abs())
        } else {
            self.where_it_begins(sheet, row, first, by)
        };
        let whole =
            sheet.columns.iter().all(|&(column, _)| column >= first || row.cell(column).is_blank());
        let from =
            if whole { String::new() } else { format!("from column {} on ", letters(first)) };
        let columns = if by.abs() == 1 { "one column" } else { "two columns" };
        let side = if by > 0 { "right" } else { "left" };
        let message = format!("{from}every cell is {columns} to the {side}");
        let help = if row.at.line > 0 && by > 0 {
            "quote the cell that holds the delimiter, or move the cells back under their headers"
        } else {
            "move the cells back under their headers"
        };
        Some(Finding::new(&finding::ROW_SHIFTED, row.at, message).help(help))
    }

    /// The column from which on the row has shifted: before the first wrong one, where a cell that
    /// people hardly leave blank is blank, and everything between fits when it is shifted.
    fn where_it_begins(&self, sheet: &Sheet, row: Row<'_>, first: usize, by: isize) -> usize {
        let mut begins = first;
        for &(column, role) in sheet.columns.iter().rev().filter(|(column, _)| *column < first) {
            let from = column.checked_add_signed(by).filter(|from| *from < row.len());
            let Some(from) = from else { break };
            if self.fit(row, role, row.cell(from)) == Fit::Wrong {
                break;
            }
            let is_wanted = match role {
                Use::Slot(slot) => {
                    self.fields.get(slot).is_some_and(|field| field.need != Need::Optional)
                }
                Use::FullName { .. } => true,
            };
            if is_wanted && row.cell(column).is_blank() && !row.cell(from).is_blank() {
                begins = column;
            }
        }
        begins
    }

    /// How many of the wrong columns a shift would cure, and in how many of them the cell could hardly
    /// be for another field. Nothing when a cell behind the first of them would not fit.
    fn cured(
        &self,
        sheet: &Sheet,
        row: Row<'_>,
        wrong: &[usize],
        by: isize,
    ) -> Option<(usize, usize)> {
        let first = *wrong.first()?;
        // The wrong columns decide in most rows, so they are asked first.
        let (are, others): (Vec<_>, Vec<_>) = sheet
            .columns
            .iter()
            .filter(|(column, _)| *column >= first)
            .partition(|(column, _)| wrong.contains(column));
        // A cell that was pushed in is blank. Where another value stands there, two may only have
        // changed places, and a blank is no cure.
        let width = usize::try_from(by).unwrap_or(0);
        let pushed_in = (first..first + width).all(|column| row.cell(column).is_blank());
        let (mut cured, mut telling) = (0, 0);
        for &(column, role) in are.into_iter().chain(others) {
            // Cells that would come from outside of the row say nothing.
            let from = column.checked_add_signed(by).filter(|from| *from < row.len());
            let Some(from) = from else { continue };
            let fit = self.fit(row, role, row.cell(from));
            if fit == Fit::Wrong {
                return None;
            }
            if wrong.contains(&column) && (pushed_in || !row.cell(from).is_blank()) {
                cured += 1;
                telling += usize::from(fit == Fit::Telling);
            }
        }
        Some((cured, telling))
    }

    /// What a cell is to a column.
    fn fit(&self, row: Row<'_>, role: Use, cell: Cell<'_>) -> Fit {
        let Use::Slot(slot) = role else { return name(cell) };
        let Some(field) = self.fields.get(slot) else { return Fit::Silent };
        if cell.is_blank() {
            return if field.need == Need::Required { Fit::Wrong } else { Fit::Silent };
        }
        match field.kind {
            Kind::Name => return name(cell),
            Kind::Text | Kind::Words | Kind::Json(_) => return Fit::Silent,
            Kind::Phone(_) if damage::is_date(cell.text.trim()) => return Fit::Wrong,
            // The rest of these judges looks for what was perhaps meant, which nobody asks here.
            Kind::Email => return told(email::check(cell.text.trim()).is_ok()),
            Kind::Choice(_) | Kind::Choices(_) => {
                let known = self.words.get(slot).is_some_and(|words| words.knows(cell.text));
                // A word that the list lacks may stand where it should nevertheless.
                return if known { Fit::Telling } else { name(cell) };
            }
            Kind::Bool if name(cell) == Fit::Silent => return Fit::Silent,
            _ => {}
        }
        // What the column proves and what its own cell stores is of no use for a cell of another.
        match self.try_cell(row, (slot, None), cell) {
            Ok(_) if matches!(field.kind, Kind::Integer | Kind::Decimal) => Fit::Silent,
            Ok(_) => Fit::Telling,
            Err(refused) => {
                let almost = [&finding::DATE_AMBIGUOUS, &finding::PHONE_NO_COUNTRY];
                if almost.contains(&refused.code) { Fit::Telling } else { Fit::Wrong }
            }
        }
    }

    /// Whether a cell of a row is what a field takes and most others do not; nothing for a field that
    /// takes nearly everything.
    pub fn telling(&self, row: Row<'_>, field: &str, column: usize) -> Option<bool> {
        let slot = self.fields.iter().position(|candidate| candidate.name == field)?;
        let kind = &self.fields.get(slot)?.kind;
        let cell = row.cell(column);
        // Ids and amounts are digits too; a phone number is written as one.
        let is_written =
            |text: &str| text.starts_with(['+', '0', '(']) || text.contains([' ', '-']);
        let may = !matches!(kind, Kind::Phone(_)) || is_written(cell.text.trim());
        kind.is_telling().then(|| may && self.fit(row, Use::Slot(slot), cell) == Fit::Telling)
    }
}

/// What a cell is to a field that takes few values.
fn told(fits: bool) -> Fit {
    if fits { Fit::Telling } else { Fit::Wrong }
}

/// What a cell is to a column of names or of words.
fn name(cell: Cell<'_>) -> Fit {
    let text = cell.text;
    let is_name = text.contains(char::is_alphabetic)
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | '/' | '_'));
    if is_name { Fit::Silent } else { Fit::Wrong }
}

/// The columns in use that do not hold what they should, in order.
fn wrong_columns(sheet: &Sheet, row: Row<'_>, errors: &[Finding]) -> Vec<usize> {
    // A cell that asks to be cleared stands where its owner wants it.
    let placed = errors.iter().filter(|error| error.code != &finding::CLEAR_REFUSED);
    let own = placed.filter_map(|error| error.column.map(usize::from));
    let mut wrong: Vec<usize> =
        own.filter(|own| sheet.columns.iter().any(|(column, _)| column == own)).collect();
    wrong.extend(sheet.names.iter().filter(|&&column| row.cell(column).text.contains('@')));
    wrong.sort_unstable();
    wrong.dedup();
    wrong
}
