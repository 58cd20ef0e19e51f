//! One row: every value by the rules of its kind, all findings at once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::home::Home;
use super::{Rules, Sheet, Use};
use crate::finding::{self, Checked, Code, Finding, Rejection};
use crate::record::{Field, Need, Record, Slot, Value};
use crate::row::{Mark, Quotes, Row};

/// What words of choice columns meant a moment ago: sheets repeat few words.
#[derive(Debug, Default)]
pub(super) struct Recent<'a> {
    pub(super) words: Vec<(usize, &'a str, Slot<'static>)>,
    /// Mail domains, with the provider of which each may be a slip.
    pub(super) domains: Vec<(&'a str, Option<&'static str>)>,
    /// Countries, with what they say of phone numbers; a sheet may have people of many.
    pub(super) homes: BTreeMap<&'a str, Home>,
}

/// How many words are remembered.
pub(super) const RECENT: usize = 24;

/// One row being judged.
pub(super) struct JudgeRow<'a, 'b> {
    pub(super) rules: &'a Rules,
    pub(super) sheet: &'a Sheet,
    pub(super) row: Row<'a>,
    /// Whether a quick look at the whole row has seen nothing to look at more closely.
    pub(super) plain: bool,
    /// Findings that do not reject the row.
    pub(super) findings: &'b mut Vec<Finding>,
    pub(super) recent: &'b mut Recent<'a>,
}

impl<'a> JudgeRow<'a, '_> {
    /// Fills the record; an error is a row that is left out, with all its reasons.
    pub(super) fn judge(&mut self, record: &mut Record<'a>) -> Checked<()> {
        let mut errors = Vec::new();
        self.judge_width(&mut errors);
        self.judge_quotes(&mut errors);
        let sheet = self.sheet;
        for &(column, role) in &sheet.columns {
            let cell = self.row.cell(column);
            let place = u16::try_from(column).ok();
            if self.row.has_mark(column, Mark::Merged) {
                let message = "the value is that of the merged cell that reaches over this row";
                self.findings.push(
                    Finding::new(&finding::CELL_MERGED, self.row.at, message)
                        .column(place)
                        .fix(cell.text, true),
                );
            }
            let checked = match role {
                Use::Slot(slot) => self.judge_cell(slot, place, cell, record),
                Use::FullName { first, last } => {
                    self.judge_full_name([first, last], place, cell, record)
                }
            };
            if let Err(finding) = checked {
                errors.push(*finding);
            }
        }
        for &(slot, column) in &sheet.required {
            let missing = matches!(record.get(slot), None | Some(Value::Null));
            if missing
                && !errors.iter().any(|error| error.column == column && column.is_some())
                && let Some(field) = self.rules.fields.get(slot)
            {
                if field.need == Need::Wanted {
                    let message = format!("{} is blank", field.name);
                    let code = &finding::WANTED_MISSING;
                    let finding = self.finding(code, column, field, "", message);
                    self.findings.push(finding);
                    continue;
                }
                errors.push(self.finding(
                    &finding::REQUIRED_MISSING,
                    column,
                    field,
                    "",
                    format!("{} is blank", field.name),
                ));
            }
        }
        self.judge_together(record, &mut errors);
        if errors.is_empty() { Ok(()) } else { Err(Rejection(errors)) }
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

    pub(super) fn repaired(
        &mut self,
        code: &'static Code,
        column: Option<u16>,
        field: &Field,
        before: &str,
        after: &str,
    ) {
        let message = format!("read as {after:?}");
        let finding = self.finding(code, column, field, before, message).fix(after, true);
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
