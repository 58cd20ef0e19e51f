//! A cell with a name, or with first and last name together.

use std::borrow::Cow;

use super::plain;
use crate::finding::{self, Finding};
use crate::mapping::FULL_NAME;
use crate::record::{Field, Kind, Record, Slot};
use crate::row::Cell;
use crate::validate::clean::{Inner, clean};
use crate::validate::name;
use crate::validate::person::JudgeRow;

/// What findings about a cell with first and last name call it.
static NAME_IN_FULL: Field = Field::new(FULL_NAME, Kind::Name, FULL_NAME);

impl<'a> JudgeRow<'a, '_> {
    /// Any name is a name; what looks like a stand-in is worth a look.
    pub(in crate::validate) fn judge_name(
        &mut self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: Cow<'a, str>,
    ) -> Slot<'a> {
        if let Some(message) = name::doubt(&text) {
            let code = &finding::NAME_PLACEHOLDER;
            let finding = self.finding(code, column, field, cell.text, message);
            self.findings.push(finding);
        }
        plain(text)
    }

    /// Splits a full name where it has exactly one given and one family name.
    pub(in crate::validate) fn judge_full_name(
        &mut self,
        [first, last]: [usize; 2],
        column: Option<u16>,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        let field = &NAME_IN_FULL;
        self.whole(cell, column, field)?;
        let cleaned = clean(cell.text, Inner::OneLine);
        if cleaned.text.is_empty() {
            return Err(Box::new(self.finding(
                &finding::REQUIRED_MISSING,
                column,
                field,
                cell.text,
                "the name is blank",
            )));
        }
        if cleaned.hidden {
            return Err(self.hidden(column, field, cell, &cleaned.text));
        }
        self.unharmed(column, field, cell)?;
        if cleaned.repaired {
            let finding = self
                .finding(
                    &finding::TEXT_REPAIRED,
                    column,
                    field,
                    cell.text,
                    format!("read as {:?}", cleaned.text),
                )
                .fix(&cleaned.text, true);
            self.findings.push(finding);
        }
        let Some(text) = self.mend(field, column, cell, cleaned.text)? else { return Ok(()) };
        let Some((given, family)) = name::split(&text) else {
            return Err(Box::new(
                self.finding(
                    &finding::NAME_SPLIT,
                    column,
                    field,
                    cell.text,
                    "it is not exactly one given name and one family name",
                )
                .help("give first and last name a column each"),
            ));
        };
        record.set(first, Slot::Made(given.into()));
        record.set(last, Slot::Made(family.into()));
        Ok(())
    }
}
