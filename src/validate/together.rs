//! Fields of one person that have to do with each other, as the table of the target says it.

use jiff::civil::Date;

use super::person::JudgeRow;
use crate::finding::{self, Code, Finding};
use crate::record::{Beside, Field, Record, Value};

impl JudgeRow<'_, '_> {
    /// Looks at every field that has to do with another one.
    pub(super) fn judge_together(&mut self, record: &mut Record<'_>, errors: &mut Vec<Finding>) {
        let rules = self.rules;
        for &slot in &rules.beside {
            let Some(field) = rules.fields.get(slot) else { continue };
            for beside in field.beside {
                if matches!(record.get(slot), None | Some(Value::Null)) {
                    break;
                }
                let Some((code, message)) = self.contradiction(record, slot, *beside) else {
                    continue;
                };
                // What is wrong with the other field itself has been said.
                if code.severity == finding::Severity::Error && about_other(errors, *beside) {
                    continue;
                }
                let column = rules.column(self.row.at.input, &field.name);
                let cell = column.map_or("", |column| self.row.cell(usize::from(column)).text);
                let finding = self.finding(code, column, field, cell, message);
                if let Beside::InsteadOf(_) = beside {
                    record.unset(slot);
                }
                if code.severity == finding::Severity::Error {
                    errors.push(finding);
                } else {
                    self.findings.push(finding);
                }
            }
        }
    }

    /// What speaks against a value in the light of another one.
    fn contradiction(
        &self,
        record: &Record<'_>,
        slot: usize,
        beside: Beside,
    ) -> Option<(&'static Code, String)> {
        let fields = &self.rules.fields;
        let name = &fields.get(slot)?.name;
        let value = |other: &str| {
            let place = fields.iter().position(|field| field.name == other)?;
            record.get(place).filter(|value| *value != Value::Null)
        };
        match beside {
            Beside::OnlyWith { other, codes } => {
                let code = number(value(other)?)?;
                let message = || format!("`{name}` does not apply with this `{other}`");
                (!codes.contains(&code)).then(|| (&finding::FIELD_UNSUITED, message()))
            }
            Beside::Wants(other) if value(other).is_none() => {
                Some((&finding::FIELD_ALONE, format!("`{name}` stands there without `{other}`")))
            }
            Beside::Needs(other) if value(other).is_none() && *name != other => {
                Some((&finding::FIELD_INCOMPLETE, format!("`{name}` needs `{other}` beside it")))
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

/// Whether something is said already against the field that is missed.
fn about_other(errors: &[Finding], beside: Beside) -> bool {
    let Beside::Needs(other) = beside else { return false };
    errors.iter().any(|error| error.field.as_deref() == Some(other))
}

/// The slots of fields that have to do with others.
pub(super) fn slots(fields: &[Field]) -> Vec<usize> {
    (0..fields.len())
        .filter(|&slot| fields.get(slot).is_some_and(|field| !field.beside.is_empty()))
        .collect()
}
