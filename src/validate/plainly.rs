//! The short way of a cell: what nearly every cell of a good sheet is, told by its bytes alone.
//!
//! It answers only for cells in which the long way (`JudgeRow::judge_closely`) would find nothing, with
//! the value that this would give; of every other cell it says nothing. A property test holds the two
//! against each other.

use super::column::Nature;
use super::glance::Glance;
use super::person::JudgeRow;
use super::words::{Meant, Words};
use super::{damage, date, email, name, phone};
use crate::record::{Field, Kind, PhoneForm, Record, Slot, Value};
use crate::row::{Cell, CellKind};

impl<'a> JudgeRow<'a, '_> {
    /// Takes a cell that is plainly fine, or plainly blank. Says whether it is; a cell that is not is left
    /// to the rules untouched.
    #[inline]
    pub(super) fn judge_plainly(
        &mut self,
        slot: usize,
        field: &'a Field,
        column: Option<u16>,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> bool {
        let as_text = match cell.kind {
            CellKind::Text => true,
            CellKind::Date => matches!(field.kind, Kind::Date(_)),
            _ => false,
        };
        if !as_text || !(self.plain || Glance::of(cell.text).is_plain()) {
            return false;
        }
        let text = cell.text.trim_ascii();
        if text.is_empty() {
            self.judge_blank(slot, column, record);
            return true;
        }
        match self.plain_value(slot, field, column, cell.text, text) {
            Some(value) => {
                record.set(slot, value);
                true
            }
            None => false,
        }
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
            record.set(slot, Slot::Plain(Value::Text(text)));
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

    /// The value of a plain text, if it is one beyond doubt.
    #[inline]
    fn plain_value(
        &mut self,
        slot: usize,
        field: &'a Field,
        column: Option<u16>,
        raw: &'a str,
        text: &'a str,
    ) -> Option<Slot<'a>> {
        let rules = self.rules;
        if !rules.words.get(slot).is_none_or(Words::is_empty) {
            return match self.recent.words.find(slot, raw)? {
                Meant::Value(value) => Some(Slot::Plain(value.value())),
                Meant::Blank => None,
            };
        }
        if rules.has_others {
            return None;
        }
        let is_fine = match field.kind {
            Kind::Text => {
                !self.nature(column).is_some_and(Nature::is_watched) && !damage::is_odd(text)
            }
            Kind::Name => name::is_plain(text.as_bytes()) && !damage::is_odd(text),
            Kind::Email => email::is_fine(text, &mut self.recent.domains),
            Kind::Date(_) => {
                let date = date::plain_day(text)?;
                let may_be = !field.born || date <= rules.settings.today && date.year() >= 1900;
                return may_be.then_some(Slot::Plain(Value::Date(date)));
            }
            Kind::Phone(form) => return self.plain_number(column, text, form),
            _ => false,
        };
        is_fine.then_some(Slot::Plain(Value::Text(text)))
    }

    /// A phone number that nothing has to be known of but its digits.
    #[inline]
    fn plain_number(
        &self,
        column: Option<u16>,
        text: &'a str,
        form: PhoneForm,
    ) -> Option<Slot<'a>> {
        let has_dates = || self.nature(column).is_some_and(|nature| nature.foreign_dates);
        if form == PhoneForm::E164 || text.starts_with('0') && has_dates() {
            return None;
        }
        let number = phone::Plain::of(text)?;
        Some(if form == PhoneForm::AsIs || number.len() == text.len() {
            Slot::Plain(Value::Text(text))
        } else {
            Slot::Made(number.digits().into())
        })
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

    use super::super::person::Recent;
    use super::super::{Rules, Sheet};
    use super::*;
    use crate::finding::Finding;
    use crate::recipe::Blank;
    use crate::record::{Choice, DateForm};
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
        rules.fields = fields;
        rules.sheets = vec![Sheet::default()];
        rules
    }

    /// The value of a cell or why it has none, and what is odd about it.
    type Told = (Result<Option<Slot<'static>>, String>, Vec<Finding>);

    #[derive(Clone, Copy, Debug)]
    enum Way {
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
        way: Way,
        recent: &mut Recent<'a>,
    ) -> Option<Told> {
        let (field, cell) = (&rules.fields[slot], row.cell(0));
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
            Way::Short => {
                judge.judge_plainly(slot, field, Some(0), cell, &mut record).then_some(Ok(()))?
            }
            Way::Long => judge.judge_closely(slot, field, Some(0), cell, &mut record),
            Way::Usual => judge.judge_cell(slot, Some(0), cell, &mut record),
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
                let long = told(Way::Long);
                // What the long way has learnt of words is known now.
                let short = told(Way::Short);
                prop_assert!(short.is_none() || short == long, "{:?} {:?} {:?}", name, short, long);
                for _ in 0..2 {
                    prop_assert_eq!(told(Way::Usual), long.clone(), "{:?}", name);
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
            let long = told(&rules, row, slot, Way::Long, &mut recent);
            assert_eq!(told(&rules, row, slot, Way::Short, &mut recent), long, "{text:?}");
        }
        for (slot, text) in [(1, "Test"), (2, "info@example.org"), (3, "31/12/1999"), (5, "12")] {
            let rows = row_of(text, CellKind::Text);
            let (row, mut recent) = (rows.get(0).unwrap(), Recent::default());
            assert_eq!(told(&rules, row, slot, Way::Short, &mut recent), None, "{text:?}");
        }
    }
}
