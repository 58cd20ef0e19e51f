//! In which order the parts of numeric dates stand: proven by a column's own values, or left open.

use super::{Rules, Use, date};
use crate::recipe::DateOrder;
use crate::record::Kind;
use crate::row::{Location, Rows};

/// A column of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnOf {
    /// The input.
    pub input: u16,
    /// The column, from 0.
    pub column: usize,
}

/// What the dates of a column say about the order of their parts: the first row for each order.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// A date that only day first can be.
    pub day_first: Option<(Location, String)>,
    /// A date that only month first can be.
    pub month_first: Option<(Location, String)>,
}

impl Evidence {
    /// Adds what later rows say.
    pub fn add(&mut self, later: Self) {
        self.day_first = self.day_first.take().or(later.day_first);
        self.month_first = self.month_first.take().or(later.month_first);
    }

    /// The order that is proven, with the row and the value that prove it. Nothing when no value
    /// proves one, or when values prove both.
    pub fn order(&self) -> Option<(DateOrder, &(Location, String))> {
        match (&self.day_first, &self.month_first) {
            (Some(proof), None) => Some((DateOrder::Dmy, proof)),
            (None, Some(proof)) => Some((DateOrder::Mdy, proof)),
            _ => None,
        }
    }
}

impl Rules {
    /// Columns of dates of an input whose first rows hold dates that can be read either way, when
    /// nobody has said how.
    pub fn open_dates(&self, input: u16, sample: &Rows) -> Vec<ColumnOf> {
        let Some(sheet) = self.sheets.get(usize::from(input)) else { return Vec::new() };
        if self.settings.date_order.is_some() {
            return Vec::new();
        }
        let is_open =
            |column: usize| sample.iter().any(|row| date::sign(row.cell(column).text).is_some());
        sheet
            .columns
            .iter()
            .filter_map(|&(column, role)| match role {
                Use::Slot(slot) => Some((column, self.fields.get(slot)?)),
                Use::FullName { .. } => None,
            })
            .filter(|(column, field)| matches!(field.kind, Kind::Date(_)) && is_open(*column))
            .map(|(column, _)| ColumnOf { input, column })
            .collect()
    }

    /// What rows say about the order of dates in some columns, one answer for each column.
    pub fn evidence(rows: &Rows, columns: &[ColumnOf]) -> Vec<Evidence> {
        let mut found = vec![Evidence::default(); columns.len()];
        for row in rows.iter() {
            for (of, evidence) in columns.iter().zip(&mut found) {
                if of.input != row.at.input {
                    continue;
                }
                let text = row.cell(of.column).text;
                let place = match date::sign(text) {
                    Some(date::Sign::DayFirst) => &mut evidence.day_first,
                    Some(date::Sign::MonthFirst) => &mut evidence.month_first,
                    Some(date::Sign::Either) | None => continue,
                };
                if place.is_none() {
                    *place = Some((row.at, text.trim().to_owned()));
                }
            }
        }
        found
    }

    /// Takes over the order that a column's own values prove.
    pub fn set_order(&mut self, column: ColumnOf, order: DateOrder) {
        self.orders.push((column, order));
    }
}
