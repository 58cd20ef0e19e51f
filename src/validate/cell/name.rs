//! A cell with a name, or with first and last name together.

use std::borrow::Cow;

use super::plain;
use crate::finding::{self, Finding};
use crate::mapping::FULL_NAME;
use crate::record::{Field, Kind, Record, Slot};
use crate::row::Cell;
use crate::validate::clean::{Clean, Inner, clean};
use crate::validate::name;
use crate::validate::person::JudgeRow;

/// What findings about a cell with first and last name call it.
static NAME_IN_FULL: Field = Field::new(FULL_NAME, Kind::Name, FULL_NAME);

impl<'a> JudgeRow<'a, '_> {
    /// Any name is a name, except beside a mark that is none of it; what looks like a stand-in is worth a look.
    pub(in crate::validate) fn judge_name(
        &mut self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        self.without_lone_quote(field, column, cell, &text)?;
        self.doubt_name(field, column, cell, &text);
        Ok(plain(text))
    }

    fn without_lone_quote(
        &self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: &str,
    ) -> Result<(), Box<Finding>> {
        if !name::has_lone_quote(text) {
            return Ok(());
        }
        let message = "a quotation mark stands in it that has no other";
        let finding = self.finding(&finding::NAME_QUOTE, column, field, cell.text, message);
        Err(Box::new(finding.help("take it out, or type the apostrophe that it stands for")))
    }

    fn doubt_name(&mut self, field: &Field, column: Option<u16>, cell: Cell<'_>, text: &str) {
        let Some(doubt) = name::doubt(text) else { return };
        let finding = self.finding(doubt.code, column, field, cell.text, doubt.message);
        self.findings.push(finding);
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
        let glance = self.glance(cell);
        let cleaned =
            if glance.uneven { clean(cell.text, Inner::OneLine) } else { Clean::of(cell.text) };
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
        if glance.coded {
            self.unharmed(column, field, cell, &cleaned.text)?;
        }
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
        self.without_lone_quote(field, column, cell, &text)?;
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
        for part in [given, family] {
            self.doubt_name(field, column, cell, part);
        }
        record.set(first, Slot::Made(given.into()));
        record.set(last, Slot::Made(family.into()));
        Ok(())
    }
}
