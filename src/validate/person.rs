//! One row: every value by the rules of its kind, all findings at once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::cell::Place;
use super::home::Home;
use super::plainly::Column;
use super::words::{Known, Meant};
use super::{Rules, Sheet, Use, email};
use crate::finding::{self, Checked, Code, Finding, Rejection};
use crate::mapping::FULL_NAME;
use crate::mapping::derived::Ingredient;
use crate::record::{Field, Need, Record, Value};
use crate::returned;
use crate::row::{Cell, Mark, Quotes, Row};

/// What was found out a moment ago: sheets repeat few words.
#[derive(Debug, Default)]
pub(super) struct Recent<'a> {
    /// What words of choice columns meant.
    pub(super) words: Known<'a, &'a Meant>,
    /// Names and texts that had to be looked at closely and are fine, with what they are without the
    /// blanks around them.
    pub(super) fine: Known<'a, &'a str>,
    /// Mail domains, with what speaks against each.
    pub(super) domains: email::Known,
    /// Countries, with what they say of phone numbers; a sheet may have people of many.
    pub(super) homes: BTreeMap<&'a str, Home>,
}

/// One row being judged.
pub(super) struct JudgeRow<'a, 'b> {
    pub(super) rules: &'a Rules,
    pub(super) sheet: &'a Sheet,
    pub(super) row: Row<'a>,
    /// Whether a quick look at the whole row has seen nothing to look at more closely.
    pub(super) plain: bool,
    /// Whether of no cell of the row more is known than its text and its kind.
    pub(super) bare: bool,
    /// Findings that do not reject the row.
    pub(super) findings: &'b mut Vec<Finding>,
    pub(super) recent: &'b mut Recent<'a>,
}

impl<'a> JudgeRow<'a, '_> {
    /// Fills the record; an error is a row that is left out, with all its reasons.
    pub(super) fn judge(&mut self, columns: &[Column], record: &mut Record<'a>) -> Checked<()> {
        let mut errors = Vec::new();
        self.judge_width(&mut errors);
        self.judge_quotes(&mut errors);
        let sheet = self.sheet;
        for column in columns {
            let cell = self.row.cell(column.at);
            let is_short =
                self.bare && !self.is_clear_word(cell) && self.judge_plainly(column, cell, record);
            if !is_short && let Err(finding) = self.judge_column(column, cell, record) {
                errors.push(*finding);
            }
        }
        if !sheet.made.is_empty() {
            self.make_values(record, &mut errors);
        }
        self.drop_empty_entries(columns, record, &mut errors);
        for &(slot, column) in &sheet.required {
            if !record.is_filled(slot)
                && let Some(field) = self.rules.fields.get(slot)
                && !self.is_told(slot, column, field, &errors)
            {
                if field.need == Need::Wanted {
                    let message = format!("{} is blank", field.name);
                    let code = &finding::WANTED_MISSING;
                    let finding = self.finding(code, column, field, "", message);
                    self.findings.push(finding);
                    continue;
                }
                let message = format!("{} is blank", field.name);
                let code = &finding::REQUIRED_MISSING;
                let mut finding = self.finding(code, column, field, "", message);
                if let Some(why) = self.why_not_made(slot, record) {
                    finding = finding.help(why);
                }
                errors.push(finding);
            }
        }
        self.judge_together(record, &mut errors);
        if errors.is_empty() { Ok(()) } else { Err(Rejection(errors)) }
    }

    /// A cell for all that its column fills, if it does not go the short way.
    #[inline(never)]
    fn judge_column(
        &mut self,
        &Column { at, place, role, .. }: &Column,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        if !self.bare && self.row.has_mark(at, Mark::Merged) {
            let message = "the value is that of the merged cell that reaches over this row";
            self.findings.push(
                Finding::new(&finding::CELL_MERGED, self.row.at, message)
                    .column(place)
                    .fix(cell.text, true),
            );
        }
        match role {
            _ if self.is_clear_word(cell) => self.clear_all(role, place, cell, record),
            Use::Slot(slot) => self.judge_cell(slot, place, cell, record),
            Use::FullName { first, last, order } => {
                self.judge_full_name([first, last], order, (place, cell), record)
            }
        }
    }

    /// Takes out what the recipe alone says of an entry of a list that the person does not have: a
    /// country for everybody makes no address, and there is none whose parts could be cleared. A cell that
    /// asks for that is refused, unless the list is sent without the entry.
    fn drop_empty_entries(
        &self,
        columns: &[Column],
        record: &mut Record<'_>,
        errors: &mut Vec<Finding>,
    ) {
        for entry in &self.sheet.entries {
            let own = |&(slot, constant): &(usize, bool)| {
                let given = constant || record.stands_in(slot);
                !given && record.is_filled(slot)
            };
            if entry.slots.iter().any(own) {
                continue;
            }
            let is_sent = entry.of_list.iter().any(|slot| {
                let of_entry = entry.slots.iter().any(|(own, _)| own == slot);
                !of_entry && record.is_filled(*slot)
            });
            for &(slot, _) in &entry.slots {
                if !is_sent && record.get(slot) == Some(Value::Null) {
                    errors.extend(self.not_cleared(slot, columns));
                }
                record.unset(slot);
            }
        }
    }

    /// What is said of a cell that asks to clear a part of an entry that is not sent.
    fn not_cleared(&self, slot: usize, columns: &[Column]) -> Option<Finding> {
        let own = |column: &&Column| matches!(column.role, Use::Slot(own) if own == slot);
        let column = columns.iter().find(own)?;
        let cell = self.row.cell(column.at);
        if self.rules.layout.is_of_new_people() || !self.is_clear_word(cell) {
            return None;
        }
        let field = self.rules.fields.get(slot)?;
        let message = format!(
            "`{}` cannot be cleared: the row has nothing else of the list that it belongs to",
            field.name
        );
        let place = Place { field, column: column.place, cell };
        let finding = self.about(&finding::CLEAR_REFUSED, place, message);
        Some(finding.help("empty it in the target; or leave the cell blank, which changes nothing"))
    }

    /// Clears every field of a column whose cell asks for it.
    fn clear_all(
        &self,
        role: Use,
        column: Option<u16>,
        cell: Cell<'_>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        match role {
            Use::Slot(slot) => self.clear(slot, column, cell, record),
            Use::FullName { first, last, .. } => {
                self.clear(first, column, cell, record)?;
                self.clear(last, column, cell, record)
            }
        }
    }

    /// Whether an error says already why a field has no value. One that the recipe lowered to a warning
    /// does not: it lets the person pass.
    fn is_told(&self, slot: usize, column: Option<u16>, field: &Field, errors: &[Finding]) -> bool {
        let made = self.sheet.made.iter().find(|make| make.slot == slot);
        errors.iter().filter(|error| self.rules.rejects(error)).any(|error| {
            let of_part = made
                .zip(error.column)
                .is_some_and(|(make, column)| make.columns.contains(&usize::from(column)));
            let of_field = made.is_some_and(|make| {
                make.from.ingredients().iter().any(|of| match of {
                    Ingredient::Field(slot) => {
                        let field = self.rules.fields.get(*slot);
                        let is_name = |name: &str| matches!(name, "first_name" | "last_name");
                        field.is_some_and(|part| {
                            error.field.as_deref() == Some(&part.name)
                                || error.field.as_deref() == Some(FULL_NAME) && is_name(&part.name)
                        })
                    }
                    Ingredient::Column(_) => false,
                })
            });
            let of_column = column.is_some() && error.column == column;
            of_column
                || of_part
                || of_field
                || (made.is_some() && error.field.as_deref() == Some(&field.name))
        })
    }

    pub(super) fn finding(
        &self,
        code: &'static Code,
        column: Option<u16>,
        field: &Field,
        value: &str,
        message: impl Into<Cow<'static, str>>,
    ) -> Finding {
        Finding::new(code, self.row.at, message)
            .column(column)
            .field(field.name.clone())
            .value(value)
    }

    /// A finding about a cell.
    pub(super) fn about(
        &self,
        code: &'static Code,
        place: Place<'_, '_>,
        message: impl Into<Cow<'static, str>>,
    ) -> Finding {
        self.finding(code, place.column, place.field, place.cell.text, message)
    }

    pub(super) fn repaired(&mut self, code: &'static Code, place: Place<'_, '_>, after: &str) {
        let message = format!("read as {after:?}");
        let finding = self.about(code, place, message).fix(after, true);
        self.findings.push(finding);
    }

    /// Quotes of a text file should open and close around whole cells.
    fn judge_quotes(&mut self, errors: &mut Vec<Finding>) {
        match self.row.quotes() {
            None => {}
            Some(Quotes::Open) => errors.push(
                Finding::new(
                    &finding::QUOTE_OPEN,
                    self.row.at,
                    "a quote opens in this row and is never closed",
                )
                .help("close the quote, or double it if it is part of the text"),
            ),
            Some(Quotes::Stray) => self.findings.push(Finding::new(
                &finding::QUOTE_STRAY,
                self.row.at,
                "a quote stands inside a cell and was taken as text",
            )),
        }
    }

    /// Rows of a text file should be as wide as the header.
    fn judge_width(&mut self, errors: &mut Vec<Finding>) {
        let (width, header) = (self.row.len(), self.sheet.headers.len());
        if width > header {
            let extra = (header..width).find(|&column| !self.row.cell(column).is_blank());
            if let Some(column) = extra {
                // Columns that an earlier check added are none of the user's.
                let ours =
                    self.sheet.headers.iter().filter(|header| returned::is_ours(header)).count();
                let (width, header) = (width - ours, header - ours);
                // Cells of a workbook have their places: nothing has moved. One of ours may have been made of a text.
                if self.row.at.line == 0 && ours == 0 {
                    let message =
                        "a value stands beside the table, under no header; it is not sent";
                    self.findings.push(
                        Finding::new(&finding::HEADER_EMPTY, self.row.at, message)
                            .column(u16::try_from(column).ok())
                            .value(self.row.cell(column).text),
                    );
                    return;
                }
                errors.push(
                    Finding::new(
                        &finding::ROW_LONG,
                        self.row.at,
                        format!("the row has {width} cells, the header {header}"),
                    )
                    .column(u16::try_from(column).ok())
                    .value(self.row.cell(column).text)
                    .help("quote the cell that holds the delimiter"),
                );
            }
        } else if width < header && self.row.at.line > 0 {
            self.findings.push(Finding::new(
                &finding::ROW_SHORT,
                self.row.at,
                format!("the row has {width} cells, the header {header}"),
            ));
        }
    }
}
