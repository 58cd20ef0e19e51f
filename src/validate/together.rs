//! Fields of one person that have to do with each other, as the table of the target says it.

use jiff::civil::Date;

use super::Rules;
use super::person::JudgeRow;
use crate::finding::{self, Code, Finding};
use crate::record::{Beside, Field, Record, Value};

/// What is odd about a value in the light of others.
type Doubt = (&'static Code, String);

impl JudgeRow<'_, '_> {
    /// Looks at every field that has to do with another one.
    pub(super) fn judge_together(&mut self, record: &mut Record<'_>, errors: &mut Vec<Finding>) {
        let rules = self.rules;
        for &slot in &rules.beside {
            let Some(field) = rules.fields.get(slot) else { continue };
            let mut doubts = rules.settle_beside(record, slot);
            if !matches!(record.get(slot), None | Some(Value::Null)) {
                doubts.extend(self.lacks(record, field, errors));
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
    fn lacks(&self, record: &Record<'_>, field: &Field, errors: &[Finding]) -> Option<Doubt> {
        let said = |other: &str| {
            let mut staying = errors.iter().filter(|error| self.rules.rejects(error));
            staying.any(|error| error.field.as_deref() == Some(other))
        };
        let needs = field.beside.iter().filter_map(|beside| match beside {
            Beside::Needs(other) if field.name != *other => Some(*other),
            _ => None,
        });
        let missing: Vec<String> = needs
            .filter(|other| self.rules.other(record, other).is_none() && !said(other))
            .map(|other| format!("`{other}`"))
            .collect();
        (!missing.is_empty()).then(|| {
            let message = format!("`{}` needs {} beside it", field.name, missing.join(", "));
            (&finding::FIELD_INCOMPLETE, message)
        })
    }
}

impl Rules {
    /// The same for a person who was put together from several rows, of which each was looked at alone.
    pub fn settle_together(&self, record: &mut Record<'_>) -> Vec<(&Field, Doubt)> {
        let mut all = Vec::new();
        for &slot in &self.beside {
            let Some(field) = self.fields.get(slot) else { continue };
            all.extend(self.settle_beside(record, slot).into_iter().map(|doubt| (field, doubt)));
        }
        all
    }

    /// What speaks against one value in the light of the others. What cannot be sent beside them is
    /// taken out.
    fn settle_beside(&self, record: &mut Record<'_>, slot: usize) -> Vec<Doubt> {
        let Some(field) = self.fields.get(slot) else { return Vec::new() };
        if matches!(record.get(slot), None | Some(Value::Null)) {
            return Vec::new();
        }
        let mut doubts = Vec::new();
        for beside in field.beside.iter() {
            let Some(doubt) = self.doubt(record, slot, beside) else { continue };
            let twice = doubt.0 == &finding::FIELD_TWICE;
            doubts.push(doubt);
            if twice {
                // What is not sent can be said nothing else of.
                doubts.retain(|(code, _)| *code == &finding::FIELD_TWICE);
                record.unset(slot);
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

    /// The value of another field.
    fn other<'r>(&self, record: &'r Record<'_>, name: &str) -> Option<Value<'r>> {
        let place = self.fields.iter().position(|field| field.name == name)?;
        record.get(place).filter(|value| *value != Value::Null)
    }

    /// What speaks against a value in the light of another one.
    fn doubt(&self, record: &Record<'_>, slot: usize, beside: &Beside) -> Option<Doubt> {
        let name = &self.fields.get(slot)?.name;
        let value = |other: &str| self.other(record, other);
        match beside {
            Beside::OnlyWith { other, codes } => {
                let code = number(value(other)?)?;
                let message = || format!("`{name}` does not apply with this `{other}`");
                (!codes.contains(&code)).then(|| (&finding::FIELD_UNSUITED, message()))
            }
            Beside::Wants(other) if value(other).is_none() => {
                Some((&finding::FIELD_ALONE, format!("`{name}` stands there without `{other}`")))
            }
            Beside::InsteadOf(other) if value(other).is_some() => {
                Some((&finding::FIELD_TWICE, format!("`{other}` says it too, and is what is sent")))
            }
            Beside::DayOf { month, year } => {
                let day = i8::try_from(number(record.get(slot)?)?).ok()?;
                let of_month = i8::try_from(number(value(month)?)?).ok()?;
                // Without a year any year may be meant, and one in four has a 29 February.
                let of_year =
                    value(year).and_then(number).and_then(|year| i16::try_from(year).ok());
                let exists = Date::new(of_year.unwrap_or(2000), of_month, day).is_ok();
                let message = || format!("month {of_month} of that year has no day {day}");
                (!exists).then(|| (&finding::DATE_IMPOSSIBLE, message()))
            }
            Beside::Wants(_) | Beside::Needs(_) | Beside::InsteadOf(_) => None,
        }
    }
}

fn number(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(number),
        Value::Bool(yes) => Some(i64::from(yes)),
        _ => None,
    }
}

/// The slots of fields that have to do with others.
pub(super) fn slots(fields: &[Field]) -> Vec<usize> {
    (0..fields.len())
        .filter(|&slot| fields.get(slot).is_some_and(|field| !field.beside.is_empty()))
        .collect()
}
