//! A cell with a name, or with first and last name together.

use std::borrow::Cow;

use super::{Place, plain};
use crate::finding::{self, Finding};
use crate::mapping::{FULL_NAME, NameOrder, flag_name, said_first};
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

    /// Splits a full name where it has exactly one given and one family name.
    pub(in crate::validate) fn judge_full_name(
        &mut self,
        [first, last]: [usize; 2],
        order: NameOrder,
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
        let Some((given, family)) = name::split(&text, order) else {
            return Err(Box::new(self.unsplit(place, &text, order)));
        };
        for part in [given, family] {
            self.doubt_name(place, part);
        }
        record.set(first, Slot::Made(given.into()));
        record.set(last, Slot::Made(family.into()));
        Ok(())
    }

    /// A full name that cannot be split.
    fn unsplit(&self, place: Place<'_, '_>, text: &str, order: NameOrder) -> Finding {
        let columns = "give first and last name a column each";
        let first = text.split(' ').next().unwrap_or(text);
        let in_capitals = !first.contains(char::is_lowercase);
        let by_comma =
            "write a comma behind the family name, or give first and last name a column each";
        let (why, help): (&'static str, Cow<'static, str>) = match order {
            NameOrder::Shown => match self.orders(place, text) {
                Some(orders) => (
                    "its header has the family name first, and nothing in the name shows whether that is so",
                    format!("put the family name in front, before a comma; or say which name stands first in the whole column: {orders}").into(),
                ),
                None => ("it is not exactly one given name and one family name", columns.into()),
            },
            NameOrder::FamilyFirst => {
                ("it is not for certain one family name and one given name behind it", by_comma.into())
            }
            NameOrder::GivenFirst => match self.orders(place, text).filter(|_| in_capitals) {
                Some(orders) => (
                    "its first word may be the family name",
                    format!("{columns}; or, if the family name stands first in the whole column: {orders}").into(),
                ),
                None => ("it is not exactly one given name and one family name", columns.into()),
            },
        };
        self.about(&finding::NAME_SPLIT, place, why).help(help)
    }

    /// What can be said of a column so that this name of it is split.
    fn orders(&self, place: Place<'_, '_>, text: &str) -> Option<String> {
        let name = place.column.map(|column| flag_name(&self.sheet.headers, usize::from(column)));
        let name = name.as_deref().unwrap_or("COLUMN");
        let orders = [NameOrder::FamilyFirst, NameOrder::GivenFirst].into_iter().zip(said_first());
        let orders = orders.filter(|(order, _)| name::split(text, *order).is_some());
        let flags: Vec<String> = orders.map(|(_, said)| format!("--map '{name}={said}'")).collect();
        (!flags.is_empty()).then(|| flags.join(" or "))
    }
}
