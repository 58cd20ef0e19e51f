//! The short way of a cell: what nearly every cell of a good sheet is, told by its bytes alone.
//!
//! It answers only for cells in which the long way (`JudgeRow::judge_closely`) would find nothing, with
//! the value that this would give; of every other cell it says nothing. A property test holds the two
//! against each other. What holds for all cells of a column is worked out once for a chunk ([`Column`]).

use super::column::{Letters, Nature};
use super::glance::Glance;
use super::person::JudgeRow;
use super::words::{Meant, Words};
use super::{Rules, Sheet, Use, damage, date, email, name, phone};
use crate::recipe::Blank;
use crate::record::{Field, Kind, PhoneForm, Record, Value};
use crate::row::{Cell, CellKind};

/// A column in use, with what holds for all of its cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) at: usize,
    /// The same for findings.
    pub(super) place: Option<u16>,
    pub(super) role: Use,
    /// The slot that it fills by itself.
    slot: Option<usize>,
    way: Way,
    /// Whether a blank cell clears the field.
    clears: bool,
}

/// Which short way the cells of a column go.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// None.
    None,
    /// What the word meant a moment ago.
    Word,
    /// Text in which nothing is odd.
    Text,
    /// A name of letters.
    Name,
    /// An address of the plainest form.
    Email,
    /// A day in the form of nearly every one; no birth lies in the future or long ago.
    Day { of_birth: bool },
    /// The digits of a number; one with a zero in front may be a date where the column has some.
    Phone { form: PhoneForm, has_dates: bool },
}

impl Rules {
    /// The columns in use of a sheet.
    pub(super) fn columns_of(&self, sheet: &Sheet) -> Vec<Column> {
        let column = |&(at, role): &(usize, Use)| {
            let slot = match role {
                Use::Slot(slot) => Some(slot),
                Use::FullName { .. } => None,
            };
            Column {
                at,
                place: u16::try_from(at).ok(),
                role,
                slot,
                way: slot.map_or(Way::None, |slot| self.way(slot, sheet.natures.get(at))),
                clears: slot.is_some_and(|slot| self.blank_of(slot) == Blank::Clear),
            }
        };
        sheet.columns.iter().map(column).collect()
    }

    /// Which short way there is to a slot for the cells of a column of this nature.
    fn way(&self, slot: usize, nature: Option<&Nature>) -> Way {
        let Some(field) = self.fields.get(slot) else { return Way::None };
        if !self.words.get(slot).is_none_or(Words::is_empty) {
            let is_open = nature.is_some_and(|nature| nature.letters != Letters::Usual);
            return if is_open { Way::None } else { Way::Word };
        }
        match field.kind {
            _ if self.has_others => Way::None,
            Kind::Text if field.denies || nature.is_some_and(Nature::is_watched) => Way::None,
            Kind::Text => Way::Text,
            Kind::Name => Way::Name,
            Kind::Email => Way::Email,
            Kind::Date(_) => Way::Day { of_birth: field.born },
            // What they are depends on the country of the person.
            Kind::Phone(PhoneForm::E164) => Way::None,
            Kind::Phone(form) => {
                let has_dates = nature.is_some_and(|nature| nature.foreign_dates);
                Way::Phone { form, has_dates }
            }
            _ => Way::None,
        }
    }
}

impl<'a> JudgeRow<'a, '_> {
    /// Takes a cell that is plainly fine, or plainly blank. Says whether it is; a cell that is not is left
    /// to the rules, its slot untouched or empty.
    #[inline]
    pub(super) fn judge_plainly(
        &mut self,
        column: &Column,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> bool {
        let as_text = cell.kind == CellKind::Text
            || cell.kind == CellKind::Date && matches!(column.way, Way::Day { .. });
        let Some(slot) = column.slot.filter(|_| as_text) else { return false };
        let text = trimmed(cell.text);
        if text.is_empty() {
            if column.clears {
                self.judge_blank(slot, column.place, record);
            }
            return true;
        }
        self.fill_plainly(slot, column.way, (cell.text, text), record)
    }

    /// Takes a cell with the text of an earlier one of its column that was found fine. Says whether it is
    /// one.
    #[inline]
    pub(super) fn judge_again(
        &self,
        slot: usize,
        field: &Field,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> bool {
        if !is_its_text(field, cell) {
            return false;
        }
        let text = self.recent.fine.find(slot, cell.text);
        if let Some(text) = text {
            record.set_plain(slot, Value::Text(text));
        }
        text.is_some()
    }

    /// Keeps a text in which nothing was found, if it is its own value.
    pub(super) fn remember(
        &mut self,
        slot: usize,
        field: &Field,
        cell: Cell<'a>,
        record: &Record<'a>,
    ) {
        let text = cell.text.trim();
        if is_its_text(field, cell) && record.text(slot) == Some(text) {
            self.recent.fine.keep(slot, cell.text, text);
        }
    }

    /// Fills the slot with the value of a text without blanks around it, if it is one beyond doubt. Names,
    /// addresses and days need no glance: none of their characters hides anything.
    #[inline]
    fn fill_plainly(
        &mut self,
        slot: usize,
        way: Way,
        (raw, text): (&'a str, &'a str),
        record: &mut Record<'a>,
    ) -> bool {
        let is_fine = match way {
            Way::None => false,
            Way::Name => name::is_plain(text.as_bytes()) && !damage::is_odd(text),
            Way::Text => self.is_plain(raw) && !damage::is_odd(text),
            Way::Email => email::is_fine(text, &mut self.recent.domains),
            Way::Phone { form, has_dates } => {
                let may_be_other = has_dates && text.starts_with('0') || self.has_gap(text);
                return !may_be_other && fill_number(slot, text, form, record);
            }
            Way::Day { of_birth } => {
                let Some(date) = date::plain_day(text) else { return false };
                let today = self.rules.settings.today;
                let may_be = !of_birth || date <= today && date.year() >= 1900;
                if may_be {
                    record.set_plain(slot, Value::Date(date));
                }
                return may_be;
            }
            Way::Word => {
                let meant = self.recent.words.find(slot, raw);
                let Some(Meant::Value(value)) = meant.filter(|_| self.is_plain(raw)) else {
                    return false;
                };
                record.set_plain(slot, value.value());
                return true;
            }
        };
        if is_fine {
            record.set_plain(slot, Value::Text(text));
        }
        is_fine
    }

    /// Whether a quick look at a cell sees nothing to look at more closely.
    #[inline]
    fn is_plain(&self, text: &str) -> bool {
        self.plain || Glance::closer(text).is_plain()
    }

    /// Whether two spaces stand side by side, which is told.
    #[inline]
    fn has_gap(&self, text: &str) -> bool {
        !self.plain && text.as_bytes().windows(2).any(|pair| pair == b"  ")
    }
}

/// Fills a slot with a phone number of which nothing has to be known but its digits. Says whether it is one.
#[inline]
fn fill_number<'a>(slot: usize, text: &'a str, form: PhoneForm, record: &mut Record<'a>) -> bool {
    let mut is_written = form == PhoneForm::AsIs;
    let is_plain = record.set_short(slot, |number| {
        let is_plain = phone::is_plain(text, number);
        is_written |= number.len() == text.len();
        is_plain
    });
    if is_plain && is_written {
        record.set_plain(slot, Value::Text(text));
    }
    is_plain
}

/// A text without plain white space around it, which few have.
#[inline]
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.min(last) > &b' ' => text,
        _ => text.trim_ascii(),
    }
}

/// Whether what a cell is depends on its text and its column alone: the rest of the row has no say.
fn is_its_text(field: &Field, cell: Cell<'_>) -> bool {
    cell.kind == CellKind::Text && matches!(field.kind, Kind::Name | Kind::Text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::cell::Place;
    use super::super::person::Recent;
    use super::*;
    use crate::finding::Finding;
    use crate::recipe::Blank;
    use crate::record::{Choice, DateForm, Slot};
    use crate::row::{Location, Row, Rows};
    use crate::validate::Settings;

    const CHOICES: &[Choice] = &[Choice {
        value: Slot::Plain(Value::Integer(1)),
        label: std::borrow::Cow::Borrowed("Female"),
        words: &["f", "woman"],
    }];

    /// Rules with a field of each kind that has a short way.
    fn rules() -> Rules {
        let of = |name: &'static str, kind| Field::new(name, kind, name);
        let fields = vec![
            of("text", Kind::Text),
            of("name", Kind::Name),
            of("mail", Kind::Email),
            of("day", Kind::Date(DateForm::Iso)),
            of("born", Kind::Date(DateForm::Iso)).born(),
            of("digits", Kind::Phone(PhoneForm::Digits)),
            of("as_is", Kind::Phone(PhoneForm::AsIs)),
            of("e164", Kind::Phone(PhoneForm::E164)),
            of("choice", Kind::Choice(CHOICES.into())),
        ];
        let mut rules = Rules::of_recipe(Settings {
            today: date(2026, 11, 22),
            date_order: None,
            zone: None,
            region: None,
            blank: Blank::Clear,
            likely: false,
        });
        rules.words = fields.iter().map(Words::of).collect();
        rules.blanks = vec![Blank::Clear; fields.len()];
        let columns = (0..fields.len()).map(|slot| (0, Use::Slot(slot))).collect();
        rules.fields = fields;
        rules.sheets = vec![Sheet { columns, ..Sheet::default() }];
        rules
    }

    /// The value of a cell or why it has none, and what is odd about it.
    type Told = (Result<Option<Slot<'static>>, String>, Vec<Finding>);

    #[derive(Clone, Copy, Debug)]
    enum Taken {
        Short,
        Long,
        /// As a run goes.
        Usual,
    }

    /// What the first cell of a row is as the value of a slot; nothing where the short way leaves it.
    fn told<'a>(
        rules: &'a Rules,
        row: Row<'a>,
        slot: usize,
        way: Taken,
        recent: &mut Recent<'a>,
    ) -> Option<Told> {
        let (field, cell) = (&rules.fields[slot], row.cell(0));
        let column = &rules.columns_of(&rules.sheets[0])[slot];
        let (mut findings, mut record) = (Vec::new(), Record::new(rules.fields.len()));
        let mut judge = JudgeRow {
            rules,
            sheet: &rules.sheets[0],
            row,
            plain: false,
            bare: true,
            findings: &mut findings,
            recent,
        };
        let result = match way {
            Taken::Short => judge.judge_plainly(column, cell, &mut record).then_some(Ok(()))?,
            Taken::Long => {
                judge.judge_closely(slot, Place { field, column: Some(0), cell }, &mut record)
            }
            Taken::Usual if judge.judge_plainly(column, cell, &mut record) => Ok(()),
            Taken::Usual => judge.judge_cell(slot, Some(0), cell, &mut record),
        };
        let value = record.take(slot).map(Slot::into_owned);
        Some((result.map(|()| value).map_err(|it| it.message.into()), findings))
    }

    fn row_of(text: &str, kind: CellKind) -> Rows {
        let mut rows = Rows::default();
        rows.push_cell(text, kind);
        rows.end_row(Location::default());
        rows
    }

    /// Texts near those that have a short way, and others.
    fn near() -> impl Strategy<Value = String> {
        prop_oneof![
            "[+(0]{0,2}[0-9 ().x/-]{4,20}",
            "[+(]?(0|1|61|44) ?[(]?[0-9]{3}[)]? [0-9]{3}[ -][0-9]{4}",
            "(19|20|00|18)[0-9]{2}-[01][0-9]-[0-3][0-9]",
            "[A-Za-z]{1,12}([ '.-][A-Za-z]{1,8})?",
            "(test|Null|null|None|nan|N/A|Mr|Dr Ada|NaN|undefined|E|Err:123|f|Woman|#N/A|=\"1\"|'1)",
            "(info|test|john.doe|no-reply|a|ada|ada.b|mary_|sales1)@(test|gmail|gmial|x|none|a)\\.(com|org|con|co.uk)",
            "[A-Za-z0-9._+-]{1,12}@[A-Za-z0-9.-]{1,10}\\.[a-z]{2,4}",
            "[ -~]{0,24}",
            " {0,2}\\PC{0,12} {0,2}",
            "[ \t]{0,2}[A-Za-zéÉÃøßŁ©  &-]{1,12}[ \t\r]?",
            "[ \t]?[+(0-9]{2,4} {1,2}[0-9]{3} {1,2}[0-9]{4,6}[ \t]?",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: ProptestConfig::default().cases * 64,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_short_way_says_what_the_long_one_says(
            text in near(),
            kind in prop::sample::select(vec![CellKind::Text, CellKind::Text, CellKind::Date, CellKind::Number]),
        ) {
            let rules = rules();
            for slot in 0..rules.fields.len() {
                let rows = row_of(&text, kind);
                let (row, mut recent) = (rows.get(0).unwrap(), Recent::default());
                let name = &rules.fields[slot].name;
                let mut told = |way| told(&rules, row, slot, way, &mut recent);
                let long = told(Taken::Long);
                // What the long way has learnt of words is known now.
                let short = told(Taken::Short);
                prop_assert!(short.is_none() || short == long, "{:?} {:?} {:?}", name, short, long);
                for _ in 0..2 {
                    prop_assert_eq!(told(Taken::Usual), long.clone(), "{:?}", name);
                }
            }
        }
    }

    #[test]
    fn what_good_sheets_have_goes_the_short_way() {
        let rules = rules();
        for (slot, text) in [
            (0, "12 Some St"),
            (0, ""),
            (1, "Ada"),
            (2, "Ada.Lovelace+x@Example.ORG"),
            (3, "2030-01-31"),
            (4, "1999-12-31"),
            (5, "+1 (212) 555-0123"),
            (5, "(212) 555-0123"),
            (5, "0412 323 123"),
            (6, "+61 412 323 123"),
            (8, "Woman"),
        ] {
            let rows = row_of(text, CellKind::Text);
            let (row, mut recent) = (rows.get(0).unwrap(), Recent::default());
            let long = told(&rules, row, slot, Taken::Long, &mut recent);
            assert_eq!(told(&rules, row, slot, Taken::Short, &mut recent), long, "{text:?}");
        }
        for (slot, text) in [(1, "Test"), (2, "info@example.org"), (3, "31/12/1999"), (5, "12")] {
            let rows = row_of(text, CellKind::Text);
            let (row, mut recent) = (rows.get(0).unwrap(), Recent::default());
            assert_eq!(told(&rules, row, slot, Taken::Short, &mut recent), None, "{text:?}");
        }
    }
}
