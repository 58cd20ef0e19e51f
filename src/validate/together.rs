//! Fields of one person that have to do with each other, as the table of the target says it.

use jiff::civil::Date;

use super::person::JudgeRow;
use super::{Rules, Use};
use crate::finding::{self, Code, Finding};
use crate::record::{Beside, Field, Record, Slot, Value};
use crate::row::Location;

/// What is odd about a value in the light of others.
type Doubt = (&'static Code, String);

/// A field that has to do with others, and where these are.
#[derive(Clone, Debug)]
pub(super) struct Tie {
    slot: usize,
    /// For each [`Beside`] of the field the slot of the other one, if the run has it.
    others: Vec<Option<usize>>,
}

impl JudgeRow<'_, '_> {
    /// Looks at every field that has to do with another one.
    pub(super) fn judge_together(&mut self, record: &mut Record<'_>, errors: &mut Vec<Finding>) {
        let rules = self.rules;
        for tie in &rules.beside {
            let Some(field) = rules.fields.get(tie.slot) else { continue };
            // A field without a value says nothing of others, nor does one that has what it asks for.
            if !record.is_set(tie.slot) || has_all(record, field, tie) {
                continue;
            }
            let mut doubts = rules.settle_beside(record, tie, Some(self.row.at.input));
            if record.is_filled(tie.slot) {
                doubts.extend(self.lacks(record, field, tie, errors));
            }
            for (code, message) in doubts {
                let column = rules.column(self.row.at.input, &field.name);
                let cell = column.map_or("", |column| self.row.cell(usize::from(column)).text);
                let finding = self.finding(code, column, field, cell, message);
                if code.severity == finding::Severity::Error {
                    errors.push(finding);
                } else {
                    self.findings.push(finding);
                }
            }
        }
    }

    /// The values that a field needs and that this person lacks, in one finding. What is wrong with one
    /// of them itself has been said.
    fn lacks(
        &self,
        record: &Record<'_>,
        field: &Field,
        tie: &Tie,
        errors: &[Finding],
    ) -> Option<Doubt> {
        let lacks = |(beside, place): (&Beside, &Option<usize>)| {
            matches!(beside, Beside::Needs(_)) && !is_filled(record, *place)
        };
        if !field.beside.iter().zip(&tie.others).any(lacks) {
            return None;
        }
        let said = |other: &str| {
            let mut staying = errors.iter().filter(|error| self.rules.rejects(error));
            staying.any(|error| error.field.as_deref() == Some(other))
        };
        let missing: Vec<String> = field
            .beside
            .iter()
            .zip(&tie.others)
            .filter_map(|(beside, place)| match *beside {
                Beside::Needs(other) if !is_filled(record, *place) => Some(field.names(other)),
                _ => None,
            })
            .filter(|other| field.name != *other && !said(other))
            .map(|other| format!("`{other}`"))
            .collect();
        (!missing.is_empty()).then(|| {
            let message = format!("`{}` needs {} beside it", field.name, missing.join(", "));
            (&finding::FIELD_INCOMPLETE, message)
        })
    }
}

/// Whether a field only asks for others to be filled, and they are.
fn has_all(record: &Record<'_>, field: &Field, tie: &Tie) -> bool {
    field.beside.iter().zip(&tie.others).all(|(beside, &other)| {
        matches!(beside, Beside::Wants(_) | Beside::Needs(_)) && is_filled(record, other)
    })
}

/// Takes out what clears a field where the other form of it has a value, or clears it as well: both
/// stand at one place of the payload.
fn give_way(record: &mut Record<'_>, field: &Field, tie: &Tie) {
    for (beside, &other) in field.beside.iter().zip(&tie.others) {
        let (Beside::InsteadOf(_), Some(other)) = (beside, other) else { continue };
        let clears = |slot| record.get(slot).map(|value| value == Value::Null);
        match (clears(tie.slot), clears(other)) {
            (Some(true), Some(_)) => record.unset(tie.slot),
            (Some(false), Some(true)) => record.unset(other),
            _ => {}
        }
    }
}

impl Rules {
    /// The same for a person who was put together from several rows, of which each was looked at alone.
    pub fn settle_together(&self, record: &mut Record<'_>) -> Vec<(&Field, Doubt)> {
        let mut all = Vec::new();
        for tie in &self.beside {
            let Some(field) = self.fields.get(tie.slot) else { continue };
            all.extend(
                self.settle_beside(record, tie, None).into_iter().map(|doubt| (field, doubt)),
            );
        }
        all
    }

    /// Takes out of an earlier row of a person what would be put together with the parts of something
    /// else: where two rows have different values in an entry of a list, such as another street, what
    /// the later row leaves blank is not that of the earlier one.
    pub fn part_entries<'r>(
        &self,
        earlier: &mut Record<'r>,
        later: &Record<'_>,
    ) -> Vec<(usize, Slot<'r>)> {
        let mut gone = Vec::new();
        for entry in self.sheets.iter().take(1).flat_map(|sheet| &sheet.entries) {
            let differ = entry.slots.iter().any(|&(slot, _)| {
                let both = filled(earlier, Some(slot)).zip(filled(later, Some(slot)));
                both.is_some_and(|(earlier, later)| earlier != later)
            });
            let blank = entry.slots.iter().filter(|(slot, _)| differ && later.get(*slot).is_none());
            for &(slot, _) in blank {
                gone.extend(earlier.take(slot).map(|value| (slot, value)));
            }
        }
        gone
    }

    /// What is to be said of the columns of an input, once: those that want another one beside them,
    /// which the input does not have at all.
    pub fn lone_columns(&self, input: u16, header: Location) -> Vec<Finding> {
        let mut lone = Vec::new();
        for tie in &self.beside {
            let Some(field) = self.fields.get(tie.slot) else { continue };
            let column = self.column(input, &field.name);
            // What another column says too is not what is sent.
            let is_beside = |(beside, other): (&Beside, &Option<usize>)| {
                matches!(beside, Beside::InsteadOf(_)) && self.is_filled(Some(input), *other)
            };
            if column.is_none() || field.beside.iter().zip(&tie.others).any(is_beside) {
                continue;
            }
            for (beside, &other) in field.beside.iter().zip(&tie.others) {
                let &Beside::Wants(wanted) = beside else { continue };
                if self.is_filled(Some(input), other) {
                    continue;
                }
                let wanted = field.names(wanted);
                let message = format!("`{}` stands there without `{wanted}`", field.name);
                let help = format!(
                    "if the sheet has it: --map 'COLUMN={wanted}', or a value for everybody under \
                     [fields]"
                );
                let finding = Finding::new(&finding::FIELD_ALONE, header, message);
                lone.push(finding.column(column).field(field.name.clone()).help(help));
            }
        }
        lone
    }

    /// Whether anything of an input fills a slot, or of any input where none is named.
    fn is_filled(&self, input: Option<u16>, slot: Option<usize>) -> bool {
        let Some(slot) = slot else { return false };
        let Some(sheet) = input.and_then(|input| self.sheets.get(usize::from(input))) else {
            return true;
        };
        let fills = |(_, role): &(usize, Use)| matches!(role, Use::Slot(own) if *own == slot);
        sheet.columns.iter().any(fills) || sheet.made.iter().any(|make| make.slot == slot)
    }

    /// What speaks against one value in the light of the others. What cannot be sent beside them is
    /// taken out. What an input lacks for everybody has been said of its columns.
    fn settle_beside(&self, record: &mut Record<'_>, tie: &Tie, input: Option<u16>) -> Vec<Doubt> {
        let Some(field) = self.fields.get(tie.slot) else { return Vec::new() };
        give_way(record, field, tie);
        if !record.is_filled(tie.slot) {
            return Vec::new();
        }
        let mut doubts = Vec::new();
        for (beside, &other) in field.beside.iter().zip(&tie.others) {
            let Some(doubt) = self.doubt(record, (tie.slot, field), (beside, other)) else {
                continue;
            };
            let code = doubt.0;
            if code == &finding::FIELD_ALONE && !self.is_filled(input, other) {
                continue;
            }
            doubts.push(doubt);
            if [&finding::FIELD_TWICE, &finding::FIELD_CONFLICT].contains(&code) {
                // What is not sent can be said nothing else of.
                doubts.retain(|(other, _)| *other == code);
                record.unset(tie.slot);
                break;
            }
            if let &Beside::DayOf { month, year } = beside {
                // No part of a day that does not exist is worth anything.
                let parts = [field.name.as_ref(), month, year];
                let slots = (0..self.fields.len()).filter(|&slot| {
                    self.fields.get(slot).is_some_and(|it| parts.contains(&it.name.as_ref()))
                });
                for slot in slots {
                    record.unset(slot);
                }
                break;
            }
        }
        doubts
    }

    /// What speaks against a value in the light of another one.
    fn doubt(
        &self,
        record: &Record<'_>,
        (slot, field): (usize, &Field),
        (beside, other): (&Beside, Option<usize>),
    ) -> Option<Doubt> {
        let name = &field.name;
        let value = filled(record, other);
        match beside {
            Beside::OnlyWith { other, codes } => {
                let code = number(value?)?;
                let message =
                    || format!("`{name}` does not apply with this `{}`", field.names(other));
                (!codes.contains(&code)).then(|| (&finding::FIELD_UNSUITED, message()))
            }
            Beside::Wants(other) if value.is_none() => {
                let message = format!("`{name}` stands there without `{}`", field.names(other));
                Some((&finding::FIELD_ALONE, message))
            }
            Beside::InsteadOf(other) if value.is_some() => {
                let message = format!("`{}` says it too, and is what is sent", field.names(other));
                Some((&finding::FIELD_TWICE, message))
            }
            Beside::NotWith(other) if value.is_some() => {
                let message =
                    format!("`{}` is filled too, and only one may be sent", field.names(other));
                Some((&finding::FIELD_CONFLICT, message))
            }
            Beside::OneOfList => {
                let other = self.yes_before(record, slot)?;
                let message = format!("`{}` says yes too, and only one may", other.name);
                Some((&finding::FIELD_CONFLICT, message))
            }
            Beside::DayOf { year, .. } => {
                let day = i8::try_from(number(record.get(slot)?)?).ok()?;
                let of_month = i8::try_from(number(value?)?).ok()?;
                // Without a year any year may be meant, and one in four has a 29 February.
                let year = self.fields.iter().position(|field| field.name == *year);
                let of_year = filled(record, year).and_then(number);
                let of_year = of_year.and_then(|year| i16::try_from(year).ok());
                let exists = Date::new(of_year.unwrap_or(2000), of_month, day).is_ok();
                let message = || format!("month {of_month} of that year has no day {day}");
                (!exists).then(|| (&finding::DATE_IMPOSSIBLE, message()))
            }
            Beside::Wants(_) | Beside::Needs(_) | Beside::InsteadOf(_) | Beside::NotWith(_) => None,
        }
    }

    /// The field of an earlier entry of the same list that says yes as this one does.
    fn yes_before(&self, record: &Record<'_>, slot: usize) -> Option<&Field> {
        let yes = |slot: usize| record.get(slot) == Some(Value::Bool(true));
        let ends = |field: &Field| {
            let (list, rest) = field.name.split_once('.')?;
            Some((list.to_owned(), rest.rsplit_once('.')?.1.to_owned()))
        };
        let own = self.fields.get(slot).filter(|_| yes(slot)).and_then(ends)?;
        let before = self.fields.iter().take(slot).enumerate();
        let mut alike =
            before.filter(|(other, field)| yes(*other) && ends(field).as_ref() == Some(&own));
        alike.next().map(|(_, field)| field)
    }
}

/// Whether a field that may not be in use has a value.
fn is_filled(record: &Record<'_>, slot: Option<usize>) -> bool {
    slot.is_some_and(|slot| record.is_filled(slot))
}

/// The value of a field that may not be in use, unless it is blank or cleared.
fn filled<'r>(record: &'r Record<'_>, slot: Option<usize>) -> Option<Value<'r>> {
    record.get(slot?).filter(|value| *value != Value::Null)
}

fn number(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(number),
        Value::Bool(yes) => Some(i64::from(yes)),
        _ => None,
    }
}

/// The fields that have to do with others.
pub(super) fn ties(fields: &[Field]) -> Vec<Tie> {
    let named = |field: &Field, beside: &Beside| {
        let other = match *beside {
            Beside::OnlyWith { other, .. }
            | Beside::Wants(other)
            | Beside::Needs(other)
            | Beside::InsteadOf(other)
            | Beside::NotWith(other)
            | Beside::DayOf { month: other, .. } => field.names(other),
            Beside::OneOfList => return None,
        };
        fields.iter().position(|field| field.name == other)
    };
    let all = fields.iter().enumerate().filter(|(_, field)| !field.beside.is_empty());
    all.map(|(slot, field)| Tie {
        slot,
        others: field.beside.iter().map(|beside| named(field, beside)).collect(),
    })
    .collect()
}
