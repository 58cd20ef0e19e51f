//! A cell with a name, or with first and last name together.

use std::borrow::Cow;

use super::{Place, plain};
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
        place: Place<'_, '_>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        self.without_lone_quote(place, &text)?;
        self.doubt_name(place, &text);
        Ok(plain(text))
    }

    fn without_lone_quote(&self, place: Place<'_, '_>, text: &str) -> Result<(), Box<Finding>> {
        if !name::has_lone_quote(text) {
            return Ok(());
        }
        let message = "a quotation mark stands in it that has no other";
        let finding = self.about(&finding::NAME_QUOTE, place, message);
        Err(Box::new(finding.help("take it out, or type the apostrophe that it stands for")))
    }

    fn doubt_name(&mut self, place: Place<'_, '_>, text: &str) {
        let Some(doubt) = name::doubt(text) else { return };
        let finding = self.about(doubt.code, place, doubt.message);
        self.findings.push(finding);
    }

    /// Splits a full name where it has exactly one given and one family name, as `split` finds them.
    pub(in crate::validate) fn judge_full_name(
        &mut self,
        [first, last]: [usize; 2],
        split: fn(&str) -> Option<(&str, &str)>,
        (column, cell): (Option<u16>, Cell<'a>),
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        let place = Place { field: &NAME_IN_FULL, column, cell };
        self.whole(place)?;
        let glance = self.glance(cell);
        let cleaned =
            if glance.uneven { clean(cell.text, Inner::OneLine) } else { Clean::of(cell.text) };
        if cleaned.text.is_empty() {
            return Err(Box::new(self.about(
                &finding::REQUIRED_MISSING,
                place,
                "the name is blank",
            )));
        }
        if cleaned.hidden {
            return Err(self.hidden(place, &cleaned.text));
        }
        if glance.coded {
            self.unharmed(place, &cleaned.text)?;
        }
        if cleaned.repaired {
            let finding = self
                .about(&finding::TEXT_REPAIRED, place, format!("read as {:?}", cleaned.text))
                .fix(&cleaned.text, true);
            self.findings.push(finding);
        }
        let Some(text) = self.mend(place, cleaned.text)? else { return Ok(()) };
        self.without_lone_quote(place, &text)?;
        let Some((given, family)) = split(&text) else {
            let (why, help) = if name::split(&text).is_some() {
                (
                    "its header has the family name first, and it does not show for certain which that is",
                    "give first and last name a column each, or put the family name in front, before \
                     a comma",
                )
            } else {
                (
                    "it is not exactly one given name and one family name",
                    "give first and last name a column each",
                )
            };
            return Err(Box::new(self.about(&finding::NAME_SPLIT, place, why).help(help)));
        };
        for part in [given, family] {
            self.doubt_name(place, part);
        }
        record.set(first, Slot::Made(given.into()));
        record.set(last, Slot::Made(family.into()));
        Ok(())
    }
}
