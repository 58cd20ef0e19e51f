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
    use crate::row::{Location, Rows};
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

    type Told = (bool, Result<Option<Slot<'static>>, String>, Vec<Finding>);

    /// What a cell is by the short way, where it says something, and by the long one.
    fn both(rules: &Rules, slot: usize, text: &str, kind: CellKind) -> (Option<Told>, Told) {
        let mut rows = Rows::default();
        rows.push_cell(text, kind);
        rows.end_row(Location::default());
        let row = rows.get(0).unwrap();
        let field = &rules.fields[slot];
        let told = |plainly: bool| {
            let (mut findings, mut recent) = (Vec::new(), Recent::default());
            let mut record = Record::new(rules.fields.len());
            let mut judge = JudgeRow {
                rules,
                sheet: &rules.sheets[0],
                row,
                plain: false,
                bare: true,
                findings: &mut findings,
                recent: &mut recent,
            };
            // What words mean is known from an earlier cell.
            let _ = judge.meaning(slot, row.cell(0).text, text.trim());
            let result = if plainly {
                judge
                    .judge_plainly(slot, field, Some(0), row.cell(0), &mut record)
                    .then_some(Ok(()))
            } else {
                Some(judge.judge_closely(slot, field, Some(0), row.cell(0), &mut record))
            };
            let set = record.take(slot).map(Slot::into_owned);
            let is_null = set == Some(Slot::Plain(Value::Null));
            result.map(|result| {
                (is_null, result.map(|()| set).map_err(|it| it.message.into()), findings.clone())
            })
        };
        (told(true), told(false).unwrap())
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
                if let (Some(short), long) = both(&rules, slot, &text, kind) {
                    prop_assert_eq!(short, long, "{:?} {:?}", rules.fields[slot].name, text);
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
            let (short, long) = both(&rules, slot, text, CellKind::Text);
            assert_eq!(short, Some(long), "{text:?}");
        }
        for (slot, text) in [(1, "Test"), (2, "info@example.org"), (3, "31/12/1999"), (5, "12")] {
            assert_eq!(both(&rules, slot, text, CellKind::Text).0, None, "{text:?}");
        }
    }
}
