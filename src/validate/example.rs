//! The example row of a sheet to fill in: no person as long as it is the example as a whole, and a mistake
//! once somebody has written over a part of it.
//!
//! Programs write the values of a sheet their own way when they save it as CSV: dates in the order of the
//! country, numbers without their zeros in front. Two values that read as the same are the same.

use std::borrow::Cow;

use jiff::civil::Date;

use super::damage::{self, System};
use super::sheet::{Sheet, Use};
use super::{Rules, date, number};
use crate::example;
use crate::finding::{self, Finding};
use crate::recipe::DateOrder;
use crate::record::{Field, Kind};
use crate::row::Row;
use crate::spelling::normalise;

/// A column by which the example is known.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    column: usize,
    slot: usize,
    sign: Sign,
}

/// What stands in a column by which the example is known.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sign {
    /// An address in the domain of the example.
    Address,
    /// The id of the example.
    Id(Cow<'static, str>),
    /// A text of several words that nobody has but the example.
    Text(Cow<'static, str>),
}

/// What a row that has a mark of the example is.
#[derive(Debug)]
pub(super) enum Found {
    /// The example, untouched.
    Whole(Finding),
    /// A person with the address, the id or a text of the example, and the slot in which it stands.
    Changed(Finding, usize),
}

/// The columns by which the example of a sheet is known, those of addresses and ids first.
pub(super) fn marks(sheet: &Sheet, fields: &[Field], match_field: &str) -> Vec<Mark> {
    let mark = |&(column, role): &(usize, Use)| {
        let Use::Slot(slot) = role else { return None };
        let field = fields.get(slot)?;
        let sign = match field.kind {
            Kind::Email => Sign::Address,
            _ if field.name == match_field => Sign::Id(example::value(field, true)),
            Kind::Text => Sign::Text(example::own_text(field)?.into()),
            _ => return None,
        };
        Some(Mark { column, slot, sign })
    };
    let mut marks: Vec<Mark> = sheet.columns.iter().filter_map(mark).collect();
    marks.sort_by_key(|mark| matches!(mark.sign, Sign::Text(_)));
    marks
}

impl Mark {
    /// Whether nothing but a look for it finds it: an address of the example has findings of its own.
    pub(super) fn is_quiet(&self) -> bool {
        self.sign != Sign::Address
    }

    /// What it is, for people.
    fn word(&self) -> &'static str {
        match self.sign {
            Sign::Address => "e-mail address",
            Sign::Id(_) => "id",
            Sign::Text(_) => "value",
        }
    }

    #[inline]
    fn is_in(&self, row: &Row<'_>) -> bool {
        let text = row.cell(self.column).text;
        match &self.sign {
            Sign::Address => example::is_address(text),
            Sign::Id(own) => text.len() >= own.len() && text.trim() == own.as_ref(),
            Sign::Text(own) => text == own.as_ref(),
        }
    }
}

/// Whether a row has a mark of the example that nothing else points to.
pub(super) fn is_quietly_marked(sheet: &Sheet, row: &Row<'_>) -> bool {
    sheet.marks.iter().any(|mark| mark.is_quiet() && mark.is_in(row))
}

/// Whether a row may be the example.
pub(super) fn is_marked(sheet: &Sheet, row: &Row<'_>) -> bool {
    sheet.marks.iter().any(|mark| mark.is_in(row))
}

impl Rules {
    /// What a row is that has a mark of the example.
    pub(super) fn example(&self, sheet: &Sheet, row: &Row<'_>) -> Option<Found> {
        let mark = sheet.marks.iter().find(|mark| mark.is_in(row))?;
        if self.is_example(sheet, row) {
            let message = "the row is the example of the sheet to fill in, and is skipped";
            return Some(Found::Whole(Finding::new(&finding::ROW_EXAMPLE, row.at, message)));
        }
        let column = u16::try_from(mark.column).ok();
        let what = mark.word();
        let mut message = format!("the {what} is still that of the template's example row");
        let others = self.still_of_example(sheet, row, mark.column);
        // Somebody may live so.
        if others.is_empty() && matches!(mark.sign, Sign::Text(_)) {
            return None;
        }
        if !others.is_empty() {
            let are = if others.len() == 1 { "so is" } else { "so are" };
            message = format!("{message}, and {are} {}", others.join(", "));
        }
        let help = format!("write this person's own {what} into the cell, or delete the row");
        let finding = Finding::new(&finding::EXAMPLE_KEPT, row.at, message)
            .column(column)
            .value(row.cell(mark.column).text)
            .help(help);
        let finding = match self.fields.get(mark.slot) {
            Some(field) => finding.field(field.name.clone()),
            None => finding,
        };
        Some(Found::Changed(finding, mark.slot))
    }

    /// The fields of a row, but for one column, that have more than a word or two of the example in them: texts,
    /// numbers and days that few people share with it.
    fn still_of_example(&self, sheet: &Sheet, row: &Row<'_>, but: usize) -> Vec<String> {
        let columns = sheet.columns.iter().filter(|(column, _)| *column != but);
        let is_kept = |&(column, role): &(usize, Use)| {
            let Use::Slot(slot) = role else { return None };
            let field = self.fields.get(slot)?;
            let text = row.cell(column).text.trim();
            let is_own = !matches!(
                field.kind,
                Kind::Choice(_) | Kind::Bool | Kind::Country | Kind::Currency
            );
            let kept = !text.is_empty() && self.is_example_value(slot, sheet, column, text);
            (is_own && kept).then(|| format!("`{}`", field.name))
        };
        columns.filter_map(is_kept).collect()
    }

    /// Whether every filled cell that the run uses has the value of the example.
    fn is_example(&self, sheet: &Sheet, row: &Row<'_>) -> bool {
        let used = sheet.columns.iter().all(|&(column, role)| {
            let cell = row.cell(column);
            let text = cell.text.trim();
            cell.is_blank()
                || match role {
                    Use::Slot(slot) => self.is_example_value(slot, sheet, column, text),
                    Use::FullName { .. } => [example::FULL_NAME, example::FULL_NAME_TURNED]
                        .iter()
                        .any(|name| normalise(text) == normalise(name)),
                }
        });
        let is_used = |column: usize| sheet.columns.iter().any(|(own, _)| *own == column);
        let mut sources = sheet.made.iter().flat_map(|make| &make.columns);
        used && sources.all(|&column| {
            let text = row.cell(column).text.trim();
            is_used(column) || text.is_empty() || text == example::TEXT
        })
    }

    fn is_example_value(&self, slot: usize, sheet: &Sheet, column: usize, text: &str) -> bool {
        let Some(field) = self.fields.get(slot) else { return true };
        let is_id = |mark: &Mark| mark.column == column && matches!(mark.sign, Sign::Id(_));
        let key = sheet.marks.iter().any(is_id);
        let own = example::value(field, key);
        // A value that a program took for a formula is the example's all the same.
        let same = normalise(text) == normalise(&own) || damage::is_error(text);
        same || match field.kind {
            Kind::Email => example::is_address(text) && text.eq_ignore_ascii_case(&own),
            Kind::Choice(_) | Kind::Bool => {
                let words = self.words.get(slot);
                let meant = |text: &str| words.and_then(|words| words.find(text).cloned());
                let is_yes = matches!(field.kind, Kind::Bool)
                    && super::yes_or_no(text) == super::yes_or_no(&own);
                is_yes || meant(text).is_some_and(|found| Some(found) == meant(&own))
            }
            Kind::Country => super::country::code(text).ok() == super::country::code(&own).ok(),
            Kind::Date(_) | Kind::Moment(_) => {
                let day = own.split('T').next().unwrap_or_default();
                day.parse().is_ok_and(|day| self.is_day(text, day))
            }
            Kind::Decimal => {
                let read = |text: &str| number::decimal(text).ok();
                read(text).is_some() && read(text) == read(&own)
            }
            Kind::Text | Kind::Phone(_) | Kind::Integer => is_number(text, &own),
            _ => false,
        }
    }

    /// Whether a text says a day in any of the ways in which programs write days.
    fn is_day(&self, text: &str, day: Date) -> bool {
        let number = damage::day_number(text);
        let by_number = number.is_some_and(|number| {
            [System::From1900, System::From1904]
                .iter()
                .any(|system| system.day(number) == Some(day))
        });
        let orders = [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy];
        by_number
            || orders.into_iter().any(|order| {
                date::read(text, Some(order), self.settings.today)
                    .is_ok_and(|read| read.date == day)
            })
    }
}

/// Whether a text is the number that the digits of a value make when a program takes them for one.
fn is_number(text: &str, own: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '.' | '-' | '(' | ')');
    let digits: String = own.chars().filter(char::is_ascii_digit).collect();
    let Ok(wanted) = digits.parse::<f64>() else { return false };
    if !own.chars().all(is_part) {
        return false;
    }
    let text = text.trim_start_matches('+').replace(',', ".");
    let Ok(number) = text.parse::<f64>() else { return false };
    // `6.1E+10` has as many digits as were shown.
    let shown = text.split(['e', 'E']).next().unwrap_or_default();
    let places = shown.bytes().filter(u8::is_ascii_digit).count();
    let rough = |number: f64| format!("{number:.*e}", places.saturating_sub(1));
    rough(number) == rough(wanted) || format!("{number:.0}") == format!("{wanted:.0}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Fate, Settings, Taught};
    use super::*;
    use crate::layout::{Around, Layout};
    use crate::mapping::{Column, Mapping, Role, Schema, Unmade};
    use crate::recipe::Blank;
    use crate::record::{Choice, DateForm, JsonForm, MomentForm, PhoneForm, Slot, Value};
    use crate::row::{CellKind, Location, Rows};

    /// Rules for columns of these fields.
    fn rules(fields: Vec<Field>, match_field: &str) -> Rules {
        let columns = (0..fields.len())
            .map(|field| Column { role: Role::Field(field), ..Column::unmapped("It") })
            .collect();
        let schema = Schema::new(fields, Arc::new(|_| Err(Unmade::Unknown)));
        let settings = Settings {
            today: jiff::civil::date(2026, 11, 22),
            date_order: None,
            zone: None,
            region: None,
            blank: Blank::Keep,
            likely: false,
        };
        let layout = |fields: &[Field]| Layout::new(fields.iter(), &|_| Around::default());
        let mapping = Mapping { columns, ..Mapping::default() };
        Rules::new(&schema, &[mapping], &Taught::default(), match_field, settings, &layout)
    }

    /// What becomes of one row, and the codes of what is found in it.
    fn judge(rules: &Rules, cells: &[&str]) -> (Fate, Vec<&'static str>) {
        let mut rows = Rows::default();
        for cell in cells {
            rows.push_cell(cell, CellKind::Text);
        }
        rows.end_row(Location { row: 2, ..Location::default() });
        let judged = rules.judge(rows, &|_| false);
        let codes = judged.findings.iter().map(|finding| finding.code.id).collect();
        (judged.outcomes[0].fate, codes)
    }

    fn by_id(kind: Kind) -> Rules {
        let fields = vec![
            Field::new("id", kind, "id").unique(),
            Field::new("first_name", Kind::Name, "first_name"),
            Field::new("seen", Kind::Date(DateForm::Iso), "seen"),
        ];
        rules(fields, "id")
    }

    /// The example is worth nothing if it shows what nobody may write.
    #[test]
    fn the_values_of_every_kind_are_taken_and_known_again() {
        let choices = || {
            let choice =
                |label: &'static str, value| Choice { value, label: label.into(), words: &[] };
            let list = |text: &str| Slot::List(Box::new([text.into()]));
            vec![choice("Red, dark", list("red")), choice("Blue", list("blue"))]
        };
        let choice = || {
            let one =
                Choice { value: Slot::Plain(Value::Integer(4)), label: "Four".into(), words: &[] };
            vec![one]
        };
        for (kind, otherwise, wrong) in [
            (Kind::Text, "SAMPLE", "Other"),
            (Kind::Name, "kim sample", "Ada"),
            (Kind::Phone(PhoneForm::Digits), "61491570006", "61491570007"),
            (Kind::Phone(PhoneForm::E164), "6.14915700E+10", "+61 491 570 156"),
            (Kind::Date(DateForm::Iso), "31.05.1990", "1990-05-30"),
            (Kind::Moment(MomentForm::Utc), "31/01/2026 09:30", "2026-01-30T09:30:00Z"),
            (Kind::Choice(choice().into()), "4", "5"),
            (Kind::Choices(choices().into()), "Red, dark;Blue", "Blue"),
            (Kind::Words, "sample ; example", "sample"),
            (Kind::Integer, "12.0", "13"),
            (Kind::Decimal, "12,50", "12"),
            (Kind::Bool, "WAHR", "no"),
            (Kind::Url, "https://example.org/kim/", "https://example.org/ada"),
            (Kind::Currency, "aud", "EUR"),
            (Kind::Country, "AU", "Austria"),
            (Kind::Coordinates, "51.5007,-0.1246", "51.5, -0.1"),
            (Kind::Json(JsonForm::Object), r#"{ "sample": "yes" }"#, "{}"),
            (Kind::Json(JsonForm::Array), r#"["sample"]"#, "[]"),
            (Kind::Json(JsonForm::Any), r#""sample""#, "1"),
        ] {
            let field = Field::new("it", kind.clone(), "it");
            let example = example::value(&field, false);
            let email = Field::new("email", Kind::Email, "email").unique();
            let rules = rules(vec![email, field], "email");
            let taken = judge(&rules, &["ada@example.org", &example]);
            assert_eq!(taken, (Fate::Ready, Vec::new()), "{kind:?} {example}");
            for (text, expected) in [
                (&*example, (Fate::Skipped, vec!["row-example"])),
                (otherwise, (Fate::Skipped, vec!["row-example"])),
                ("", (Fate::Skipped, vec!["row-example"])),
            ] {
                assert_eq!(judge(&rules, &[example::EMAIL, text]), expected, "{kind:?} {text}");
            }
            let (fate, codes) = judge(&rules, &[example::EMAIL, wrong]);
            assert_eq!(fate, Fate::Rejected, "{kind:?} {wrong}");
            assert!(codes.contains(&"example-kept"), "{kind:?} {wrong}: {codes:?}");
        }
    }

    #[test]
    fn where_people_are_found_by_an_id_the_id_of_the_example_tells() {
        let rules = [by_id(Kind::Integer), by_id(Kind::Text)];
        for (row, expected, code) in [
            (["EXAMPLE-0", "Kim", "1990-05-31"], Fate::Skipped, Some("row-example")),
            (["EXAMPLE-0", "Kim", "5/31/90"], Fate::Skipped, Some("row-example")),
            (["EXAMPLE-0", "", "33024"], Fate::Skipped, Some("row-example")),
            (["EXAMPLE-0", "", "31562"], Fate::Skipped, Some("row-example")),
            (["EXAMPLE-0", "Ada", "1990-05-31"], Fate::Rejected, Some("example-kept")),
            (["EXAMPLE-0", "Kim", "1990-06-30"], Fate::Rejected, Some("example-kept")),
            (["7", "Kim", "1990-05-31"], Fate::Ready, None),
        ] {
            for rules in &rules {
                let (fate, codes) = judge(rules, &row);
                assert_eq!((fate, codes.first().copied()), (expected, code), "{row:?}");
            }
        }
    }

    #[test]
    fn numbers_that_a_program_made_of_digits_are_known_again() {
        let phone = "+61 491 570 006";
        for (text, own, expected) in [
            ("61491570006", phone, true),
            ("61491570006.0", phone, true),
            ("6.1E+10", phone, true),
            ("6,14916E+10", phone, true),
            ("6.15E+10", phone, true),
            ("6.2E+10", phone, false),
            ("61491570007", phone, false),
            ("123", "00123", true),
            ("0123", "A0123", false),
            ("", "00123", false),
            ("12,0", "12", true),
            ("13", "12", false),
        ] {
            assert_eq!(is_number(text, own), expected, "{text} {own}");
        }
    }
}
