//! People of several rows, joined into one: which row's value won in each field, and what stood there
//! before.

use std::collections::BTreeMap;

use super::places::Places;
use crate::finding::{self, Finding};
use crate::record::{Record, Slot, Value};
use crate::row::{Location, Row};
use crate::unique::Fingerprint;
use crate::validate::{Rules, duplicate};

/// How many rows of one person a message names.
const NAMED: usize = 3;

/// A person, as far as the rows so far make one.
#[derive(Debug)]
struct Joined {
    record: Record<'static>,
    /// The row that each slot's value is of.
    origins: Vec<Location>,
    /// The first of the rows, and how many there are.
    rows: Vec<Location>,
    count: usize,
}

/// The people of several rows whose last row has not come yet.
#[derive(Debug, Default)]
pub(super) struct Merging {
    people: BTreeMap<Fingerprint, Joined>,
}

impl Merging {
    /// Lays a row over the person that it belongs to. `last` is the row that carries the person: when
    /// it has come, gives the person back.
    pub(super) fn join(
        &mut self,
        (rules, places): (&Rules, &Places),
        (key, row): (Fingerprint, Row<'_>),
        record: Record<'static>,
        last: Location,
        findings: &mut Vec<Finding>,
    ) -> Option<Record<'static>> {
        let told = Teller { rules, places, row };
        let carries = (last.input, last.row) == (row.at.input, row.at.row);
        let Some(person) = self.people.get_mut(&key) else {
            if carries {
                return Some(record);
            }
            let origins = vec![row.at; rules.fields().len()];
            self.people.insert(key, Joined { record, origins, rows: vec![row.at], count: 1 });
            findings.push(told.merged(last));
            return None;
        };
        for (slot, before) in rules.part_entries(&mut person.record, &record) {
            let from = person.origins.get(slot).copied().unwrap_or(row.at);
            findings.extend(told.parted(slot, &before, from));
        }
        let overlay = person.record.overlay(record);
        for (slot, before) in &overlay.replaced {
            let from = person.origins.get(*slot).copied().unwrap_or(row.at);
            let now = person.record.get(*slot).unwrap_or(Value::Null);
            findings.extend(told.replaced(*slot, before, now, from));
        }
        for slot in overlay.taken {
            if let Some(origin) = person.origins.get_mut(slot) {
                *origin = row.at;
            }
        }
        if !carries {
            person.count += 1;
            if person.rows.len() < NAMED {
                person.rows.push(row.at);
            }
            findings.push(told.merged(last));
            return None;
        }
        let person = self.people.remove(&key)?;
        for &slot in &overlay.kept {
            let from = person.origins.get(slot).copied().unwrap_or(row.at);
            let value = person.record.get(slot).unwrap_or(Value::Null);
            findings.extend(told.filled(slot, value, from));
        }
        findings.push(told.joined(&person, overlay.replaced.len(), overlay.kept.len()));
        Some(person.record)
    }
}

/// Puts the joining of one row into findings.
struct Teller<'a> {
    rules: &'a Rules,
    places: &'a Places,
    row: Row<'a>,
}

impl Teller<'_> {
    fn merged(&self, last: Location) -> Finding {
        let message = format!("joined into {}", self.places.name(self.row.at, last));
        self.about_key(&finding::DUPLICATE_MERGED, message)
    }

    fn joined(&self, person: &Joined, replaced: usize, filled: usize) -> Finding {
        let mut rows: Vec<String> =
            person.rows.iter().map(|&at| self.places.name(self.row.at, at)).collect();
        if person.count > rows.len() {
            rows.push(format!("{} more", person.count - rows.len()));
        }
        let message = format!(
            "put together with {}: {} replaced, {} filled",
            list(&rows),
            counted(replaced, "value", "values"),
            counted(filled, "blank", "blanks"),
        );
        self.about_key(&finding::DUPLICATE_JOINED, message)
    }

    fn about_key(&self, code: &'static finding::Code, message: String) -> Finding {
        match self.rules.key(0) {
            Some((field, _)) => self.about(code, field, message),
            None => Finding::new(code, self.row.at, message),
        }
    }

    fn about(
        &self,
        code: &'static finding::Code,
        field: &crate::record::Field,
        message: String,
    ) -> Finding {
        let column = self.rules.column(self.row.at.input, &field.name);
        let value = column.map_or("", |column| self.row.cell(usize::from(column)).text);
        duplicate(code, self.row.at, column, field, value, message)
    }

    fn replaced(
        &self,
        slot: usize,
        before: &Slot<'_>,
        now: Value<'_>,
        from: Location,
    ) -> Option<Finding> {
        let field = self.rules.fields().get(slot)?;
        let place = self.places.name(self.row.at, from);
        let message = match (before.value(), now) {
            (before, Value::Null) => {
                format!("blank, which clears {:?} of {place}", field.show(before))
            }
            (Value::Null, now) => format!("{:?} is sent; {place} had it blank", field.show(now)),
            (before, now) => {
                format!("{:?} of {place} → {:?}", field.show(before), field.show(now))
            }
        };
        Some(self.about(&finding::DUPLICATE_REPLACED, field, message))
    }

    fn parted(&self, slot: usize, before: &Slot<'_>, from: Location) -> Option<Finding> {
        let field = self.rules.fields().get(slot)?;
        let (shown, place) = (field.show(before.value()), self.places.name(self.row.at, from));
        let message =
            format!("{shown:?} of {place} is not sent: the rest of it is another one here");
        Some(self.about(&finding::DUPLICATE_REPLACED, field, message))
    }

    fn filled(&self, slot: usize, value: Value<'_>, from: Location) -> Option<Finding> {
        let field = self.rules.fields().get(slot)?;
        if value == Value::Null {
            return None;
        }
        let (shown, place) = (field.show(value), self.places.name(self.row.at, from));
        let message = format!("blank here → {shown:?} of {place}");
        Some(self.about(&finding::DUPLICATE_FILLED, field, message).fix(&shown, true))
    }
}

fn list(rows: &[String]) -> String {
    match rows {
        [] => String::new(),
        [one] => one.clone(),
        [front @ .., last] => format!("{} and {last}", front.join(", ")),
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
